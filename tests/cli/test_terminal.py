"""What a person sees and can do, in a real (pseudo) terminal."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from aimusicverse import Client
from aimusicverse.types import Generation
from tests.cli.conftest import Run
from tests.cli.screen import WIDTH, terminal
from tests.server.quick_engine import QuickEngine

pytestmark = pytest.mark.usefixtures("at_server")


def test_a_bar_shows_the_stage_and_goes_when_the_work_is_done(held: QuickEngine) -> None:
    with terminal("generate", "lofi", "-d", "5") as screen:
        screen.until("render")
        screen.until("50%")
        threading.Timer(0.3, held.held.clear).start()
        assert screen.end() == 0
    last = screen.shown.rstrip().splitlines()[-2:]
    assert last[0].split("  ") == ["lofi.wav", "0:05", "80 bpm", "A minor", "-14.0 LUFS", "-1.0 dBTP"]
    assert last[1].startswith("next: amv tracks get trk_")
    assert "\x1b[?25h" in screen.raw.decode()  # the cursor is back


def test_ctrl_c_takes_the_bar_away_and_leaves_the_line_that_goes_on(held: QuickEngine) -> None:
    with terminal("generate", "stop me", "-d", "5") as screen:
        screen.until("50%")
        screen.type("\x03")
        assert screen.end() == 130
    last = screen.shown.rstrip().rpartition("error: ")[2].replace("\n", "")
    assert "Resume: amv generations wait gen_" in last
    assert last.endswith("-o stop-me.wav")
    assert "\x1b[?25h" in screen.raw.decode()
    assert not list(Path().iterdir())


def test_a_window_that_is_closed_ends_it_cleanly_and_the_work_goes_on(
    client: Client, held: QuickEngine
) -> None:
    with terminal("generate", "window closed", "-d", "5") as screen:
        screen.until("50%")
        assert screen.hang_up() == 129
    assert client.generation.list(limit=1).page().data[0].status == "processing"
    assert not list(Path().iterdir())


def test_a_title_cannot_steer_the_terminal(client: Client, amv: Run) -> None:
    generation = client.generate("x", duration_seconds=5, title="\u202egnp.exe \u2066hi")
    with terminal("tracks", "list", "--limit", "1") as screen:
        assert screen.end() == 0
    assert "\u202e" not in screen.raw.decode()
    assert "\\u202e" in screen.shown
    with terminal("tracks", "get", generation.tracks[0].id, "--json") as screen:
        assert screen.end() == 0
    assert "\u202e" not in screen.raw.decode()


def test_a_table_fits_the_screen_and_never_cuts_the_id(client: Client) -> None:
    generation = client.generate("x" * 400, duration_seconds=5)
    with terminal("generations", "list", "--limit", "3") as screen:
        assert screen.end() == 0
    lines = screen.shown.splitlines()
    assert lines[0].split()[:2] == ["ID", "STATUS"]
    assert lines[1].startswith(generation.id)
    assert "…" in lines[1]
    assert all(len(line) <= WIDTH for line in lines if "--cursor" not in line)


def test_delete_asks_and_only_a_yes_deletes(finished: Generation, client: Client) -> None:
    track = finished.tracks[0]
    for answer, code in (("\n", 1), ("yes\n", 0)):
        with terminal("tracks", "delete", track.id) as screen:
            screen.until("[y/N]")
            assert "Rainy Night" in screen.shown
            screen.type(answer)
            assert screen.end() == code
        assert (track.id in [item.id for item in client.tracks.list(limit=5)]) == (code == 1)


def test_audio_is_not_poured_over_the_screen() -> None:
    with terminal("generate", "x", "-o", "-") as screen:
        assert screen.end() == 2
    assert "not written to a terminal" in screen.shown


@pytest.mark.parametrize("words", [["--no-color"], []])
def test_colour_is_for_terminals_that_want_it(
    words: list[str], monkeypatch: pytest.MonkeyPatch, finished: Generation
) -> None:
    with terminal("tracks", "get", finished.tracks[0].id, *words) as screen:
        assert screen.end() == 0
    assert ("\x1b[" in screen.raw.decode()) is not bool(words)


def test_json_on_a_terminal_is_indented_and_a_bar_may_stand_beside_it(finished: Generation) -> None:
    with terminal("generations", "wait", finished.id, "--json") as screen:
        assert screen.end() == 0
    assert '\n  "status": "completed"' in screen.shown
    assert "next:" not in screen.shown
