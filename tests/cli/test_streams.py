"""Standard streams that the caller has closed."""

from __future__ import annotations

import subprocess
from itertools import combinations
from pathlib import Path

import pytest

from aimusicverse.server.running import RunningServer
from aimusicverse.types import Generation
from tests.cli.conftest import AMV

_CLOSED = [closed for count in (1, 2, 3) for closed in combinations(("<&-", ">&-", "2>&-"), count)]
closed_streams = pytest.mark.parametrize("closed", _CLOSED, ids=" ".join)


def run(closed: tuple[str, ...], *words: str) -> subprocess.CompletedProcess[bytes]:
    """`amv` without the streams that a shell closes like that."""
    script = f'exec "$@" {" ".join(closed)}'
    done = subprocess.run(["sh", "-c", script, "sh", AMV, *words], input=b"", capture_output=True, timeout=60)
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr
    return done


@closed_streams
def test_music_is_made_whichever_streams_are_closed(
    closed: tuple[str, ...], at_server: RunningServer
) -> None:
    done = run(closed, "generate", "x", "-d", "5", "-q", "-o", "x.wav")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == (b"" if ">&-" in closed else b"x.wav\n")
    assert Path("x.wav").read_bytes().startswith(b"RIFF")
    assert [path.name for path in Path().iterdir()] == ["x.wav"]


@closed_streams
def test_lists_and_help_end_well_whichever_streams_are_closed(
    closed: tuple[str, ...], at_server: RunningServer
) -> None:
    for words in (["--help"], ["--version"], ["tracks", "list"], ["engines", "--json"]):
        done = run(closed, *words)
        assert (done.returncode, done.stderr) == (0, b"")


@closed_streams
def test_a_failure_has_its_exit_code_whichever_streams_are_closed(closed: tuple[str, ...]) -> None:
    for words in (["generate", ""], ["tracks"], ["generate", "x", "--plan", "-"], ["tracks", "delete", "x"]):
        assert run(closed, *words).returncode == 2


def test_audio_for_a_closed_output_is_no_success(finished: Generation, at_server: RunningServer) -> None:
    track = finished.tracks[0].id
    done = run((">&-",), "tracks", "download", track, "-o", "-", "-q")
    assert done.returncode == 1
    assert f"Fetch it again: amv tracks download {track}" in done.stderr.decode()


def test_a_server_of_our_own_starts_without_any_stream() -> None:
    assert run(("<&-", ">&-", "2>&-"), "engines").returncode == 0
