"""A folder as a zip file without a name: it is gone when it is closed, or when the process dies."""

from __future__ import annotations

import os
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, Final

#: These are compressed already, or hardly get smaller and take long: sound and pictures.
_AS_THEY_ARE: Final = frozenset((".wav", ".flac", ".mp3", ".m4a", ".mp4", ".mov", ".jpg", ".jpeg", ".png"))
_PIECE: Final = 2**20


def zipped(folder: Path, within: Path, meanwhile: Callable[[], None]) -> IO[bytes]:
    """An open file, at its start. Whoever gets it closes it.

    Args:
        folder: what is to be in it; links are left out.
        within: a folder on a disk that has room.
        meanwhile: called between pieces; what it raises ends it.
    """
    file = tempfile.TemporaryFile(dir=within)  # noqa: SIM115 - it outlives this function
    try:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(folder.rglob("*")):
                if path.is_file() and not path.is_symlink():
                    _add(archive, path, path.relative_to(folder).as_posix(), meanwhile)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return file


def size_of(file: IO[bytes]) -> int:
    """In bytes."""
    return os.fstat(file.fileno()).st_size


def _add(archive: zipfile.ZipFile, path: Path, name: str, meanwhile: Callable[[], None]) -> None:
    entry = zipfile.ZipInfo.from_file(path, name, strict_timestamps=False)
    entry.compress_type = zipfile.ZIP_STORED if path.suffix.lower() in _AS_THEY_ARE else zipfile.ZIP_DEFLATED
    with path.open("rb") as source, archive.open(entry, "w") as target:
        while piece := source.read(_PIECE):
            meanwhile()
            target.write(piece)
