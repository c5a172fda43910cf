"""The proof file says how a release came to be, from what its owner wrote down and its files say."""

from __future__ import annotations

import json
from datetime import timedelta, timezone
from typing import Any

from aimusicverse.release.evidence import proof
from aimusicverse.types.release import Release
from tests.release.sound_releases import ALBUM, IMAGE, NOW, SINGLE, audio_of, changed

MADE = {
    "lyrics": "none", "composition": "all", "vocals": "none", "instruments": "all", "artwork": "all",
    "tool": "aimusicverse studio", "tool_version": "1", "prompt": "lofi, rainy night", "seed": 7,
    "plan": "own", "licence": "own work", "made_on": "2026-11-20", "output_id": "gen_1",
}  # fmt: skip


def read(release: Release, **more: Any) -> dict[str, Any]:
    given = {"audio": audio_of(release), "image": IMAGE, "now": NOW, **more}
    found: dict[str, Any] = json.loads(proof(release, **given))
    return found


def test_it_names_prompt_seed_engine_licence_and_hashes() -> None:
    told = read(Release.model_validate(changed(SINGLE, {"ai": MADE})))
    [recording] = told["recordings"]
    assert recording["generator"] == {
        "name": "aimusicverse studio", "version": "1", "prompt": "lofi, rainy night", "seed": 7,
        "plan": "own", "licence": "own work", "made_on": "2026-11-20", "output_id": "gen_1",
    }  # fmt: skip
    assert recording["machine_made"]["composition"] == "all"
    assert {"sha256", "md5", "samples_sha256", "size_bytes"} <= recording["file"].keys()
    assert told["cover"]["file"]["sha256"] == IMAGE.sha256
    assert told["cover"]["machine_made"] == "all"


def test_each_recording_has_its_own_story() -> None:
    release = Release.model_validate(changed(ALBUM, {"tracks[1].ai": {"seed": 2, "prompt": "b"}}))
    told = read(release)["recordings"]
    assert [one["number"] for one in told] == [1, 2, 3, 4, 5, 6, 7]
    assert [one["generator"] and one["generator"]["seed"] for one in told] == [None, 2, *[None] * 5]


def test_what_nobody_said_is_null_and_files_that_are_not_there_too() -> None:
    told = read(Release.model_validate({"title": "T", "artist": "A"}), audio={}, image=None)
    assert told["recordings"][0]["file"] is None
    assert told["recordings"][0]["generator"] is None
    assert set(told["recordings"][0]["machine_made"].values()) == {None}
    assert told["cover"]["file"] is None


def test_the_same_gives_the_same_bytes_and_the_time_is_utc() -> None:
    release = Release.model_validate(SINGLE)
    elsewhere = NOW.astimezone(timezone(timedelta(hours=9)))
    given = {"audio": audio_of(release), "image": IMAGE}
    assert proof(release, **given, now=NOW) == proof(release, **given, now=elsewhere)
    assert read(release)["made_at"] == "2026-11-26T12:00:00Z"


def test_every_script_is_readable_in_it_and_half_a_character_does_not_break_it() -> None:
    release = Release.model_validate(changed(SINGLE, {"title": "雨の夜"}))
    assert "雨の夜".encode() in proof(release, audio={}, image=None, now=NOW)
    broken = Release.model_construct(**{**dict(release), "title": "a\ud800"})
    assert json.loads(proof(broken, audio={}, image=None, now=NOW))["release"]["title"] == "a\ud800"
