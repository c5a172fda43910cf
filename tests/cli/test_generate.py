from __future__ import annotations

import io
import json
import re
import sys
import threading
import wave
from pathlib import Path
from typing import Any

import pytest

from aimusicverse import APIConnectionError, Client, JobFailedError
from aimusicverse.engines.base import EngineError
from tests.cli.conftest import Run
from tests.server.quick_engine import QuickEngine

pytestmark = pytest.mark.usefixtures("at_server")


def seconds_of(path: str | Path) -> float:
    with wave.open(str(path), "rb") as file:
        return file.getnframes() / file.getframerate()


def test_a_prompt_becomes_a_file_named_after_it_and_its_name_is_the_data(amv: Run) -> None:
    done = amv("generate", "Lofi, rainy night", "--duration", "0:06")
    assert (done.code, done.out) == (0, "lofi-rainy-night.wav\n")
    assert seconds_of("lofi-rainy-night.wav") == 6


def test_a_second_time_replaces_nothing(amv: Run) -> None:
    for expected in ("song.wav", "song-2.wav", "song-3.wav"):
        assert amv("generate", "x", "--title", "Song", "-d", "5", "-q").out == f"{expected}\n"


def test_a_file_that_was_named_is_replaced_and_kept_whole_until_then(amv: Run) -> None:
    Path("song.wav").write_bytes(b"old")
    assert amv("generate", "x", "-d", "5", "-o", "song.wav").code == 0
    assert seconds_of("song.wav") == 5
    assert [path.name for path in Path().iterdir()] == ["song.wav"]


@pytest.mark.parametrize(("suffix", "magic"), [("wav", b"RIFF"), ("flac", b"fLaC")])
def test_the_suffix_chooses_the_format(amv: Run, suffix: str, magic: bytes) -> None:
    assert amv("generate", "x", "-d", "5", "-o", f"song.{suffix}").code == 0
    assert Path(f"song.{suffix}").read_bytes()[:4] == magic


def test_the_bit_depth_is_that_asked_for(amv: Run) -> None:
    assert amv("generate", "x", "-d", "5", "-o", "song.wav", "--bit-depth", "24").code == 0
    assert int.from_bytes(Path("song.wav").read_bytes()[34:36], "little") == 24


def test_variants_become_numbered_files(amv: Run) -> None:
    done = amv("generate", "x", "-d", "5", "--variants", "3", "-o", "song.wav", "--json")
    assert done.data["files"] == ["song-1.wav", "song-2.wav", "song-3.wav"]
    assert sorted(path.name for path in Path().iterdir()) == done.data["files"]
    assert len(done.data["tracks"]) == 3


def test_with_json_both_streams_are_for_programs(amv: Run) -> None:
    done = amv("generate", "x", "-d", "5", "--json", "--title", "Déjà vu")
    assert done.data["status"] == "completed"
    assert done.data["files"] == ["déjà-vu.wav"]
    assert done.data["title"] == "Déjà vu"
    assert done.err == ""


def test_options_reach_the_server(amv: Run) -> None:
    Path("words.txt").write_text("\ufeffIt rains\nagain", encoding="utf-8")
    done = amv(
        *("generate", "lofi", "-d", "5.5s", "--seed", "42", "--title", "T", "--engine", "quick", "--json"),
        *("--tempo", "91", "--key", "Em", "--style", "soft", "--lyrics-file", "words.txt"),
        *("--tag", "rain", "--tag", "night", "--negative-tag", "drums"),
    )
    expected = {
        "duration_seconds": 5.5,
        "seed": 42,
        "title": "T",
        "engine": "quick",
        "tempo_bpm": 91,
        "key": "E minor",
        "style": "soft",
        "lyrics": "It rains\nagain",
        "tags": ["rain", "night"],
        "negative_tags": ["drums"],
    }
    assert {name: done.data[name] for name in expected} == expected


def test_what_was_accepted_but_will_not_be_so_is_a_warning(amv: Run) -> None:
    done = amv("generate", "x", "-d", "5", "--lyrics", "la la", "--quiet")
    assert done.code == 0
    assert "warning: The engine quick does not sing" in done.err


def test_audio_can_go_down_a_pipe(amv_process: Run) -> None:
    import subprocess

    from tests.cli.conftest import AMV

    done = subprocess.run([AMV, "generate", "x", "-d", "5", "-o", "-"], capture_output=True, timeout=60)
    assert done.returncode == 0
    with wave.open(io.BytesIO(done.stdout)) as file:
        assert file.getnframes() / file.getframerate() == 5


def test_plan_only_shows_what_was_understood_and_makes_nothing(amv: Run, client: Client) -> None:
    before = client.generation.list(limit=1).page().data
    done = amv("generate", "lofi, rainy", "--plan-only", "-d", "20")
    assert done.code == 0
    assert "genre        lofi" in done.out
    assert "tempo        80 bpm" in done.out
    assert "0:00  verse    1 bar   ████████████" in done.out
    assert client.generation.list(limit=1).page().data == before
    assert not list(Path().iterdir())


def test_a_plan_can_be_edited_and_sent_back(amv: Run) -> None:
    plan = amv("generate", "lofi", "--plan-only", "--json", "-d", "5").data
    plan["tempo_bpm"] = 123
    Path("plan.json").write_text(json.dumps(plan))
    done = amv("generate", "lofi", "--plan", "plan.json", "--json")
    assert done.code == 0, done.err
    assert done.data["seed"] == plan["seed"]


def test_a_plan_can_come_from_standard_input(amv_process: Run, amv: Run) -> None:
    plan = amv("generate", "lofi", "--plan-only", "--json", "-d", "5").out.encode()
    assert amv_process("generate", "lofi", "--plan", "-", "-q", input=plan).out == "lofi.wav\n"


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"tempo_bpm": 80}', "\xff"])
def test_a_plan_that_is_none_is_wrong_usage(amv: Run, text: str) -> None:
    Path("plan.json").write_bytes(text.encode("latin-1"))
    done = amv("generate", "x", "--plan", "plan.json")
    assert done.code == 2
    assert "--plan" in done.err


def test_explain_shows_the_plan_that_is_then_made(amv: Run) -> None:
    done = amv("generate", "lofi", "-d", "5", "--explain", "--json")
    shown = next(line for line in done.err.splitlines() if line.startswith("seed"))
    assert shown.split()[1] == str(done.data["seed"])


def test_progress_in_a_log_is_plain_lines(
    amv: Run, held: QuickEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aimusicverse.cli.progress._SECONDS_BETWEEN_LINES", 0.1)
    threading.Timer(2.5, held.held.clear).start()
    done = amv("generate", "x", "-d", "5")
    assert done.out == "x.wav\n"
    assert "render 50%" in done.err
    assert "\x1b" not in done.err
    assert "\r" not in done.err


def test_quiet_leaves_only_the_data(amv: Run) -> None:
    assert amv("generate", "x", "-d", "5", "--quiet").err == ""
    assert amv("--quiet", "generate", "x", "-d", "5").err == ""


def test_a_generation_that_fails_is_told_with_the_servers_code(amv: Run, engine: QuickEngine) -> None:
    engine.failures.append(EngineError("engine_failed", "The strings broke."))
    done = amv("generate", "x", "-d", "5", "--json")
    assert (done.code, done.out) == (1, "")
    assert done.error["code"] == "engine_failed"
    assert "The strings broke" in done.error["message"]
    assert not list(Path().iterdir())


def test_when_the_time_is_up_the_command_that_goes_on_is_told(
    amv: Run, held: QuickEngine, client: Client
) -> None:
    done = amv("generate", "x", "-d", "5", "--timeout", "1", "-o", "my song.wav", "--json")
    assert done.code == 7
    generation = client.generation.list(limit=1).page().data[0]
    assert done.error["hint"] == f"Resume: amv generations wait {generation.id} -o 'my song.wav' --json"
    assert done.error["retryable"] is True
    held.held.clear()
    assert amv("generations", "wait", generation.id, "-o", "my song.wav").code == 0
    assert seconds_of("my song.wav") == 5


def lost(*_: Any, **__: Any) -> None:
    raise APIConnectionError("the server went away")


def test_a_server_that_goes_away_while_one_waits_does_not_take_the_line_along(
    amv: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aimusicverse.resources._sync.generation.Generations.wait", lost)
    done = amv("generate", "x", "-d", "5", "-q")
    assert done.code == 6
    assert re.fullmatch(
        r"error: the server went away\. Resume: amv generations wait gen_\w+ -o x\.wav\n", done.err
    )


def test_nor_while_the_file_comes(amv: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aimusicverse.resources._sync.tracks.Tracks.download", lost)
    done = amv("generate", "x", "-d", "5", "--bit-depth", "24", "--json")
    assert done.code == 6
    line = r"Fetch it again: amv tracks download trk_\w+ -o x\.wav --format wav --bit-depth 24 --json"
    assert re.fullmatch(line, done.error["hint"])
    assert not list(Path().iterdir())


def test_a_disk_that_fills_up_leaves_no_part_of_a_file_and_says_how_to_fetch_it_again(
    amv: Run, monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("aimusicverse.resources.sink.FileSink.write", full)
    done = amv("generate", "x", "-d", "5")
    track = client.tracks.list(limit=1).page().data[0]
    assert done.code == 1
    assert f"Fetch it again: amv tracks download {track.id} -o x.wav --format wav" in done.err
    assert "No space left on device" in done.err
    assert not list(Path().iterdir())


@pytest.mark.parametrize(
    "words",
    [
        ["generate", "x"],
        ["generations", "wait", "gen_1"],
        ["tracks", "download", "trk_1"],
        ["tracks", "regenerate", "trk_1", "0"],
    ],
)
def test_an_mp3_has_no_bit_depth_and_no_command_asks_a_server_about_it(amv: Run, words: list[str]) -> None:
    done = amv(*words, "-o", "song.mp3", "--bit-depth", "16")
    assert done.code == 2
    assert "an MP3 file has no bit depth" in done.err


@pytest.mark.parametrize(
    "words",
    [
        ["--lyrics", "a", "--lyrics-file", "b"],
        ["--lyrics-file", "-", "--plan", "-"],
        ["--lyrics-file", "missing.txt"],
    ],
)
def test_contradictions_are_wrong_usage(amv: Run, words: list[str]) -> None:
    assert amv("generate", "x", *words).code == 2


def test_the_client_itself_would_raise_what_the_command_line_tells(
    client: Client, engine: QuickEngine
) -> None:
    engine.failures.append(EngineError("engine_failed", "x"))
    with pytest.raises(JobFailedError):
        client.generate("x", duration_seconds=5)


def test_generate_imports_rich_for_a_terminal_only(amv: Run) -> None:
    sys.modules.pop("rich.progress", None)
    amv("generate", "x", "-d", "5")
    assert "rich.progress" not in sys.modules
