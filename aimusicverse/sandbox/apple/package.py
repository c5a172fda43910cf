"""Looks into an `.itmsp` package as a store does before it takes one: form, files, sizes, sums.

Apple's own schema is not public. What is asked here is what public pages say of a package; codes are
our own.
"""

from __future__ import annotations

import hashlib
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from lxml import etree

from aimusicverse.release import identifiers

_N: Final = "{http://apple.com/itunes/importer}"
_VERSION: Final = "music5.3"
_LONGEST_XML: Final = 10_000_000
_CHUNK: Final = 1 << 20
_VENDOR_ID: Final = re.compile(r"[A-Za-z0-9_]{1,100}", re.ASCII)
#: What may lie beside the files that are named.
_BESIDE: Final = frozenset({"metadata.xml", "README.txt"})


@dataclass(slots=True)
class Package:
    """What was found in one.

    Args:
        vendor_id: by its name; what it holds has to say the same.
        md5: of its metadata, by which uploads are told apart.
        errors: code and words of each; without any it is taken.
    """

    vendor_id: str
    md5: str = ""
    errors: list[tuple[str, str]] = field(default_factory=list)
    provider: str = ""
    title: str = ""
    upc: str = ""
    isrcs: list[str] = field(default_factory=list)
    starts: str | None = None
    cleared: bool = False

    def wrong(self, code: str, words: str) -> None:
        """Something is."""
        self.errors.append((f"sandbox-{code}", words))


def is_vendor_id(text: str) -> bool:
    """Whether it could be one."""
    return _VENDOR_ID.fullmatch(text) is not None


def read_package(folder: Path) -> Package:
    """Look into one. Whatever is in it, this comes to an end and raises nothing but the disk's own errors."""
    found = Package(folder.name.removesuffix(".itmsp"))
    if not is_vendor_id(found.vendor_id):
        found.wrong("name", "The folder's name is no vendor id.")
    root = _metadata(folder / "metadata.xml", found)
    if root is None:
        return found
    if root.tag != f"{_N}package" or root.get("version") != _VERSION:
        found.wrong("form", f"It is no package of version {_VERSION}.")
    album = root.find(f"{_N}album")
    if album is None:
        found.wrong("form", "There is no album in it.")
        return found
    found.provider = _text(root, "provider")
    found.title = _text(album, "title")
    _album(album, found)
    _tracks(album, found)
    _files(album, folder, found)
    return found


def _metadata(file: Path, found: Package) -> etree._Element | None:
    if not _is_file(file) or file.stat().st_size > _LONGEST_XML:
        found.wrong("metadata", "There is no metadata.xml, or it is too long.")
        return None
    content = file.read_bytes()
    found.md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        found.wrong("metadata", "metadata.xml is no well-formed XML.")
        return None


def _album(album: etree._Element, found: Package) -> None:
    if (told := _text(album, "vendor_id")) != found.vendor_id:
        found.wrong("vendor_id", f"The vendor id {told!r} is not that of the folder's name.")
    if not found.provider:
        found.wrong("provider", "There is no provider.")
    for name in ("title", "label_name", "copyright_pline", "copyright_cline"):
        if not _text(album, name):
            found.wrong(name, f"There is no {name}.")
    found.upc = _text(album, "upc")
    if not identifiers.is_gtin(found.upc):
        found.wrong("upc", f"{found.upc!r} is no UPC.")
    products = list(album.iterfind(f"{_N}products/{_N}product"))
    if not products:
        found.wrong("products", "It says of no territory whether it may be had there.")
    cleared = [one for one in products if _is_cleared(one)]
    found.cleared = bool(cleared)
    days = [day for one in cleared if (day := _starts(one)) is not None]
    if len(days) != len(cleared):
        found.wrong("date", "A territory has no date, or one that is none.")
    found.starts = min(days).isoformat() if days else None


def _tracks(album: etree._Element, found: Package) -> None:
    tracks = album.findall(f"{_N}tracks/{_N}track")
    if not found.cleared:
        return  # it takes a release down: that needs none
    if not tracks or _text(album, "track_count") != str(len(tracks)):
        found.wrong("track_count", "The number of tracks is not what it says.")
    for number, track in enumerate(tracks, 1):
        isrc = _text(track, "isrc")
        found.isrcs.append(isrc)
        if not identifiers.is_isrc(isrc):
            found.wrong("isrc", f"Track {number}: {isrc!r} is no ISRC.")
        if not _text(track, "title"):
            found.wrong("title", f"Track {number} has no title.")
        if track.find(f"{_N}audio_file") is None:
            found.wrong("audio", f"Track {number} has no sound.")
    if len(set(found.isrcs)) != len(found.isrcs):
        found.wrong("isrc", "Two tracks have the same ISRC.")
    if album.find(f"{_N}artwork_files/{_N}file") is None:
        found.wrong("artwork", "There is no cover.")


def _files(album: etree._Element, folder: Path, found: Package) -> None:
    named = set()
    for element in _naming_files(album):
        name, size = _text(element, "file_name"), _text(element, "size")
        named.add(name)
        file = folder / name
        if not name or Path(name).name != name or not _is_file(file):
            found.wrong("file", f"{name!r} is not there.")
        elif str(file.stat().st_size) != size:
            found.wrong("size", f"{name} has another size than {size!r}.")
        elif _md5(file) != _text(element, "checksum").lower():
            found.wrong("checksum", f"{name} has another checksum.")
    for file in sorted(folder.iterdir()):
        if file.name not in named | _BESIDE:
            found.wrong("file", f"{file.name!r} is not named in metadata.xml.")


def _naming_files(album: etree._Element) -> Iterator[etree._Element]:
    for element in album.iter(f"{_N}file_name"):
        parent = element.getparent()
        if parent is not None:
            yield parent


def _is_file(file: Path) -> bool:
    """A file itself: a link may lead anywhere."""
    try:
        return stat.S_ISREG(file.lstat().st_mode)
    except (OSError, ValueError):
        return False


def _md5(file: Path) -> str:
    summed = hashlib.md5(usedforsecurity=False)
    with file.open("rb") as content:
        while chunk := content.read(_CHUNK):
            summed.update(chunk)
    return summed.hexdigest()


def _text(element: etree._Element, name: str) -> str:
    return (element.findtext(f"{_N}{name}") or "").strip()


def _is_cleared(product: etree._Element) -> bool:
    return "true" in (_text(product, "cleared_for_sale"), _text(product, "cleared_for_stream"))


def _starts(product: etree._Element) -> date | None:
    try:
        return date.fromisoformat(_text(product, "stream_start_date") or _text(product, "sales_start_date"))
    except ValueError:
        return None
