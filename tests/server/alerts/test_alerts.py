"""An alert is raised once, cleared when it is well again, and nobody misses it, whoever looks."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import pytest

from aimusicverse.server.alerts import service, watch
from aimusicverse.server.alerts.rules import RULES, Reading, Rule
from aimusicverse.server.api_keys import queries as owners
from aimusicverse.server.deliveries import queries as deliveries
from aimusicverse.server.settings import Settings
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.server.usage.recorder import Recorder
from tests.server.conftest import Api
from tests.server.security.keys import by as client_by
from tests.server.security.keys import create_key, new_owner
from tests.server.usage.records import at_once, request

SETTINGS = Settings.from_environment({})


class Platforms:
    """A part of the server that measures something: the share of deliveries that succeed, per platform."""

    def __init__(self) -> None:
        self.now: dict[str, tuple[float | None, int]] = {}
        self.rules = (
            Rule(
                name="deliveries",
                title="Deliveries",
                description="The part of deliveries that succeed.",
                unit="share",
                direction="below",
                threshold=lambda settings: 0.8,
                window=timedelta(minutes=15),
                least_count=10,
                measure=self._measure,
            ),
        )

    def _measure(self, tx: Transaction, window: timedelta) -> Iterable[Reading]:
        assert window == timedelta(minutes=15)
        for subject, (value, count) in self.now.items():
            yield Reading(value, count, subject)


@pytest.fixture
def platforms() -> Platforms:
    return Platforms()


@pytest.fixture
def admins(store: Store) -> None:
    for name, role in (("usr_1", "admin"), ("usr_2", "user"), ("usr_3", "admin")):
        store.write_now(owners.insert_owner, name, name=name, tier="local", role=role)


def look(store: Store, part: Platforms) -> None:
    watch.look_once(store, SETTINGS, part.rules)


def told(store: Store, owner: str = "usr_1") -> list[tuple[str, str | None]]:
    """The events of an owner: what, and about what."""
    from aimusicverse.server.events import queries
    from aimusicverse.server.security.principal import Owner

    events = store.read_now(queries.after, Owner(owner), seq=0, type=None, limit=1_000)
    return [(event.type, event.data.get("subject")) for event in events]


@pytest.mark.usefixtures("admins")
def test_it_is_raised_once_and_cleared_once_and_every_admin_is_told(
    store: Store, platforms: Platforms
) -> None:
    for value in (0.9, 0.79, 0.5, 0.1, 0.9, 0.95):
        platforms.now = {"spotify": (value, 100)}
        look(store, platforms)
        look(store, platforms)
    assert told(store) == [("alert.raised", "spotify"), ("alert.cleared", "spotify")]
    assert told(store, "usr_3") == told(store)
    assert told(store, "usr_2") == []


@pytest.mark.usefixtures("admins")
def test_near_the_threshold_it_does_not_flicker(store: Store, platforms: Platforms) -> None:
    for value in (0.79, 0.81, 0.79, 0.83, 0.75, 0.839, 0.78):
        platforms.now = {"spotify": (value, 100)}
        look(store, platforms)
    assert told(store) == [("alert.raised", "spotify")]
    platforms.now = {"spotify": (0.84, 100)}
    look(store, platforms)
    assert told(store)[-1] == ("alert.cleared", "spotify")


@pytest.mark.usefixtures("admins")
def test_with_too_little_to_judge_by_nothing_is_raised_and_what_is_raised_is_cleared(
    store: Store, platforms: Platforms
) -> None:
    platforms.now = {"spotify": (0.0, 9), "deezer": (None, 0)}
    look(store, platforms)
    assert told(store) == []
    platforms.now = {"spotify": (0.0, 10)}
    look(store, platforms)
    platforms.now = {}
    look(store, platforms)
    assert told(store) == [("alert.raised", "spotify"), ("alert.cleared", "spotify")]


@pytest.mark.usefixtures("admins")
def test_each_subject_has_an_alert_of_its_own(store: Store, platforms: Platforms) -> None:
    platforms.now = {"spotify": (0.1, 100), "deezer": (0.9, 100), "": (0.5, 200)}
    look(store, platforms)
    platforms.now = {"spotify": (0.99, 100), "deezer": (0.1, 100), "": (0.5, 200)}
    look(store, platforms)
    assert sorted(told(store), key=str) == sorted(
        [
            ("alert.raised", "spotify"),
            ("alert.raised", None),
            ("alert.raised", "deezer"),
            ("alert.cleared", "spotify"),
        ],
        key=str,
    )


@pytest.mark.usefixtures("admins")
def test_of_many_who_look_at_once_one_raises_it(store: Store, platforms: Platforms) -> None:
    platforms.now = {"spotify": (0.1, 100)}
    together = threading.Barrier(6)
    failures: list[BaseException] = []

    def work() -> None:
        together.wait()
        try:
            look(store, platforms)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert told(store) == [("alert.raised", "spotify")]


@pytest.mark.usefixtures("admins")
def test_who_finds_nothing_to_change_writes_nothing(
    store: Store, platforms: Platforms, monkeypatch: pytest.MonkeyPatch
) -> None:
    platforms.now = {"spotify": (0.1, 100)}
    look(store, platforms)
    monkeypatch.setattr(store, "write_now", None)
    look(store, platforms)


def fail(api: Api, *, good: int, bad: int) -> None:
    """Answers of the API, as if they had been given."""
    recorder = Recorder(api.server.services.store, ahead=at_once)
    at = api.server.services.clock.unix()
    for status, count in ((200, good), (503, bad)):
        for _ in range(count):
            recorder.take(*request(at=at, status=status))
    recorder.flush()


def report(api: Api) -> dict[str, Any]:
    answer = api.get("/admin/alerts")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_errors_of_the_api_raise_it_and_five_minutes_later_it_is_cleared(api: Api) -> None:
    store, settings = api.server.services.store, api.server.services.settings
    fail(api, good=95, bad=5)
    watch.look_once(store, settings)
    assert report(api)["data"] == []
    fail(api, good=0, bad=1)
    watch.look_once(store, settings)
    [alert] = report(api)["data"]
    assert (alert["rule"], alert["status"], alert["threshold"]) == ("api_errors", "raised", 0.05)
    assert alert["value"] == pytest.approx(6 / 102, abs=0.001)  # with the question before
    assert alert["message"].startswith("API errors: 5.9% > 5.0%")
    [rule] = [rule for rule in report(api)["rules"] if rule["rule"] == "api_errors"]
    assert (rule["threshold"], rule["clears_at"], rule["window_seconds"]) == (0.05, 0.04, 300)
    assert rule["readings"][0]["raised"]
    api.advance(timedelta(minutes=6))
    watch.look_once(store, settings)
    [alert] = report(api)["data"]
    assert alert["status"] == "cleared"
    assert alert["cleared_at"] > alert["raised_at"]
    assert [type for type in api.event_types() if type.startswith("alert")] == [
        "alert.raised",
        "alert.cleared",
    ]


def test_mistakes_of_callers_are_no_errors_of_the_api(api: Api) -> None:
    for _ in range(30):
        api.get("/tracks/trk_unknown")
    api.get("/usage/stats")
    watch.look_once(api.server.services.store, api.server.services.settings)
    assert report(api)["data"] == []


def test_the_threshold_is_a_setting(start: Callable[..., Api]) -> None:
    api = start(alert_api_errors=0.5)
    fail(api, good=51, bad=49)
    watch.look_once(api.server.services.store, api.server.services.settings)
    assert report(api)["data"] == []
    fail(api, good=0, bad=5)
    watch.look_once(api.server.services.store, api.server.services.settings)
    assert [alert["threshold"] for alert in report(api)["data"]] == [0.5]


def test_it_outlives_a_restart_and_is_not_raised_again(start: Callable[..., Api]) -> None:
    first = start()
    fail(first, good=10, bad=30)
    watch.look_once(first.server.services.store, first.server.services.settings)
    first.server.close()
    again = start()
    watch.look_once(again.server.services.store, again.server.services.settings)
    assert [alert["status"] for alert in report(again)["data"]] == ["raised"]
    assert again.event_types() == ["alert.raised"]


def test_a_server_looks_by_itself(start: Callable[..., Api], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "SECONDS", 0.05)
    api = start()
    fail(api, good=10, bad=30)
    events = api.get("/events?wait=20").json()["data"]
    assert [event["type"] for event in events] == ["alert.raised"]
    assert events[0]["data"]["rule"] == "api_errors"


def test_alerts_of_a_rule_that_this_version_does_not_have_are_shown_as_they_are(api: Api) -> None:
    def raise_it(tx: Transaction) -> None:
        from aimusicverse.server.alerts import queries

        queries.insert(tx, rule="of_tomorrow", subject="x", value=3, threshold=2)

    api.server.services.store.write_now(raise_it)
    watch.look_once(api.server.services.store, api.server.services.settings)
    [alert] = report(api)["data"]
    assert (alert["status"], alert["message"]) == ("raised", "of_tomorrow (x): 3, threshold 2")


def test_another_admin_is_told_as_well(api: Api) -> None:
    key = create_key(api, owner_id=new_owner(api, role="admin"))
    fail(api, good=10, bad=30)
    watch.look_once(api.server.services.store, api.server.services.settings)
    with client_by(api, key) as theirs:
        assert [event["type"] for event in theirs.get("/events").json()["data"]] == ["alert.raised"]


def test_rules_have_names_of_their_own_and_clear_on_the_right_side() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    for rule in RULES:
        below = rule.clears_at(SETTINGS) < rule.threshold(SETTINGS)
        assert below == (rule.direction == "above")


def test_the_thread_survives_a_defect_in_a_measure(
    start: Callable[..., Api], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(watch, "SECONDS", 0.02)
    asked: list[int] = []

    def broken(tx: Transaction, rules: object, settings: object) -> bool:
        asked.append(1)
        raise ZeroDivisionError

    monkeypatch.setattr(service, "is_to_change", broken)
    start()
    deadline = time.monotonic() + 30
    while len(asked) < 3:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert "looking at alerts met a defect" in caplog.text


def test_webhooks_that_do_not_get_through_raise_an_alert(start: Callable[..., Api]) -> None:
    api = start(mode="test")
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        api.post("/webhooks", json={"url": f"http://127.0.0.1:{nobody.getsockname()[1]}/"})
        for _ in range(20):
            api.post("/events/trigger", json={"type": "track.created"})
        store = api.server.services.store

        def ended() -> int:
            return store.read_now(lambda tx: deliveries.ended_since(tx, tx.now - timedelta(minutes=15)))[1]

        while ended() < 20:
            api.advance(timedelta(seconds=20))
            time.sleep(0.05)
        watch.look_once(store, SETTINGS)
        told = api.get("/admin/alerts").json()
    [raised] = told["data"]
    assert (raised["rule"], raised["value"]) == ("webhook_failures", 1.0)
