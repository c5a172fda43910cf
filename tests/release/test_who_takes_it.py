"""Who takes a release: by dated facts, and never by what is not known."""

from __future__ import annotations

from typing import Any

import pytest

from aimusicverse.release.ai_stance import AI_STANCES
from aimusicverse.release.outlets import OUTLETS
from aimusicverse.release.targets import DISTRIBUTORS, STORES, UnknownTarget, distributor_of
from aimusicverse.release.validation import validate
from aimusicverse.release.who_takes_it import where
from aimusicverse.types.release import AiDisclosure, Release
from tests.release.sound_releases import ALBUM, NOW, SINGLE

ALL = {"lyrics": "all", "composition": "all", "vocals": "all", "instruments": "all"}
NONE = dict.fromkeys(ALL, "none")


def verdicts(about: Release | AiDisclosure, **asked: Any) -> dict[str, str]:
    return {place.outlet: place.verdict for place in where(about, **asked)}


def release(of: dict[str, Any] = SINGLE, **more: Any) -> Release:
    return Release.model_validate({**of, **more})


def test_every_store_and_distributor_that_rules_know_is_in_the_table() -> None:
    assert {*STORES, *DISTRIBUTORS} <= set(OUTLETS)
    for key, outlet in OUTLETS.items():
        assert outlet.checked == (key in STORES or key in DISTRIBUTORS)
        assert outlet.name == (STORES.get(key) or DISTRIBUTORS.get(key) or outlet).name
        assert (outlet.kind == "store") == (key in STORES or key == "deezer")


def test_what_is_verified_rests_on_more_than_hearsay() -> None:
    for outlet in OUTLETS.values():
        for fact in (outlet, outlet.ai):
            assert fact.verified == (fact.evidence in ("official", "verified"))
            assert fact.source.strip()
        assert set(outlet.reaches or ()) <= set(OUTLETS)
        if outlet.ai.evidence == "unverified":
            assert outlet.ai.stance == "not_known"


def test_a_distributor_is_shown_as_the_table_of_stances_has_him() -> None:
    for key, stance in AI_STANCES.items():
        ai = OUTLETS[key].ai
        assert (ai.source, ai.as_of) == (stance.source, stance.as_of)
        assert (ai.stance == "not_known") == (stance.refuses is None)


def test_what_people_made_is_taken_everywhere() -> None:
    assert set(verdicts(release(ai=NONE)).values()) == {"takes"}


def test_what_a_machine_made_alone_is_refused_by_those_who_say_so() -> None:
    found = verdicts(release(ai=ALL))
    refused = {key for key, verdict in found.items() if verdict == "refuses"}
    assert refused == {"cd_baby", "tunecore", "believe", "emastered"}
    assert found["distrokid"] == found["apple_music"] == "takes_with_disclosure"
    assert found["spotify"] == found["deezer"] == "takes"
    assert found["ditto"] == found["soundcloud"] == "not_known"


def test_what_a_machine_made_in_part_is_refused_by_those_who_refuse_any() -> None:
    found = verdicts(release(ai={**NONE, "lyrics": "partly"}))
    assert (found["cd_baby"], found["tunecore"], found["emastered"]) == (
        "refuses",
        "may_refuse",
        "may_refuse",
    )
    assert verdicts(release(ai={**NONE, "vocals": "partly"}))["emastered"] == "refuses"


def test_one_track_of_an_album_is_enough_to_refuse_it_and_it_is_named() -> None:
    tracks = [dict(track) for track in ALBUM["tracks"]]
    tracks[4]["ai"] = ALL
    place = next(one for one in where(release(ALBUM, tracks=tracks)) if one.outlet == "tunecore")
    assert place.verdict == "refuses"
    assert "track 5 alone" in place.why


@pytest.mark.parametrize("ai", [ALL, NONE, {**NONE, "vocals": "partly"}, {**NONE, "composition": "all"}])
@pytest.mark.parametrize("language", ["en", "zxx"])
def test_who_is_said_to_refuse_is_who_the_rules_block(ai: dict[str, str], language: str) -> None:
    asked = release(ai={**ai, "artwork": "none"}, language=language)
    found = verdicts(asked)
    for key in DISTRIBUTORS:
        report = validate(asked, [], distributor_of(key), now=NOW)
        rules = [one for one in report.targets[-1].findings if one.rule == "AI-BLOCK"]
        blocked = any(one.severity == "error" for one in rules)
        assert (found[key] == "refuses") == blocked, key


def test_answers_that_are_missing_are_not_taken_for_none() -> None:
    assert set(verdicts(release(ai={})).values()) == {"not_known"}
    assert verdicts(AiDisclosure())["spotify"] == "not_known"
    assert verdicts(AiDisclosure(composition="all"))["cd_baby"] == "refuses", "that is known already"


def test_an_instrumental_has_no_words_and_no_voice_to_answer_for() -> None:
    answers = AiDisclosure(composition="all", instruments="all")
    assert verdicts(answers, instrumental=True)["tunecore"] == "refuses"
    assert verdicts(answers)["tunecore"] == "not_known"


def test_only_the_stores_that_were_asked_for_are_told_and_reached() -> None:
    places = where(release(), ["apple_music", "apple_music", "soundcloud"])
    assert [one.outlet for one in places if one.kind == "store"] == ["apple_music", "soundcloud"]
    reaches = {one.outlet: one.reaches for one in places}
    assert reaches["distrokid"] == ["apple_music"]
    assert reaches["tunecore"] is None
    with pytest.raises(UnknownTarget, match="tidal"):
        where(release(), ["tidal"])
    with pytest.raises(UnknownTarget, match="distrokid"):
        where(release(), ["distrokid"])


def test_what_a_store_wants_and_the_release_lacks_is_named() -> None:
    tracks = [{**track, "isrc": None} for track in ALBUM["tracks"][:2]]
    lacking = {one.outlet: one.missing for one in where(release(ALBUM, tracks=tracks, upc=None))}
    assert lacking["spotify"] == ["ISRC of 2 of 2 tracks", "UPC or EAN"]
    assert lacking["distrokid"] == lacking["soundcloud"] == []
    assert all(one.missing == [] for one in where(AiDisclosure()))
