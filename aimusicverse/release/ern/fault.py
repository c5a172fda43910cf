"""What is wrong with a message, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from lxml import etree

#: What must hold of a message beyond its schema, by the rule whose id a fault has.
CHECKS = {
    "DX-XML": "It is XML that can be read: no document type, no entities, at most 32 MB.",
    "DX-ROOT": "It is a NewReleaseMessage of ERN 4.3 or 4.3.2 that says its value sets and language.",
    "DX-REF": "What is defined is defined once.",
    "DX-DANGLING": "Every reference leads to something in the message.",
    "DX-ORPHAN": "Every resource belongs to a release; every party has a part in something.",
    "DX-ISRC": "Every recording has an ISRC, 12 characters, and no two have the same.",
    "DX-ICPN": "The release has a UPC, EAN or GRid, and its check digit is right.",
    "DX-ID": "ISNI, IPI, ISWC and GRid have the form and check digits that they must have.",
    "DX-DPID": "A DDEX party id has the form and check character that it must have.",
    "DX-R0": "The main release is R0; each recording has a release of its own: R1, R2, …",
    "DX-DEAL": "Every release has a deal, which says its model, its uses and when it begins.",
    "DX-COMM": "A model of payment goes with uses that it is for.",
    "DX-DATE": "A deal ends no earlier than it begins; moments say their time zone.",
    "DX-TERRITORY": "A deal is for all the world or for countries, never for both.",
    "DX-DUR": "Durations are ISO 8601; that of a release is the sum of its recordings', 1 s each about.",
    "DX-SEQ": "Positions in a release are 1, 2, 3, …",
    "DX-AI": "What is said of AI in a resource agrees with its contributors; that of the release with all.",
    "DX-ARTIST": "Releases and recordings have a main artist.",
    "DX-EXPLICIT": "A release with an explicit recording is explicit.",
    "DX-MCT": "It says whether it is a test or a live message.",
    "DX-FILE": "Files that it brings are in the package, and lie within its folder.",
    "DX-HASH": "Sums and sizes are those of the files.",
}


#: Characters of a message with the value in it.
_LONGEST: Final = 500


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that would not be taken, or not as it was meant.

    Args:
        rule: id, a key of `CHECKS`.
        severity: an `error` would stop the delivery, or make it wrong.
        where: XPath of the element.
        line: of the message; `None`: not of an element.
        message: what is wrong, with the value.
        fix: what would be right.
    """

    rule: str
    severity: Literal["error", "warning"]
    where: str
    line: int | None
    message: str
    fix: str

    def __str__(self) -> str:
        place = f"line {self.line}, " if self.line else ""
        return f"{self.severity} {self.rule}: {place}{self.where}: {self.message} {self.fix}"


def error(rule: str, element: etree._Element, message: str, fix: str) -> Fault:
    """A fault of an element that stops the delivery."""
    return Fault(rule, "error", _path(element), _line(element), _short(message), fix)


def warning(rule: str, element: etree._Element, message: str, fix: str) -> Fault:
    """A fault of an element that may be meant."""
    return Fault(rule, "warning", _path(element), _line(element), _short(message), fix)


def _short(message: str) -> str:
    """A value may have megabytes, and be told two hundred times."""
    return message if len(message) <= _LONGEST else f"{message[: _LONGEST - 1]}…"


def _path(element: etree._Element) -> str:
    return element.getroottree().getpath(element)


def _line(element: etree._Element) -> int | None:
    line: object = element.sourceline  # the stubs say `...`
    return line if isinstance(line, int) else None
