"""The AI questions of stores, answered once and told to each in its own words."""

from __future__ import annotations

from typing import Any

import pytest

from aimusicverse.release.ai_answers import OPEN, ai_answers
from aimusicverse.release.ai_parts import contained
from aimusicverse.release.rules.case import Track
from aimusicverse.release.targets import STORES, distributor_of, store_of
from aimusicverse.types.release import Release
from tests.release.sound_releases import ALBUM, SINGLE, changed


def told(target: str, via: str | None = None, **ai: Any) -> dict[str, str]:
    release = Release.model_validate(changed(SINGLE, {"ai": ai}))
    found = ai_answers(release, [store_of(target)], None if via is None else distributor_of(via))
    return {f"{one.target}: {one.question}": one.answer for one in found}


NO = {"lyrics": "none", "composition": "none", "vocals": "none", "instruments": "none", "artwork": "none"}
ALL = dict.fromkeys(NO, "all")


def test_distrokid_is_told_aspect_by_aspect() -> None:
    answers = told("spotify", "distrokid", **{**NO, "instruments": "partly", "lyrics": "all"})
    assert answers["distrokid: AI in the lyrics?"] == "yes"
    assert answers["distrokid: AI in the music (composition)?"] == "no"
    assert answers["distrokid: AI in the audio: all, or part of it?"] == "yes, part of it"
    assert not any("persona" in question for question in answers)


def test_a_persona_is_asked_for_where_all_audio_is_made_by_a_machine_and_nobody_else_can_say() -> None:
    answers = told("spotify", "distrokid", **ALL)
    assert answers["distrokid: Is the artist a human being or an AI persona?"] == OPEN


def test_spotify_names_the_roles_that_are_wholly_a_machines() -> None:
    answers = told("spotify", **{**ALL, "vocals": "partly", "lyrics": "none"})
    assert answers == {"spotify: Roles made wholly by AI": "Composer, Musician"}


def test_apple_gets_a_tag_for_each_kind() -> None:
    answers = told("apple_music", **{**NO, "artwork": "all", "composition": "partly"})
    assert list(answers.values()) == ["yes", "no", "yes"]


@pytest.mark.parametrize(
    ("vocals", "told_to"), [("all", "yes"), ("partly", "no"), ("none", "no"), (None, OPEN)]
)
def test_youtube_is_told_of_voices_that_could_be_taken_for_real_ones(vocals: str, told_to: str) -> None:
    answers = told("youtube_music", **{**NO, "vocals": vocals})
    assert answers == {"youtube_music: Altered or synthetic content?": told_to}


def test_what_is_not_answered_stays_open_everywhere() -> None:
    for store in STORES:
        assert set(told(store, "distrokid").values()) == {OPEN}


def test_a_track_may_differ_from_its_release() -> None:
    release = Release.model_validate(changed(ALBUM, {"tracks[2].ai": {"vocals": "all"}}))
    found = {one.track: one.answer for one in ai_answers(release, [store_of("ddex")])}
    assert found == {None: "None", 1: "None", 2: "None", 3: "Partly", **dict.fromkeys(range(4, 8), "None")}


def test_what_a_machine_made_of_an_instrumental_is_not_lessened_by_words_that_it_has_not() -> None:
    made = {"composition": "all", "instruments": "all", "artwork": "none"}
    for words in ({}, {"lyrics": "none", "vocals": "none"}):
        release = Release.model_validate(changed(SINGLE, {"ai": {**made, **words}, "language": "zxx"}))
        found = ai_answers(release, list(STORES.values()), distributor_of("distrokid"))
        told = {f"{one.target}: {one.question}": one.answer for one in found if one.track}
        assert told == {
            "distrokid: AI in the lyrics?": "no",
            "distrokid: AI in the music (composition)?": "yes",
            "distrokid: AI in the audio: all, or part of it?": "yes, all of it",
            "distrokid: Is the artist a human being or an AI persona?": OPEN,
            "spotify: Roles made wholly by AI": "Composer, Musician",
            "apple_music: Tag: Track": "yes",
            "apple_music: Tag: Composition (with lyrics)": "yes",
            "youtube_music: Altered or synthetic content?": "no",
            "ddex: ContainsAI of the recording": "All",
        }


@pytest.mark.parametrize(
    ("said", "whole"), [(NO, "none"), (ALL, "all"), ({**ALL, "lyrics": "none"}, "partly"), ({}, None)]
)
def test_all_aspects_together(said: dict[str, Any], whole: str | None) -> None:
    release = Release.model_validate(changed(SINGLE, {"ai": said}))
    assert contained(Track(0, release.tracks[0], release)) == whole
