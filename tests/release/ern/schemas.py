"""The official schemas, from where `AMV_DDEX_SCHEMAS` says: they may not be part of this project."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

#: Read once: single tests begin without the settings of whoever runs them.
_NAMED = os.environ.get("AMV_DDEX_SCHEMAS")
_FOLDERS = {"4.3": "ern43", "4.3.2": "ern432"}


def schemas() -> Path:
    """Their folder. Skips where the variable is not set; fails where nothing can be read there."""
    if not _NAMED:
        pytest.skip("AMV_DDEX_SCHEMAS is not set: DDEX's schemas may not be part of this project")
    folder = Path(_NAMED)
    for name in _FOLDERS.values():
        if not os.access(folder / name / "release-notification.xsd", os.R_OK):
            pytest.fail(f"AMV_DDEX_SCHEMAS is {_NAMED}, where {name}/release-notification.xsd cannot be read")
    return folder


def complaints(message: bytes, version: str) -> list[str]:
    """What the official schema of a version says against a message."""
    schema = _schema(schemas(), version)
    schema.validate(etree.fromstring(message))
    return [str(error.message) for error in schema.error_log]


@cache
def _schema(folder: Path, version: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(folder / _FOLDERS[version] / "release-notification.xsd"))


def values(version: str, name: str) -> set[str]:
    """An allowed value set, by its name."""
    tree = etree.parse(schemas() / _FOLDERS[version] / "allowed-value-sets.xsd")
    space = {"xs": "http://www.w3.org/2001/XMLSchema"}
    found = tree.xpath(f"//xs:simpleType[@name='{name}']//xs:enumeration/@value", namespaces=space)
    assert found
    return {str(value) for value in found}


def sample() -> bytes:
    """The official sample message."""
    return (schemas() / "samples" / "ern43-simple-audio-single.xml").read_bytes()
