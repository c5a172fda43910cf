"""What people and stores ask for while a delivery is on its way, and what comes of it, on both databases."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from aimusicverse.platforms.base import Standing, StoreProblem
from aimusicverse.server.distributions import service
from aimusicverse.server.distributions.states import Step
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.store.tables import store_delivery
from aimusicverse.server.store.transaction import Transaction
from tests.server.distributions.conftest import Way
from tests.server.distributions.scripted import trouble
from tests.server.processes import until
from tests.server.security.keys import create_key, first_owner, store_of

DRAFTING = ("distributions:write", "distributions:read")


def in_days(way: Way, days: float) -> str:
    return (way.api.server.services.clock.now() + timedelta(days=days)).replace(microsecond=0).isoformat()


def patched_with(way: Way, key: str, one: str, body: dict[str, Any]) -> httpx.Response:
    url = f"{way.api.server.url}/api/v1/distributions/{one}"
    return httpx.patch(url, headers={"X-API-Key": key}, json=body, timeout=30)


def called(way: Way, one: str) -> int:
    """The store tells of news."""
    owner = Owner(first_owner(way.api))
    return store_of(way.api).write_now(service.store_called, owner, "soundcloud", "sandbox", one)


def held(way: Way, point: str) -> tuple[threading.Event, threading.Event]:
    """Set when a store is at this point for the first time; it goes on once the second one is."""
    there, go_on = threading.Event(), threading.Event()

    def at(now: str, mark: str) -> None:
        if now == point and not there.is_set():
            there.set()
            assert go_on.wait(30)

    way.doors.at = at
    return there, go_on


def test_whoever_may_draft_adds_no_store_to_what_is_on_its_way(way: Way) -> None:
    key = create_key(way.api, scopes=DRAFTING)
    one = way.create()
    way.comes_to(one, "live")
    refused = patched_with(way, key, one, {"platforms": ["soundcloud", "youtube_music"]})
    assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
    assert way.get(one)["platforms"] == ["soundcloud"]
    draft = way.create(draft=True)
    added = patched_with(way, key, draft, {"platforms": ["soundcloud", "youtube_music"]})
    assert added.status_code == 200, added.text


def test_whoever_may_draft_brings_no_date_forward(way: Way) -> None:
    key = create_key(way.api, scopes=DRAFTING)
    one = way.create(release_at=in_days(way, 3))
    way.comes_to(one, "scheduled")
    refused = patched_with(way, key, one, {"release_at": None})
    assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
    metadata = way.release(label="Other")
    assert patched_with(way, key, one, {"metadata": metadata}).status_code == 200
    assert way.get(one)["status"] == "scheduled"
    assert way.doors.count("deliver") == 1


def test_a_store_hears_of_a_date_that_was_moved_while_it_was_sent(way: Way) -> None:
    sending, go_on = held(way, "sent")
    one = way.create(release_at=in_days(way, 3))
    assert sending.wait(30)
    later = in_days(way, 10)
    assert way.api.patch(f"/distributions/{one}", json={"release_at": later}).status_code == 200
    go_on.set()
    way.comes_to(one, "scheduled")
    (kept,) = way.doors.shelf.all(mark=one)
    assert datetime.fromisoformat(kept["release_at"]) == datetime.fromisoformat(later)


def test_an_edit_while_it_waits_for_another_try_is_looked_through_before_it_is_sent(way: Way) -> None:
    way.doors.says("soundcloud", "deliver", trouble("quota", "daily_limit", retry_after=timedelta(hours=1)))
    one = way.create()
    until(lambda: way.status_of(one)["next_attempt_at"])
    broken = way.release(**{"tracks[0].isrc": "NOT-AN-ISRC"})
    edited = way.api.patch(f"/distributions/{one}", json={"metadata": broken})
    assert edited.status_code == 200, edited.text
    way.advance(hours=2)
    assert way.comes_to(one, "failed")["deliveries"][0]["problem"]["field"]
    assert way.doors.shelf.all(mark=one) == []


def test_an_edit_while_it_is_paused_is_looked_through_before_it_is_sent(way: Way) -> None:
    one = way.create(draft=True)
    # As it is paused while its cover is drawn, or comes with a file.
    values = {"status": "paused", "step": Step.DELIVER, "paused_from": Step.DELIVER}
    of_it = store_delivery.update().where(store_delivery.c.distribution_id == one)
    store_of(way.api).write_now(Transaction.execute, of_it.values(values))
    broken = way.release(**{"tracks[0].isrc": "NOT-AN-ISRC"})
    assert way.api.patch(f"/distributions/{one}", json={"metadata": broken}).status_code == 200
    way.did("resume", one)
    way.comes_to(one, "failed")
    assert way.doors.shelf.all(mark=one) == []


def test_a_store_that_calls_begins_nothing(way: Way) -> None:
    one = way.create()
    way.comes_to(one, "live")
    broken = way.release(**{"tracks[0].isrc": "NOT-AN-ISRC"})
    assert way.api.patch(f"/distributions/{one}", json={"metadata": broken}).status_code == 200
    way.did("retry", one)
    way.comes_to(one, "failed")
    assert way.api.patch(f"/distributions/{one}", json={"metadata": way.release(label="New")}).is_success
    assert called(way, one) == 0
    assert way.get(one)["status"] == "failed"


def test_a_call_during_a_look_is_not_lost(way: Way) -> None:
    looking, go_on = threading.Event(), threading.Event()

    def look(journal: Any) -> Standing:
        looking.set()
        assert go_on.wait(30)
        return Standing("processing", external_id=one, look_again=timedelta(days=1))

    way.doors.says("soundcloud", "look", look)
    one = way.create()
    assert looking.wait(30)
    until(lambda: way.status_of(one)["external_id"])
    assert called(way, one) == 1
    go_on.set()
    way.comes_to(one, "live")


@pytest.mark.parametrize("asked", ["scheduled", "processing"])
def test_what_the_store_does_not_take_down_waits_for_a_person(way: Way, asked: str) -> None:
    if asked == "processing":
        waits = Standing("processing", look_again=timedelta(days=1))
        way.doors.says("soundcloud", "look", waits)
    one = way.create(release_at=in_days(way, 3))
    way.comes_to(one, asked)
    way.doors.says("soundcloud", "take_down", trouble("setup", "person_needed"))
    way.did("takedown", one)
    way.comes_to(one, "action_required")
    way.did("retry", one)
    way.comes_to(one, "cancelled")
    until(lambda: [row["stands"] for row in way.doors.shelf.all(mark=one)] == ["taken_down"])


def test_what_a_person_confirmed_is_not_taken_down_without_anybody_told(way: Way) -> None:
    one = way.create("spotify", via="distrokid")
    way.comes_to(one, "action_required")
    way.did("confirm", one)
    said = Standing("action_required", problem=StoreProblem("person_needed", "Only they can.", "setup"))
    way.doors.says("spotify", "take_down", said)
    way.did("takedown", one)
    assert way.comes_to(one, "action_required")["deliveries"][0]["problem"]["message"] == "Only they can."
