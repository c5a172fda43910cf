"""Which soundfont it is: found out before a server starts, without loading anything heavy."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

#: The code of every complaint about a soundfont.
UNREADABLE = "soundfont_unreadable"
_HEADER = 12


class SoundfontError(Exception):
    """A soundfont that cannot be used; the message names the file and says why."""


@dataclass(frozen=True, slots=True)
class Soundfont:
    """A soundfont file as it was when it was first looked at."""

    path: Path
    sha256: str

    @property
    def name(self) -> str:
        """The file's name, without its folder."""
        return self.path.name

    @classmethod
    def of(cls, path: Path) -> Soundfont:
        """Look at a file.

        Raises:
            SoundfontError: it is not there, cannot be read, or is no soundfont.
        """
        path = path.expanduser().resolve()
        return cls(path, digest(path))


def digest(path: Path) -> str:
    """The SHA-256 of a soundfont file.

    Raises:
        SoundfontError: it is not there, cannot be read, or is no soundfont.
    """
    try:
        if not path.is_file():
            raise SoundfontError(f"{path.name}: {'not a file' if path.exists() else 'no such file'}")
        with path.open("rb") as file:
            header = file.read(_HEADER)
            if header[:4] != b"RIFF" or header[8:] != b"sfbk":
                raise SoundfontError(f"{path.name}: not a soundfont (SF2 or SF3)")
            file.seek(0)
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise SoundfontError(f"{path.name}: cannot be read: {why}") from None
