"""AI: what is not declared, contradicts itself, or is refused by somebody is found, by its own rule."""

from __future__ import annotations

from typing import Any

import pytest

from aimusicverse.release.ai_stance import AI_STANCES
from aimusicverse.release.rules.ai import RULES
from aimusicverse.release.rules.rule import COMPILED
from aimusicverse.release.targets import DISTRIBUTORS
from tests.release.bad_releases import Bad, findings
from tests.release.sound_releases import LEFT_OUT, SINGLE, changed

#: The record that belongs to music that a machine made.
RECORD = {
    "ai.tool": "aimusicverse studio",
    "ai.plan": "own",
    "ai.licence": "CC0-1.0",
    "ai.made_on": "2026-11-20",
    "ai.prompt": "slow waltz, harmonium",
}
#: A person wrote it, and a machine plays.
PLAYED = {"ai.instruments": "all", **RECORD}
SUNG = {"ai.vocals": "all", **RECORD}
WHOLLY: dict[str, Any] = {
    **{f"ai.{aspect}": "all" for aspect in ("lyrics", "composition", "vocals", "instruments")},
    **RECORD,
    "tracks[0].writers[0].ai": "all",
    "contributors": [],
    "youtube.synthetic_media": True,
}
#: What stores say of music that a machine made, without a fault of anybody.
TOLD = ("AI-SP", "AI-AP", "AI-DEEZER", "PL-OWNER-AI", "A-PRODUCER")

BAD = (
    Bad("AI-DECLARE", "no answer for the vocals", {"ai.vocals": LEFT_OUT}),
    Bad("AI-DECLARE", "no answer for the artwork", {"ai.artwork": LEFT_OUT}, stores=("soundcloud",)),
    Bad("AI-DECLARE", "no answer at all", {"ai": LEFT_OUT}, stores=("youtube_music",)),
    Bad("AI-DECLARE", "no answer for the instruments of an instrumental",
        {"language": "zxx", "ai": {"composition": "none", "artwork": "none"}}, via="distrokid"),
    Bad("AI-DECLARE", "one track of seven answers for itself, and the release does not",
        {"ai.lyrics": LEFT_OUT, "tracks[2].ai": {"lyrics": "none"}}, album=True),
    Bad("AI-DX-432", "GenerativeAI as a role of a contributor",
        {"contributors[1]": {"name": "Studio", "roles": ["GenerativeAI"]}},
        stores=("ddex",), also=("A-ROLE-AVS",)),
    Bad("AI-DX-432", "a generator among the producers",
        {"contributors[1]": {"name": "Suno v5", "roles": ["Producer"]}}, stores=("ddex",)),
    Bad("AI-DX-432", "a generator as the player of a track",
        {"tracks[3].contributors": [{"name": "MusicGen", "roles": ["Musician"]}]},
        stores=("ddex",), album=True, also=("A-ROLE-AVS",)),
    Bad("AI-DX-CONSIST", "all of it by AI, and a human writer",
        {**WHOLLY, "tracks[0].writers[0].ai": None}, stores=("ddex",), also=TOLD),
    Bad("AI-DX-CONSIST", "all of it by AI, and a human producer",
        {**WHOLLY, "contributors": [{"name": "Jonas Weil", "roles": ["Producer"]}]},
        stores=("ddex",), also=TOLD),
    Bad("AI-DX-CONSIST", "nothing by AI, and the producer was AI in part",
        {"contributors[0].ai": "partly"}, stores=("spotify",)),
    Bad("AI-DX-CONSIST", "nothing by AI, and words by AI",
        {"tracks[0].writers[0].ai": "all"}, stores=("ddex",)),
    Bad("AI-DX-CONSIST", "nothing by AI, and an artist that is AI",
        {"artists[0].ai": "all"}, stores=("ddex",)),
    Bad("AI-DX-CONSIST", "one track of seven all by AI, and a human writer",
        {**RECORD, "tracks[3].ai": dict.fromkeys(("lyrics", "composition", "vocals", "instruments"), "all")},
        stores=("ddex",), album=True, also=TOLD),
    Bad("AI-DX-43", "AI in a message that cannot say so", PLAYED, "warning", stores=("ddex_43",)),
    Bad("AI-DX-43", "artwork by AI in a message that cannot say so", {"ai.artwork": "all"}, "warning",
        stores=("ddex_43",)),
    Bad("AI-SP", "instruments wholly by AI", PLAYED, "info", also=("AI-AP",)),
    Bad("AI-SP", "words wholly by AI, of one track", {"tracks[1].ai": {"lyrics": "all"}, **RECORD}, "info",
        album=True, via="ditto"),
    Bad("AI-SP-IMPERSONATION", "a voice imitated, and no consent",
        {"ai.imitates_voice": True}, stores=("apple_music",)),
    Bad("AI-SP-IMPERSONATION", "a voice imitated on one track, with an empty consent",
        {"tracks[4].ai": {"imitates_voice": True, "consent": " "}}, stores=("soundcloud",), album=True),
    Bad("AI-SP-IMPERSONATION-NAME", "called like somebody everybody knows",
        {**PLAYED, "artists[0].name": "Rihanna"}, "warning", also=TOLD),
    Bad("AI-SP-IMPERSONATION-NAME", "one letter from somebody everybody knows",
        {**PLAYED, "artists[0].name": "Tailor Swift"}, "warning", stores=("soundcloud",)),
    Bad("AI-AP", "vocals by AI in part", {"ai.vocals": "partly", **RECORD}, "warning",
        stores=("apple_music",)),
    Bad("AI-AP", "artwork by AI", {"ai.artwork": "all"}, "warning", stores=("apple_music",),
        via="routenote"),
    Bad("AI-DK", "all that sounds is AI, and nobody says who the artist is",
        {"language": "zxx", **PLAYED}, via="distrokid", also=TOLD),
    Bad("AI-DK", "voice and instruments are AI", {**PLAYED, "ai.vocals": "all"}, stores=("soundcloud",),
        via="distrokid", also=TOLD),
    Bad("AI-YT", "AI sings, and YouTube is not told", SUNG, "warning", stores=("youtube_music",)),
    Bad("AI-YT", "AI sings, and YouTube is told otherwise", {**SUNG, "youtube.synthetic_media": False},
        "warning", stores=("youtube_music",)),
    Bad("AI-YT", "a voice that AI made in part, and no answer", {"ai.vocals": "partly", **RECORD}, "warning",
        stores=("youtube_music",)),
    Bad("AI-YT", "AI made the video", {"ai.video": "all"}, "warning", stores=("youtube_music",)),
    Bad("AI-LG", "no country of recording", {"tracks[0].recording_country": LEFT_OUT}, via="labelgrid"),
    Bad("AI-LG", "a country in words", {"tracks[0].recording_country": "Germany"}, via="labelgrid"),
    Bad("AI-LG", "UK", {"tracks[6].recording_country": "UK"}, via="labelgrid", album=True),
    Bad("AI-BLOCK", "AI in part, and CD Baby", {"ai.instruments": "partly", **RECORD}, via="cd_baby",
        also=TOLD),
    Bad("AI-BLOCK", "words by AI on one track, and CD Baby", {"tracks[2].ai": {"lyrics": "partly"}, **RECORD},
        stores=("soundcloud",), via="cd_baby", album=True),
    Bad("AI-BLOCK", "wholly by AI, and TuneCore", WHOLLY, via="tunecore", also=TOLD),
    Bad("AI-BLOCK", "AI in part without a licence to show, and TuneCore",
        {"ai.instruments": "partly", **RECORD, "ai.licence": None}, "warning", via="tunecore",
        also=("AI-LICENCE",)),
    Bad("AI-BLOCK", "much AI, and Beatchain counts", WHOLLY, "warning", via="beatchain", also=TOLD),
    Bad("AI-DEEZER", "wholly by AI, by a distributor who reaches Deezer", WHOLLY, "info", via="once",
        also=TOLD),
    Bad("AI-LICENCE", "nothing recorded", {"ai.composition": "partly"}, "warning", stores=("soundcloud",)),
    Bad("AI-LICENCE", "no date", {**PLAYED, "ai.made_on": None}, "warning", stores=("soundcloud",)),
    Bad("AI-LICENCE", "neither prompt nor seed nor id", {**PLAYED, "ai.prompt": None}, "warning",
        stores=("ddex",)),
    Bad("AI-LICENCE", "weights that may not be used commercially", {**PLAYED, "ai.licence": "CC-BY-NC-4.0"},
        also=TOLD),
    Bad("AI-LICENCE", "the same licence by its address",
        {**PLAYED, "ai.licence": "https://creativecommons.org/licenses/by-nc/4.0/"},
        stores=("soundcloud",), via="routenote"),
    Bad("AI-LICENCE", "the same in words", {**PLAYED, "ai.licence": "non-commercial use only"},
        stores=("apple_music",), also=TOLD),
    Bad("AI-LICENCE", "the same, but on one's own channel", {**PLAYED, "ai.licence": "CC BY-NC 4.0"},
        "warning", stores=("soundcloud", "youtube_music")),
    Bad("AI-LICENCE", "a free plan that forbids selling", {**PLAYED, "ai.tool": "Suno v5", "ai.plan": "free"},
        "warning", stores=("soundcloud",)),
    Bad("AI-LICENCE", "one track of seven by a tool that may not be used so",
        {"tracks[5].ai": {"instruments": "all", "licence": "CC-BY-NC-SA"}, **RECORD}, album=True, also=TOLD),
    Bad("AI-ART-SC", "artwork by AI, and SoundCloud as distributor", {"ai.artwork": "all"}, "warning",
        stores=("spotify",), via="soundcloud_for_artists"),
)  # fmt: skip


@pytest.mark.parametrize("bad", BAD, ids=str)
def test_a_fault_is_found_by_its_rule_and_by_no_other(bad: Bad) -> None:
    bad.check()


def test_every_rule_of_the_group_has_a_bad_release() -> None:
    assert {rule.id for rule in RULES} == {bad.rule for bad in BAD}


def test_what_a_release_answers_for_all_its_tracks_is_asked_for_once() -> None:
    release = changed(SINGLE, {"ai.vocals": LEFT_OUT, "tracks[1]": {**SINGLE["tracks"][0], "title": "Other"}})
    release["tracks"][1]["isrc"] = "USSKG2600002"
    found = [finding.field for finding in findings(release, ("soundcloud",))]
    assert found == ["ai.vocals"]


def test_every_distributor_has_a_stance_or_is_said_to_be_unknown() -> None:
    assert set(DISTRIBUTORS) <= set(AI_STANCES)
    for name, stance in AI_STANCES.items():
        assert stance.distributor == name
        assert stance.source.strip()
        assert stance.as_of >= COMPILED


def test_who_is_not_known_to_refuse_blocks_nothing() -> None:
    for name, stance in AI_STANCES.items():
        if stance.refuses is None and name in DISTRIBUTORS:
            said = findings(changed(SINGLE, WHOLLY), ("soundcloud",), name)
            assert "AI-BLOCK" not in {finding.rule for finding in said}


def test_who_refuses_is_named_with_his_own_words_and_when_they_were_read() -> None:
    (found,) = [f for f in findings(changed(SINGLE, WHOLLY), (), "cd_baby") if f.rule == "AI-BLOCK"]
    assert found.blocking
    assert "CD Baby" in found.message
    assert "support.cdbaby.com" in found.message
    assert "2026-11-22" in found.message
