"""Files that are named: missing ones and damaged ones are told by their own rules."""

from __future__ import annotations

import pytest

from aimusicverse.release.facts import FileProblem
from tests.release.bad_releases import Bad

BAD = (
    Bad("FILE-MISSING", "a sound file that is not there",
        problems=(FileProblem("tracks[0].file", "sogn.wav", "missing", "did you mean 'song.wav'?"),)),
    Bad("FILE-MISSING", "a cover that is not there", stores=("apple_music",), via="distrokid",
        problems=(FileProblem("cover.file", "cover.jpg", "missing", "it is not in /music"),)),
    Bad("FILE-UNREADABLE", "a sound file that is cut off", stores=("soundcloud",),
        problems=(FileProblem("tracks[0].file", "song.wav", "truncated", "song.wav is cut off"),)),
    Bad("FILE-UNREADABLE", "a folder", stores=("youtube_music",),
        problems=(FileProblem("cover.file", "covers", "unreadable", "it is a folder"),)),
    Bad("FILE-UNKNOWN", "a kind that is not read here", severity="warning", stores=("apple_music",),
        problems=(FileProblem("tracks[0].file", "song.m4a", "unsupported_format", "song.m4a is ALAC"),)),
)  # fmt: skip


@pytest.mark.parametrize("bad", BAD, ids=str)
def test_a_fault_is_found_by_its_rule_and_by_no_other(bad: Bad) -> None:
    bad.check()
