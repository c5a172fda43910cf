"""Uploads, read as they come. A file is summed up while it passes, and kept nowhere."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any, Final

from starlette.requests import Request

from aimusicverse.sandbox.soundcloud.library import NotTaken
from aimusicverse.sandbox.soundcloud.multipart import MultipartReader, Part, boundary_of
from aimusicverse.sandbox.soundcloud.sound import HEAD_BYTES, picture_of, sound_of

#: The largest file that SoundCloud takes.
MOST_SOUND_BYTES: Final = 4 * 1024**3
_MOST_PICTURE_BYTES: Final = 20 * 1024**2
_MOST_FIELD_BYTES: Final = 64 * 1024
_MOST_PARTS: Final = 100
_FILES: Final = {"asset_data": MOST_SOUND_BYTES, "artwork_data": _MOST_PICTURE_BYTES}


class OddFileName(Exception):
    """A file's name is not ASCII: SoundCloud answers 500 (soundcloud/api, issue 392)."""


class TooLarge(Exception):
    """413."""


@dataclass
class Form:
    """What came in a form, by the bare names of fields: `title` for `track[title]`."""

    fields: dict[str, str] = field(default_factory=dict)
    files: dict[str, SummedUp] = field(default_factory=dict)

    def asset(self) -> dict[str, Any]:
        """The sound.

        Raises:
            NotTaken: there is none, or it is none.
        """
        file = self.files.get("asset_data")
        if file is None:
            raise NotTaken("asset_data can't be blank")
        sound = sound_of(file.head, file.size)
        if sound is None:
            raise NotTaken("unable to process provided asset_data")
        return file.told() | {"container": sound.container, "duration_ms": sound.duration_ms}

    def artwork(self) -> dict[str, Any] | None:
        """The picture; `None`: there is none.

        Raises:
            NotTaken: it is none.
        """
        file = self.files.get("artwork_data")
        if file is None:
            return None
        kind = picture_of(file.head)
        if kind is None:
            raise NotTaken("artwork_data is not a gif, jpeg or png")
        return file.told() | {"kind": kind}


class SummedUp:
    """A file that passes by."""

    def __init__(self, name: str, most: int) -> None:
        self.name = name
        self.size = 0
        self.head = b""
        self._most = most
        self._sum = hashlib.sha256()

    def take(self, piece: bytes) -> None:
        """More of it.

        Raises:
            TooLarge: 413.
        """
        self.size += len(piece)
        if self.size > self._most:
            raise TooLarge
        if len(self.head) < HEAD_BYTES:
            self.head += piece[: HEAD_BYTES - len(self.head)]
        self._sum.update(piece)

    def told(self) -> dict[str, Any]:
        """What is kept of it."""
        return {"sha256": self._sum.hexdigest(), "size": self.size}


async def form_of(request: Request, prefix: str) -> Form:
    """Read one.

    Args:
        request: whose body is `multipart/form-data`.
        prefix: `track`, of names like `track[title]`.

    Raises:
        MultipartError: it is none.
        OddFileName: 500.
        TooLarge: 413.
    """
    reader = MultipartReader(boundary_of(request.headers.get("content-type", "")))
    reading = _Reading(prefix)
    async for chunk in request.stream():
        for piece in reader.feed(chunk):
            reading.take(piece)
    reader.finish()
    return reading.done()


class _Reading:
    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._form = Form()
        self._parts = 0
        self._file: SummedUp | None = None
        self._name = ""
        self._text = bytearray()

    def take(self, piece: Part | bytes) -> None:
        if isinstance(piece, bytes):
            if self._file is not None:
                self._file.take(piece)
                return
            self._text += piece
            if len(self._text) > _MOST_FIELD_BYTES:
                raise TooLarge
            return
        self._end_of_field()
        self._parts += 1
        if self._parts > _MOST_PARTS:
            raise TooLarge
        self._name = piece.name.removeprefix(f"{self._prefix}[").removesuffix("]")
        self._file = None
        if piece.file_name is not None:
            if not piece.file_name.isascii():
                raise OddFileName
            self._file = SummedUp(piece.file_name, _FILES.get(self._name, _MOST_FIELD_BYTES))
            self._form.files[self._name] = self._file

    def done(self) -> Form:
        self._end_of_field()
        return self._form

    def _end_of_field(self) -> None:
        if self._name and self._file is None:
            self._form.fields[self._name] = self._text.decode("utf-8", "replace")
        self._text.clear()
