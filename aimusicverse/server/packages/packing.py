"""Makes packages, off the event loop: one at a time for each user, two at a time in all."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import IO, TYPE_CHECKING, Final, NamedTuple

import anyio.to_thread
from fastapi.responses import Response
from starlette.types import Receive, Scope, Send

from aimusicverse.errors import AMVError
from aimusicverse.platforms import table
from aimusicverse.platforms.base import Account, Connector, DeliveryError, Surroundings
from aimusicverse.release.package_error import CannotPackage
from aimusicverse.server.blob_response import disposition, file_name
from aimusicverse.server.connections.accounts import account_for
from aimusicverse.server.distributions import parcel
from aimusicverse.server.distributions.parcel import Contents, Sounds
from aimusicverse.server.file_body import of_the_disk
from aimusicverse.server.packages.zipping import size_of, zipped
from aimusicverse.server.problems import Refusal
from aimusicverse.server.store.blobs import Blobs
from aimusicverse.types import FieldError

if TYPE_CHECKING:
    from aimusicverse.server.call import CallContext

_AT_ONCE: Final = 2
#: Of one user, that wait for each other.
_MOST_WAITING: Final = 4
_PIECE: Final = 2**18


class _Stopped(Exception):
    """The server ends."""


class Wanted(NamedTuple):
    """What is packed, and for which store."""

    contents: Contents
    platform: str


class Packing:
    """Of one process."""

    def __init__(self, blobs: Blobs) -> None:
        """`blobs`: where files are; beside them, packages are made."""
        self._blobs = blobs
        self._sounds = Sounds()
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="amv-package")
        self._turns: dict[str, asyncio.Lock] = {}
        self._waiting: Counter[str] = Counter()
        self._stopping = False

    def close(self) -> None:
        """Give up what is being made."""
        self._stopping = True
        self._threads.shutdown(wait=True)

    async def made(self, call: CallContext, wanted: Wanted) -> Response:
        """The answer with the zip.

        Raises:
            Refusal: `package_impossible`, with what is missing; `package_busy`; `storage_full`.
            StoreError: what keeps the files does not answer.
        """
        await self._begin(call.owner.id)
        try:
            loop = asyncio.get_running_loop()
            making = loop.run_in_executor(self._threads, self._packed, call, wanted)
            try:
                file = await asyncio.shield(making)
            except asyncio.CancelledError:
                making.add_done_callback(_close)
                raise
        except BaseException:
            self._end(call.owner.id)
            raise
        contents = wanted.contents
        mode = "" if contents.mode == "live" else f"-{contents.mode}"
        title = file_name(contents.release.title, "release")
        name = f"{title}-{contents.via or wanted.platform}{mode}.zip"
        return _FileSent(file, name, lambda: self._end(call.owner.id))

    async def _begin(self, owner_id: str) -> None:
        """Whoever asks for several gets one after the other, and too many at once not at all."""
        if self._waiting[owner_id] >= _MOST_WAITING:
            raise Refusal("package_busy", headers={"Retry-After": "5"})
        self._waiting[owner_id] += 1
        try:
            await self._turns.setdefault(owner_id, asyncio.Lock()).acquire()
        except BaseException:
            self._forget(owner_id)
            raise

    def _end(self, owner_id: str) -> None:
        """The next one: the last package was sent to its end, or nobody wants it any more."""
        self._turns[owner_id].release()
        self._forget(owner_id)

    def _forget(self, owner_id: str) -> None:
        self._waiting[owner_id] -= 1
        if not self._waiting[owner_id]:
            del self._waiting[owner_id], self._turns[owner_id]

    def _packed(self, call: CallContext, wanted: Wanted) -> IO[bytes]:
        found = wanted.contents
        services = call.services
        try:
            account = None
            if found.via is None:
                account = account_for(
                    services.store,
                    services.sign_ins.sealer,
                    call.owner.id,
                    wanted.platform,
                    found.mode,
                    services.sign_ins.renew,
                )
            with parcel.packed(found, self._blobs, self._sounds, meanwhile=self._go_on) as packed:
                into = packed.folder / "package"
                into.mkdir()
                around = _surroundings(call, found)
                connector = _connector(wanted, account, around)
                try:
                    connector.package(packed, into)
                finally:
                    connector.close()
                return zipped(into, packed.folder, self._go_on)
        except CannotPackage as error:
            raise _impossible(error) from None
        except DeliveryError as error:
            message = error.problem.message
            hint = error.problem.hint
            raise Refusal("package_impossible", f"{message} {hint}" if hint else message) from None
        except _Stopped:
            raise Refusal("not_ready", "The server is stopping.") from None
        except OSError as error:
            raise of_the_disk(error) from None

    def _go_on(self) -> None:
        if self._stopping:
            raise _Stopped


def _surroundings(call: CallContext, found: Contents) -> Surroundings:
    """Nothing is asked of a store: without the sandbox's server a package can be made as well."""
    try:
        return call.services.surroundings.of(found.mode)
    except DeliveryError:
        return call.services.surroundings.of("live")


def _connector(wanted: Wanted, account: Account | None, around: Surroundings) -> Connector:
    try:
        return table.connector(wanted.platform, wanted.contents.via, account, around)
    except (LookupError, AMVError) as error:
        raise Refusal("package_impossible", str(error)) from None


def _impossible(error: CannotPackage) -> Refusal:
    return Refusal(
        "package_impossible",
        "; ".join(f"{one.field}: {one.message}" for one in error.obstacles[:3]),
        errors=[
            FieldError(field=one.field, code="needed", message=one.message, hint=one.fix)
            for one in error.obstacles[:100]
        ],
    )


def _close(making: asyncio.Future[IO[bytes]]) -> None:
    """Nobody waits for it any more."""
    if not making.cancelled() and making.exception() is None:
        making.result().close()


class _FileSent(Response):
    """Sends an open file, and closes it, however that ends."""

    def __init__(self, file: IO[bytes], name: str, ended: Callable[[], None]) -> None:
        self._file = file
        self._ended = ended
        self.status_code = 200
        self.background = None
        self.init_headers(
            {
                "Content-Type": "application/zip",
                "Content-Length": str(size_of(file)),
                "Content-Disposition": disposition(name, "attachment"),
                "Cache-Control": "no-store",
            }
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            while piece := await anyio.to_thread.run_sync(self._file.read, _PIECE):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            self._file.close()
            self._ended()
