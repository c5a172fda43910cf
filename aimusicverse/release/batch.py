"""A batch of ERN messages with their files: the folder that a store takes by SFTP.

    20261126120000000/
    ├── 036000291452/
    │   ├── 036000291452.xml
    │   └── resources/A1.flac, A2.flac, …, cover.jpg
    └── BatchComplete_20261126120000000.xml     last, and never empty

Source: providersupport.spotify.com, step 3; kb.ddex.net, choreography for batches.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from lxml import etree

from aimusicverse.release import identifiers
from aimusicverse.release.copying import appearing, copy_checked, write_whole
from aimusicverse.release.ern.checks import check
from aimusicverse.release.ern.delivered_files import FOLDER, cover_name, sound_name
from aimusicverse.release.ern.reading import read, text_of
from aimusicverse.release.ern.tree import as_bytes, fixed
from aimusicverse.release.package_error import CannotPackage, Obstacle, refuse
from aimusicverse.release.release_files import ReleaseFiles
from aimusicverse.types.release import Release

_NAME: Final = re.compile(r"[0-9]{12,13}|A1[0-9A-Z]{16}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message, and the files that it brings.

    Args:
        release: which release it is about.
        message: as `new_release_message` and its like give it.
        files: `None` for an update or takedown that brings none.
    """

    release: Release
    message: bytes
    files: ReleaseFiles | None = None


def batch_name(at: datetime) -> str:
    """`YYYYMMDDhhmmssnnn`, in UTC; the last three digits are milliseconds.

    Raises:
        ValueError: a time without a zone.
    """
    if at.tzinfo is None:
        raise ValueError("the time of a batch has no time zone")
    return f"{at.astimezone(UTC):%Y%m%d%H%M%S}{at.microsecond // 1000:03}"


def release_folder(release: Release) -> str:
    """The name of its folder in a batch: UPC, EAN or GRid, without hyphens.

    Raises:
        CannotPackage: it has none, or one that is no such id.
    """
    name = identifiers.plain(release.upc or release.grid or "").removeprefix("GRID:")
    if not _NAME.fullmatch(name):
        raise refuse("upc", f"{name!r} cannot be the name of a folder.", "Give its UPC, EAN or GRid.")
    return name


def write_batch(into: Path, deliveries: Sequence[Delivery], *, at: datetime) -> Path:
    """Write a batch. It is there as a whole, or not at all.

    Args:
        into: the folder in which the batch's folder comes to be.
        deliveries: each of another release.
        at: with a zone; the name of the batch.

    Returns:
        the folder of the batch.

    Raises:
        CannotPackage: a message with a fault, a file that changed, a folder that is there already.
        ValueError: `at` without a zone, or nothing to deliver.
    """
    if not deliveries:
        raise ValueError("a batch needs a delivery")
    name = batch_name(at)
    final = into / name
    folders = [release_folder(delivery.release) for delivery in deliveries]
    for folder in folders:
        if folders.count(folder) > 1:
            raise refuse("upc", f"two deliveries of the batch are of {folder}.", "Send them in two batches.")
    with appearing(final) as unfinished:
        for folder, delivery in zip(folders, deliveries, strict=True):
            _write(unfinished / folder, folder, delivery)
        write_whole(unfinished / complete_name(name), batch_complete(name, folders))
    return final


def _write(folder: Path, name: str, delivery: Delivery) -> None:
    resources = folder / FOLDER
    folder.mkdir()
    if delivery.files is not None:
        resources.mkdir()
        for number, sound in enumerate(delivery.files.tracks, 1):
            copy_checked(sound.path, resources / sound_name(number, sound), sound.facts)
        if delivery.files.cover is not None:
            cover = delivery.files.cover
            copy_checked(cover.path, resources / cover_name(cover), cover.facts)
    require_message(delivery.message, name, folder)
    write_whole(folder / f"{name}.xml", delivery.message)


def require_message(message: bytes, name: str, folder: Path | None = None) -> None:
    """A message has no fault, and is about the release of this name.

    Args:
        message: the XML document.
        name: UPC, EAN or GRid of the release, which its folder is called.
        folder: where its files are; `None`: they are not looked at.

    Raises:
        CannotPackage: with every fault.
    """
    faults = [fault for fault in check(message, folder) if fault.severity == "error"]
    if faults:
        raise CannotPackage(
            Obstacle(f"{name}.xml{fault.where}", f"{fault.rule}: {fault.message}", fault.fix)
            for fault in faults
        )
    if name not in _names(message):
        raise refuse("message", f"it is not about {name}.", "Give each release its own message.")


def _names(message: bytes) -> set[str]:
    """The ids of the release that a message, already checked, is about."""
    found = read(message).root.findall("ReleaseList/Release/ReleaseId/*")
    return {text_of(element) for element in found if element.tag in ("ICPN", "GRid")}


def complete_name(name: str) -> str:
    """Of the file by which a batch of this name is whole."""
    return f"BatchComplete_{name}.xml"


def batch_complete(name: str, folders: Sequence[str]) -> bytes:
    """What that file says: never nothing, for Spotify takes no empty one.

    Args:
        name: of the batch.
        folders: of its releases.
    """
    root = etree.Element("BatchComplete")
    fixed(root, "BatchId", name)
    for folder in folders:
        fixed(root, "Release", folder)
    return as_bytes(root)
