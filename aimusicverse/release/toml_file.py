"""`release.toml`: read with errors that say where, what, and what to do; several mistakes at once."""

from __future__ import annotations

import difflib
import os
import re
import stat
import tomllib
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

from pydantic import ValidationError

from aimusicverse.errors import AMVError
from aimusicverse.release.toml_mistakes import Mistake, mistakes_of
from aimusicverse.release.toml_places import Path as KeyPath
from aimusicverse.release.toml_places import Place, Places, parsed, places, spelled
from aimusicverse.release.toml_unused import unused_line
from aimusicverse.types.release import Release
from aimusicverse.types.request import Request

T = TypeVar("T", bound=Request)

#: 500 tracks with their lyrics fit in well.
LARGEST: Final = 4 * 2**20
NAME: Final = "release.toml"

_BOM: Final = b"\xef\xbb\xbf"
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_PLACE: Final = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
#: For a key of many dots `tomllib` needs memory by the square of their number. No word is cut into so many.
_MOST_DOTS: Final = 100
_PART: Final = r"""(?:[\w-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+"""
_LONG_KEY: Final = re.compile(rf"(?<![\w-])(?:{_PART}){{{_MOST_DOTS}}}", re.ASCII)
#: Longer numbers cannot be told: Python writes 4,300 digits at most.
_MOST_BITS: Final = 4096
_UNCLOSED: Final = "A bracket or quote that was opened is not closed."
#: What of the short form stands for a value of the long one (`types/release_short.py`).
_SHORT: Final = re.compile(r"^(.*)artists\[0\](?:\.name)?$")
_SHORT_WRITER: Final = re.compile(r"^tracks\[\d+\]\.writers\[(\d+)\](?:\.name)?$")


class ReleaseFileError(AMVError):
    """A file that is no release, or cannot be read.

    Attributes:
        path: of the file, as it was named.
        mistakes: all that were found, in the order of their lines.
    """

    def __init__(self, path: str, mistakes: list[Mistake]) -> None:
        first, more = mistakes[0], len(mistakes) - 1
        also = f" (and {more} more)" if more else ""
        super().__init__(f"{first.where(path)}: {first.told()}{also}")
        self.path = path
        self.mistakes = mistakes


@dataclass(frozen=True)
class TomlFile(Generic[T]):
    """A file that was read.

    Args:
        path: as it was named.
        content: its bytes, for whoever is to change them.
        text: the same as text, without a byte order mark.
        data: as TOML has it; dates are ISO 8601 text.
        value: what it says.
        places: where each value stands.
    """

    path: Path
    content: bytes
    text: str
    data: dict[str, Any]
    value: T
    places: Places

    def written(self, path: str | KeyPath) -> KeyPath | None:
        """The path under which a value stands in this file; `None`: it is not written.

        Args:
            path: in the long form, like `tracks[0].isrc`.
        """
        steps = parsed(path) if isinstance(path, str) else path
        for candidate in _spellings(steps, short="tracks" not in self.data):
            if candidate in self.places.by_path:
                return candidate
        return None

    def nearest(self, path: str | KeyPath) -> Place | None:
        """Where a value stands, or what is around it; `None`: nowhere, as with what a release lacks."""
        steps = parsed(path) if isinstance(path, str) else path
        while steps:
            written = self.written(steps)
            if written is not None:
                return self.places.by_path[written]
            steps = steps[:-1]
        return None

    def line(self, path: str | KeyPath) -> int:
        """Its line; where it is not written that of its key behind a `#`, or of what is around it; else 1."""
        steps = parsed(path) if isinstance(path, str) else path
        if self.written(steps) is None:
            for candidate in _spellings(steps, short="tracks" not in self.data):
                unused = unused_line(self.places, candidate)
                if unused is not None:
                    return unused
        place = self.nearest(steps)
        return 1 if place is None else place.line


def read(path: str | os.PathLike[str]) -> Release:
    """The release that a file describes.

    Raises:
        ReleaseFileError: it cannot be read, is no TOML, or describes no release.
    """
    return load(path).value


def load(path: str | os.PathLike[str]) -> TomlFile[Release]:
    """The same with the file's text and the places of its values.

    Raises:
        ReleaseFileError: as `read`.
    """
    return load_as(Release, path)


def load_as(model: type[T], path: str | os.PathLike[str]) -> TomlFile[T]:
    """A TOML file of another kind.

    Args:
        model: what it describes.
        path: of the file.

    Raises:
        ReleaseFileError: as `read`.
    """
    return of_content(model, Path(path), _content(Path(path)))


def of_content(model: type[T], path: Path, content: bytes) -> TomlFile[T]:
    """The same of a file's content that is at hand.

    Raises:
        ReleaseFileError: it is no text, no TOML, or describes something else.
    """
    text = _text(path, content)
    data = _data(path, text)
    found = places(text)
    try:
        value = model.model_validate(data)
    except ValidationError as error:
        file = TomlFile(path, content, text, data, model.model_construct(), found)
        raise ReleaseFileError(str(path), mistakes_of(error, model, file)) from None
    return TomlFile(path, content, text, data, value, found)


def _content(path: Path) -> bytes:
    try:
        kind = path.stat().st_mode
        if stat.S_ISDIR(kind):
            raise _refused(path, "is a folder", f"Name the file in it: {path / NAME}")
        if not stat.S_ISREG(kind):
            raise _refused(path, "is no file that could be edited", "Name a file.")
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise _refused(path, "does not exist", _near(path)) from None
    except ValueError:
        raise _refused(path, "is no name that a file can have", "Name a file.") from None
    except OSError as error:
        raise _refused(path, f"cannot be read: {error.strerror}", "Look who may read it.") from None
    if len(content) > LARGEST:
        raise _refused(path, f"is longer than {LARGEST // 2**20} MiB", "Is it the right file?")
    return content


def _near(path: Path) -> str:
    """What somebody may have meant, or how one comes to such a file."""
    try:
        names = [entry.name for entry in path.absolute().parent.iterdir()]
    except OSError:
        return f"There is no folder {path.absolute().parent}."
    close = difflib.get_close_matches(path.name, names, 1, 0.7)
    if close:
        return f"Did you mean {close[0]}?"
    return "Make one: amv release init"


def _refused(path: Path, what: str, hint: str) -> ReleaseFileError:
    return ReleaseFileError(str(path), [Mistake(None, None, None, what, hint)])


def _text(path: Path, content: bytes) -> str:
    if content.startswith(_UTF16):
        raise _refused(path, "is UTF-16", "Save it as UTF-8: your editor asks for the encoding when saving.")
    content = content.removeprefix(_BOM)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - content.rfind(b"\n", 0, error.start)
        what = f"the byte {content[error.start]:#04x} is no UTF-8"
        hint = "Save the file as UTF-8: your editor asks for the encoding when saving."
        raise ReleaseFileError(str(path), [Mistake(line, column, None, what, hint)]) from None


def _data(path: Path, text: str) -> dict[str, Any]:
    if _LONG_KEY.search(text):
        raise _refused(path, f"has a key of {_MOST_DOTS} parts and more", "A release needs three at most.")
    try:
        return {key: _plain(value) for key, value in tomllib.loads(text).items()}
    except tomllib.TOMLDecodeError as error:
        raise ReleaseFileError(str(path), [_syntax(str(error), text)]) from None
    except RecursionError:
        raise _refused(
            path, "has brackets within brackets without end", "A release needs three at most."
        ) from None
    except ValueError:  # more digits than Python reads: the limit is against attacks
        raise _refused(path, "has a number of a thousand digits and more", "Put text in quotes.") from None


def _plain(value: Any) -> Any:
    """Dates as the text that stands for them everywhere else."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:  # hexadecimal ones are read at any length
        raise ValueError("a number that is too long")
    return value


def _syntax(said: str, text: str) -> Mistake:
    """What `tomllib` says, with its place, and what a person most likely did."""
    lines = text.split("\n")
    place = _PLACE.search(said)
    what = _PLACE.sub("", said)
    if place is None or place.group(1) is None:
        number = max((n for n, one in enumerate(lines, 1) if one.strip()), default=1)
        column = len(lines[number - 1].rstrip("\r")) + 1
    else:
        number, column = int(place.group(1)), int(place.group(2))
    line = lines[number - 1] if number <= len(lines) else ""
    if what == "Cannot overwrite a value":  # noticed behind the value
        column = len(line) - len(line.lstrip()) + 1
    key = re.match(r"\s*([\w.-]+)\s*[=:]", line)
    ends = place is not None and place.group(1) is None and re.search(r"[\[{,]\s*$", line)
    advice = _UNCLOSED if ends else _advice(what, line, column)
    return Mistake(number, column, key.group(1) if key else None, _lower(what), advice)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _advice(what: str, line: str, column: int) -> str:
    if any(quote in line for quote in "“”„‟«»") and what.startswith(("Invalid", "Expected", "Illegal")):
        return 'Quotes must be straight: "…".'
    if re.match(r"\s*[\w-]+\s*:", line):
        return 'A key and its value are joined by =, like title = "…".'
    if re.search(r"=\s*(True|False|yes|no|on|off|Yes|No)\s*(#.*)?$", line):
        return "Write true or false, in small letters."
    if "\\" in line and ("escape" in what or "Unescaped" in what or "hex" in what):
        return "In \"…\" a backslash is written twice; in '…' it stands for itself, as in paths of Windows."
    if what.startswith("Cannot overwrite"):
        return "The same key is there twice: take one away."
    if what.startswith("Cannot declare"):
        return "The same [heading] is there twice: put its lines together; [[tracks]] begins another track."
    if what.startswith("Unclosed") or "Unterminated" in what or "Expected '\"'" in what:
        return _UNCLOSED
    if "Illegal character" in what:
        if "\\n" in what:
            return 'Text must end with " on its own line; several lines stand between """ and """.'
        return "There is a control character in the line: delete it and write it anew."
    if re.search(r"=\s*0\d", line):
        return 'Numbers that begin with 0, like a UPC, are text: put them in quotes "…".'
    if re.search(r"=\s*[^\s\"'\[{#]", line):
        return 'Text and dates in words must stand in quotes: "…". A date may be 2027-01-08.'
    return f"Look at column {column}; TOML is explained at toml.io."


def _spellings(path: KeyPath, *, short: bool) -> list[KeyPath]:
    """Under which paths a value may stand: in the long form, and in the short one.

    Args:
        path: in the long form.
        short: whether the keys of the one track stand among those of the release.
    """
    found = [path]
    text = spelled(path)
    if artist := _SHORT.match(text):
        found.append((*parsed(artist.group(1)), "artist"))
    if writer := _SHORT_WRITER.match(text):
        found += [(*path[:2], "composers", int(writer.group(1))), ("composers", int(writer.group(1)))]
    if short and path[:2] == ("tracks", 0) and len(path) > 2:
        found += _spellings(path[2:], short=False)
    return found
