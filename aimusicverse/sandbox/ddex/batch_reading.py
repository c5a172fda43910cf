"""A batch in an inbox, looked through as its receiver would: its structure, its messages, its files."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from lxml import etree

from aimusicverse.release.ern.checks import check
from aimusicverse.release.ern.fault import Fault
from aimusicverse.release.ern.reading import MOST_BYTES, Message, Unreadable, read, text_of
from aimusicverse.sandbox.ddex.deals import availability

_BATCH: Final = re.compile(r"[0-9]{17}", re.ASCII)
_RELEASE: Final = re.compile(r"[0-9]{12,13}|A1[0-9A-Z]{16}", re.ASCII)
_SCHEMAS: Final = {"4.3": "ern43", "4.3.2": "ern432"}
#: Our checks, in the words of avs:ErncFileStatus. All others make a message invalid.
_STATUS: Final = {
    "DX-HASH": "ResourceCorrupt",
    "DX-FILE": "ResourceMissing",
    "DX-ISRC": "IdentifierInvalid",
    "DX-ICPN": "IdentifierInvalid",
    "DX-ID": "IdentifierSyntaxInvalid",
    "DX-DEAL": "NoDealInNewReleaseMessage",
    "DX-ARTIST": "PrimaryArtistNameMissing",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found of one release of a batch.

    Args:
        release: UPC, EAN or GRid, as its folder is called.
        status: `FileOK`, or why it is refused.
        text: the same for people.
        told: what the message says of it: title, isrcs, sender, begins, ends, files.
    """

    release: str
    status: str = "FileOK"
    text: str = ""
    told: dict[str, Any] = field(default_factory=dict)


def is_batch(folder: Path) -> bool:
    """Whether a folder is a batch that is whole: its BatchComplete is there, and not empty."""
    if not _BATCH.fullmatch(folder.name) or folder.is_symlink() or not folder.is_dir():
        return False
    try:
        found = (folder / f"BatchComplete_{folder.name}.xml").lstat()
    except OSError:
        return False
    return stat.S_ISREG(found.st_mode) and found.st_size > 0


def read_batch(folder: Path, versions: frozenset[str]) -> list[Reading]:
    """All releases of a batch.

    Args:
        folder: of the batch; `is_batch` has taken it.
        versions: of ERN that are taken.
    """
    releases = sorted(entry for entry in folder.iterdir() if _RELEASE.fullmatch(entry.name))
    return [_read_release(release, versions) for release in releases]


def _read_release(folder: Path, versions: frozenset[str]) -> Reading:
    name = folder.name
    if (link := next(_links(folder), None)) is not None:
        return Reading(name, "ResourceMissing", f"{link} is a symbolic link, which is not followed.")
    file = folder / f"{name}.xml"
    try:
        if not file.is_file():
            raise FileNotFoundError
        with file.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
        message = read(content)
    except OSError:
        return Reading(name, "ErnMissing", f"There is no {name}.xml in the folder.")
    except Unreadable as problem:
        return Reading(name, "NewReleaseMessageInvalid", str(problem))
    if message.version.name not in versions:
        return Reading(
            name, "NewReleaseMessageInvalid", f"ERN {message.version.name} is not taken; {_or(versions)} is."
        )
    told = _told(message)
    ids = message.root.findall("ReleaseList/Release/ReleaseId/*")
    if name not in {text_of(element) for element in ids if element.tag in ("ICPN", "GRid")}:
        return Reading(name, "IdentifierInvalid", f"The message is not about {name}.", told)
    faults = [fault for fault in check(content, folder) if fault.severity == "error"]
    if faults:
        return Reading(name, _status(faults[0]), " ".join(str(it) for it in faults[:3]), told)
    try:
        complaint = _complaint(content, message.version.name)
    except (OSError, etree.LxmlError):
        folder_named = os.environ.get("AMV_DDEX_SCHEMAS")
        return Reading(
            name, "InternalError", f"No schemas can be read at AMV_DDEX_SCHEMAS, {folder_named}.", told
        )
    if complaint:
        return Reading(name, "NewReleaseMessageInvalid", complaint, told)
    return Reading(name, told=told)


def _links(folder: Path) -> Iterator[str]:
    if folder.is_symlink():
        yield folder.name
        return
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            if (Path(place) / name).is_symlink():
                yield name


def _told(message: Message) -> dict[str, Any]:
    root = message.root
    title = root.find("ReleaseList/Release/DisplayTitleText")
    isrcs = [
        text_of(it)
        for it in root.findall("ResourceList/SoundRecording/SoundRecordingEdition/ResourceId/ISRC")
    ]
    isrcs = isrcs or [text_of(it) for it in root.findall("ResourceList/SoundRecording/ResourceId/ISRC")]
    begins, ends = availability(message)
    return {
        "title": text_of(title),
        "isrcs": isrcs,
        "message_id": text_of(root.find("MessageHeader/MessageId")),
        "sender": text_of(root.find("MessageHeader/MessageSender/PartyId")),
        "begins": begins.isoformat() if begins else None,
        "ends": ends.isoformat() if ends else None,
        "brings_files": root.find(".//File") is not None,
    }


def _status(fault: Fault) -> str:
    return _STATUS.get(fault.rule, "NewReleaseMessageInvalid")


def _or(versions: frozenset[str]) -> str:
    return " or ".join(sorted(versions))


def _complaint(content: bytes, version: str) -> str:
    """What DDEX's own schema says against it, where whoever runs this has it (`AMV_DDEX_SCHEMAS`)."""
    if not (named := os.environ.get("AMV_DDEX_SCHEMAS")):
        return ""
    schema = _schema(Path(named) / _SCHEMAS[version] / "release-notification.xsd")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    if schema.validate(etree.fromstring(content, parser)):
        return ""
    return str(getattr(schema.error_log, "last_error", ""))[:500]  # the stubs know little of it


@cache
def _schema(file: Path) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(file))
