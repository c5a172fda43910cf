"""A folder behind SFTP that takes batches."""

from __future__ import annotations

import posixpath
import stat
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from aimusicverse.egress import Rules
from aimusicverse.egress.lookup import Lookup, system_lookup
from aimusicverse.platforms.base import DeliveryError
from aimusicverse.platforms.ddex.codes import FOLDER_REFUSED, RECEIVER_REFUSED
from aimusicverse.platforms.ddex.parts import Part
from aimusicverse.platforms.ddex.place import MOST_NAMES, Beat, pieces_of
from aimusicverse.platforms.ddex.settings import SftpAddress
from aimusicverse.platforms.ddex.sftp_line import SftpLine

if TYPE_CHECKING:
    from asyncssh import SFTPAttrs, SFTPClient, SFTPClientFile

#: Seconds for a small request, and for a megabyte of a file.
_REQUEST_SECONDS: Final = 60.0
_PIECE_SECONDS: Final = 300.0
_LIST_SECONDS: Final = 120.0


class SftpPlace:
    """One of them; see `Place`. It is connected to when it is first asked for something."""

    def __init__(self, address: SftpAddress, rules: Rules | None, lookup: Lookup = system_lookup) -> None:
        """Nothing is connected yet.

        Raises:
            DeliveryError: the extra `[sftp]` is not installed, or a key cannot be read.
        """
        self._line = SftpLine(address, rules, lookup)
        self._folder = address.folder
        import asyncssh  # `SftpLine` has said so if it is missing

        self._missing = (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath)
        self._error = asyncssh.SFTPError

    def make(self, folder: str) -> bool:
        """See `Place`."""
        path = self._path(folder)
        try:
            self._line.run(lambda client: client.mkdir(path), seconds=_REQUEST_SECONDS, what=folder)
        except self._error as problem:
            # Version 3 of the protocol has no words for "it is there already".
            if (attrs := self._attrs(folder)) is not None and stat.S_ISDIR(attrs.permissions or 0):
                return False
            message = f"{folder}: it cannot be made in {self._folder or 'your folder'}."
            # A full disk has no words there either: only a folder above that is missing is said as such.
            code = FOLDER_REFUSED if isinstance(problem, self._missing) else RECEIVER_REFUSED
            raise DeliveryError(code.problem(message)) from problem
        return True

    def there(self, path: str) -> bool:
        """See `Place`."""
        return self._attrs(path) is not None

    def whole(self, path: str, part: Part) -> bool:
        """See `Place`. Its content is not at hand: it would come all the way back."""
        attrs = self._attrs(path)
        return attrs is not None and stat.S_ISREG(attrs.permissions or 0) and attrs.size == part.size

    def put(self, path: str, part: Part, beat: Beat) -> None:
        """See `Place`."""
        folder, name = posixpath.split(self._path(path))
        final, unfinished = self._path(path), posixpath.join(folder, f".{name}.part")
        try:
            self._write(unfinished, part, beat)
            if self._attrs(path) is not None:
                # Not whole, or it would not be written again; and plain renaming replaces nothing.
                self._line.run(lambda client: client.remove(final), seconds=_REQUEST_SECONDS, what=path)
            self._line.run(
                lambda client: client.rename(unfinished, final), seconds=_REQUEST_SECONDS, what=path
            )
        except self._error as problem:
            raise DeliveryError(
                RECEIVER_REFUSED.problem(f"{path}: the SFTP server did not take it.")
            ) from problem

    def _write(self, path: str, part: Part, beat: Beat) -> None:
        async def begun(client: SFTPClient) -> SFTPClientFile:
            return await client.open(path, "wb")

        file = self._line.run(begun, seconds=_REQUEST_SECONDS, what=part.path)

        async def ended(_: SFTPClient) -> None:
            await file.close()

        for piece in pieces_of(part):

            async def written(_: SFTPClient, piece: bytes = piece) -> None:
                await file.write(piece)

            self._line.run(written, seconds=_PIECE_SECONDS, what=part.path)
            beat.add(len(piece))
        self._line.run(ended, seconds=_REQUEST_SECONDS, what=part.path)

    def names(self, folder: str, prefix: str) -> list[str]:
        """See `Place`."""

        async def listed(client: SFTPClient) -> list[str]:
            found: list[str] = []
            seen = 0
            async for entry in client.scandir(self._path(folder)):
                seen += 1
                if seen > MOST_NAMES:
                    break
                name = str(entry.filename)
                if name.startswith(prefix) and "/" not in name:
                    found.append(name)
            return sorted(found)

        try:
            return self._line.run(listed, seconds=_LIST_SECONDS, what=folder)
        except self._missing:
            return []
        except self._error as problem:
            raise DeliveryError(FOLDER_REFUSED.problem(f"{folder}: it cannot be listed.")) from problem

    def read(self, path: str, most: int) -> bytes | None:
        """See `Place`."""
        attrs = self._attrs(path)
        if attrs is None or not stat.S_ISREG(attrs.permissions or 0):
            return None

        async def got(client: SFTPClient) -> bytes:
            async with client.open(self._path(path), "rb") as file:
                content = await file.read(most + 1)
            return content if isinstance(content, bytes) else content.encode()

        try:
            return self._line.run(got, seconds=_LIST_SECONDS, what=path)
        except self._missing:
            return None
        except self._error as problem:
            raise DeliveryError(FOLDER_REFUSED.problem(f"{path}: it cannot be read.")) from problem

    def watch(self, tick: Callable[[], None]) -> None:
        """See `Place`."""
        self._line.watch = tick

    def close(self) -> None:
        """See `Place`."""
        self._line.close()

    def _attrs(self, path: str) -> SFTPAttrs | None:
        try:
            return self._line.run(
                lambda client: client.lstat(self._path(path)), seconds=_REQUEST_SECONDS, what=path
            )
        except self._missing:
            return None
        except self._error as problem:
            raise DeliveryError(FOLDER_REFUSED.problem(f"{path}: nobody can tell of it.")) from problem

    def _path(self, path: str) -> str:
        return posixpath.join(self._folder, path) if self._folder else path
