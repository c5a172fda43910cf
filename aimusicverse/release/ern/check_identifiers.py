"""Identifiers of a message, which its schema takes as mere text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from aimusicverse.release import identifiers
from aimusicverse.release.ern.fault import Fault, error
from aimusicverse.release.ern.reading import Message, text_of

_ISRC: Final = re.compile(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}", re.ASCII)
_COPY: Final = "Copy it again from whoever gave it."


def check_identifiers(message: Message) -> Iterator[Fault]:
    """Of recordings, releases, works and parties."""
    yield from _isrcs(message)
    yield from _release_ids(message)
    for name, judge, form in (
        ("GRid", identifiers.is_grid, "18 characters with a check character"),
        ("ISNI", identifiers.is_isni, "16 characters with a check character"),
        ("ISWC", identifiers.is_iswc, "T and ten digits, the last of which checks the others"),
        ("IpiNameNumber", identifiers.is_ipi_name, "11 digits, the last two of which check the others"),
    ):
        for element in message.root.iter(name):
            if not judge(text_of(element)):
                yield error(
                    "DX-ID", element, f"{name} {text_of(element)!r} is wrong.", f"It has {form}. {_COPY}"
                )
    yield from _dpids(message)


def _isrcs(message: Message) -> Iterator[Fault]:
    seen: dict[str, str] = {}
    for recording in message.recordings:
        found = recording.findall("SoundRecordingEdition/ResourceId/ISRC")
        reference = text_of(recording.find("ResourceReference"))
        if not found:
            yield error("DX-ISRC", recording, f"{reference} has no ISRC.", "Every recording needs its own.")
        for element in found:
            isrc = text_of(element)
            if not _ISRC.fullmatch(isrc):
                fix = "Two letters, three letters or digits, seven digits; no hyphens."
                yield error("DX-ISRC", element, f"ISRC {isrc!r} is malformed.", fix)
            elif seen.setdefault(isrc, reference) != reference:
                yield error(
                    "DX-ISRC",
                    element,
                    f"{reference} has the ISRC {isrc} of {seen[isrc]}.",
                    "Give it its own.",
                )


def _release_ids(message: Message) -> Iterator[Fault]:
    for element in message.root.iter("ICPN"):
        icpn = text_of(element)
        if not (icpn.isascii() and icpn.isdigit() and identifiers.is_gtin(icpn)):
            yield error(
                "DX-ICPN", element, f"ICPN {icpn!r} is no UPC or EAN, or its check digit is wrong.", _COPY
            )
    main = message.release
    if main is not None and main.find("ReleaseId/ICPN") is None and main.find("ReleaseId/GRid") is None:
        yield error("DX-ICPN", main, "It has neither UPC/EAN nor GRid.", "Give it one.")


def _dpids(message: Message) -> Iterator[Fault]:
    header = message.root.find("MessageHeader")
    partners = [] if header is None else header.findall("*/PartyId")
    for element in (*partners, *message.root.iter("DPID")):
        if not identifiers.is_dpid(text_of(element)):
            fix = "Look it up at dpid.ddex.net."
            yield error("DX-DPID", element, f"{text_of(element)!r} is no DDEX party id.", fix)
