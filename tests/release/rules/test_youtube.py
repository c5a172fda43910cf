"""An upload to YouTube: what its API does not take is found, by its own rule."""

from __future__ import annotations

import pytest

from aimusicverse.release.rules import youtube
from aimusicverse.release.rules.youtube import length_of_tags
from tests.release.bad_releases import Bad, findings
from tests.release.sound_releases import SINGLE, changed

ONLY = ("youtube_music",)

TOO_MANY = [{**SINGLE["tracks"][0], "title": f"Study {n}", "isrc": f"USSKG26{n:05}"} for n in range(1, 102)]

BAD = (
    Bad("YT-TITLE", "blank", {"youtube.title": "  "}, stores=ONLY, also=("T-EMPTY",)),
    Bad("YT-DESCRIPTION", "5001 bytes", {"youtube.description": "x" * 5001}, stores=ONLY),
    Bad("YT-DESCRIPTION", "2501 characters of two bytes", {"youtube.description": "ä" * 2501}, stores=ONLY),
    Bad("YT-DESCRIPTION", "an angle bracket", {"youtube.description": "I <3 rain"}, stores=ONLY,
        also=("T-ANGLE",)),
    Bad("YT-DESCRIPTION", "markup", {"youtube.description": "Words by <b>Maren</b>"}, stores=ONLY,
        also=("T-ANGLE",)),
    Bad("YT-TAGS", "501 characters", {"youtube.tags": ["x" * 501]}, stores=ONLY),
    Bad("YT-TAGS", "commas make them too many", {"youtube.tags": ["x" * 49] * 11}, stores=ONLY),
    Bad("YT-TAGS", "quotes make them too many", {"youtube.tags": ["a " + "x" * 497]}, stores=ONLY),
    Bad("YT-PRIVACY", "friends", {"youtube.privacy": "friends"}, stores=ONLY,
        also=("YT-PUBLISH-AT", "D-LEAD-YT")),
    Bad("YT-PRIVACY-LOCKED", "public by a project that may not be verified",
        {"youtube.privacy": "public", "youtube.publish_at": None}, "warning", stores=ONLY,
        also=("D-LEAD-YT",)),
    Bad("YT-PUBLISH-AT", "public", {"youtube.privacy": "public"}, stores=ONLY,
        also=("D-LEAD-YT", "YT-PRIVACY-LOCKED")),
    Bad("YT-PUBLISH-AT", "gone by", {"youtube.publish_at": "2026-11-26T11:59:59Z"}, stores=ONLY),
    Bad("YT-PUBLISH-AT", "a date alone", {"youtube.publish_at": "2027-01-08"}, stores=ONLY),
    Bad("YT-PUBLISH-AT", "no zone", {"youtube.publish_at": "2027-01-08T00:00:00"}, stores=ONLY),
    Bad("YT-PUBLISH-AT", "words", {"youtube.publish_at": "Friday at noon"}, stores=ONLY),
    Bad("YT-QUOTA", "a hundred and one videos", {"tracks": TOO_MANY}, "info", stores=ONLY),
    Bad("YT-KIDS", "nobody says", {"youtube.made_for_kids": None}, "warning", stores=ONLY),
)  # fmt: skip


@pytest.mark.parametrize("bad", BAD, ids=str)
def test_a_fault_is_found_by_its_rule_and_by_no_other(bad: Bad) -> None:
    bad.check()


def test_every_rule_of_the_group_has_a_bad_release() -> None:
    assert {rule.id for rule in youtube.RULES} == {bad.rule for bad in BAD}


@pytest.mark.parametrize(
    ("tags", "length"),
    [([], 0), (["ambient"], 7), (["a", "b"], 3), (["field recording"], 17), (["x y", "z"], 7)],
)
def test_tags_are_counted_with_commas_and_quotes(tags: list[str], length: int) -> None:
    assert length_of_tags(tags) == length


@pytest.mark.parametrize(
    "fields",
    [
        {"youtube.description": "x" * 5000},
        {"youtube.description": "ä" * 2500},
        {"youtube.tags": ["x" * 500]},
        {"youtube.tags": ["x" * 49] * 10},
        {"youtube.publish_at": "2026-11-26T12:00:01Z"},
        {"youtube.publish_at": "2027-01-08T00:00:00+14:00"},
    ],
)
def test_what_is_just_within_the_bounds_passes(fields: dict[str, object]) -> None:
    assert findings(changed(SINGLE, fields), ONLY) == []


def test_a_distributor_brings_no_video() -> None:
    for bad in BAD:
        assert findings(changed(SINGLE, bad.changes), ONLY, "routenote") == []
