from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest

from aimusicverse.types import Generation
from tests.cli.conftest import Run
from tests.server.sample_pictures import sent

pytestmark = pytest.mark.usefixtures("at_server")


@pytest.fixture
def track(finished: Generation) -> str:
    return finished.tracks[0].id


@pytest.fixture
def playlist(amv: Run, track: str) -> str:
    made = amv("playlists", "create", "Rainy nights", track, track, "--json")
    assert (made.code, made.data["track_count"]) == (0, 2)
    return str(made.data["id"])


def test_a_list_in_a_pipe_has_the_id_first(amv: Run, playlist: str) -> None:
    first = amv("playlists", "list").out.splitlines()[0]
    assert first.split("\t")[:5] == [playlist, "Rainy nights", "2", "0:10", "private"]


def test_get_and_update_show_the_playlist(amv: Run, playlist: str) -> None:
    changed = amv("playlists", "update", playlist, "--title", "Sunny", "--visibility", "public", "--json")
    assert (changed.data["title"], changed.data["visibility"]) == ("Sunny", "public")
    shown = dict(line.split("\t") for line in amv("playlists", "get", playlist).out.splitlines())
    assert (shown["title"], shown["etag"]) == ("Sunny", changed.data["etag"])
    assert amv("playlists", "update", playlist).code == 2


def test_entries_are_added_moved_and_removed(amv: Run, playlist: str, track: str) -> None:
    assert amv("playlists", "add", playlist, track, "--at", "0", "--json").data["track_count"] == 3
    rows = [line.split("\t") for line in amv("playlists", "tracks", playlist).out.splitlines()]
    assert [row[1] for row in rows] == [track] * 3
    assert amv("playlists", "move", playlist, rows[2][0], "--to", "0").code == 0
    now = amv("playlists", "tracks", playlist, "--json").data["data"]
    assert [entry["id"] for entry in now] == [rows[2][0], rows[0][0], rows[1][0]]
    assert amv("playlists", "remove", playlist, rows[0][0], "--json").data["track_count"] == 2
    assert amv("playlists", "remove", playlist, track, "--json").data["track_count"] == 0


def test_replace_reads_ids_and_empties_only_when_told_to(
    amv: Run, playlist: str, track: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{track}\n"))
    assert amv("playlists", "replace", playlist, "-", "--json").data["track_count"] == 1
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert amv("playlists", "replace", playlist, "-").code == 2
    assert amv("playlists", "replace", playlist).code == 2
    assert amv("playlists", "replace", playlist, track, "--empty").code == 2
    assert amv("playlists", "replace", playlist, "--empty", "--json").data["track_count"] == 0


def test_what_goes_wrong_has_its_exit_code(amv: Run, playlist: str, track: str) -> None:
    unknown = amv("playlists", "get", "pls_unknown", "--json")
    assert (unknown.code, unknown.error["hint"]) == (4, "See: amv playlists list")
    assert amv("playlists", "add", playlist, "trk_unknown").code == 4
    assert amv("playlists", "add", playlist).code == 2
    assert amv("playlists", "create", "x" * 201).code == 2
    assert amv("playlists", "add", playlist, track, "--at", "9").code == 2
    assert amv("playlists", "move", playlist, track, "--to", "0", "--json").error["code"] == (
        "playlist_entry_ambiguous"
    )
    stale = amv("playlists", "update", playlist, "--title", "x", "--if-match", "1-0", "--json")
    assert (stale.code, stale.error["code"]) == (1, "version_conflict")


def test_delete_needs_a_yes(amv: Run, playlist: str) -> None:
    refused = amv("playlists", "delete", playlist)
    assert (refused.code, "--yes" in refused.err) == (2, True)
    assert amv("playlists", "delete", playlist, "--yes", "--json").data == {"id": playlist, "deleted": True}
    assert amv("playlists", "get", playlist).code == 4


# -- the cover -----------------------------------------------------------------------------------------


@pytest.fixture
def picture() -> str:
    """A file in the working folder."""
    Path("rain.png").write_bytes(sent("PNG"))
    return "rain.png"


def test_a_cover_is_set_shown_saved_and_removed(amv: Run, playlist: str, picture: str) -> None:
    assert amv("playlists", "cover", playlist, "--json").error["code"] == "cover_not_found"
    done = amv("playlists", "set-cover", playlist, picture, "--json")
    assert (done.code, done.data["cover"]["width"]) == (0, 96)
    shown = dict(line.split("\t") for line in amv("playlists", "get", playlist).out.splitlines())
    assert shown["cover"] == "image/png, 96 × 64 pixels"
    assert amv("playlists", "cover", playlist, "-o", "a.png").out == "a.png\n"
    assert hashlib.sha256(Path("a.png").read_bytes()).hexdigest() == done.data["cover"]["sha256"]
    assert "PNG" in amv("playlists", "cover", playlist, "-o", "-").out[:8]
    removed = amv("playlists", "remove-cover", playlist, "--json")
    assert (removed.code, removed.data["cover"]) == (0, None)
    assert amv("playlists", "cover", playlist).code == 4
    assert amv("playlists", "remove-cover", playlist).code == 0


def test_a_name_that_is_made_up_replaces_no_file_and_one_that_is_given_does(
    amv: Run, playlist: str, picture: str
) -> None:
    amv("playlists", "set-cover", playlist, picture)
    Path("rainy-nights.png").write_text("mine")
    assert amv("playlists", "cover", playlist).out == "rainy-nights-2.png\n"
    again = amv("playlists", "cover", playlist, "-o", ".", "--json")
    assert (again.data["id"], again.data["files"]) == (playlist, ["rainy-nights-3.png"])
    assert Path("rainy-nights.png").read_text() == "mine"
    amv("playlists", "cover", playlist, "-o", "rainy-nights.png")
    assert Path("rainy-nights.png").read_bytes() == Path("rainy-nights-2.png").read_bytes()


def test_a_place_that_cannot_be_is_said_before_anything_is_asked(
    amv: Run, playlist: str, picture: str
) -> None:
    amv("playlists", "set-cover", playlist, picture)
    for place, says in (("", "a name"), ("nowhere/", "no folder"), ("nowhere/a.png", "no folder")):
        refused = amv("playlists", "cover", "pls_unknown", "-o", place)
        assert (refused.code, refused.out, says in refused.err) == (2, "", True)
    for name in ("a.jpg", "a.gif"):
        wrong = amv("playlists", "cover", playlist, "-o", name)
        assert (wrong.code, ".png" in wrong.err, Path(name).exists()) == (2, True, False)


def test_a_cover_that_is_refused_says_why(
    amv: Run, playlist: str, picture: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("diary.jpg").write_text("Dear diary")
    refused = amv("playlists", "set-cover", playlist, "diary.jpg", "--json")
    assert (refused.code, refused.out, refused.error["code"]) == (2, "", "image_unreadable")
    assert amv("playlists", "set-cover", playlist, "nowhere.jpg", "--json").error["code"] == "io_error"
    assert amv("playlists", "set-cover", playlist).code == 2
    stale = amv("playlists", "set-cover", playlist, picture, "--if-match", "1-0", "--json")
    assert (stale.code, stale.error["code"]) == (1, "version_conflict")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(sent("WEBP"))))
    piped = amv("playlists", "set-cover", playlist, "-", "--json")
    assert piped.data["cover"]["content_type"] == "image/webp"
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(bytes(11 * 2**20))))
    assert amv("playlists", "set-cover", playlist, "-", "--json").error["code"] == "upload_too_large"
