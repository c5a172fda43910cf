"""An upload to SoundCloud: what its API does not take is found, by its own rule."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from aimusicverse.release.rules import soundcloud
from tests.release.bad_releases import Bad, findings
from tests.release.sound_releases import SINGLE, changed

#: Read now: a test sees nothing of the AMV_ settings of whoever runs it.
SPEC = os.environ.get("AMV_SOUNDCLOUD_SPEC")
ONLY = ("soundcloud",)

BAD = (
    Bad("SC-SHARING", "friends", {"soundcloud.sharing": "friends"}, stores=ONLY, also=("D-LEAD-SC",)),
    Bad("SC-SHARING", "a capital", {"soundcloud.sharing": "Private"}, stores=ONLY, also=("D-LEAD-SC",)),
    Bad("SC-EMBED", "everybody", {"soundcloud.embeddable_by": "everybody"}, stores=ONLY),
    Bad("SC-EMBED", "nothing", {"soundcloud.embeddable_by": ""}, stores=ONLY),
    Bad("SC-LICENCE", "in words", {"soundcloud.licence": "Creative Commons"}, stores=ONLY),
    Bad("SC-LICENCE", "with a blank", {"soundcloud.licence": "CC BY"}, stores=ONLY),
    Bad("SC-LICENCE", "one that it does not have", {"soundcloud.licence": "MIT"}, stores=ONLY),
    Bad("SC-TAGS", "thirty-one", {"soundcloud.tags": [f"tag{n}" for n in range(31)]}, "warning", stores=ONLY),
    Bad("SC-TAG-FORM", "double quotes", {"soundcloud.tags": ['the "real" thing']}, stores=ONLY),
    Bad("SC-TAG-FORM", "an empty one", {"soundcloud.tags": ["ambient", ""]}, stores=ONLY),
    Bad("SC-DESCRIPTION", "4001 characters", {"soundcloud.description": "ä" * 4001}, "warning", stores=ONLY),
    Bad("SC-PURCHASE", "no scheme", {"soundcloud.purchase_url": "maren.example/shop"}, "warning",
        stores=ONLY),
    Bad("SC-PURCHASE", "words", {"soundcloud.purchase_url": "see my page"}, "warning", stores=ONLY),
    Bad("SC-FILE-NAME", "umlauts", {"tracks[0].file": "masters/Für Elise.wav"}, "info", stores=ONLY),
    Bad("SC-FILE-NAME", "a file that was looked into", {}, "info", stores=ONLY, audio={"name": "雨.wav"}),
)  # fmt: skip


@pytest.mark.parametrize("bad", BAD, ids=str)
def test_a_fault_is_found_by_its_rule_and_by_no_other(bad: Bad) -> None:
    bad.check()


def test_every_rule_of_the_group_has_a_bad_release() -> None:
    assert {rule.id for rule in soundcloud.RULES} == {bad.rule for bad in BAD}


@pytest.mark.parametrize(
    ("field", "value", "after"),
    [
        ("sharing", "Private", "private"),
        ("licence", "CC BY-NC", "cc-by-nc"),
        ("licence", "all_rights_reserved", "all-rights-reserved"),
        ("purchase_url", "maren.example/shop", "https://maren.example/shop"),
    ],
)
def test_what_is_meant_is_offered(field: str, value: str, after: str) -> None:
    said = findings(changed(SINGLE, {f"soundcloud.{field}": value}), ONLY)
    assert after in {finding.repair.after for finding in said if finding.repair}


def test_a_distributor_asks_nothing_of_an_upload() -> None:
    for bad in BAD:
        said = findings(changed(SINGLE, bad.changes), ONLY, "routenote", audio=bad.audio)
        assert said == []


def test_the_values_are_those_of_the_published_description() -> None:
    if not SPEC:
        pytest.skip("AMV_SOUNDCLOUD_SPEC names no copy of SoundCloud's OpenAPI description")
    text = Path(SPEC).read_text(encoding="utf-8")
    for value in (*soundcloud.SHARING, *soundcloud.EMBEDDABLE_BY, *soundcloud.LICENCES):
        assert f"- {value}\n" in text or f"- '{value}'" in text or f'- "{value}"' in text, value
