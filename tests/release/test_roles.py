"""Roles: ours are DDEX's own, and what people say instead leads to one."""

from __future__ import annotations

import os
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimusicverse.release.roles import (
    ALSO_CALLED,
    CONTRIBUTOR_ROLES,
    DISPLAY_ARTIST_ROLES,
    DISPLAY_ARTIST_ROLES_OF_432,
    nearest_role,
)

#: Read once: single tests begin without the settings of whoever runs them.
SCHEMAS = os.environ.get("AMV_DDEX_SCHEMAS")
XS = "{http://www.w3.org/2001/XMLSchema}"


def _allowed(version: str, kind: str) -> set[str]:
    """The values of an enumeration of DDEX's allowed value sets."""
    if not SCHEMAS:
        pytest.skip("AMV_DDEX_SCHEMAS is not set: DDEX's schemas are not part of this project")
    tree = ElementTree.parse(Path(SCHEMAS) / version / "allowed-value-sets.xsd")
    for one in tree.iter(f"{XS}simpleType"):
        if one.get("name") == kind:
            return {value.get("value", "") for value in one.iter(f"{XS}enumeration")}
    raise AssertionError(f"{kind} is not in the schema of {version}")


def test_roles_of_contributors_are_those_of_the_schema() -> None:
    assert _allowed("ern432", "ContributorRole") >= CONTRIBUTOR_ROLES
    assert _allowed("ern432", "ContributorRole") >= set(ALSO_CALLED.values())


def test_the_elder_form_has_all_but_one_of_them() -> None:
    assert CONTRIBUTOR_ROLES - _allowed("ern43", "ContributorRole") == {"ImmersiveMasteringEngineer"}


def test_roles_of_shown_artists_are_those_of_the_schema() -> None:
    assert _allowed("ern432", "DisplayArtistRole") == DISPLAY_ARTIST_ROLES
    assert _allowed("ern43", "DisplayArtistRole") == DISPLAY_ARTIST_ROLES - DISPLAY_ARTIST_ROLES_OF_432


@pytest.mark.parametrize(
    ("said", "role"),
    [
        ("Remixr", "Remixer"), ("remixer", "Remixer"), ("Lead Vocals", "LeadVocalist"), ("Rapper",
        "Vocalist"),
        ("co-producer", "CoProducer"), ("Beats", "StudioProducer"), ("Lyrics", "Lyricist"), ("qqqq",
        "UserDefined"),
        ("", "UserDefined"), ("歌手", "UserDefined"),
    ],
)  # fmt: skip
def test_what_people_say_leads_to_a_role(said: str, role: str) -> None:
    assert nearest_role(said) == role


@given(st.text())
def test_any_word_leads_to_a_role_that_a_message_can_name(said: str) -> None:
    near = nearest_role(said)
    assert near in CONTRIBUTOR_ROLES | DISPLAY_ARTIST_ROLES | ALSO_CALLED.keys()
