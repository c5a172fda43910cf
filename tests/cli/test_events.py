from __future__ import annotations

import json
import signal
import time
from pathlib import Path

import pytest

from aimusicverse import Client
from aimusicverse.types import Generation
from tests.cli.conftest import Run, running

pytestmark = pytest.mark.usefixtures("at_server")


def last_seq(client: Client) -> int:
    seq = 0
    while page := client.webhooks.events(after=seq, limit=100).data:
        seq = page[-1].seq
    return seq


def test_events_come_in_the_order_in_which_they_happened(amv: Run, client: Client) -> None:
    before = last_seq(client)
    generation = client.generate("x", duration_seconds=5)
    lines = [line.split("\t") for line in amv("events", "list", "--after", str(before)).out.splitlines()]
    assert [int(line[0]) for line in lines] == sorted(int(line[0]) for line in lines)
    types = [line[2] for line in lines]
    assert types[0] == "generation.started"
    assert types[-1] == "generation.completed"
    assert lines[-1][3] == generation.id


def test_events_can_be_of_one_type_and_as_json(amv: Run, finished: Generation) -> None:
    page = amv("events", "list", "--type", "track.created", "--limit", "100", "--json").data
    assert {event["type"] for event in page["data"]} == {"track.created"}
    assert page["last_seq"] >= page["data"][-1]["seq"]


def test_an_event_is_shown_with_all_it_carries(amv: Run, client: Client, finished: Generation) -> None:
    event = client.webhooks.events(limit=1).data[0]
    assert amv("events", "get", event.id).data["data"] == event.data


def test_following_prints_an_event_a_line_as_it_happens_and_ends_with_how_to_go_on(client: Client) -> None:
    before = last_seq(client)
    words = ["events", "list", "--after", str(before), "--follow", "--json", "--type", "generation.completed"]
    with running(*words) as process:
        generation = client.generate("x", duration_seconds=5)
        assert process.stdout is not None
        event = json.loads(process.stdout.readline())
        assert event["data"]["id"] == generation.id
        time.sleep(0.3)  # stopped within the printing of an event, it would be told again
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
        assert process.returncode == 130
    told = json.loads(err)
    kind = "--type generation.completed"
    assert told["hint"] == f"Resume: amv events list --after {event['seq']} {kind} --follow --json"
    assert not list(Path().iterdir())


def test_following_in_plain_text_is_the_rows_of_the_list(client: Client) -> None:
    before = last_seq(client)
    with running("events", "list", "--after", str(before), "--follow") as process:
        client.generate("x", duration_seconds=5)
        assert process.stdout is not None
        assert process.stdout.readline().split(b"\t")[2] == b"generation.started"
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)
        assert process.returncode == 143
