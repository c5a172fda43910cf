"""`amv distributions`: the same questions, asked of a server."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run

pytestmark = pytest.mark.usefixtures("at_server")

RELEASE = """
title = "Paper Lanterns"
artist = "Maren Okafor"
isrc = "USSKG2600001"
file = "song.wav"
"""


@pytest.fixture(autouse=True)
def release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMV_CONFIG_DIR", str(tmp_path))
    Path("release.toml").write_text(RELEASE, "utf-8")


def test_platforms_are_a_row_each(amv: Run) -> None:
    rows = [line.split("\t") for line in amv("distributions", "platforms").out.splitlines()]
    assert rows[0][:5] == ["spotify", "Spotify", "store", "yes", "package"]
    assert ["cd_baby", "CD Baby", "distributor", "no"] in [row[:4] for row in rows]


def test_the_server_judges_a_file_without_reading_the_sound_that_it_names(amv: Run) -> None:
    done = amv("distributions", "validate", "--to", "spotify", "--via", "distrokid", "--json")
    assert done.code in (0, 10), done.err
    assert [target["target"] for target in done.data["targets"]] == ["spotify", "distrokid"]
    Path("release.toml").write_text(RELEASE.replace("USSKG2600001", "nonsense"), "utf-8")
    refused = amv("distributions", "validate", "--to", "spotify", "--via", "none")
    assert refused.code == 10
    assert "ID-ISRC-FMT" in refused.out
    assert "Files are not sent" in refused.err


def test_a_track_that_is_not_there_is_not_found(amv: Run) -> None:
    done = amv("distributions", "validate", "--to", "spotify", "--track", "trk_0", "--json")
    assert (done.code, done.error["code"]) == (4, "track_not_found")


def test_the_server_counts_a_quote(amv: Run) -> None:
    done = amv("distributions", "quote", "--via", "cd_baby", "--revenue", "100", "--json")
    assert done.data["totals"] == [{"currency": "USD", "lowest": "18.99", "highest": "18.99"}]
    wrong = amv("distributions", "quote", "--via", "nobody", "--json")
    assert (wrong.code, wrong.error["errors"][0]["field"]) == (2, "via")


def test_a_store_of_the_list_is_known_however_it_is_written_and_a_status_is_listed_once(amv: Run) -> None:
    assert amv("distributions", "list", "--platform", "SoundCloud").code == 0
    for command in (["list"], ["export", "-o", "-"]):
        refused = amv("distributions", *command, "--platform", "soundclod", "--json")
        assert (refused.code, refused.out) == (2, "")
        assert refused.error["hint"].startswith("Did you mean soundcloud? There are: ")
    (wrong,) = amv("distributions", "list", "--status", "lve", "--json").error["errors"]
    assert wrong["message"].count("'action_required'") == 1
