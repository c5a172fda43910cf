"""What was sent to an endpoint, and sending it again."""

from __future__ import annotations

import re
import shlex
import signal
from collections.abc import Iterator

import pytest

from aimusicverse import Client, LocalServer
from aimusicverse.types import WebhookReplay
from tests.cli.conftest import Run
from tests.cli.screen import terminal
from tests.server.deliveries.receiver import Receiver, answer_with, receiving


@pytest.fixture(scope="module")
def local() -> Iterator[LocalServer]:
    with LocalServer() as server:
        yield server


@pytest.fixture(autouse=True)
def client(local: LocalServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    monkeypatch.setenv("AMV_BASE_URL", local.url)
    monkeypatch.setenv("AMV_API_KEY", local.api_key)
    with local.client() as client:
        yield client


@pytest.fixture(scope="module")
def program() -> Iterator[Receiver]:
    with receiving() as one:
        yield one


@pytest.fixture
def webhook(client: Client, program: Receiver) -> Iterator[str]:
    """An endpoint whose first test event has arrived."""
    program.answers.clear()
    program.usual = 200
    program.received.clear()
    made = client.webhooks.create(program.url, events="playlist.*")
    program.of_type("endpoint.test")
    yield made.id
    client.webhooks.delete(made.id)


def test_a_test_event_shows_what_the_endpoint_answers(amv: Run, webhook: str, program: Receiver) -> None:
    done = amv("webhooks", "test", webhook, "--json")
    assert (done.code, done.data["status"], done.data["event_type"]) == (0, "succeeded", "endpoint.test")
    program.answers.append(answer_with(418, b"teapot"))
    done = amv("webhooks", "test", webhook)
    assert done.code == 1
    assert re.search(r"^try 1\t\S+  418  \d+ ms$", done.out, re.M)
    assert "answered\tteapot\n" in done.out
    assert "status\tpending\n" in done.out
    assert amv("webhooks", "test", webhook, "--no-wait", "--json").data["attempts"] == []


def test_deliveries_are_listed_with_tries_answers_and_what_comes_next(
    amv: Run, webhook: str, program: Receiver
) -> None:
    program.usual = 500
    assert amv("webhooks", "test", webhook).code == 1
    rows = [line.split("\t") for line in amv("webhooks", "deliveries", webhook).out.splitlines()]
    pending, first = rows
    assert (pending[1:3], pending[4]) == (["endpoint.test", "pending"], "500")
    assert int(pending[3]) >= 1
    assert pending[5].endswith("Z")
    assert first[2:6] == ["succeeded", "1", "200", ""]
    only = amv("webhooks", "deliveries", webhook, "--status", "succeeded", "--json").data["data"]
    assert [one["id"] for one in only] == [first[0]]
    with terminal("webhooks", "deliveries", webhook) as screen:
        assert screen.end() == 0
    assert re.search(r"STATUS +TRIES +LAST", screen.shown)
    assert re.search(r"pending +\d +500 +(in \d+ s|now)$", screen.shown, re.M)
    program.usual = 200

    again = amv("webhooks", "redeliver", first[0], "--json")
    assert (again.code, again.data["status"]) == (0, "succeeded")
    both = amv("webhooks", "delivery", first[0], "--json").data
    assert [one["status_code"] for one in both["attempts"]] == [200, 200]
    assert [one.id for one in program.received].count(both["event_id"]) == 2


def test_a_delivery_that_is_not_there_says_where_to_look(amv: Run) -> None:
    done = amv("webhooks", "delivery", "dlv_0000000000000000000000")
    assert done.code == 4
    assert "See: amv webhooks deliveries WEBHOOK" in done.err


def test_what_an_endpoint_missed_is_sent_again(
    amv: Run, client: Client, webhook: str, program: Receiver
) -> None:
    before = client.webhooks.events(after="latest").last_seq
    client.webhooks.update(webhook, enabled=False)
    missed = [client.playlists.create(title) for title in "ab"]
    client.webhooks.update(webhook, enabled=True)
    done = amv("webhooks", "replay", webhook, "--after", str(before), "--json")
    assert (done.code, done.data["queued"], done.data["done"]) == (0, 2, True)
    program.of_type("playlist.updated", 2)
    done = amv("webhooks", "replay", webhook, "--since", "1h")
    assert done.out.startswith("queued\t0\nskipped\t")
    [event] = [one for one in client.webhooks.events(after=before).data if one.data["id"] == missed[0].id]
    assert amv("webhooks", "replay", webhook, event.id, "--delivered-too", "--json").data["queued"] == 1
    assert [one.id for one in program.of_type("playlist.updated", 3)].count(event.id) == 2


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["--since", "2026-11-26T10:00Z", "--delivered-too"], "--after 500 --delivered-too"),
        (["--after", "7"], "--after 500"),
        ([f"evt_{number}" for number in range(150)], " ".join(f"evt_{number}" for number in range(100, 150))),
    ],
)
def test_interrupted_it_prints_the_command_that_goes_on(
    amv: Run, webhook: str, monkeypatch: pytest.MonkeyPatch, words: list[str], hint: str
) -> None:
    def stopped(_resource: object, _webhook: str, _events: object, *, progress: object, **_: object) -> None:
        assert callable(progress)
        progress(WebhookReplay(queued=12, skipped=3, last_seq=500, done=False))
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr("aimusicverse.resources._sync.webhooks.Webhooks.replay", stopped)
    done = amv("webhooks", "replay", webhook, *words, "--json")
    assert (done.code, done.out) == (130, "")
    assert done.error["message"] == "interrupted; 12 queued"
    assert done.error["hint"] == f"Go on: amv webhooks replay {webhook} {hint} --json"


def test_the_command_that_goes_on_is_as_it_was_if_nothing_was_done_yet(
    amv: Run, local: LocalServer, webhook: str
) -> None:
    local.faults.add("POST /webhooks/{webhook_id}/replay", times=3, status=503)
    done = amv("webhooks", "replay", webhook, "--after", "0")
    assert done.code == 1
    line = shlex.split(done.err.strip().partition("Go on: amv ")[2])
    assert amv(*line).code == 0


def test_progress_is_told_stretch_by_stretch(amv: Run, client: Client, webhook: str) -> None:
    done = amv("webhooks", "replay", webhook, "--after", "0")
    assert re.search(r"^\d+ queued 100%$", done.err, re.M)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "Name events, or a part of the log"),
        (["evt_1", "--after", "3"], "either events"),
        (["--since", "soon"], "is no time"),
    ],
)
def test_wrong_usage_of_a_replay(amv: Run, words: list[str], told: str) -> None:
    done = amv("webhooks", "replay", "whk_1", *words)
    assert done.code == 2
    assert told in done.err
