"""`amv tracks play`, with players on the PATH: small programs that say what they were given."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from urllib.request import urlopen

import pytest

from aimusicverse import Client
from aimusicverse.cli.players import KNOWN
from aimusicverse.types import Generation, Track
from tests.cli.conftest import Run, running
from tests.cli.screen import terminal

pytestmark = pytest.mark.usefixtures("at_server")

#: Notes its arguments, its process and the first bytes of the file, and plays as long as it takes.
_PLAYER = f"""#!{sys.executable} -S
import os, sys, time
note = {{note!r}}
with open(note + ".part", "w", encoding="utf-8") as file:
    print(*sys.argv, os.getpid(), open(sys.argv[-1], "rb").read(4), sep="\\n", file=file)
os.rename(note + ".part", note)
{{then}}
"""

Install = Callable[..., None]


@pytest.fixture
def track(finished: Generation) -> Track:
    return finished.tracks[0]


@pytest.fixture
def note(tmp_path: Path) -> Path:
    """What a player leaves behind."""
    return tmp_path / "played"


@pytest.fixture
def install(tmp_path: Path, note: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Put a player on the PATH, which has nothing else; temporary files are the test's own."""
    programs, temporary = tmp_path / "programs", tmp_path / "temporary"
    programs.mkdir()
    temporary.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", None)

    def install(name: str, then: str = "") -> None:
        program = programs / name
        program.write_text(_PLAYER.format(note=str(note), then=then))
        program.chmod(0o755)

    return install


def heard(note: Path) -> list[str]:
    """What it was called with, its process, and how the file began."""
    return note.read_text("utf-8").splitlines()


def until_it_plays(note: Path) -> int:
    """The process of the player, once it is there."""
    end = time.monotonic() + 20
    while not note.exists():
        assert time.monotonic() < end, "it never played"
        time.sleep(0.02)
    return int(heard(note)[-2])


def is_gone(process: int) -> bool:
    return not Path(f"/proc/{process}").exists()


def left_over(tmp_path: Path) -> list[Path]:
    return list((tmp_path / "temporary").iterdir())


# -- who plays ------------------------------------------------------------------------------------


def test_the_player_that_is_there_gets_the_whole_file_and_the_file_goes(
    amv: Run, track: Track, install: Install, note: Path, tmp_path: Path
) -> None:
    install("ffplay")
    done = amv("tracks", "play", track.id)
    assert (done.code, done.out) == (0, "")
    assert "Playing Rainy Night (0:05) with ffplay; Ctrl-C stops it." in done.err
    program, *options, file, _, began = heard(note)
    assert Path(program).name == "ffplay"
    assert {"-nodisp", "-autoexit"} <= set(options)
    assert Path(file).name == "rainy-night.wav"
    assert began == str(b"RIFF")
    assert left_over(tmp_path) == []


def test_of_several_the_first_in_the_list_plays(amv: Run, track: Track, install: Install, note: Path) -> None:
    install("aplay")
    install("mpv")
    assert amv("tracks", "play", track.id, "--json").data["player"] == "mpv"
    assert amv("tracks", "play", track.id, "--json", "--player", "aplay").data["player"] == "aplay"


def test_a_player_gets_a_format_that_it_plays(amv: Run, track: Track, install: Install, note: Path) -> None:
    install("mpg123")
    assert amv("tracks", "play", track.id).code == 0
    assert Path(heard(note)[-3]).suffix == ".mp3"
    install("aplay")
    assert amv("tracks", "play", track.id).code == 0
    assert Path(heard(note)[-3]).suffix == ".wav"
    assert amv("tracks", "play", track.id, "--format", "mp3").code == 0  # aplay is passed over
    assert [Path(heard(note)[at]).name for at in (0, -3)] == ["mpg123", "rainy-night.mp3"]


def test_where_there_is_none_it_says_what_it_tried(amv: Run, install: Install, track: Track) -> None:
    done = amv("tracks", "play", track.id)
    assert (done.code, done.out) == (1, "")
    for player in KNOWN:
        assert player.name in done.err
    assert "AMV_PLAYER" in done.err
    assert "--browser" in done.err
    assert "Traceback" not in done.err
    install("aplay")
    told = amv("tracks", "play", track.id, "--format", "mp3", "--json")
    assert (told.code, told.error["code"]) == (1, "player_missing")
    assert "aplay (plays no mp3)" in told.error["message"]


def test_a_track_that_is_no_mp3_is_not_given_to_who_plays_only_that(
    amv: Run, client: Client, install: Install, tmp_path: Path
) -> None:
    import numpy as np
    import soundfile

    soundfile.write(tmp_path / "high.wav", np.zeros((96_000, 2)), 96_000)
    high = client.tracks.upload(tmp_path / "high.wav")
    install("mpg123")
    done = amv("tracks", "play", high.id)
    assert (done.code, "mpg123 cannot play this track" in done.err) == (1, True)
    refused = amv("tracks", "play", high.id, "--format", "mp3")
    assert (refused.code, "Formats of it: wav, flac" in refused.err) == (2, True)


@pytest.mark.parametrize("by", ["option", "environment"])
def test_one_can_name_the_player(
    amv: Run, track: Track, install: Install, note: Path, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    install("mpv")
    install("own player")
    words = "'own player' --volume=60 'a b'"
    if by == "environment":
        monkeypatch.setenv("AMV_PLAYER", words)
    done = amv("tracks", "play", track.id, *(["--player", words] if by == "option" else []), "--json")
    assert done.data["player"] == "own player"
    assert heard(note)[1:3] == ["--volume=60", "a b"]


def test_a_player_that_we_know_is_called_as_we_know_it_unless_options_are_given(
    amv: Run, track: Track, install: Install, note: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install("mpg123")
    monkeypatch.setenv("AMV_PLAYER", "mpg123")
    assert amv("tracks", "play", track.id).code == 0
    assert heard(note)[1] == "-q"
    assert amv("tracks", "play", track.id, "--player", "mpg123 --mono").code == 0
    assert heard(note)[1] == "--mono"
    assert Path(heard(note)[-3]).suffix == ".mp3"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("winamp", "there is no program winamp"),
        ("'mpv", "a quotation mark is not closed"),
        ("", "there is no program"),
        ("/", "there is no program /"),
        ("aplay", "aplay plays no mp3"),
    ],
)
def test_a_player_that_cannot_be_is_wrong_usage(
    amv: Run, track: Track, install: Install, words: str, why: str
) -> None:
    install("aplay")
    done = amv("tracks", "play", track.id, "--player", words, "--format", "mp3")
    assert (done.code, done.out) == (2, "")
    assert f"--player: {why}" in done.err


def test_before_a_player_is_found_no_server_is_asked(amv: Run, install: Install) -> None:
    assert amv("tracks", "play", "trk_x", "--base-url", "http://127.0.0.1:9").code == 1


def test_what_is_not_there_is_not_played(amv: Run, install: Install, note: Path) -> None:
    install("mpv")
    assert amv("tracks", "play", "trk_unknown").code == 4
    assert not note.exists()


# -- how it ends ----------------------------------------------------------------------------------


def test_a_player_that_fails_is_named_with_its_last_words(
    amv: Run, track: Track, install: Install, tmp_path: Path
) -> None:
    install("mpv", "print('starting'); sys.exit('no sound card\\x1b[2J')")
    done = amv("tracks", "play", track.id)
    assert (done.code, done.out) == (1, "")
    assert "error: mpv ended with 1: no sound card\\x1b[2J. --player names another one." in done.err
    assert amv("tracks", "play", track.id, "--json").error["code"] == "player_failed"
    assert left_over(tmp_path) == []
    install("mpv", "os.kill(os.getpid(), 9)")
    assert "mpv was ended by signal 9" in amv("tracks", "play", track.id).err


def test_a_player_that_cannot_be_started_says_why(amv: Run, track: Track, install: Install) -> None:
    install("mpv")
    Path(os.environ["PATH"], "mpv").write_text("#!/nowhere/python\n")
    done = amv("tracks", "play", track.id)
    assert done.code == 1
    assert "mpv cannot be started: No such file or directory" in done.err


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_stopping_it_stops_the_player_and_leaves_nothing(
    track: Track, install: Install, note: Path, tmp_path: Path, number: signal.Signals, code: int
) -> None:
    install("mpv", "time.sleep(60)")
    with running("tracks", "play", track.id, "--format", "flac") as process:
        player = until_it_plays(note)
        process.send_signal(number)
        out, err = process.communicate(timeout=20)
        assert process.returncode == code
    assert out == b""
    last = err.decode().splitlines()[-1]
    assert last == f"error: stopped playing {track.id}. Again: amv tracks play {track.id} --format flac"
    assert is_gone(player)
    assert left_over(tmp_path) == []


def test_a_player_that_does_not_listen_is_ended_by_force(track: Track, install: Install, note: Path) -> None:
    install(
        "mpv",
        "import signal; signal.signal(15, signal.SIG_IGN); open(note + '.deaf', 'x'); time.sleep(60)",
    )
    with running("tracks", "play", track.id, "--json") as process:
        player = until_it_plays(note)
        while not Path(f"{note}.deaf").exists():
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=20)
        assert process.returncode == 143
    assert b'"code": "terminated"' in err
    assert is_gone(player)


def test_in_a_terminal_the_player_has_it_and_ctrl_c_ends_both(
    track: Track, install: Install, note: Path
) -> None:
    install("mpv", "print('at 0:01'); print(sys.stdin.readline().upper(), flush=True); time.sleep(60)")
    with terminal("tracks", "play", track.id) as screen:
        until_it_plays(note)
        screen.type("louder\n")
        screen.until("at 0:01")
        screen.until("LOUDER")
        screen.type("\x03")
        assert screen.end() == 130
    assert "Again: amv tracks play" in screen.shown


def test_what_a_script_reads_is_not_eaten(amv_process: Run, track: Track, install: Install) -> None:
    install("mpv", "sys.exit(len(sys.stdin.read()))")
    assert amv_process("tracks", "play", track.id, input=b"the next id\n").code == 0


# -- in the browser -------------------------------------------------------------------------------


def test_a_browser_gets_a_link_without_a_key(
    amv_process: Run,
    track: Track,
    install: Install,
    note: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    browser = tmp_path / "browser"
    browser.write_text(f'#!{sys.executable} -S\nimport sys\nopen({str(note)!r}, "w").write(sys.argv[1])\n')
    browser.chmod(0o755)
    monkeypatch.setenv("BROWSER", str(browser))
    done = amv_process("tracks", "play", track.id, "--browser", "--json")
    assert (done.code, done.data["player"], done.err) == (0, "browser", "")
    with urlopen(note.read_text()) as answer:
        assert answer.headers["Content-Type"] == "audio/mpeg"


def test_without_a_browser_it_says_how_to_get_the_link(
    amv_process: Run, track: Track, install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    done = amv_process("tracks", "play", track.id, "--browser")
    assert (done.code, done.out) == (1, "")
    assert "amv tracks play-url" in done.err


def test_a_browser_is_not_sent_to_a_server_that_ends_with_the_command(
    amv: Run, install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AMV_BASE_URL")
    done = amv("tracks", "play", "trk_1", "--browser")
    assert (done.code, "amv serve" in done.err) == (2, True)
    assert amv("tracks", "play", "trk_1", "--browser", "--player", "mpv").code == 2


def test_a_link_that_is_none_is_not_opened(
    amv: Run, track: Track, monkeypatch: pytest.MonkeyPatch, install: Install
) -> None:
    from aimusicverse.resources._sync.tracks import Tracks

    ask = Tracks.play_url

    def lying(self: Tracks, *args: object, **kwargs: object) -> object:
        return ask(self, *args, **kwargs).model_copy(update={"url": "file:///etc/passwd"})  # type: ignore[arg-type]

    monkeypatch.setattr(Tracks, "play_url", lying)
    done = amv("tracks", "play", track.id, "--browser", "--json")
    assert (done.code, done.error["code"]) == (1, "link_invalid")
