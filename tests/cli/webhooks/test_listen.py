"""The events of a server, on a machine that it cannot reach."""

from __future__ import annotations

import json
import shlex
import shutil
import stat
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from aimusicverse import Client, LocalServer
from aimusicverse.cli.webhooks.local_secret import local_secret
from tests.cli.conftest import Run, running
from tests.cli.screen import terminal
from tests.cli.webhooks.listening import listening
from tests.server.deliveries.receiver import Receiver, answer_with, receiving
from tests.server.processes import programs, until


@pytest.fixture(scope="module")
def local() -> Iterator[LocalServer]:
    """A server in dev mode, with a test key."""
    with LocalServer() as server:
        yield server


@pytest.fixture
def at_desk(local: LocalServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """`amv` talks to it; and so does who gets this."""
    monkeypatch.setenv("AMV_BASE_URL", local.url)
    monkeypatch.setenv("AMV_API_KEY", local.api_key)
    with local.client() as client:
        yield client
    local.faults.clear()


@pytest.fixture
def program() -> Iterator[Receiver]:
    """What a developer has on his desk."""
    with receiving() as one:
        yield one


def printed_secret(amv: Run) -> str:
    return amv("listen", "--print-secret").out.strip()


def test_what_is_forwarded_is_what_the_server_sends(
    amv: Run, at_desk: Client, program: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")  # nobody asks it
    endpoint = at_desk.webhooks.create(f"{program.url}/server", events="generation.*")
    try:
        with listening("--forward-to", f"{program.url}/here", "--exit-after", "1") as listen:
            event = at_desk.webhooks.trigger("generation.completed", data={"title": "Grüße, ♪"})
            done = listen.ended()
        first, second = sorted(program.of_type("generation.completed", 2), key=lambda one: one.path)
    finally:
        at_desk.webhooks.delete(endpoint)
    assert done.code == 0, done.err
    assert (first.path, second.path) == ("/hook/here", "/hook/server")
    assert first.body == second.body
    own = {"webhook-timestamp", "webhook-signature"}
    assert {k.lower(): v for k, v in first.headers.items() if k.lower() not in own} == {
        k.lower(): v for k, v in second.headers.items() if k.lower() not in own
    }
    assert first.judged(printed_secret(amv)).id == event.id
    [told], [came] = listen.of("forwarded"), listen.of("event")
    assert (came["id"], came["data"]["title"], came["test"]) == (event.id, "Grüße, ♪", True)
    assert (told["id"], told["seq"], told["accepted"]) == (event.id, event.seq, True)
    assert (told["status_code"], told["number"], told["error"]) == (200, 1, None)
    assert told["duration_ms"] > 0
    assert listen.seen[-1] == {"kind": "done", "forwarded": 1, "accepted": 1, "after": event.seq}


def test_only_the_events_that_are_wanted_are_forwarded(at_desk: Client, program: Receiver) -> None:
    words = ["--forward-to", program.url, "--events", "track.*,playlist.updated", "--exit-after", "2"]
    with listening(*words) as listen:
        for type in ("generation.started", "track.created", "endpoint.test", "playlist.updated"):
            at_desk.webhooks.trigger(type)
        assert listen.ended().code == 0
    assert [told["type"] for told in listen.of("forwarded")] == ["track.created", "playlist.updated"]
    assert len(program.received) == 2


@pytest.mark.parametrize("beginning", ["--after", "--since"])
def test_it_can_begin_earlier(at_desk: Client, program: Receiver, beginning: str) -> None:
    seq = at_desk.webhooks.trigger("track.created").seq
    at_desk.webhooks.trigger("playlist.updated")
    if beginning == "--since":
        seq = (
            at_desk.webhooks.events(since=str(at_desk.webhooks.events(after=seq - 1).data[0].timestamp))
            .data[0]
            .seq
            - 1
        )
    value = str(seq - 1) if beginning == "--after" else "5s"
    with listening("--forward-to", program.url, beginning, value, "--timeout", "20") as listen:
        caught_up = listen.until("caught_up")
        types = [told["type"] for told in listen.of("forwarded")]
        at_desk.webhooks.trigger("track.deleted")
        assert listen.until("forwarded")["type"] == "track.deleted"
    assert types[-2:] == ["track.created", "playlist.updated"]
    assert caught_up["events"] == len(types) >= 2
    if beginning == "--after":
        assert len(types) == 2


def test_what_is_not_accepted_is_shown_and_not_tried_again(
    amv_process: Run, at_desk: Client, program: Receiver
) -> None:
    program.answers.extend([answer_with(500, b"no such table: song"), 307, 200])
    with listening("--forward-to", program.url, "--exit-after", "3") as listen:
        events = [at_desk.webhooks.trigger("track.created") for _ in range(3)]
        done = listen.ended()
    assert done.code == 1
    assert (done.error["code"], done.error["message"]) == ("not_accepted", "2 of 3 events not accepted")
    told = listen.of("forwarded")
    assert [(one["status_code"], one["accepted"]) for one in told] == [
        (500, False),
        (307, False),
        (200, True),
    ]
    assert told[0]["response_body"] == "no such table: song"
    assert len(program.received) == 3
    again = done.error["hint"].partition("again: amv ")[2]
    assert amv_process(*shlex.split(again)).code == 0
    assert [one.id for one in program.received[3:]] == [events[0].id]


def test_a_program_that_does_not_run_is_told(at_desk: Client) -> None:
    with receiving() as gone:
        pass
    with listening("--forward-to", gone.url, "--exit-after", "1") as listen:
        at_desk.webhooks.trigger("track.created")
        assert listen.ended().code == 1
    [told] = listen.of("forwarded")
    assert (told["status_code"], told["error"]) == (None, "connect")
    assert "refused" in told["error_detail"]


def test_who_asks_for_it_gets_the_same_message_again(at_desk: Client, program: Receiver) -> None:
    program.answers.extend([503])
    with listening("--forward-to", program.url, "--exit-after", "1", "--retries", "2") as listen:
        at_desk.webhooks.trigger("track.created")
        assert listen.ended().code == 0
    assert [(one["number"], one["next_attempt_in_seconds"]) for one in listen.of("forwarded")] == [
        (1, 1),
        (2, None),
    ]
    first, second = program.received
    assert (first.id, first.body) == (second.id, second.body)


def test_an_outage_is_told_and_nothing_is_lost_or_told_twice(
    local: LocalServer, at_desk: Client, program: Receiver
) -> None:
    with listening("--forward-to", program.url, "--exit-after", "6") as listen:
        local.faults.add("GET /events", times=2, status=503)
        local.faults.add("GET /events", drop="before")
        local.faults.add("GET /events", drop="after")
        events = [at_desk.webhooks.trigger("track.created") for _ in range(5)]
        listen.until("caught_up")
        events.append(at_desk.webhooks.trigger("track.created"))
        assert listen.ended().code == 0
    assert [one["seq"] for one in listen.of("forwarded")] == [event.seq for event in events]
    assert [one["attempt"] for one in listen.of("reconnecting")] == [1, 2, 3, 4]
    assert listen.seen[0]["kind"] == "ready"


def test_a_server_that_is_killed_and_started_again_is_caught_up_with(
    amv: Run, amv_process: Run, program: Receiver, tmp_path: Path
) -> None:
    secret = printed_secret(amv)
    with programs(tmp_path / "data", None) as start:
        server = start("serve", "--port", "0")
        until(server.where)
        with listening("--forward-to", program.url) as listen:
            assert amv("playlists", "create", "before").code == 0
            listen.until("forwarded")
            server.process.kill()
            server.process.wait()
            listen.until("reconnecting")
            with listen.frozen():
                server = start("serve", "--port", "0")
                until(server.where)
                for title in ("first", "second"):
                    assert amv("playlists", "create", title).code == 0
            assert listen.until("caught_up")["events"] == 2
            done = listen.interrupt()
        assert done.code == 130
        assert done.error["message"] == "interrupted; 3 events forwarded"
        names = [one.judged(secret).data["title"] for one in program.received]
        assert names == ["before", "first", "second"]

        assert amv("playlists", "create", "third").code == 0
        line = shlex.split(done.error["hint"].partition("Go on: amv ")[2])
        assert amv_process(*line, "--exit-after", "1").code == 0
    assert [one.judged(secret).data["title"] for one in program.received[3:]] == ["third"]


def test_a_server_with_another_log_is_told_and_followed(program: Receiver, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with LocalServer(folder) as server, server.client() as client:
        for title in "abc":
            client.playlists.create(title)
        with listening("--forward-to", program.url, "--exit-after", "2") as listen:
            client.playlists.create("d")
            listen.until("forwarded")
            server.close()
            listen.until("reconnecting")
            secret = (folder / "listen.secret").read_bytes()
            shutil.rmtree(folder)
            with LocalServer(folder) as other, other.client() as stranger:
                (folder / "listen.secret").write_bytes(secret)
                stranger.playlists.create("e")
                assert listen.ended().code == 0
    assert listen.of("another_log") == [{"kind": "another_log", "after": 0}]
    assert [one.judged(secret.decode().strip()).data["title"] for one in program.received] == ["d", "e"]


def test_an_allowance_that_is_used_up_is_waited_for(
    local: LocalServer, at_desk: Client, program: Receiver
) -> None:
    with listening("--forward-to", program.url, "--exit-after", "2") as listen:
        local.faults.add("GET /events", status=429, retry_after="1")
        for _ in range(2):
            at_desk.webhooks.trigger("track.created")
        assert listen.ended().code == 0
    assert listen.of("waiting") == [{"kind": "waiting", "reason": "rate_limit", "in_seconds": 1.0}]


def test_a_server_that_refuses_ends_it_with_the_command_that_goes_on(
    local: LocalServer, at_desk: Client, program: Receiver
) -> None:
    local.faults.add("GET /events", delay_seconds=0.01)  # of the beginning
    local.faults.add("GET /events", status=401)
    with running("listen", "--forward-to", program.url, "--json") as process:
        _, err = process.communicate(timeout=20)
    told = json.loads(err)
    assert (process.returncode, told["status"]) == (3, None)
    assert f"Go on: amv webhooks listen --forward-to {program.url} --after " in told["hint"]


def test_when_the_time_is_up_it_says_how_to_go_on(at_desk: Client, program: Receiver) -> None:
    event = at_desk.webhooks.trigger("track.created")
    wanted = ["--forward-to", program.url, "--events", "track.*"]
    ends = ["--timeout", "2", "--exit-after", "3"]
    with listening(*wanted, *ends, "--after", str(event.seq - 1)) as listen:
        done = listen.ended()
    assert done.code == 7
    assert (done.error["code"], done.error["message"]) == (
        "timeout",
        "the time is up after 2 s; 1 event forwarded",
    )
    assert done.error["hint"] == (
        f"Go on: amv webhooks listen --forward-to {program.url} --events 'track.*' --after {event.seq} "
        "--exit-after 2 --timeout 2 --json"
    )


def test_a_program_that_does_not_answer_does_not_outlast_the_time(at_desk: Client, program: Receiver) -> None:
    over = threading.Event()
    program.usual = lambda handler: over.wait(20) and None
    before = at_desk.webhooks.trigger("track.created").seq - 1
    began = time.monotonic()
    with listening("--forward-to", program.url, "--timeout", "2", "--after", str(before)) as listen:
        done = listen.ended()
    over.set()
    assert done.code == 7
    assert f"--after {before} " in done.error["hint"]  # it was not answered: it is sent again
    assert time.monotonic() - began < 15  # which is what an answer may take


def test_a_person_sees_rows_and_what_was_answered(at_desk: Client, program: Receiver) -> None:
    program.answers.extend([200, answer_with(500, b"\x1b[31mbad\nnews")])
    with terminal("listen", "--forward-to", program.url) as screen:
        screen.until("Ready: events of")
        first = at_desk.webhooks.trigger("generation.completed")
        second = at_desk.webhooks.trigger("track.created")
        screen.until("\\x1b[31mbad\\nnews")
        screen.until("# sends it again")
        screen.type("\x03")
        assert screen.end() == 130
    assert f"generation.completed         {first.id}  200  " in screen.shown
    assert f"track.created                {second.id}  500  " in screen.shown
    assert (
        f"Go on: amv webhooks listen --forward-to {program.url} --after {second.seq}"
        in screen.shown.replace("\n", "")
    )
    assert b"\x1b[31mbad" not in screen.raw


def test_the_secret_stays_and_only_its_owner_can_read_it(
    amv: Run, at_desk: Client, program: Receiver, tmp_path: Path
) -> None:
    with ThreadPoolExecutor(8) as pool:
        secrets = {secret.get_secret_value() for secret in pool.map(local_secret, [tmp_path / "data"] * 8)}
    assert secrets == {printed_secret(amv)}
    assert amv("webhooks", "listen", "--print-secret", "--json").data == {"secret": secrets.pop()}
    file = tmp_path / "data" / "listen.secret"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [one.name for one in file.parent.iterdir()] == [file.name]

    with listening("--forward-to", program.url, "--env-file", "my.env", "--exit-after", "1") as listen:
        at_desk.webhooks.trigger("track.created")
        listen.ended()
    name, _, secret = Path("my.env").read_text().strip().partition("=")
    assert name == "WEBHOOK_SECRET"
    program.received[0].judged(secret)


def test_a_secret_that_others_can_read_or_that_is_none_is_not_used(amv: Run, tmp_path: Path) -> None:
    file = tmp_path / "data" / "listen.secret"
    printed_secret(amv)
    file.chmod(0o640)
    done = amv("listen", "--print-secret")
    assert (done.code, done.out) == (1, "")
    assert "is open to others. Remove it" in done.err
    file.chmod(0o600)
    file.write_text("whsec_short")
    done = amv("listen", "--print-secret", "--json")
    assert done.error["code"] == "local_secret_unusable"
    file.unlink()
    assert amv("listen", "--print-secret").code == 0


def test_without_a_server_none_is_started_just_for_listening(amv: Run, tmp_path: Path) -> None:
    done = amv("listen", "--forward-to", "127.0.0.1:8000/hook", "--json")
    assert (done.code, done.error["code"]) == (6, "no_server")
    assert "amv serve" in done.error["hint"]
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "--forward-to URL"),
        (["--forward-to", "ftp://127.0.0.1/x"], "http://127.0.0.1:8000/hook"),
        (["--forward-to", "http://user:secret@127.0.0.1/x"], "user name or password"),
        (["--forward-to", "127.0.0.1:8000", "--events", "track.made"], "distribution.live"),
        (["--forward-to", "127.0.0.1:8000", "--events", "tracks"], "'tracks' is no type of events"),
        (["--forward-to", "127.0.0.1:8000", "--since", "2h", "--after", "3"], "give one"),
        (["--forward-to", "127.0.0.1:8000", "--since", "later"], "is no time"),
        (["--forward-to", "127.0.0.1:8000", "--timeout", "0"], "more than 0"),
        (["--forward-to", "127.0.0.1:8000", "--exit-after", "0"], "--exit-after"),
        (["--forward-to", "127.0.0.1:8000", "--env-file", "."], "is a folder"),
        (["--print-secret", "--env-file", "x"], "stands alone"),
    ],
)
def test_wrong_usage_is_told_before_anything_is_asked(amv: Run, words: list[str], told: str) -> None:
    done = amv("listen", *words)
    assert (done.code, done.out) == (2, "")
    assert told in done.err
    assert "secret@" not in done.err
