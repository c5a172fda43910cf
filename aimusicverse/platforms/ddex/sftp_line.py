"""One SFTP connection for a plain thread: bounded in time everywhere, and its errors in words for people."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, TypeVar

from aimusicverse.egress import Rules
from aimusicverse.egress.lookup import Lookup, system_lookup
from aimusicverse.platforms.base import DeliveryError
from aimusicverse.platforms.ddex.codes import FOLDER_REFUSED, HOST_KEY_WRONG, RECEIVER_REFUSED
from aimusicverse.platforms.ddex.host_keys import HostKeys, host_keys
from aimusicverse.platforms.ddex.settings import SftpAddress, wrong
from aimusicverse.platforms.ddex.vetting import addresses_of, family_of
from aimusicverse.platforms.store_problems import general

if TYPE_CHECKING:
    from asyncssh import SFTPClient, SSHClient, SSHClientConnection, SSHKey

Done = TypeVar("Done")
_CONNECT_SECONDS: Final = 15.0
_SIGN_IN_SECONDS: Final = 40.0
#: For all of it: three kinds of keys, and then SFTP.
_ALL_SECONDS: Final = 240.0
_SLICE_SECONDS: Final = 2.0
_BROKEN: Final = (ConnectionResetError, BrokenPipeError)
#: Kinds of host keys, the better ones first. SHA-1 is not among them.
_KINDS: Final = (
    ("ssh-ed25519",),
    ("ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"),
    ("rsa-sha2-512", "rsa-sha2-256"),
)
log: Final = logging.getLogger("aimusicverse.platforms.ddex")


class SftpLine:
    """It is opened when it is first used, and again when it broke. One thread uses it.

    Attributes:
        watch: called every few seconds while something is waited for; what it raises ends the waiting.
    """

    def __init__(self, address: SftpAddress, rules: Rules | None, lookup: Lookup = system_lookup) -> None:
        """Nothing is connected yet.

        Raises:
            DeliveryError: the extra `[sftp]` is not installed, or a key cannot be read.
        """
        try:
            import asyncssh
        except ModuleNotFoundError as missing:
            if missing.name != "asyncssh":
                raise
            raise DeliveryError(
                general(
                    "program_missing", "SFTP needs the package asyncssh: pip install 'aimusicverse[sftp]'"
                )
            ) from None
        logging.getLogger("asyncssh").setLevel(logging.WARNING)  # it tells of each file otherwise
        self._ssh = asyncssh
        self._address = address
        self._rules = rules
        self._lookup = lookup
        self._known: HostKeys = host_keys(address.host_key)
        self._own_key = self._read_key()
        self.watch: Callable[[], None] | None = None
        self._runner: asyncio.Runner | None = None
        self._connection: SSHClientConnection | None = None
        self._client: SFTPClient | None = None
        self._shown: SSHKey | None = None

    def run(
        self,
        work: Callable[[SFTPClient], Coroutine[Any, Any, Done]],
        *,
        seconds: float,
        what: str,
    ) -> Done:
        """Do something over it.

        Args:
            work: what; it may be asked only once.
            seconds: how long it may take, once connected.
            what: the file or folder it is about, for the error.

        Raises:
            DeliveryError: it was not done, or nobody knows.
            SFTPError: the server said no, as to a file that is not there: what it means depends on the work.
        """
        if self._runner is None:
            self._runner = asyncio.Runner()
            self._runner.get_loop().set_exception_handler(_abandoned)
        try:
            return self._runner.run(self._connected(work, seconds))
        except (self._ssh.SFTPConnectionLost, self._ssh.SFTPNoConnection) as problem:
            self._drop()
            raise self._unreachable("closed the connection") from problem
        except (self._ssh.SFTPPermissionDenied, self._ssh.SFTPWriteProtect) as problem:
            raise DeliveryError(
                FOLDER_REFUSED.problem(f"{what}: the SFTP server does not allow it.")
            ) from problem
        except (self._ssh.SFTPNoSpaceOnFilesystem, self._ssh.SFTPQuotaExceeded) as problem:
            raise DeliveryError(
                RECEIVER_REFUSED.problem(f"{what}: the receiver's disk is full.")
            ) from problem
        except self._ssh.SFTPError:
            raise
        except TimeoutError as problem:
            self._drop()
            raise self._unreachable(f"did not answer within {seconds:g} s") from problem
        except (OSError, self._ssh.Error) as problem:
            self._drop()
            raise self._unreachable("broke off the connection") from problem

    def close(self) -> None:
        """End it, within seconds."""
        self._drop()
        if self._runner is not None:
            self._runner.close()
            self._runner = None

    async def _connected(
        self, work: Callable[[SFTPClient], Coroutine[Any, Any, Done]], seconds: float
    ) -> Done:
        client = self._client
        if client is None:
            client = await self._bounded(self._connect(), _ALL_SECONDS)
        return await self._bounded(work(client), seconds)

    async def _bounded(self, work: Coroutine[Any, Any, Done], seconds: float) -> Done:
        """The result, within so many seconds; whoever watches is told now and then that it goes on."""
        task = asyncio.ensure_future(work)
        left = seconds
        try:
            while True:
                done, _ = await asyncio.wait({task}, timeout=min(_SLICE_SECONDS, left))
                if done:
                    return task.result()
                left -= _SLICE_SECONDS
                if left <= 0:
                    raise TimeoutError
                if self.watch is not None:
                    self.watch()
        finally:
            if not task.done():
                task.cancel()
                with suppress(asyncio.CancelledError, Exception):
                    await asyncio.wait_for(task, _SLICE_SECONDS)

    async def _connect(self) -> SFTPClient:
        address = self._address
        addresses = await addresses_of(address.host, address.port, self._rules, self._lookup)
        connection = await self._known_server(addresses)
        self._connection = connection
        try:
            self._client = await asyncio.wait_for(connection.start_sftp_client(), _SIGN_IN_SECONDS)
        except (self._ssh.ChannelOpenError, self._ssh.SFTPError) as problem:
            raise self._unreachable("has no SFTP for this account") from problem
        return self._client

    async def _known_server(self, addresses: tuple[str, ...]) -> SSHClientConnection:
        """A server shows one of its keys, and which one is ours to ask. A fingerprint does not tell its kind:
        then it is asked for one kind after the other, and gets no password before it has shown the right one.
        """
        self._shown, refused = None, False
        for kinds in [()] if self._known.keys else _KINDS:
            try:
                return await self._signed_in(await self._plug(addresses), kinds)
            except (self._ssh.HostKeyNotVerifiable, self._ssh.KeyExchangeFailed):
                refused = True
            except (self._ssh.ConnectionLost, *_BROKEN):
                continue  # some hang up when they have no key of this kind
        if refused:
            raise self._wrong_key()
        raise self._unreachable("speaks no SSH that we do, or broke it off")

    async def _plug(self, addresses: tuple[str, ...]) -> socket.socket:
        """A connection to one of the addresses that were judged, and to no others."""
        why = "has no address"
        for address in addresses:
            family = socket.AF_INET6 if family_of(address) == 6 else socket.AF_INET
            plug = socket.socket(family, socket.SOCK_STREAM)
            plug.setblocking(False)
            try:
                connecting = asyncio.get_running_loop().sock_connect(plug, (address, self._address.port))
                await asyncio.wait_for(connecting, _CONNECT_SECONDS)
            except (OSError, TimeoutError) as problem:
                plug.close()
                late = isinstance(problem, TimeoutError)
                why = "does not answer" if late else "takes no connection"
                continue
            except BaseException:
                plug.close()
                raise
            return plug
        raise self._unreachable(why)

    async def _signed_in(self, plug: socket.socket, kinds: tuple[str, ...]) -> SSHClientConnection:
        address = self._address
        try:
            return await asyncio.wait_for(self._shaken_hands(plug, kinds), _SIGN_IN_SECONDS)
        except (
            self._ssh.HostKeyNotVerifiable,
            self._ssh.KeyExchangeFailed,
            self._ssh.ConnectionLost,
            *_BROKEN,
        ):
            plug.close()
            raise
        except (self._ssh.PermissionDenied, self._ssh.IllegalUserName) as problem:
            plug.close()
            message = f"{address.host} does not let {address.username} in as the account says."
            raise DeliveryError(general("account_refused", message)) from problem
        except TimeoutError as problem:
            plug.close()
            raise self._unreachable(f"did not let us in within {_SIGN_IN_SECONDS:g} s") from problem
        except (OSError, self._ssh.Error) as problem:
            plug.close()
            raise self._unreachable("speaks no SSH that we do, or broke it off") from problem

    async def _shaken_hands(self, plug: socket.socket, kinds: tuple[str, ...]) -> SSHClientConnection:
        """Nothing of this machine's own is used: no agent, no configuration, no keys, no known hosts."""
        address = self._address
        key = self._own_key
        password = None if address.password is None else address.password.get_secret_value()
        return await self._ssh.connect(
            address.host, address.port, sock=plug, config=None, username=address.username,
            client_keys=None if key is None else [key], password=password, passphrase=None,
            public_key_auth=key is not None, password_auth=password is not None,
            kbdint_auth=password is not None, host_based_auth=False, gss_host=None, gss_kex=False,
            gss_auth=False, agent_path=None, agent_forwarding=False, x509_trusted_certs=None,
            known_hosts=self._trusted, client_factory=self._judge, disable_trivial_auth=True,
            server_host_key_algs=kinds, login_timeout=_SIGN_IN_SECONDS, keepalive_interval=15,
            keepalive_count_max=4,
        )  # fmt: skip

    def _trusted(self, host: str, addr: str, port: int | None) -> tuple[list[Any], ...]:
        return (list(self._known.keys), [], [], [], [], [], [])

    def _judge(self) -> SSHClient:
        line = self

        class Judge(self._ssh.SSHClient):  # type: ignore[name-defined,misc]
            def validate_host_public_key(self, host: str, addr: str, port: int, key: SSHKey) -> bool:
                line._shown = key
                return key.get_fingerprint() in line._known.fingerprints

        return Judge()

    def _wrong_key(self) -> DeliveryError:
        shown = self._shown
        what = f" It showed {shown.get_fingerprint()} ({shown.get_algorithm()})." if shown else ""
        return DeliveryError(
            HOST_KEY_WRONG.problem(f"{self._address.host} did not show the key that was given.{what}")
        )

    def _read_key(self) -> SSHKey | None:
        if self._address.private_key is None:
            return None
        try:
            return self._ssh.import_private_key(self._address.private_key.get_secret_value())
        except (self._ssh.KeyImportError, ValueError):  # its words could repeat the key
            raise wrong(
                "private_key", "it cannot be read, or has a passphrase", "Give an OpenSSH key without one."
            ) from None

    def _unreachable(self, why: str) -> DeliveryError:
        return DeliveryError(general("store_unreachable", f"{self._address.host} {why}."))

    def _drop(self) -> None:
        connection, self._connection, self._client = self._connection, None, None
        if connection is None or self._runner is None:
            return

        async def ended() -> None:
            connection.abort()
            with suppress(Exception):
                await asyncio.wait_for(connection.wait_closed(), _SLICE_SECONDS)

        self._runner.run(ended())


def _abandoned(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Pieces of a file that were on their way when the work was ended. Why it was is told already."""
    log.debug("an abandoned request of SFTP ended: %r", context.get("exception") or context.get("message"))
