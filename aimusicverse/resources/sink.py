"""Where a download goes: a file that is whole or not there at all, or something that can be written to."""

from __future__ import annotations

import io
import os
import secrets
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Protocol

from aimusicverse.errors import ConfigurationError


class Writable(Protocol):
    """A binary file object, as far as it is needed here."""

    def write(self, data: bytes, /) -> Any:
        """Take bytes; return how many were taken, or None for all."""
        ...


class FileSink:
    """A file that appears under its name when it is whole.

    The bytes go to a hidden file beside it, so the rename stays on one file system. Leaving the `with`
    block without `finish` removes that file and leaves alone what had the name before.
    """

    rewinds = True

    def __init__(self, path: Path) -> None:
        self._path = path
        real = Path(os.path.realpath(path))  # a symbolic link goes on pointing where it points
        self._target = real
        self._part = real.with_name(f".amv-{secrets.token_hex(8)}.part")
        self._file: IO[bytes] | None = None

    def restart(self) -> None:
        """Begin, or begin again, with nothing."""
        if self._file is None:
            self._file = self._part.open("xb")
        self._file.seek(0)
        self._file.truncate()

    def write(self, data: bytes) -> None:
        """Append."""
        if self._file is not None:
            self._file.write(data)

    def finish(self) -> Path:
        """Give the file its name."""
        if self._file is not None:
            self._file.close()
            self._part.replace(self._target)
            self._file = None
        return self._path

    def __enter__(self) -> FileSink:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is None:
            return
        try:
            self._file.close()  # may itself fail when the disk is full
        finally:
            self._part.unlink(missing_ok=True)


class StreamSink:
    """A file object, or a device or pipe. What was written there cannot be taken back."""

    rewinds = False

    def __init__(self, stream: Writable, *, path: Path | None = None) -> None:
        self._stream = stream
        self._path = path

    def restart(self) -> None:
        """Nothing was written yet, or there would be no further try."""

    def write(self, data: bytes) -> None:
        """Pass on, as often as it takes."""
        rest = memoryview(data)
        while rest:
            taken = self._stream.write(bytes(rest) if len(rest) < len(data) else data)
            rest = rest[taken if isinstance(taken, int) else len(rest) :]

    def finish(self) -> Path | None:
        """All was passed on."""
        return self._path

    def __enter__(self) -> StreamSink:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._path is not None:
            self._stream.close()  # type: ignore[attr-defined]


def sink_for(to: str | os.PathLike[str] | Writable) -> FileSink | StreamSink:
    """Where to write for `to`.

    Raises:
        ConfigurationError: neither a path nor a binary file object.
        OSError: the path cannot be written.
    """
    if isinstance(to, str | os.PathLike):
        path = Path(to)
        if path.exists() and not path.is_file():
            # /dev/stdout, a named pipe: to be written to, not to be replaced. (A folder raises its OSError.)
            return StreamSink(path.open("wb"), path=path)
        return FileSink(path)
    if isinstance(to, io.TextIOBase) or not callable(getattr(to, "write", None)):
        raise ConfigurationError("`to` is a path or a file object opened for bytes (mode 'wb')")
    return StreamSink(to)
