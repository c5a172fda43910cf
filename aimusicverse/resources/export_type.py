"""Which kind of export a file is."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from aimusicverse.errors import ConfigurationError

_TYPES: Final = {"json": "application/json", "csv": "text/csv"}


def media_type(source: object, format: str | None) -> str:
    """Of the format named, else of a path's suffix; else one that leaves it to the server to look.

    Raises:
        ConfigurationError: there is no such format.
    """
    if format is not None and format not in _TYPES:
        raise ConfigurationError(f"an export is json or csv, not {format!r}")
    if format is None and isinstance(source, str | os.PathLike):
        format = Path(source).suffix.lower().removeprefix(".")
    return _TYPES.get(format or "", "application/octet-stream")
