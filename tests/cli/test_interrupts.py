"""Being stopped is no loss: what was begun goes on, and the command that fetches it is on the screen."""

from __future__ import annotations

import json
import shlex
import signal
import threading
import time
from pathlib import Path

import pytest

from aimusicverse import Client
from aimusicverse.cli import interrupts
from aimusicverse.server.generation.service import topic
from aimusicverse.server.running import RunningServer
from tests.cli.conftest import Run, running
from tests.server.quick_engine import QuickEngine

pytestmark = pytest.mark.usefixtures("at_server")


def begun(client: Client, server: RunningServer, prompt: str) -> str:
    """The id of the generation, once it is being rendered and the program knows of it: it waits for it."""
    waited_for = server.services.store.signals._listeners
    for _ in range(400):
        for generation in client.generation.list(status="processing", limit=5).page().data:
            # One is the render, which wants to know of a cancel; the other one is the program's long poll.
            if generation.prompt == prompt and len(waited_for.get(topic(generation.id), ())) >= 2:
                return generation.id
        time.sleep(0.02)
    raise AssertionError("it never began")


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_the_line_that_is_printed_brings_the_music(
    amv: Run,
    client: Client,
    server: RunningServer,
    held: QuickEngine,
    number: signal.Signals,
    code: int,
) -> None:
    with running("generate", f"stopped by {code}", "-d", "5", "-o", "my song.wav") as process:
        generation = begun(client, server, f"stopped by {code}")
        process.send_signal(number)
        out, err = process.communicate(timeout=20)
        assert process.returncode == code, err
    assert out == b""
    last = err.decode().splitlines()[-1]
    assert last.startswith(f"error: interrupted; {generation} is kept. Resume: amv ")
    assert "Traceback" not in err.decode()
    assert client.generation.get(generation).status == "processing"  # it was not cancelled

    held.held.clear()
    assert amv(*shlex.split(last.partition("Resume: amv ")[2])).out == "my song.wav\n"
    assert Path("my song.wav").stat().st_size > 100_000


def test_without_a_server_too_the_work_is_taken_up_again(
    amv_process: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AMV_BASE_URL")  # and so with the studio, in a server that ends with the command
    with running("generate", "lofi", "-d", "8", "-o", "song.wav") as process:
        assert process.stderr is not None
        assert process.stderr.readline().startswith(b"No server is running")
        assert process.stderr.readline().startswith(b"queued")
        process.send_signal(signal.SIGINT)
        err = process.stderr.read().decode()
        assert process.wait(timeout=20) == 130
    line = err.splitlines()[-1].partition("Resume: amv ")[2]
    assert amv_process(*shlex.split(line), "--quiet").out == "song.wav\n"
    assert Path("song.wav").stat().st_size > 1_000_000


def test_with_json_the_interrupt_is_an_object_like_every_error(
    client: Client, server: RunningServer, held: QuickEngine
) -> None:
    with running("generate", "stopped with json", "-d", "5", "--json") as process:
        generation = begun(client, server, "stopped with json")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
        assert process.returncode == 130
    told = json.loads(err)
    assert out == b""
    assert told["code"] == "interrupted"
    assert told["hint"] == f"Resume: amv generations wait {generation} -o stopped-with-json.wav --json"


def test_an_impatient_second_interrupt_ends_it_without_a_traceback(
    client: Client, server: RunningServer, held: QuickEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG"):
        monkeypatch.delenv(name, raising=False)  # its last save would be what the second one hits
    with running("generate", "stopped twice", "-d", "5") as process:
        begun(client, server, "stopped twice")
        for _ in range(5):
            process.send_signal(signal.SIGINT)
            time.sleep(0.02)
        _, err = process.communicate(timeout=20)
        assert process.returncode == 130
    assert b"Resume: amv generations wait gen_" in err
    assert b"Traceback" not in err


def test_an_interrupt_of_the_clearing_up_still_tells_the_line(
    amv: Run, held: QuickEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stuck(*_: object) -> None:
        raise KeyboardInterrupt

    threading.Timer(1.0, signal.raise_signal, [signal.SIGINT]).start()
    monkeypatch.setattr("aimusicverse.Client.__exit__", stuck)
    done = amv("generate", "x", "-d", "5")
    assert done.code == 130
    assert "Resume: amv generations wait gen_" in done.err


def test_one_impatience_is_one_interrupt(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(interrupts.time, "monotonic", lambda: now[0])
    with interrupts.as_exceptions():
        with pytest.raises(interrupts.Terminated):
            signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGINT)
        now[0] = 3.0
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_what_was_ignored_before_stays_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with interrupts.as_exceptions():
            signal.raise_signal(signal.SIGINT)
        interrupts.ignore_from_now_on()
        signal.raise_signal(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGINT, before)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGHUP, signal.SIG_DFL)


def test_a_hang_up_is_not_heard_after_nohup() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with interrupts.as_exceptions():
            signal.raise_signal(signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)


def test_other_threads_have_no_signals_to_take() -> None:
    def use() -> None:
        with interrupts.as_exceptions():
            used.append(signal.getsignal(signal.SIGTERM))

    used: list[object] = []
    thread = threading.Thread(target=use)
    thread.start()
    thread.join()
    assert used == [signal.SIG_DFL]


def test_an_interrupt_before_the_server_has_answered_says_where_to_look(
    amv: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("aimusicverse.resources._sync.generation.Generations.create", interrupted)
    done = amv("generate", "x")
    assert done.code == 130
    assert "See whether it began: amv generations list" in done.err
    assert not list(Path().iterdir())


def test_an_interrupt_anywhere_else_is_one_line(amv: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("aimusicverse.resources._sync.generation.Generations.engines", interrupted)
    done = amv("engines")
    assert (done.code, done.err) == (130, "error: interrupted.\n")


def test_a_reader_who_has_seen_enough_ends_it_quietly(client: Client) -> None:
    for _ in range(3):
        client.generation.create("x", duration_seconds=5)
    with running("events", "list", "--limit", "100") as process:
        assert process.stdout is not None
        process.stdout.close()  # before anything was written
        assert process.stderr is not None
        assert process.stderr.read() == b""
        assert process.wait(timeout=20) == 0


def test_a_reader_of_audio_who_leaves_is_told_how_to_fetch_it_again(client: Client) -> None:
    with running("generate", "x", "-d", "600", "-o", "-", "--quiet") as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        err = process.stderr.read().decode()
        assert process.wait(timeout=20) == 1
    assert "standard output could not be written: Broken pipe" in err
    assert "Fetch it again: amv tracks download trk_" in err
    assert "Traceback" not in err
    assert "Exception ignored" not in err
