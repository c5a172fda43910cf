from __future__ import annotations

from pathlib import Path

import pytest

from aimusicverse import Client
from aimusicverse.types import Generation
from tests.cli.conftest import Run
from tests.server.quick_engine import QuickEngine

pytestmark = pytest.mark.usefixtures("at_server")


def test_a_list_in_a_pipe_is_a_row_a_line_with_tabs_and_no_headings(amv: Run, finished: Generation) -> None:
    first, *_ = amv("generations", "list").out.splitlines()
    cells = first.split("\t")
    assert cells[:3] == [finished.id, "completed", "100%"]
    assert cells[3].endswith("Z")
    assert cells[4] == "Rainy Night"


def test_a_list_as_json_is_a_page_and_its_cursor_leads_on(
    amv: Run, client: Client, finished: Generation
) -> None:
    older = client.generate("older", duration_seconds=5)
    page = amv("generations", "list", "--limit", "1", "--json").data
    assert [item["id"] for item in page["data"]] == [older.id]
    following = amv("--json", "generations", "list", "--limit", "1", "--cursor", page["next_cursor"]).data
    assert [item["id"] for item in following["data"]] == [finished.id]


def test_a_list_can_be_of_one_status(amv: Run, finished: Generation) -> None:
    assert finished.id not in amv("generations", "list", "--status", "failed").out


def test_get_shows_what_is_known(amv: Run, finished: Generation) -> None:
    shown = dict(line.split("\t") for line in amv("generations", "get", finished.id).out.splitlines())
    assert shown["status"] == "completed"
    assert shown["seed"] == "7"
    assert shown["track"] == finished.tracks[0].id
    assert amv("generations", "get", finished.id, "--json").data["id"] == finished.id


def test_wait_without_a_place_saves_nothing_and_shows_the_outcome(amv: Run, finished: Generation) -> None:
    done = amv("generations", "wait", finished.id)
    assert (done.code, "status\tcompleted\n" in done.out) == (0, True)
    assert not list(Path().iterdir())
    assert amv("generations", "wait", finished.id, "--json").data["files"] == []


def test_wait_saves_where_it_is_told_to(amv: Run, finished: Generation) -> None:
    assert amv("generations", "wait", finished.id, "-o", "song.wav").out == "song.wav\n"
    assert amv("generations", "wait", finished.id, "-o", ".").out == "rainy-night.wav\n"
    assert amv("generations", "wait", finished.id, "-o", ".", "--json").data["files"] == ["rainy-night-2.wav"]


def test_wait_wants_to_know_where_before_it_asks_how(amv: Run) -> None:
    assert amv("generations", "wait", "gen_x", "--format", "mp3").code == 2
    assert amv("generations", "wait", "gen_x", "-o", "nowhere/song.wav").code == 2


def test_cancel_stops_the_work(amv: Run, held: QuickEngine, client: Client) -> None:
    generation = client.generation.create("x", duration_seconds=5)
    assert "status\tcancelled\n" in amv("generations", "cancel", generation.id).out
    again = amv("generations", "cancel", generation.id, "--json")
    assert (again.code, again.error["code"], again.error["status"]) == (1, "generation_final", 409)
    waited = amv("generations", "wait", generation.id)
    assert waited.code == 1
    assert "cancelled" in waited.err
