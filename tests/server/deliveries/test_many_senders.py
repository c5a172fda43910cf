"""Several processes that send: each delivery once while nobody dies, and none is lost when one does."""

from __future__ import annotations

import os
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest

from aimusicverse.secret import Secret
from tests.server.conftest import Api
from tests.server.deliveries import process_to_kill
from tests.server.deliveries.receiver import PATIENCE, Receiver, answer_with
from tests.server.deliveries.sending import Sending
from tests.server.processes import until

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals that freeze and kill are POSIX's")

Begin = Callable[..., BaseProcess]


@pytest.fixture(scope="module")
def database_name() -> str:
    """Several processes are for PostgreSQL."""
    return "postgres"


@pytest.fixture
def answers(start: Callable[..., Api]) -> Sending:
    """A server that only answers."""
    return Sending(start(mode="test", jobs=False))


@pytest.fixture
def begin(answers: Sending, database_url: Secret, tmp_path: Path) -> Iterator[Begin]:
    """Starts those that only send."""
    running: list[BaseProcess] = []

    def begin(folder: str = "server", **how: Any) -> BaseProcess:
        home = tmp_path / folder
        home.mkdir(mode=0o700, exist_ok=True)
        if folder != "server":  # another machine has been given the same master key
            (home / "master.key").write_text((tmp_path / "server" / "master.key").read_text())
            (home / "master.key").chmod(0o600)
        how.setdefault("look_every", 0.1)
        running.append(process_to_kill.begin(home, database_url, only_sends=True, **how))
        until(lambda: (tmp_path / f"ready-{running[-1].pid}").exists())
        return running[-1]

    yield begin
    for process in running:
        if process.exitcode is None:
            process.kill()
            process.join()


class Held:
    """A receiver that lets nobody go until it is told to."""

    def __init__(self, receiver: Receiver, status: int = 200) -> None:
        self.released = threading.Event()
        self._status = status
        receiver.usual = self

    def __call__(self, handler: BaseHTTPRequestHandler) -> None:
        self.released.wait(PATIENCE)
        answer_with(self._status)(handler)


def test_two_processes_deliver_everything_once(
    answers: Sending, begin: Begin, receiver: Receiver, tmp_path: Path
) -> None:
    hooks = [answers.webhook(f"{receiver.url}/{name}") for name in ("a", "b", "c")]
    for _ in range(2):
        begin()
    events = [answers.trigger()["id"] for _ in range(60)]
    for hook in hooks:
        answers.settled(hook, "succeeded", len(events))
    came = Counter((one.path, one.id) for one in receiver.received if b"endpoint.test" not in one.body)
    assert len(came) == len(events) * len(hooks)
    assert set(came.values()) == {1}
    for log in tmp_path.glob("log-*"):
        assert '"level": "error"' not in log.read_text()


def test_what_one_that_was_killed_had_in_hand_is_taken_up_at_once_by_the_next_to_sign_on(
    answers: Sending, begin: Begin, receiver: Receiver
) -> None:
    held = Held(receiver)
    hook = answers.webhook(receiver.url)
    begin_all = [answers.trigger()["id"] for _ in range(6)]
    dead = begin()  # a lease of half a minute
    receiver.wait_for(2)
    dead.kill()
    dead.join()
    held.released.set()
    begin()
    answers.settled(hook, "succeeded", len(begin_all))
    assert Counter(one.id for one in receiver.received)[begin_all[-1]] <= 2
    assert all(len(one["attempts"]) == 1 for one in answers.deliveries(hook))  # a crash is not a try


def test_what_one_that_was_killed_elsewhere_had_in_hand_is_taken_up_once_its_lease_has_run_out(
    answers: Sending, begin: Begin, receiver: Receiver
) -> None:
    held = Held(receiver)
    hook = answers.webhook(receiver.url)
    events = [answers.trigger()["id"] for _ in range(6)]
    dead = begin("elsewhere", lease=1.0)
    receiver.wait_for(2)
    dead.kill()
    dead.join()
    held.released.set()
    begin()
    answers.settled(hook, "succeeded", len(events))
    assert {one.id for one in receiver.received} >= set(events)


def test_one_that_stood_still_beyond_its_lease_changes_nothing_and_what_it_got_is_shown(
    answers: Sending, begin: Begin, receiver: Receiver
) -> None:
    hook = answers.webhook(receiver.url, events=["track.*"])
    frozen = begin(lease=1.0)
    answers.until(lambda: receiver.received)  # the test of the endpoint
    held = Held(receiver, 500)
    event = answers.trigger("track.updated")["id"]
    receiver.wait_for(2)
    assert frozen.pid is not None
    os.kill(frozen.pid, signal.SIGSTOP)
    receiver.usual = 200
    begin()
    [found] = answers.settled(hook, "succeeded")
    assert [one["status_code"] for one in found["attempts"]] == [200]
    held.released.set()
    os.kill(frozen.pid, signal.SIGCONT)
    late = answers.until(lambda: len((one := answers.delivery(found["id"]))["attempts"]) == 2 and one)
    assert (late["status"], late["next_attempt_at"]) == ("succeeded", None)
    assert [one["status_code"] for one in late["attempts"]] == [500, 200]
    assert [one.id for one in receiver.received].count(event) == 2
    assert answers.api.get(f"/webhooks/{hook['id']}").json()["failure_count"] == 0


@pytest.mark.long
@pytest.mark.timeout(600)
def test_five_thousand_deliveries_survive_processes_that_are_killed_again_and_again(
    answers: Sending, begin: Begin, receiver: Receiver
) -> None:
    hooks = [answers.webhook(f"{receiver.url}/{number}") for number in range(10)]
    workers = [begin() for _ in range(3)]
    events = []
    for number in range(500):
        events.append(answers.trigger()["id"])
        if number % 25 == 24:
            victim = workers.pop(0)
            victim.kill()
            victim.join()
            workers.append(begin())
    for hook in hooks:
        path = f"/webhooks/{hook['id']}/deliveries?limit=1&status=pending"
        until(lambda path=path: not answers.api.get(path).json()["data"], 120)  # type: ignore[misc]
    came = {(one.path, one.id) for one in receiver.received}
    assert came >= {(f"/hook/{number}", event) for number in range(10) for event in events}
