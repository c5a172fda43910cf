from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from aimusicverse.cli.output import Output, to_json
from aimusicverse.types import Problem
from tests.cli.conftest import AMV, Run


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def terminal(monkeypatch: pytest.MonkeyPatch) -> Screen:
    """Both streams, on one screen. (No fixture: pytest puts its own streams there between setup and test.)"""
    screen = Screen()
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("TERM", "xterm")
    return screen


def test_rows_in_a_pipe_cannot_break_out_of_their_line(capsys: pytest.CaptureFixture[str]) -> None:
    Output().table(["id", "title"], [["trk_1", "a\tb\nc\x1b[2J"]])
    assert capsys.readouterr().out == "trk_1\ta\\tb\\nc\\x1b[2J\n"


def test_rows_on_a_terminal_stand_under_headings_and_the_id_is_never_cut(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    screen = terminal(monkeypatch)
    rows = [["trk_0mYdJ1x0FzbcL5Vn4zQ", "\u202ea long title " * 9], ["trk_2", "雨"]]
    Output().table(["id", "title"], rows, gives_way="title")
    lines = screen.getvalue().splitlines()
    assert len(lines) == 3
    assert "ID" in lines[0]
    assert "trk_0mYdJ1x0FzbcL5Vn4zQ" in lines[1]
    assert "\\u202e" in lines[1]
    assert lines[1].endswith("…")
    assert len(lines[1]) == 60


def test_an_empty_list_says_so_to_people_only(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = terminal(monkeypatch)
    Output().table(["id"], [])
    assert screen.getvalue() == "Nothing yet.\n"
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    Output().table(["id"], [])
    assert screen.getvalue() == "Nothing yet.\n"


@pytest.mark.parametrize("no_color", ["option", "environment"])
def test_colour_can_be_declined_in_two_ways(monkeypatch: pytest.MonkeyPatch, no_color: str) -> None:
    screen = terminal(monkeypatch)

    def shown(output: Output) -> str:
        screen.truncate(0)
        output.warning("x")
        output.record([("label", "value"), ("missing", None)])
        output.table(["id"], [["1"]])
        return screen.getvalue()

    assert "\x1b[33m" in shown(Output())
    if no_color == "environment":
        monkeypatch.setenv("NO_COLOR", "1")
    plain = shown(Output(color=no_color != "option"))
    assert "\x1b[3" not in plain
    assert "missing" not in plain


def test_json_is_one_line_in_a_pipe_and_indented_on_a_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = Problem(title="a\x9b\u202e", status=1, code="x")
    Output().object({"problem": problem})
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    assert json.loads(out)["problem"]["title"] == "a\x9b\u202e"
    assert "\x9b" not in out
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    Output().object({"a": 1})
    assert capsys.readouterr().out == '{\n  "a": 1\n}\n'


def test_to_json_keeps_letters_as_they_are() -> None:
    assert to_json({"title": "Déjà 雨"}) == '{"title": "Déjà 雨"}'


def test_hints_are_for_people_who_did_not_ask_for_quiet_or_json(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = terminal(monkeypatch)
    for output in (Output(quiet=True), Output(json=True)):
        output.next_step("amv tracks list")
    Output(quiet=True).note("x")
    assert screen.getvalue() == ""
    Output(color=False).next_step("amv tracks list")
    assert screen.getvalue() == "next: amv tracks list\n"


def test_a_reader_of_messages_who_has_gone_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone(io.StringIO):
        def write(self, _: str) -> int:
            raise BrokenPipeError

    monkeypatch.setattr(sys, "stderr", Gone())
    Output().note("x")


@pytest.mark.usefixtures("at_server")
def test_an_output_that_knows_no_unicode_gets_escapes_not_a_crash(amv_process: Run, finished: object) -> None:
    import os

    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = amv_process("tracks", "list", "--json", env=environment)
    assert done.code == 0
    assert amv_process("--help", env=environment).code == 0


@pytest.mark.usefixtures("at_server", "finished")
def test_a_full_disk_behind_standard_output_is_one_line_and_not_success() -> None:
    import subprocess

    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([AMV, "tracks", "list"], stdout=full, stderr=subprocess.PIPE, timeout=30)
    assert done.returncode == 1
    assert done.stderr == b"error: No space left on device.\n"


def test_an_unexpected_defect_is_one_line_and_a_traceback_only_when_asked_for(
    amv: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def defect(**_: object) -> None:
        secret = "amv_live_secret"  # noqa: F841 - what a traceback with locals would show
        raise RuntimeError("boom")

    monkeypatch.setattr("aimusicverse.cli.connection.connected", defect)
    assert amv("engines").err == "error: unexpected RuntimeError: boom. AMV_DEBUG=1 shows where.\n"
    assert amv("engines", "--json").error["code"] == "unexpected_error"
    monkeypatch.setenv("AMV_DEBUG", "1")
    shown = amv("engines").err
    assert "Traceback" in shown
    assert 'secret = "amv_live' in Path(__file__).read_text()
    assert shown.endswith("AMV_DEBUG=1 shows where.\n")
