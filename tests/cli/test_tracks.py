from __future__ import annotations

from pathlib import Path
from urllib.request import urlopen

import pytest

from aimusicverse.types import Generation, Track
from tests.cli.conftest import Run

pytestmark = pytest.mark.usefixtures("at_server")


@pytest.fixture
def track(finished: Generation) -> Track:
    return finished.tracks[0]


def test_a_list_in_a_pipe_has_the_id_first(amv: Run, track: Track) -> None:
    first = amv("tracks", "list").out.splitlines()[0]
    assert first.split("\t")[:4] == [track.id, "Rainy Night", "0:05", "lofi"]


def test_json_means_the_same_before_and_after_the_command(amv: Run, track: Track) -> None:
    before = amv("--json", "tracks", "list").data
    assert before == amv("tracks", "list", "--json").data == amv("tracks", "--json", "list").data
    assert before["data"][0]["id"] == track.id
    assert "next_cursor" in before


def test_a_list_can_be_of_one_genre(amv: Run, track: Track) -> None:
    assert track.id in amv("tracks", "list", "--genre", "lofi").out
    assert track.id not in amv("tracks", "list", "--genre", "polka").out


def test_a_list_offers_no_filter_that_the_server_does_not_have(amv: Run) -> None:
    done = amv("tracks", "list", "--mood", "sad")
    assert (done.code, done.out) == (2, "")
    assert "--mood" in done.err


def test_get_shows_the_measures(amv: Run, track: Track) -> None:
    shown = dict(line.split("\t") for line in amv("tracks", "get", track.id).out.splitlines())
    assert shown["loudness"] == "-14.0 LUFS, true peak -1.0 dBTP"
    assert shown["seed"] == "7"
    assert amv("tracks", "get", track.id, "--json").data["audio"]["lufs"] == -14.0


def test_download_names_the_file_after_the_title_and_replaces_none(amv: Run, track: Track) -> None:
    assert amv("tracks", "download", track.id).out == "rainy-night.wav\n"
    assert amv("tracks", "download", track.id, "--format", "flac").out == "rainy-night.flac\n"
    assert amv("tracks", "download", track.id, "--json").data["files"] == ["rainy-night-2.wav"]


def test_download_goes_where_it_is_told_to(amv: Run, track: Track) -> None:
    Path("songs").mkdir()
    assert (
        amv("tracks", "download", track.id, "-o", "songs", "--bit-depth", "24").out
        == "songs/rainy-night.wav\n"
    )
    assert amv("tracks", "download", track.id, "-o", "a.flac").out == "a.flac\n"
    assert Path("a.flac").read_bytes()[:4] == b"fLaC"


def test_delete_without_a_terminal_needs_a_yes_and_never_asks(amv: Run, track: Track) -> None:
    refused = amv("tracks", "delete", track.id)
    assert refused.code == 2
    assert "--yes" in refused.err
    assert amv("tracks", "get", track.id).code == 0


def test_delete_with_a_yes_deletes(amv: Run, track: Track) -> None:
    assert amv("tracks", "delete", track.id, "--yes", "--json").data == {"id": track.id, "deleted": True}
    assert amv("tracks", "get", track.id).code == 4
    assert amv("tracks", "delete", track.id, "--yes").code == 4


def test_a_play_url_plays_without_a_key(amv: Run, track: Track) -> None:
    done = amv("tracks", "play-url", track.id, "--format", "wav", "--expires-in", "2m")
    with urlopen(done.out.strip()) as answer:
        assert answer.read(4) == b"RIFF"
    assert "Good until" in done.err
    assert amv("tracks", "play-url", track.id, "--json").data["format"] == "mp3"


def test_a_play_url_that_lasts_too_long_is_refused_by_name(amv: Run, track: Track) -> None:
    done = amv("tracks", "play-url", track.id, "--expires-in", "300h")
    assert done.code == 2
    assert "expires_in_seconds" in done.err


def test_edit_changes_what_is_given(amv: Run, track: Track) -> None:
    done = amv(
        "tracks", "edit", track.id, "--title", "New", "--artist", "Ada", "--tag", "a", "--tag", "b", "--json"
    )
    assert (done.data["title"], done.data["artist"], done.data["tags"]) == ("New", "Ada", ["a", "b"])
    emptied = amv("tracks", "edit", track.id, "--artist", "", "--tag", "", "--json").data
    assert (emptied["title"], emptied["artist"], emptied["tags"]) == ("New", None, [])
    shown = dict(
        line.split("\t") for line in amv("tracks", "edit", track.id, "--genre", "jazz").out.splitlines()
    )
    assert shown["genre"] == "jazz"


def test_edit_of_what_was_changed_meanwhile_is_refused(amv: Run, track: Track) -> None:
    done = amv("tracks", "edit", track.id, "--title", "New", "--if-match", "99", "--json")
    assert (done.code, done.error["code"], done.error["status"]) == (1, "version_conflict", 412)


def test_edit_without_anything_to_change_says_what_there_is(amv: Run, track: Track) -> None:
    done = amv("tracks", "edit", track.id)
    assert done.code == 2
    assert "--title" in done.err


def test_restore_brings_back_what_was_deleted(amv: Run, track: Track) -> None:
    amv("tracks", "delete", track.id, "--yes")
    assert amv("tracks", "restore", track.id, "--json").data["id"] == track.id
    assert amv("tracks", "get", track.id).code == 0
    assert amv("tracks", "restore", "trk_unknown").code == 4


def test_search_finds_by_words_and_by_how_one_begins(amv: Run, track: Track) -> None:
    found = [line.split("\t")[0] for line in amv("tracks", "search", "RAINY", "ni").out.splitlines()]
    assert track.id in found
    assert amv("tracks", "search", "rainy", "polka").out == ""
    assert amv("tracks", "search", "rainy", "--sort=-title", "--limit", "1", "--json").data["data"]


def test_what_was_deleted_is_listed_apart(amv: Run, track: Track) -> None:
    amv("tracks", "delete", track.id, "--yes")
    assert track.id in amv("tracks", "list", "--status", "deleted", "--limit", "100").out
    assert track.id not in amv("tracks", "list", "--limit", "100").out


def test_a_time_or_an_order_that_is_none_is_refused_by_name(amv: Run) -> None:
    for option, value, named in (("--after", "yesterday", "created_after"), ("--sort", "mood", "sort")):
        done = amv("tracks", "list", option, value)
        assert (done.code, done.out) == (2, "")
        assert named in done.err


def test_upload_keeps_files_and_prints_each(amv: Run, track: Track) -> None:
    amv("tracks", "download", track.id, "-o", "mine.wav")
    amv("tracks", "download", track.id, "-o", "other.flac")
    done = amv("tracks", "upload", "mine.wav", "other.flac", "--artist", "Ada", "--tag", "demo")
    assert done.code == 0
    rows = [line.split("\t") for line in done.out.splitlines()]
    assert [row[1:3] for row in rows] == [["mine", "0:05"], ["other", "0:05"]]
    kept = amv("tracks", "get", rows[0][0], "--json").data
    assert (kept["artist"], kept["tags"], kept["provenance"]["engine"]) == ("Ada", ["demo"], "upload")
    [one] = amv("tracks", "upload", "mine.wav", "--title", "Named", "--json").data["data"]
    assert one["title"] == "Named"


def test_upload_of_what_is_no_sound_says_so(amv: Run) -> None:
    Path("diary.wav").write_text("Dear diary")
    done = amv("tracks", "upload", "diary.wav", "--json")
    assert (done.code, done.out, done.error["code"]) == (2, "", "audio_unreadable")
    assert amv("tracks", "upload", "nowhere.wav").code == 1
    assert amv("tracks", "upload", "a.wav", "b.wav", "--title", "x").code == 2


def test_distributions_are_listed_as_long_as_there_are_none(amv: Run, track: Track) -> None:
    assert amv("tracks", "distributions", track.id, "--json").data == {"data": [], "next_cursor": None}
    assert amv("tracks", "distributions", track.id).out == ""
    assert amv("tracks", "distributions", "trk_x").code == 4
