"""A package in a folder: there whole under its name, or not at all, and one of each vendor id.

It is written into a folder of this try alone, whose name begins with `.unfinished-` and stands in the journal
before, so that the next try clears away what a killed one left.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Final

from aimusicverse.release.copying import UNFINISHED
from aimusicverse.release.package_error import refuse

_TRIES: Final = 20


def new_staging() -> str:
    """A name of a folder that nobody else has."""
    return f"{UNFINISHED}{uuid.uuid4().hex}"


def cleared(root: Path, staging: str | None) -> None:
    """Remove what an earlier try left."""
    if staging is not None and staging.startswith(UNFINISHED) and Path(staging).name == staging:
        shutil.rmtree(root / staging, ignore_errors=True)


def place(root: Path, staging: str, write: Callable[[Path], Path]) -> Path:
    """Write a package, then give it its name. One of that name that is there makes room.

    Args:
        root: the folder that it is for; made where it is not there.
        staging: as `new_staging` gave it.
        write: makes the package in a folder.

    Returns:
        where it is.

    Raises:
        CannotPackage: as `write` does, or others put packages there all the time.
        OSError: the disk's.
    """
    own = root / staging
    own.mkdir(parents=True)
    try:
        made = write(own)
        final = root / made.name
        for number in range(_TRIES):
            if os.path.lexists(final):
                _move_away(final, own / f"old-{number}")
            try:
                made.rename(final)
            except OSError:
                if not os.path.lexists(final):
                    raise
                continue  # another delivery of the same release was quicker: this one is the later
            _sync(root)
            return final
        raise refuse("vendor_id", "others deliver it at the same time.", "Look who does.")
    finally:
        shutil.rmtree(own, ignore_errors=True)


def _move_away(final: Path, old: Path) -> None:
    try:
        final.rename(old)
    except FileNotFoundError:
        return  # whoever takes packages from here has just taken it


def _sync(folder: Path) -> None:
    """The name is on the disk, too. Windows has no such call for folders."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except PermissionError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
