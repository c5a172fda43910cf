"""A message of anybody's, read without trust: no document type, no entity, no network, and a bound."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lxml import etree

from aimusicverse.release.ern.fault import Fault
from aimusicverse.release.ern.version import VERSIONS, ErnVersion

#: 500 recordings are told in 2 MB.
MOST_BYTES: Final = 32_000_000

Element = etree._Element


class Unreadable(Exception):
    """No message. `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


class Message:
    """A NewReleaseMessage of a version that is known here."""

    def __init__(self, root: Element, version: ErnVersion) -> None:
        self.root = root
        self.version = version
        self.recordings = root.findall("ResourceList/SoundRecording")
        self.resources = [
            it for it in root.findall("ResourceList/*") if it.find("ResourceReference") is not None
        ]
        self.release = root.find("ReleaseList/Release")
        self.track_releases = root.findall("ReleaseList/TrackRelease")
        self.deals = root.findall("DealList/ReleaseDeal")

    def releases(self) -> Iterator[Element]:
        """The main one, those of tracks, those of clips."""
        yield from self.root.findall("ReleaseList/*")


def read(content: bytes) -> Message:
    """The message.

    Raises:
        Unreadable: it is none that is known here, or must not be read.
    """
    if len(content) > MOST_BYTES:
        raise _unreadable("DX-XML", f"It has {len(content):,} bytes.", f"At most {MOST_BYTES:,}.")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True,
        remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as problem:
        raise _unreadable("DX-XML", f"It is no XML: {problem}.", "Write it anew.") from problem
    if getattr(root.getroottree().docinfo, "doctype", ""):  # the stubs do not know it
        raise _unreadable("DX-XML", "It has a document type, which may hide things.", "Leave DOCTYPE out.")
    name = etree.QName(root)
    version = next((it for it in VERSIONS.values() if it.namespace == name.namespace), None)
    if version is None:
        raise _unreadable("DX-ROOT", f"Its namespace is {name.namespace}.", "Write ERN 4.3 or 4.3.2.")
    if name.localname != "NewReleaseMessage":
        raise _unreadable(
            "DX-ROOT",
            f"It is a {name.localname}.",
            "Write a NewReleaseMessage; a release is taken down by deals that end.",
        )
    return Message(root, version)


def text_of(element: Element | None) -> str:
    """Its own text, without blanks around; empty, where there is none."""
    return ((element.text if element is not None else None) or "").strip()


def _unreadable(rule: str, message: str, fix: str) -> Unreadable:
    return Unreadable(Fault(rule, "error", "/", None, message, fix))
