"""What Transporter's mode `status` tells of a package, as XML.

    <itunes_transporter>
      <upload_status vendor_identifier="036000291452" apple_identifier="1234567890">
        <content_status_info content_review_status="…" itunes_connect_status="…">
          <store_status on_store="US,DE" ready_for_store="N/A" not_on_store="N/A"/>
        </content_status_info>
        <upload_status_info created="2026-11-26 12:00:00" status="Imported"/>
      </upload_status>
    </itunes_transporter>

**Written, not verified**: Apple's own description of it is not public. Elements, attributes and the words
`Imported`, `Upload Failed` and `Import Error` are those of public output (sshaw/itunes_store_transporter, and
questions about it). What is not known here counts as "still at work". The stand-in store says three things in
words of its own: `metadata_md5` at each upload, `error` and `plays`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from lxml import etree

from aimusicverse.platforms.base import DeliveryError
from aimusicverse.platforms.store_problems import general

#: `off`: it is in no store, though it could be.
Found = Literal["at_work", "ready", "live", "off", "rejected", "failed"]
_LONGEST: Final = 1_000_000
_END: Final = b"</itunes_transporter>"
_NOWHERE: Final = frozenset({"", "N/A"})
_REASONS: Final = 5
_LONGEST_REASON: Final = 500


@dataclass(frozen=True, slots=True)
class AppleStatus:
    """How one release stands.

    Args:
        found: in a word.
        apple_id: Apple's own, once it has one.
        created: of the upload that was judged, as it was told.
        reasons: why it failed or was rejected, where that is told.
        plays: how often it was heard, where that is told.
    """

    found: Found
    apple_id: str | None = None
    created: str | None = None
    reasons: tuple[str, ...] = ()
    plays: int | None = None


def read_status(content: bytes, vendor_id: str, metadata_md5: str | None = None) -> AppleStatus | None:
    """The status of one release; `None`: nothing is told of it, or of this upload.

    Args:
        content: all that was printed; what stands around the document is passed over.
        vendor_id: of the release.
        metadata_md5: of the upload that is meant, where uploads are told apart by it; else the newest is.

    Raises:
        DeliveryError: `store_incomprehensible`.
    """
    root = _parsed(content)
    for status in root.iter("upload_status"):
        if status.get("vendor_identifier") == vendor_id:
            return _of(status, metadata_md5)
    return None


def _parsed(content: bytes) -> etree._Element:
    begin = content.find(b"<itunes_transporter")
    end = content.rfind(_END)
    if begin < 0 or end < begin or end - begin > _LONGEST:
        raise _not_understood()
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content[begin : end + len(_END)], parser)
    except etree.XMLSyntaxError as error:
        raise _not_understood() from error
    return root


def _not_understood() -> DeliveryError:
    return DeliveryError(
        general("store_incomprehensible", "The status of the package cannot be read: it is no such XML.")
    )


def _of(status: etree._Element, metadata_md5: str | None) -> AppleStatus | None:
    uploads = status.findall("upload_status_info")
    if metadata_md5 is not None:
        uploads = [one for one in uploads if one.get("metadata_md5") == metadata_md5]
    if not uploads:
        return None
    upload = max(uploads, key=lambda one: one.get("created", ""))
    plays = status.find("plays")
    count = "" if plays is None else plays.get("count", "")
    return AppleStatus(
        found=_found(upload.get("status", ""), status.find("content_status_info")),
        apple_id=status.get("apple_identifier"),
        created=upload.get("created"),
        reasons=tuple(_reasons([*upload.iter("error"), *status.findall("error")])),
        plays=int(count) if count.isascii() and count.isdigit() and len(count) < 18 else None,
    )


def _found(upload: str, content: etree._Element | None) -> Found:
    word = upload.lower()
    if "fail" in word or "error" in word:
        return "failed"
    if content is None:
        return "at_work"
    if "reject" in content.get("content_review_status", "").lower():
        return "rejected"
    store = content.find("store_status")
    if store is None:
        return "at_work"
    if store.get("on_store", "") not in _NOWHERE:
        return "live"
    if store.get("ready_for_store", "") not in _NOWHERE:
        return "ready"
    return "off" if store.get("not_on_store", "") not in _NOWHERE else "at_work"


def _reasons(errors: list[etree._Element]) -> list[str]:
    told = []
    for error in errors[:_REASONS]:
        text = " ".join((error.text or "").split())[:_LONGEST_REASON]
        code = error.get("code", "")[:40]
        told.append(f"{text} ({code})" if code and text else text or code)
    return list(dict.fromkeys(filter(None, told)))
