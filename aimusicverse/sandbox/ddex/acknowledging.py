"""What a receiver writes about a batch: DDEX's FtpAcknowledgementMessage, of ern-c-sftp 1.7.

Elements and their order: ddex.net's data dictionary (ern-c:FtpAcknowledgementMessage); the name of the file:
kb.ddex.net, ERN choreography 1.7, 8.4.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from lxml import etree

_NAMESPACE: Final = "http://ddex.net/xml/ern-c-sftp/17"
#: Well-formed, and nobody's.
_RECEIVER: Final = "PADPIDA2026112602P"
#: What XML cannot hold.
_BAD: Final = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF], "\ufffd")


def acknowledgement(answer: dict[str, Any], at: datetime) -> bytes:
    """The document.

    Args:
        answer: `batch`, `release`, `status` (a word of avs:ErncFileStatus), `text` for people, `sender`
            of the batch.
        at: when it is written.
    """
    root = etree.Element(
        f"{{{_NAMESPACE}}}FtpAcknowledgementMessage", {"MessageVersionId": "1.7"}, nsmap={"ern-c": _NAMESPACE}
    )
    header = etree.SubElement(root, "MessageHeader")
    _leaf(etree.SubElement(header, "MessageSender"), "PartyId", _RECEIVER)
    _leaf(etree.SubElement(header, "MessageRecipient"), "PartyId", answer["sender"] or "unknown")
    _leaf(header, "MessageCreatedDateTime", at.isoformat(timespec="seconds"))
    file = etree.SubElement(root, "AcknowledgedFile")
    _leaf(file, "ReleaseId", answer["release"])
    day = answer["batch"]
    _leaf(file, "Date", f"{day[:4]}-{day[4:6]}-{day[6:8]}")
    _leaf(root, "FileStatus", answer["status"])
    if answer["text"]:
        _leaf(root, "ErrorText", answer["text"])
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _leaf(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, name).text = text.translate(_BAD).encode("utf-8", "replace").decode()
