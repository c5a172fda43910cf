"""The inboxes behind SFTP, as a receiver has them: each store's user sees its own inbox, and nothing else."""

from __future__ import annotations

import asyncio
import hmac
import logging
import os
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from aimusicverse.errors import ConfigurationError
from aimusicverse.sandbox.ddex.receivers import STORES

if TYPE_CHECKING:
    from asyncssh import SSHAcceptor

_START_SECONDS: Final = 30.0
_END_SECONDS: Final = 5.0
_KEY: Final = "ssh_host_ed25519_key"


class SandboxSftp:
    """An SFTP server on loopback for the sandbox's inboxes; a context manager.

    Attributes:
        port: it listens on.
        host_key: its line of `known_hosts`, without a host.
        fingerprint: of that key: `SHA256:…`.
        sign_ins: `(user, whether it was let in)` of each try, the last hundred.
    """

    def __init__(self, folder: Path, password: str, *, host: str = "127.0.0.1", port: int = 0) -> None:
        """Nothing listens yet.

        Args:
            folder: of the sandbox: inboxes are in `ddex/<store>`; its key is kept there.
            password: of all users; a user is a store's name: `spotify`, `ddex`, `ddex_43`.
            host: to listen on.
            port: to listen on; 0: a free one.

        Raises:
            ConfigurationError: the extra `[sftp]` is not installed.
        """
        try:
            import asyncssh
        except ModuleNotFoundError as missing:
            if missing.name != "asyncssh":
                raise
            raise ConfigurationError(
                "SFTP needs the package asyncssh: pip install 'aimusicverse[sftp]'"
            ) from None
        logging.getLogger("asyncssh").setLevel(logging.WARNING)
        self._ssh = asyncssh
        self._folder = folder / "ddex"
        self._password = password.encode()
        self._host = host
        self._asked_port = port
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._acceptor: SSHAcceptor | None = None
        self._lines: set[Any] = set()
        self.port = 0
        self.host_key = ""
        self.fingerprint = ""
        self.sign_ins: list[tuple[str, bool]] = []

    def __enter__(self) -> SandboxSftp:
        self.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self.stop()

    def start(self) -> None:
        """Listen.

        Raises:
            OSError: the port is taken.
        """
        for store in STORES:
            (self._folder / store / "acknowledgements").mkdir(parents=True, exist_ok=True)
        key = self._own_key()
        self.host_key = key.export_public_key("openssh").decode().strip()
        self.fingerprint = key.get_fingerprint()
        begun: Future[int] = Future()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=self._serve, args=(key, begun), name="sandbox-sftp", daemon=True
        )
        self._thread.start()
        self.port = begun.result(_START_SECONDS)

    def stop(self) -> None:
        """End, with all connections."""
        loop, thread = self._loop, self._thread
        if loop is None or thread is None:
            return
        loop.call_soon_threadsafe(loop.stop)
        thread.join(_START_SECONDS)
        self._loop = self._thread = None

    def _serve(self, key: Any, begun: Future[int]) -> None:
        loop = self._loop
        if loop is None:
            raise RuntimeError("start was not called")
        asyncio.set_event_loop(loop)
        try:
            self._acceptor = loop.run_until_complete(self._listen(key))
            begun.set_result(self._acceptor.get_port())
        except BaseException as problem:
            begun.set_exception(problem)
            loop.close()
            return
        try:
            loop.run_forever()
        finally:
            self._acceptor.close()
            loop.run_until_complete(self._hang_up())
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.close()

    async def _hang_up(self) -> None:
        """Sessions end by themselves when their line is cut, and close their files; what hangs is ended."""
        for line in list(self._lines):
            line.abort()
        own = asyncio.current_task()
        left = {task for task in asyncio.all_tasks() if task is not own}
        if left:
            _, left = await asyncio.wait(left, timeout=_END_SECONDS)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _listen(self, key: Any) -> SSHAcceptor:
        return await self._ssh.create_server(
            self._user(), self._host, self._asked_port, server_host_keys=[key], config=None,
            sftp_factory=self._files(), allow_scp=False, public_key_auth=False, password_auth=True,
            kbdint_auth=False, agent_forwarding=False, x11_forwarding=False, gss_host=None,
            login_timeout=30, keepalive_interval=30, reuse_address=True,
        )  # fmt: skip

    def _own_key(self) -> Any:
        """Kept, so that who has noted it may go on trusting it."""
        file = self._folder / _KEY
        if file.is_file():
            return self._ssh.import_private_key(file.read_bytes())
        key = self._ssh.generate_private_key("ssh-ed25519")
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as written:
            written.write(key.export_private_key("openssh"))
        return key

    def _user(self) -> Callable[[], Any]:
        sandbox = self

        class User(self._ssh.SSHServer):  # type: ignore[name-defined,misc]
            def connection_made(self, conn: Any) -> None:
                self._line = conn
                sandbox._lines.add(conn)

            def connection_lost(self, exc: Exception | None) -> None:
                sandbox._lines.discard(self._line)

            def begin_auth(self, username: str) -> bool:
                return True

            def password_auth_supported(self) -> bool:
                return True

            def validate_password(self, username: str, password: str) -> bool:
                right = hmac.compare_digest(password.encode(), sandbox._password) and username in STORES
                sandbox.sign_ins = [*sandbox.sign_ins[-99:], (username, right)]
                return right

        return User

    def _files(self) -> Callable[[Any], Any]:
        inboxes, ssh = self._folder, self._ssh

        class Files(ssh.SFTPServer):  # type: ignore[name-defined,misc]
            """An inbox. Links would lead out of it, so none is made, and none is gone through."""

            def __init__(self, channel: Any) -> None:
                name = str(channel.get_extra_info("username"))
                self._inbox = (inboxes / name).resolve()
                super().__init__(channel, chroot=os.fsencode(self._inbox))

            def map_path(self, path: bytes) -> bytes:
                mapped = bytes(super().map_path(path))
                if not Path(os.path.realpath(os.fsdecode(mapped))).is_relative_to(self._inbox):
                    raise ssh.SFTPPermissionDenied("this leads out of the inbox")
                return mapped

            def open(self, path: bytes, pflags: int, attrs: Any) -> Any:
                if Path(os.fsdecode(self.map_path(path))).is_symlink():
                    raise ssh.SFTPPermissionDenied("links are not followed")
                return super().open(path, pflags, attrs)

            def symlink(self, oldpath: bytes, newpath: bytes) -> None:
                raise ssh.SFTPPermissionDenied("links are not made")

            def link(self, oldpath: bytes, newpath: bytes) -> None:
                raise ssh.SFTPPermissionDenied("links are not made")

        return Files
