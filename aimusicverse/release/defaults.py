"""What a person says of every release: whose it is, and where it goes. `amv release init` uses it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Final

from pydantic import Field

from aimusicverse.paths import config_dir
from aimusicverse.release.toml_file import load_as
from aimusicverse.types.request import Request

NAME: Final = "release-defaults.toml"


class ReleaseDefaults(Request):
    """The keys of `release-defaults.toml`; each can be left out."""

    artist: str | None = None
    label: str | None = None
    owner: str | None = Field(default=None, description="Of the P and C lines: a person or company.")
    writers: list[str] = Field(default=[], description="Legal first and last names.")
    language: str | None = None
    metadata_language: str | None = None
    territories: list[str] = Field(default=[])
    distributor: str | None = Field(default=None, description="`distrokid`, …: what `--via` is without it.")

    def keys(self, today: date) -> dict[str, Any]:
        """What of them stands in a new release, in the short form.

        Args:
            today: its year is the one of the lines.
        """
        line = f"{today.year} {self.owner}" if self.owner else None
        found = {
            "artist": self.artist,
            "label": self.label,
            "p_line": line,
            "c_line": line,
            "composers": self.writers,
            "language": self.language,
            "metadata_language": self.metadata_language,
            "territories": self.territories,
        }
        return {key: value for key, value in found.items() if value}


def path() -> Path:
    """Where they are; the file need not exist."""
    return config_dir() / NAME


def defaults() -> ReleaseDefaults:
    """Those of the user; none where there is no such file.

    Raises:
        ReleaseFileError: there is one that cannot be read.
    """
    file = path()
    return load_as(ReleaseDefaults, file).value if file.exists() else ReleaseDefaults()
