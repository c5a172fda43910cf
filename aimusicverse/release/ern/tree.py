"""How an element is added: text that XML can carry, or an error that names the field it is from."""

from __future__ import annotations

from lxml import etree

from aimusicverse.release.xml_text import xml_text

Element = etree._Element


def branch(parent: Element, tag: str, **attributes: str) -> Element:
    """A new element in another one."""
    return etree.SubElement(parent, tag, attributes)


def leaf(parent: Element, tag: str, text: str, field: str, **attributes: str) -> Element:
    """A new element with text in it.

    Args:
        parent: where it goes, after what is there.
        tag: its name.
        text: what it says.
        field: of the release, where the text is from.
        attributes: all of them text.

    Raises:
        CannotPackage: a character that XML cannot hold.
    """
    element = etree.SubElement(parent, tag, {name: xml_text(it, field) for name, it in attributes.items()})
    element.text = xml_text(text, field)
    return element


def fixed(parent: Element, tag: str, text: str, **attributes: str) -> Element:
    """A new element with text that is ours, and no user's."""
    return leaf(parent, tag, text, tag, **attributes)


def as_bytes(root: Element) -> bytes:
    """The document, UTF-8: the same bytes for the same tree."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def duration_of(milliseconds: int) -> str:
    """As ISO 8601 has it: `PT3M5S`, `PT1H0M0.250S`."""
    seconds, rest = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    text = f"{hours}H" if hours else ""
    text += f"{minutes}M" if hours or minutes else ""
    return f"PT{text}{seconds}S" if not rest else f"PT{text}{seconds}.{rest:03}S"
