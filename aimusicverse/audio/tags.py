"""What a sound file says of itself: title, artist, how it was made. Read and written in WAV, FLAC and MP3.

Every tool reads the plain ones; provenance is JSON under a name of our own. What lies elsewhere in the file
stays, the sound to the byte. libsndfile would write six of the texts in two of the formats, and none of
one's own: so this is done on the finished file. The same tags on the same file give the same bytes.
"""

from __future__ import annotations

import errno
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple, Self

from aimusicverse.audio import id3, tag_places
from aimusicverse.audio.errors import AudioError

#: The concept scheme that `source_type` is a term of (IPTC NewsCodes).
SOURCE_TYPES: Final = "http://cv.iptc.org/newscodes/digitalsourcetype/"
#: No text is longer. A plan takes some thousand characters; the longest that can be asked for, which went on
#: sixteen times with 64 sections each, takes nearly this.
_LONGEST: Final = 500_000
_PIECE: Final = 1 << 20
#: What ends a text, a line or a terminal's patience.
_CONTROLS: Final = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029), " ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tags:
    """Texts, each on one line; `None`: nothing is said.

    Args:
        title: of the recording.
        artist: whose it is.
        genre: a word or two.
        comment: for a person who looks into the file.
        software: what wrote it.
        licence: what may be done with it.
        ai_parts: what a machine made, with commas: `composition, instruments`.
        source_type: how, as an address of IPTC's digital source types: `…/algorithmicMedia` is made by rules,
            `…/trainedAlgorithmicMedia` by a model that was trained.
        provenance: a JSON object that says how to make it again.
    """

    title: str | None = None
    artist: str | None = None
    genre: str | None = None
    comment: str | None = None
    software: str | None = None
    licence: str | None = None
    ai_parts: str | None = None
    source_type: str | None = None
    provenance: str | None = None

    @classmethod
    def of(cls, texts: Mapping[str, str]) -> Self:
        """Those of a mapping by the names of the fields, as `as_texts` gives it.

        Raises:
            TypeError: a name that is none of them.
        """
        return cls(**texts)

    def as_texts(self) -> dict[str, str]:
        """What is said, by the names of the fields; each a single line."""
        said = ((field.name, getattr(self, field.name)) for field in fields(self))
        lines = ((name, _line(text)) for name, text in said if text is not None)
        return {name: line for name, line in lines if line}

    def made_how(self) -> dict[str, Any] | None:
        """The provenance as an object; `None`: there is none, or it is no JSON object."""
        if self.provenance is None:
            return None
        try:
            found = json.loads(self.provenance)
        except (ValueError, RecursionError):
            return None
        return found if isinstance(found, dict) else None

    def for_anybody(self) -> Tags:
        """What may be said to a store: that a machine made it and how, and nothing that its maker wrote.

        A prompt is private, and until a person gives one, the title is the beginning of the prompt.
        """
        return replace(self, title=None, artist=None, genre=None, provenance=None)


class _Names(NamedTuple):
    """What a text is called in each format.

    ffmpeg looks into one manner of a WAV file's tags alone, the oldest: so all texts have a name there, some
    one of ours. Whoever converts with it carries those over, and they are known wherever they are found.
    """

    id3: str
    vorbis: str
    info: str


_NAMES: Final[dict[str, _Names]] = {
    "title": _Names("TIT2", "TITLE", "INAM"),
    "artist": _Names("TPE1", "ARTIST", "IART"),
    "genre": _Names("TCON", "GENRE", "IGNR"),
    "comment": _Names("COMM", "COMMENT", "ICMT"),
    "software": _Names("TSSE", "ENCODER", "ISFT"),
    "licence": _Names("TXXX:LICENSE", "LICENSE", "ICOP"),
    "ai_parts": _Names("TXXX:AI_PARTS", "AI_PARTS", "AMVA"),
    "source_type": _Names("TXXX:DIGITAL_SOURCE_TYPE", "DIGITAL_SOURCE_TYPE", "ISRF"),
    "provenance": _Names("TXXX:AMV_PROVENANCE", "AMV_PROVENANCE", "AMVP"),
}


def read(path: Path) -> Tags:
    """What a file says; nothing where it is of another format, or its tags are damaged.

    Raises:
        AudioError: `unreadable`: the file cannot be opened or read.
    """
    try:
        with path.open("rb") as file:
            found = tag_places.look(file)
    except OSError as error:
        raise AudioError("unreadable", f"{path.name} cannot be read: {error.strerror}") from None
    texts: dict[str, str] = {}
    for name, names in _NAMES.items():
        places = (
            (found.id3, names.id3),
            (found.vorbis, names.vorbis),
            (found.info, names.info),
            (found.id3, id3.OWN + names.info),
            (found.vorbis, names.info),
        )
        for said, known in places:
            if text := _line(said.get(known, "")[:_LONGEST]):
                texts[name] = text
                break
    return Tags(**texts)


def write(source: Path, target: Path, tags: Tags) -> None:
    """A copy of a WAV, FLAC or MP3 file with these tags, and none that it had; whole or not at all.

    Chunks, blocks and frames of other kinds stay. `target` may be `source`.

    Raises:
        AudioError: `unreadable`, it is none of these or damaged; `unwritable`, `disk_full`.
    """
    said = tags.as_texts()
    if any(len(text) > _LONGEST for text in said.values()):
        raise AudioError("unwritable", f"a tag of {target.name} would be longer than {_LONGEST:,} characters")
    new = tag_places.Found(
        *({names[n]: said[key] for key, names in _NAMES.items() if key in said} for n in range(3))
    )
    try:
        file = source.open("rb")
    except OSError as error:
        raise AudioError("unreadable", f"{source.name} cannot be read: {error.strerror}") from None
    with file:
        try:
            _write_whole(file, tag_places.laid_out(file, source.name, new), target)
        except OSError as error:
            code = "disk_full" if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) else "unwritable"
            raise AudioError(code, f"cannot write {target.name}: {error.strerror}") from None


def _write_whole(file: BinaryIO, pieces: list[tag_places.Piece], target: Path) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{target.name[:40]}.", suffix=".part", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as written:
            for piece in pieces:
                if isinstance(piece, bytes):
                    written.write(piece)
                    continue
                file.seek(piece.start)
                left = piece.end - piece.start
                while left and (block := file.read(min(left, _PIECE))):
                    left -= written.write(block)
        temporary.chmod(0o644)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _line(text: str) -> str:
    """On one line, without what ends a text or moves a cursor."""
    return text.encode("utf-8", "replace").decode().translate(_CONTROLS).strip()
