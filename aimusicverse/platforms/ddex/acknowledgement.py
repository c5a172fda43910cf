"""What a receiver says of a batch: DDEX's FtpAcknowledgementMessage.

    ACK_20261126120000000_036000291452.xml      batch and release in its name

    <ern-c:FtpAcknowledgementMessage xmlns:ern-c="http://ddex.net/xml/ern-c-sftp/17" MessageVersionId="1.7">
      <MessageHeader>… <MessageCreatedDateTime>…</MessageHeader>
      <AcknowledgedFile><ReleaseId>036000291452</ReleaseId><Date>2026-11-26</Date></AcknowledgedFile>
      <FileStatus>FileOK</FileStatus>          or a word of avs:ErncFileStatus, with ErrorText,
    </…>                                       ProposedActionType, ManualCheckRequired, AffectedResource

Verified against public pages: the file's name (kb.ddex.net, ERN choreography 1.7, 8.4), the elements
(ddex.net's data dictionary, ern-c:FtpAcknowledgementMessage) and the words of FileStatus (there too,
avs:ErncFileStatus).
Not verified: which of it a given receiver really writes. Namespaces of all versions are taken (ern-c/14 to
ern-c-sftp/18 are seen in public code). Spotify publishes no such file: it shows Processing, Ingested and
Failed in a web page (providersupport.spotify.com, Deliveries View); where a provider passes these words on in
`FileStatus`, they are understood.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from lxml import etree

#: A real one has two thousand bytes.
MOST_BYTES: Final = 1_000_000
_MOST_TEXT: Final = 500
_MOST_RESOURCES: Final = 500
_STATUS: Final = re.compile(r"[A-Za-z][A-Za-z0-9]{1,60}", re.ASCII)


class UnreadableAcknowledgement(Exception):
    """A file that is none, or must not be read; its message says why, without what is in it."""


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """One of them.

    Args:
        release: UPC, EAN or GRid it is about; empty: it does not say.
        status: the word of `FileStatus`.
        text: the receiver's own words, where there are any; one line, at most 500 characters.
        created_at: when it was written, where it says so with a zone.
        isrcs: of recordings that are affected.
        url: where the release is to be found, where it says so (no DDEX form has this; some may).
    """

    release: str
    status: str
    text: str
    created_at: datetime | None
    isrcs: tuple[str, ...]
    url: str | None


def read_acknowledgement(content: bytes) -> Acknowledgement:
    """Read without trust: no document type, no entity, no network, and a bound.

    Raises:
        UnreadableAcknowledgement: it is none.
    """
    if len(content) > MOST_BYTES:
        raise UnreadableAcknowledgement(f"it has more than {MOST_BYTES:,} bytes")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True,
        remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise UnreadableAcknowledgement("it is no XML") from None
    if getattr(root.getroottree().docinfo, "doctype", ""):
        raise UnreadableAcknowledgement("it has a document type, which may hide things")
    if _name(root) != "FtpAcknowledgementMessage":
        raise UnreadableAcknowledgement("it is no FtpAcknowledgementMessage")
    status = _text(_first(root, "FileStatus"))
    if not _STATUS.fullmatch(status):
        raise UnreadableAcknowledgement("it has no FileStatus")
    affected = [it for it in root.iter() if _name(it) == "ISRC"]
    return Acknowledgement(
        release=_text(_first(root, "AcknowledgedFile", "ReleaseId")),
        status=status,
        text=_text(_first(root, "ErrorText")),
        created_at=_moment(_text(_first(root, "MessageHeader", "MessageCreatedDateTime"))),
        isrcs=tuple(_text(it) for it in affected[:_MOST_RESOURCES]),
        url=_url(_text(_first(root, "URL"))),
    )


def _first(element: etree._Element, *way: str) -> etree._Element | None:
    found: etree._Element | None = element
    for name in way:
        found = next((it for it in found if _name(it) == name), None) if found is not None else None
    return found


def _name(element: etree._Element) -> str:
    tag: object = element.tag  # an entity or the like has a function there
    return etree.QName(tag).localname if isinstance(tag, str) else ""


def _text(element: etree._Element | None) -> str:
    told = " ".join(((element.text if element is not None else None) or "")[: 4 * _MOST_TEXT].split())
    plain = "".join(char for char in told if char.isprintable())
    return plain if len(plain) <= _MOST_TEXT else f"{plain[: _MOST_TEXT - 1]}…"


def _moment(told: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(told)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def _url(told: str) -> str | None:
    try:
        parts = urlsplit(told)
    except ValueError:
        return None
    return told if parts.scheme == "https" and parts.netloc and " " not in told else None
