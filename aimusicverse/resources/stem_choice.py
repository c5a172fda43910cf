"""Which stems are meant, and what their files are called."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from aimusicverse.errors import ConfigurationError

if TYPE_CHECKING:
    from aimusicverse.types.stems import Stem, StemSet

_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,79}")


def name_of(stem: Stem | str) -> str:
    """The name of a stem, or the name itself; safe to be put into a path, here and at the server.

    Raises:
        ConfigurationError: it is no name, such as `../`.
    """
    name = stem if isinstance(stem, str) else stem.name
    if not _NAME.fullmatch(name):
        raise ConfigurationError(f"{name[:60]!r} is no name of a stem; names look like 01-drums")
    return name


def chosen(stems: StemSet, only: str | Iterable[str]) -> list[Stem]:
    """Those stems that have one of these names, instruments or roles; all of them if none is given.

    Raises:
        ConfigurationError: a word that is none of the track's.
    """
    words = [only] if isinstance(only, str) else [*only]
    if not words:
        return stems.stems
    wanted = {word.strip().lower().replace(" ", "-") for word in words}
    known = {id(stem): _words(stem) for stem in stems.stems}
    for word in sorted(wanted):
        if not any(word in of for of in known.values()):
            there = ", ".join(stem.name for stem in stems.stems)
            raise ConfigurationError(f"there is no stem {word!r}; there are {there}")
    return [stem for stem in stems.stems if known[id(stem)] & wanted]


def is_there(path: Path, stem: Stem) -> bool:
    """Whether a file is the WAV file of a stem already."""
    from hashlib import file_digest

    try:
        if path.stat().st_size != stem.size_bytes:
            return False
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest() == stem.sha256
    except OSError:
        return False


def _words(stem: Stem) -> set[str]:
    return {text.lower().replace(" ", "-") for text in (stem.name, stem.instrument, stem.role)}
