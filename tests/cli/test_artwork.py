"""`amv artwork`: drawn and saved, brought, shown, listed, deleted; what stops it names the way on."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import pytest

from aimusicverse import Client
from aimusicverse.server.artwork import making
from aimusicverse.types import Generation
from tests.cli.conftest import Run
from tests.server.artwork.conftest import QUICK
from tests.server.sample_pictures import decoded, drawing, encoded, sent

pytestmark = pytest.mark.usefixtures("at_server")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server draws small pictures."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    monkeypatch.setattr(making, "COMMAND", QUICK)


@pytest.fixture
def picture() -> str:
    Path("mine.png").write_bytes(sent("PNG"))
    return "mine.png"


def test_a_picture_is_drawn_and_saved_where_it_is_wanted(amv: Run, finished: Generation) -> None:
    done = amv("artwork", "create", "--track", finished.tracks[0].id, "--seed", "7", "-o", "a.jpg", "--json")
    assert (done.code, done.data["files"], done.data["track_id"]) == (0, ["a.jpg"], finished.tracks[0].id)
    assert hashlib.sha256(Path("a.jpg").read_bytes()).hexdigest() == done.data["sha256"]
    shown = amv("artwork", "create", "Rainy nights")
    assert (shown.code, shown.out) == (0, "rainy-nights.jpg\n")
    assert amv("artwork", "create", "Rainy nights").out == "rainy-nights-2.jpg\n"  # nothing is replaced
    edited = amv("tracks", "edit", finished.tracks[0].id, "--artwork", done.data["id"], "--json")
    assert edited.data["artwork_id"] == done.data["id"]
    removed = amv("tracks", "edit", finished.tracks[0].id, "--artwork", "", "--json")
    assert removed.data["artwork_id"] is None


def test_who_does_not_wait_gets_the_id_and_fetches_it_later(amv: Run) -> None:
    waiting = amv("artwork", "create", "Later", "--no-wait", "--json")
    assert (waiting.code, waiting.data["status"]) == (0, "queued")
    got = amv("artwork", "get", waiting.data["id"], "-o", "later.jpg", "--size", "100", "--json")
    assert (got.code, got.data["status"], got.data["files"]) == (0, "completed", ["later.jpg"])
    assert decoded(Path("later.jpg").read_bytes()).size == (256, 256)
    shown = dict(line.split("\t") for line in amv("artwork", "get", waiting.data["id"]).out.splitlines())
    assert (shown["title"], shown["picture"].startswith("image/jpeg, 320 × 320")) == ("Later", True)


def test_time_that_is_up_names_the_way_on(amv: Run) -> None:
    late = amv("artwork", "create", "hang", "--timeout", "0.2s", "-o", "x.jpg")
    assert late.code == 7
    assert "amv artwork get art_" in late.err
    assert "-o x.jpg" in late.err
    assert not Path("x.jpg").exists()
    [waiting] = [line.split("\t")[0] for line in amv("artwork", "list").out.splitlines() if "hang" in line]
    assert amv("artwork", "delete", waiting, "--yes").code == 0


def test_a_failure_says_what_to_do_instead(amv: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "COMMAND", (sys.executable, "-c", "import sys; sys.exit(9)"))
    monkeypatch.setattr("aimusicverse.server.artwork.draw_job.RETRY_SECONDS", (0, 0))
    failed = amv("artwork", "create", "x", "--json")
    assert failed.code == 1
    assert "POST /artwork/upload" in failed.error["message"]


def test_one_is_brought_listed_and_deleted(amv: Run, client: Client, picture: str) -> None:
    done = amv("artwork", "upload", picture, "--json")
    assert (done.code, done.data["title"], done.data["width"]) == (0, "mine", 96)
    first = amv("artwork", "list").out.splitlines()[0].split("\t")
    assert first[:4] == [done.data["id"], "mine", "completed", "uploaded"]
    assert amv("artwork", "delete", done.data["id"]).code == 2  # there is no terminal to ask on
    stale = amv("artwork", "delete", done.data["id"], "--yes", "--if-match", "9-9", "--json")
    assert stale.error["code"] == "version_conflict"
    assert amv("artwork", "delete", done.data["id"], "--yes", "--json").data["deleted"] is True
    assert amv("artwork", "get", done.data["id"]).code == 4


def test_what_stores_would_say_is_shown_in_a_line_each(amv: Run, picture: str) -> None:
    def told(out: str) -> list[str]:
        return [line.split("\t")[1] for line in out.splitlines() if line.startswith("check\t")]

    done = amv("artwork", "upload", picture, "--json")
    assert done.data["checks"][0]["rule"] == "C-SQUARE"
    shown = told(amv("artwork", "get", done.data["id"]).out)
    assert len(shown) == len(done.data["checks"])
    assert shown[0].startswith(
        "error C-SQUARE (spotify, apple_music, soundcloud, distrokid): The cover has 96"
    )
    assert shown == told(amv("artwork", "upload", picture).out)
    saved = amv("artwork", "create", "Rainy nights", "-o", "a.jpg")
    assert saved.out == "a.jpg\n"
    assert "C-MIN" in saved.err
    Path("good.jpg").write_bytes(encoded(drawing(3000, 3000)))
    [well] = told(amv("artwork", "upload", "good.jpg").out)
    assert well == "no rule of spotify, apple_music, soundcloud, distrokid speaks against it"


def test_templates_are_listed_by_what_create_takes(amv: Run) -> None:
    rows = [line.split("\t") for line in amv("artwork", "templates").out.splitlines()]
    assert len(rows) > 5
    assert amv("artwork", "create", "x", "--template", rows[0][0], "-o", ".", "--json").code == 0
    assert amv("artwork", "templates", "--json").data["data"][0]["id"] == rows[0][0]


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("create",), 2, "title"),
        (("create", "x", "-o", "nowhere/x.jpg"), 2, "no folder"),
        (("create", "x", "-o", "a.jpg", "--no-wait"), 2, "exclude"),
        (("create", "x", "--style", "cubism"), 2, "one of"),
        (("create", "x", "--key", "H moll"), 2, "A minor"),
        (("create", "x", "--generator", "stability"), 2, "generator"),
        (("create", "--track", "trk_unknown"), 4, "trk_unknown"),
        (("upload", "missing.png"), 1, "missing.png"),
        (("upload", "-"), 2, "--title"),
        (("get", "art_unknown"), 4, "art_unknown"),
        (("get", "art_unknown", "--size", "9"), 2, "-o"),
        (("get", "../x"), 2, "no id"),
        (("list", "--status", "dancing"), 2, "status"),
    ],
)
def test_what_cannot_be_is_said_in_a_line(amv: Run, words: tuple[str, ...], code: int, says: str) -> None:
    refused = amv("artwork", *words)
    assert (refused.code, refused.out) == (code, ""), refused.err
    assert says in refused.err
    assert "Traceback" not in refused.err


def test_a_name_that_promises_another_kind_is_refused_and_nothing_is_written(amv: Run) -> None:
    refused = amv("artwork", "create", "x", "-o", "x.png")
    assert refused.code == 2
    assert ".jpg" in refused.err
    assert not Path("x.png").exists()
