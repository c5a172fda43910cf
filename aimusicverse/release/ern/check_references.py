"""References of a message: to things that are there, and everything in use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aimusicverse.release.ern.fault import Fault, error, warning
from aimusicverse.release.ern.reading import Element, Message, text_of

#: Elements that define a reference (`xs:ID` in the schemas), which libxml2 does not hold unique.
_DEFINING: Final = frozenset(
    (
        "BrandReference",
        "ChapterReference",
        "CueSheetReference",
        "PartyReference",
        "ReleaseReference",
        "ResourceReference",
        "TechnicalResourceDetailsReference",
        "VisibilityReference",
    )
)
#: Elements whose name ends likewise, and whose text is the sender's own.
_FREE: Final = frozenset({"DealReference"})


def check_references(message: Message) -> Iterator[Fault]:
    """Defined twice, leading nowhere, or not used."""
    defined: dict[str, Element] = {}
    used: dict[str, list[Element]] = {}
    for element in message.root.iter("{*}*"):
        name = element.tag
        if not isinstance(name, str) or not name.endswith("Reference") or name in _FREE or len(element):
            continue
        reference = text_of(element)
        if name not in _DEFINING:
            used.setdefault(reference, []).append(element)
        elif reference in defined:
            yield error("DX-REF", element, f"{reference!r} is defined a second time.", "Give it another one.")
        else:
            defined[reference] = element
    for reference, elements in used.items():
        if reference not in defined:
            for element in elements:
                fix = "Define it, or refer to what there is."
                yield error("DX-DANGLING", element, f"There is no {reference!r} in this message.", fix)
    yield from _orphans(message, defined, set(used))


def _orphans(message: Message, defined: dict[str, Element], used: set[str]) -> Iterator[Fault]:
    in_releases = {
        text_of(element)
        for part in message.releases()
        for name in ("ReleaseResourceReference", "LinkedReleaseResourceReference")
        for element in part.iter(name)
    }
    # What only another resource names, like a picture of a chapter, need not be in a release by itself.
    belonging = in_releases | used
    for reference, element in defined.items():
        if element.tag == "ResourceReference" and reference not in belonging:
            yield error(
                "DX-ORPHAN",
                element,
                f"No release has the resource {reference}.",
                "Add it to one, or leave it out.",
            )
        elif element.tag == "PartyReference" and reference not in used:
            yield warning(
                "DX-ORPHAN", element, f"Party {reference} has no part in anything.", "Leave it out."
            )
