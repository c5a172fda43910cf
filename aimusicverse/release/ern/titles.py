"""Titles, as a store shows them and in their parts; and what kind of version one is."""

from __future__ import annotations

import re
from typing import Final

from aimusicverse.release.display import full_title
from aimusicverse.release.ern.tree import Element, branch, fixed, leaf
from aimusicverse.release.xml_text import xml_text

#: Words of a version that DDEX has a value for; the first that is found holds.
_VERSION_TYPES: Final = (
    (r"karaoke", "KaraokeVersion"),
    (r"a ?cappella", "ACappellaVersion"),
    (r"instrumental", "InstrumentalVersion"),
    (r"(?:re)?mix", "RemixVersion"),
    (r"live", "LiveVersion"),
    (r"demo", "DemoVersion"),
    (r"radio (?:edit|version)", "RadioVersion"),
    (r"clean", "CleanVersion"),
    (r"edit(?:ed)?", "EditedVersion"),
)
_WORLDWIDE: Final = {"ApplicableTerritoryCode": "Worldwide"}


def write_titles(parent: Element, title: str, version: str | None, where: str) -> None:
    """`DisplayTitleText` and `DisplayTitle`, with the version as its `SubTitle`.

    Args:
        parent: of a release, recording or track.
        title: without its version.
        version: without brackets.
        where: path of what they belong to, with a dot at its end, or nothing.
    """
    version = version and xml_text(version, f"{where}version")
    shown = full_title(title, version)
    leaf(parent, "DisplayTitleText", shown, f"{where}title", **_WORLDWIDE, IsDefault="true")
    element = branch(parent, "DisplayTitle", **_WORLDWIDE, IsDefault="true")
    leaf(element, "TitleText", title, f"{where}title")
    if version:
        leaf(element, "SubTitle", version, f"{where}version", SubTitleType="Version")


def write_version_type(parent: Element, version: str | None) -> None:
    """What kind of version it is, if that is one of the kinds that DDEX names."""
    for words, kind in _VERSION_TYPES:
        if version and re.search(rf"\b{words}\b", version, re.IGNORECASE):
            fixed(parent, "VersionType", kind)
            return
