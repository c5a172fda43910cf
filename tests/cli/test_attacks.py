"""What people and scripts get wrong, and what breaks around them. Each time: the right exit code, one line
that says what to do, nothing on standard output, no traceback, and nothing left lying about."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from aimusicverse.cli.errors import UsageProblem
from aimusicverse.cli.request import read_text
from aimusicverse.server.running import RunningServer
from aimusicverse.types import Generation
from tests.cli.conftest import AMV, Result, Run, running


def refused(done: Result, code: int, *told: str) -> None:
    assert done.code == code, done.err
    assert done.out == ""
    assert done.err.startswith("error: ")
    assert len(done.err.splitlines()) == 1
    assert "Traceback" not in done.err
    for text in told:
        assert text in done.err
    assert not list(Path().iterdir())


# -- what is asked for --------------------------------------------------------------------------


@pytest.mark.parametrize("prompt", ["", "   ", "x" * 501, "a\x00b", "a\x1b[2Jb", "a\x07"])
def test_a_prompt_that_no_server_takes_needs_no_server_to_be_refused(amv: Run, prompt: str) -> None:
    refused(amv("generate", prompt), 2, "PROMPT")


@pytest.mark.parametrize("prompt", ["x" * 500, "rain\nand wind", "雨の夜 🎵", "--quiet"])
def test_a_prompt_may_be_long_in_any_script_and_look_like_an_option(
    amv: Run, at_server: RunningServer, prompt: str
) -> None:
    assert amv("generate", "--plan-only", "--", prompt).code == 0


@pytest.mark.parametrize("duration", ["0", "-1", "601", "4.9", "1e3", "abc", "", "nan", "inf", "10:00:00"])
def test_a_duration_that_cannot_be(amv: Run, duration: str) -> None:
    refused(amv("generate", "x", "--duration", duration), 2, "--duration")


@pytest.mark.parametrize(
    "words",
    [
        ["--format", "ogg"],
        ["--bit-depth", "12"],
        ["--variants", "0"],
        ["--variants", "5"],
        ["--variants", "two"],
        ["--tempo", "9000"],
        ["--tempo", "nan"],
        ["--key", "H flat"],
        ["--seed", "-1"],
        ["--seed", "9007199254740992"],
        ["--title", "x" * 101],
        ["--title", "a\nb"],
        ["--tag", ""],
        ["--timeout", "soon"],
    ],
)
def test_an_option_that_cannot_be_is_named(amv: Run, words: list[str]) -> None:
    refused(amv("generate", "x", *words), 2, words[0])


def test_several_wrong_options_are_all_named(amv: Run) -> None:
    done = amv("generate", "x", "--duration", "1", "--tempo", "1")
    assert done.code == 2
    assert [line.split(":")[0].strip() for line in done.err.splitlines()[1:]] == ["--duration", "--tempo"]


@pytest.mark.parametrize("option", ["--plan", "--lyrics-file"])
@pytest.mark.parametrize("name", ["/dev/zero", "-"])
def test_a_text_without_end_is_refused_and_not_read_to_the_end(
    amv: Run, monkeypatch: pytest.MonkeyPatch, option: str, name: str
) -> None:
    with Path("/dev/zero").open() as endless:
        monkeypatch.setattr("sys.stdin", endless)
        refused(amv("generate", "x", option, name), 2, f"{option}: {name} is longer than 1 MiB")


def test_a_text_may_be_as_long_as_the_limit(tmp_path: Path) -> None:
    file = tmp_path / "long.txt"
    file.write_bytes(b"x" * 2**20)
    assert len(read_text(str(file), "--lyrics-file")) == 2**20
    file.write_bytes(b"x" * (2**20 + 1))
    with pytest.raises(UsageProblem, match="longer than 1 MiB"):
        read_text(str(file), "--lyrics-file")


def test_an_engine_that_this_server_does_not_have(amv: Run, at_server: RunningServer) -> None:
    refused(amv("generate", "x", "--engine", "nope"), 2, "engine", "quick")


def test_a_plan_that_the_engine_refuses(amv: Run, at_server: RunningServer) -> None:
    refused(amv("generate", "refuse this"), 2, "cannot be played")


@pytest.mark.parametrize(
    "words",
    [
        ["--nope"],
        ["nope"],
        ["generate"],
        ["generate", "x", "y"],
        ["generate", "x", "--nope"],
        ["tracks", "get"],
        ["serve", "--port", "65536"],
        ["serve", "--port", "x"],
        ["serve", "--log-level", "loud"],
        ["tracks", "play-url", "trk_x", "--expires-in", "soon"],
    ],
)
def test_wrong_usage_is_one_line_and_an_object_with_json(amv: Run, words: list[str]) -> None:
    refused(amv(*words), 2)
    with_json = amv("--json", *words)
    assert (with_json.code, with_json.out) == (2, "")
    assert set(with_json.error) == {"code", "message", "status", "request_id", "retryable", "hint"}


@pytest.mark.parametrize("limit", ["0", "101", "-5"])
def test_a_limit_beyond_the_contract(amv: Run, at_server: RunningServer, limit: str) -> None:
    for group in ("tracks", "generations", "events"):
        refused(amv(group, "list", "--limit", limit), 2, "limit")


@pytest.mark.parametrize("cursor", ["x", "../..", "\u202e", "a" * 5000])
def test_a_cursor_that_was_made_up(amv: Run, at_server: RunningServer, cursor: str) -> None:
    refused(amv("tracks", "list", "--cursor", cursor), 2)


# -- who and where ------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["wrong", "amv_test_0000000000000000000000000000", "x" * 3000])
def test_a_wrong_key(amv: Run, at_server: RunningServer, monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("AMV_API_KEY", key)
    done = amv("tracks", "list")
    refused(done, 3, "AMV_API_KEY")
    assert key not in done.err


_TAKE_AN_ID = [
    *(("tracks", command) for command in ("get", "download", "play-url")),
    ("tracks", "delete", "--yes"),
    *(("generations", command) for command in ("get", "wait", "cancel")),
    ("events", "get"),
]


@pytest.mark.parametrize("words", _TAKE_AN_ID, ids=" ".join)
def test_an_id_that_names_nothing(amv: Run, at_server: RunningServer, words: tuple[str, ...]) -> None:
    refused(amv(*words, "trk_nope"), 4)


@pytest.mark.parametrize("words", _TAKE_AN_ID, ids=" ".join)
@pytest.mark.parametrize("identifier", ["", "..", "../../admin", "a/b?c#d", "trk_\x1b[2J", "%2e%2e", "雨"])
def test_an_id_that_can_be_none(
    amv: Run, at_server: RunningServer, words: tuple[str, ...], identifier: str
) -> None:
    done = amv(*words, identifier)
    refused(done, 2)
    assert "\x1b" not in done.err


def test_an_address_where_nobody_listens(amv: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    monkeypatch.setenv("AMV_API_KEY", "key")
    refused(amv("--base-url", f"http://127.0.0.1:{port}", "engines"), 6, "amv serve")
    assert amv("engines", "--base-url", f"http://127.0.0.1:{port}", "--json").error["retryable"] is True


@pytest.mark.parametrize(
    "address", ["ftp://x", "music", "http://", "http://u:p@h", "http://a b", "http://h:99999"]
)
def test_an_address_that_is_none(amv: Run, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("AMV_API_KEY", "key")
    refused(amv("--base-url", address, "engines"), 2)


def test_a_data_folder_that_another_process_holds_in_silence_is_no_wrong_usage(
    amv: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl

    monkeypatch.setattr("aimusicverse.cli.connection._SECONDS_TO_WAIT", 0.2)
    (tmp_path / "data").mkdir()
    with (tmp_path / "data" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        refused(amv("engines", "--quiet"), 1, "is held by", "AMV_DATA_DIR")


def test_a_data_folder_that_is_a_file(amv: Run, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("not a folder")
    refused(amv("engines", "--quiet"), 2, "AMV_DATA_DIR")


def test_a_port_that_is_busy(amv_process: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        refused(amv_process("serve", "--port", str(busy.getsockname()[1])), 2, "--port")


def test_a_folder_that_another_server_holds(amv_process: Run) -> None:
    with running("serve", "--port", "0") as process:
        assert process.stderr is not None
        process.stderr.readline()
        refused(amv_process("serve", "--port", "0"), 2, "http://127.0.0.1:")


# -- where the music is to go -------------------------------------------------------------------


def test_a_place_that_is_a_folder_gets_a_file_inside(amv: Run, at_server: RunningServer) -> None:
    Path("songs").mkdir()
    assert amv("generate", "x", "-d", "5", "-o", "songs").out == "songs/x.wav\n"


@pytest.mark.parametrize(
    ("output", "code"),
    [
        ("nowhere/song.wav", 2),
        ("nowhere/", 2),
        ("song.ogg", 2),
        ("", 2),
        ("/proc/song.wav", 1),
        ("/proc/", 1),
        ("/proc/version/song.wav", 1),
        ("x" * 300 + ".wav", 1),
        ("a\x00b.wav", 2),
    ],
)
def test_a_place_that_cannot_be_written_is_refused_before_anything_is_made(
    amv: Run, output: str, code: int
) -> None:
    refused(amv("generate", "x", "-o", output), code)


def test_a_name_and_a_format_that_contradict_each_other(amv: Run) -> None:
    refused(amv("generate", "x", "-o", "song.wav", "--format", "mp3"), 2, "song.wav", "mp3")


def test_a_folder_on_a_read_only_disk(amv: Run, read_only: Path) -> None:
    refused(amv("generate", "x", "-o", str(read_only / "song.wav")), 1, "Read-only file system")


def test_a_device_that_is_always_full(amv: Run, finished: Generation, at_server: RunningServer) -> None:
    refused(
        amv("generations", "wait", finished.id, "-o", "/dev/full", "--quiet"),
        1,
        "No space left on device",
        f"Fetch it again: amv tracks download {finished.tracks[0].id} -o /dev/full",
    )


def test_a_pipe_into_a_full_disk(finished: Generation, at_server: RunningServer) -> None:
    with Path("/dev/full").open("wb") as full:
        words = [AMV, "tracks", "download", finished.tracks[0].id, "-o", "-", "--quiet"]
        done = subprocess.run(words, stdout=full, stderr=subprocess.PIPE, timeout=30)
    refused(
        Result(done.returncode, "", done.stderr.decode()), 1, "No space left on device", "amv tracks download"
    )


def test_a_disk_that_fills_up_keeps_the_old_file_and_no_part_of_the_new(
    amv: Run, finished: Generation, at_server: RunningServer, small_disk: Path
) -> None:
    song = small_disk / "song.wav"
    song.write_bytes(b"old")
    done = amv("tracks", "download", finished.tracks[0].id, "-o", str(song), "--quiet")
    refused(done, 1, "No space left on device")
    assert song.read_bytes() == b"old"
    assert list(small_disk.iterdir()) == [song]
    done = amv("tracks", "download", finished.tracks[0].id, "-o", str(small_disk), "--quiet")
    refused(done, 1, "No space left on device")
    assert list(small_disk.iterdir()) == [song]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    yield from _mounted(tmp_path / "small", "size=64k")


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    yield from _mounted(tmp_path / "fixed", "ro")


def _mounted(place: Path, options: str) -> Iterator[Path]:
    place.mkdir()
    if os.name != "posix" or os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("mounting a small disk needs root")
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", place], capture_output=True)
    if mounted.returncode:
        pytest.skip(f"no disk can be mounted here: {mounted.stderr.decode().strip()}")
    yield place
    subprocess.run(["umount", place], check=True)
