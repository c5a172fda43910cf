"""A release on its way to stores, from the request to its listeners, on both databases."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from aimusicverse.platforms.base import Standing, StoreProblem
from aimusicverse.server.distributions.states import ALLOWED, STATUSES, Action, Step
from aimusicverse.server.store.tables import store_delivery
from aimusicverse.server.store.transaction import Transaction
from tests.release.sound_releases import LEFT_OUT
from tests.server.distributions.conftest import Way
from tests.server.distributions.scripted import trouble
from tests.server.processes import until
from tests.server.security.keys import create_key, store_of


def in_days(way: Way, days: float) -> str:
    return (way.api.server.services.clock.now() + timedelta(days=days)).replace(microsecond=0).isoformat()


def with_key(way: Way, key: str, method: str, path: str, body: Any = None) -> httpx.Response:
    return httpx.request(
        method, f"{way.api.server.url}/api/v1{path}", headers={"X-API-Key": key}, json=body, timeout=30
    )


# -- the way of a release -----------------------------------------------------------------------------


def test_a_release_goes_to_its_stores_and_people_hear_it(way: Way) -> None:
    one = way.create("soundcloud", "spotify")
    found = way.settles(one)
    assert (found["status"], found["mode"]) == ("live", "sandbox"), str(found["deliveries"])
    assert [each["platform"] for each in found["deliveries"]] == ["soundcloud", "spotify"]
    first = found["deliveries"][0]
    assert first["external_id"] == one
    assert first["external_url"].startswith("https://")
    assert (first["streams"], first["attempts"], first["problem"]) == (7, 1, None)
    assert len(way.doors.shelf.all(mark=one)) == 2
    lines = way.history(one)
    assert lines[0] == "submitted"
    assert lines[-1] == "live"
    told = way.events(one)
    assert told[0] == "distribution.submitted"
    assert told.count("distribution.live") == 2


def test_each_change_of_a_store_is_one_event_and_what_did_not_change_none(way: Way) -> None:
    working = Standing("processing", external_id="x1")
    way.doors.says("soundcloud", "deliver", working)
    way.doors.says("soundcloud", "look", working, working, Standing("live", external_id="x1"))
    one = way.create()
    way.settles(one)
    statuses = ["submitted", "validating", "uploading", "processing", "live"]
    assert [line for line in way.history(one) if line != "artwork"] == statuses
    assert len(way.events(one)) == len(statuses)
    before = way.events(one)
    way.doors.says("soundcloud", "look", Standing("live", external_id="x1", streams=12))
    way.advance(hours=7)
    until(lambda: way.status_of(one)["streams"] == 12)
    assert way.events(one) == before


def test_metadata_that_is_large_is_left_out_of_events(way: Way) -> None:
    metadata = way.release(**{"tracks[0].lyrics": "la la la\n" * 10_000})
    one = way.create(metadata=metadata, draft=True)
    small = way.create(draft=True)
    events = way.api.get("/events?limit=100&after=0").json()["data"]
    while len(events) % 100 == 0 and events:
        events += way.api.get(f"/events?limit=100&after={events[-1]['seq']}").json()["data"]
    of = {event["data"].get("id"): event["data"] for event in events}
    assert "metadata" not in of[one]
    assert of[one]["title"] == of[small]["title"] == of[small]["metadata"]["title"]


def test_without_a_cover_one_is_drawn_and_all_stores_have_the_same(way: Way) -> None:
    metadata = way.release(**{"cover.artwork_id": None})
    one = way.create("soundcloud", "spotify", "youtube_music", metadata=metadata)
    found = way.settles(one)
    artwork = way.api.get(f"/artwork/{found['artwork_id']}").json()
    assert (artwork["status"], artwork["title"]) == ("completed", "Paper Lanterns")
    assert way.history(one).count("artwork") == 1


def test_a_store_holds_it_back_until_the_moment_of_its_release(way: Way) -> None:
    at = in_days(way, 7)
    one = way.create("soundcloud", release_at=at)
    found = way.settles(one)
    assert found["status"] == "scheduled"
    assert datetime.fromisoformat(found["release_at"]) == datetime.fromisoformat(at)
    assert way.doors.count("release") == 0
    way.advance(days=6.9)
    time.sleep(0.3)
    assert way.get(one)["status"] == "scheduled"
    way.advance(days=0.2)
    assert way.comes_to(one, "live")
    assert "distribution.scheduled" in way.events(one)


@pytest.mark.parametrize(
    ("text", "zone", "utc"),
    [
        ("2027-03-28T01:59+01:00", None, "2027-03-28T00:59:00"),
        ("2027-03-28", "Europe/Berlin", "2027-03-27T23:00:00"),
        ("2027-03-29", "Europe/Berlin", "2027-03-28T22:00:00"),  # summer time has begun
        ("2027-10-31T12:00", "America/New_York", "2027-10-31T16:00:00"),
        ("2027-11-08T12:00", "America/New_York", "2027-11-08T17:00:00"),  # and has ended
        ("2026-12-04T00:00+09:00", None, "2026-12-03T15:00:00"),
    ],
)
def test_a_date_is_one_moment_across_changes_of_the_clock(way: Way, text: str, zone: str, utc: str) -> None:
    metadata = way.release(release_at=text, **({"time_zone": zone} if zone else {}))
    for more in ({}, {"release_at": text}):
        answer = way.ask(metadata=metadata, draft=True, **more)
        assert answer.status_code == 201, answer.text
        assert answer.json()["release_at"].startswith(utc)


@pytest.mark.parametrize(
    ("text", "zone", "code"),
    [
        ("2027-01-08", None, "zone_missing"),
        ("2027-01-08T12:00", None, "moment"),
        ("8.1.2027", None, "moment"),
        ("2027-01-08", "Europe/Nowhere", "zone_unknown"),
        ("2027-03-28T02:30", "Europe/Berlin", "no_such_time"),
    ],
)
def test_a_date_of_which_nobody_knows_the_moment_is_refused_with_what_to_write(
    way: Way, text: str, zone: str, code: str
) -> None:
    metadata = way.release(**({"time_zone": zone} if zone else {}))
    problem = way.ask(metadata=metadata, release_at=text).json()
    assert (problem["code"], problem["errors"][0]["code"]) == ("invalid_request", code)
    assert problem["errors"][0]["hint"]


# -- rules --------------------------------------------------------------------------------------------


def test_a_store_whose_rule_is_broken_is_failed_at_once_and_the_others_go_on(way: Way) -> None:
    answer = way.ask("spotify", "soundcloud", metadata=way.release(**{"tracks[0].isrc": LEFT_OUT}))
    assert answer.status_code == 201
    spotify = answer.json()["deliveries"][0]
    assert spotify["status"] == "failed"
    problem = spotify["problem"]
    assert problem["message"].startswith("Missing ISRC code")
    assert (problem["code"], problem["docs_url"]) == ("id_isrc_missing", "/rules/ID-ISRC-MISSING")
    assert (problem["field"], problem["retryable"]) == ("tracks[0].isrc", False)
    one = answer.json()["id"]
    assert answer.json()["status"] == "failed"
    way.comes_to(one, "failed", "live")
    assert way.doors.count("deliver", "spotify") == 0
    assert "distribution.failed" in way.events(one)


def test_what_failed_is_edited_with_its_earlier_values_and_tried_again(way: Way) -> None:
    one = way.create("spotify", metadata=way.release(**{"tracks[0].isrc": LEFT_OUT}))
    refused = way.act("retry", one)
    assert (refused.status_code, refused.json()["code"]) == (409, "nothing_changed")
    assert "ISRC" in refused.json()["detail"]
    metadata = way.get(one)["metadata"]
    metadata["tracks"][0]["isrc"] = "USSKG2600001"
    edited = way.api.patch(f"/distributions/{one}", json={"metadata": metadata}).json()
    assert (edited["revision"], edited["deliveries"][0]["status"]) == (2, "failed")
    assert way.did("retry", one)["deliveries"][0]["status"] == "queued"
    assert way.settles(one)["status"] == "live"


def test_all_or_nothing_names_what_is_wrong_and_keeps_nothing(way: Way) -> None:
    metadata = way.release(**{"tracks[0].isrc": LEFT_OUT})
    count = len(way.api.get("/distributions?limit=100").json()["data"])
    answer = way.ask("spotify", "soundcloud", metadata=metadata, all_or_nothing=True)
    assert (answer.status_code, answer.json()["code"]) == (422, "release_refused")
    error = answer.json()["errors"][0]
    assert (error["field"], error["code"]) == ("metadata.tracks[0].isrc", "id_isrc_missing")
    assert len(way.api.get("/distributions?limit=100").json()["data"]) == count


def test_identifiers_that_a_distributor_gives_need_not_be_there(way: Way) -> None:
    metadata = way.release(**{"tracks[0].isrc": LEFT_OUT, "upc": LEFT_OUT})
    found = way.settles(way.create("spotify", metadata=metadata, via="distrokid"))
    assert found["deliveries"][0]["status"] == "action_required"
    assert found["deliveries"][0]["connector"] == "kit"
    assert found["deliveries"][0]["package_url"].endswith("/packages/spotify")
    assert found["quote"]["via"] == "distrokid"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"platforms": ["nowhere"]}, "invalid_request"),
        ({"platforms": ["deezer"]}, "platform_unreachable"),
        ({"via": "the guy next door"}, "invalid_request"),
        ({"artwork_id": "art_0000"}, "invalid_request"),  # the metadata says another one
        ({"track_ids": ["trk_0000"], "metadata": {"title": "x"}}, "track_not_found"),
        ({"metadata": {"title": "x"}}, "invalid_request"),
        ({"metadata": {"title": "x\0", "track_id": "trk_0"}}, "invalid_request"),
        ({"metadata": {"title": "x", "file": "/etc/passwd"}}, "invalid_request"),
    ],
)
def test_what_cannot_be_is_refused_with_what_can(way: Way, body: dict[str, Any], code: str) -> None:
    answer = way.api.post(
        "/distributions", json={"platforms": ["soundcloud"], "metadata": way.release(), **body}
    )
    assert answer.json()["code"] == code, answer.text
    assert answer.status_code in (404, 422)
    assert answer.json()["errors"] or answer.json()["detail"]


def test_a_cover_that_is_not_there_is_refused(way: Way) -> None:
    answer = way.ask(metadata=way.release(**{"cover.artwork_id": "art_0000"}))
    assert (answer.status_code, answer.json()["code"]) == (404, "artwork_not_found")


def test_the_same_key_gives_the_first_answer_though_the_track_is_gone(way: Way) -> None:
    track = way.upload()
    metadata = way.release(**{"tracks[0].track_id": track})
    first = way.ask(metadata=metadata, key="k-1")
    way.settles(first.json()["id"])
    way.api.delete(f"/tracks/{track}")
    assert way.ask(metadata=metadata, key="k-1").json() == first.json()
    assert way.ask("spotify", metadata=metadata, key="k-1").json()["code"] == "idempotency_key_reused"
    assert len(way.doors.shelf.all(mark=first.json()["id"])) == 1


# -- drafts, keys -------------------------------------------------------------------------------------


def test_a_draft_sends_nothing_until_it_is_submitted(way: Way) -> None:
    metadata = way.release(**{"tracks[0].isrc": LEFT_OUT})
    one = way.create("soundcloud", "spotify", metadata=metadata, draft=True)
    assert way.get(one)["status"] == "draft"
    assert way.get(one)["submitted_at"] is None
    first = way.api.post(f"/distributions/{one}/submit")
    assert first.status_code == 200, first.text
    assert first.json()["submitted_at"] is not None
    way.comes_to(one, "failed", "live")
    again = way.api.post(f"/distributions/{one}/submit")
    assert (again.status_code, again.json()["code"]) == (409, "distribution_state")


def test_a_test_key_stays_in_the_sandbox(way: Way) -> None:
    key = create_key(way.api, mode="test")
    body = {"platforms": ["soundcloud"], "metadata": way.release(), "draft": True}
    assert with_key(way, key, "POST", "/distributions", body).status_code == 201
    live = with_key(way, key, "POST", "/distributions", {**body, "mode": "live"})
    assert (live.status_code, live.json()["code"]) == (403, "live_key_needed")
    one = way.create(mode="live", draft=True)
    for path in ("submit", "cancel"):
        refused = with_key(way, key, "POST", f"/distributions/{one}/{path}")
        assert refused.json()["code"] == "live_key_needed"
    refused = with_key(way, key, "PATCH", f"/distributions/{one}", {"release_at": None})
    assert refused.json()["code"] == "live_key_needed"


def test_whoever_may_draft_may_not_send(way: Way) -> None:
    key = create_key(way.api, scopes=("distributions:write", "distributions:read"))
    body = {"platforms": ["soundcloud"], "metadata": way.release()}
    refused = with_key(way, key, "POST", "/distributions", body)
    assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
    draft = with_key(way, key, "POST", "/distributions", {**body, "draft": True})
    assert draft.status_code == 201
    one = draft.json()["id"]
    for action in ("submit", "retry", "resume", "takedown", "confirm"):
        assert with_key(way, key, "POST", f"/distributions/{one}/{action}").json()["code"] == "scope_missing"
    assert with_key(way, key, "POST", f"/distributions/{one}/cancel").status_code == 200


def test_lists_are_filtered_and_paged(way: Way) -> None:
    track = way.upload()
    metadata = way.release(**{"tracks[0].track_id": track})
    made = [way.create("soundcloud", "spotify", metadata=metadata, draft=True) for _ in range(3)]
    way.did("cancel", made[0])
    listed = way.api.get(f"/distributions?track_id={track}&limit=2").json()
    assert [one["id"] for one in listed["data"]] == [made[2], made[1]]
    rest = way.api.get(f"/distributions?track_id={track}&limit=2&cursor={listed['next_cursor']}").json()
    assert [one["id"] for one in rest["data"]] == [made[0]]
    for filters, expected in (
        ("status=draft", made[:0:-1]),
        ("status=cancelled", [made[0]]),
        ("platform=spotify", made[::-1]),
        ("platform=youtube_music", []),
        ("mode=live", []),
    ):
        found = way.api.get(f"/distributions?track_id={track}&{filters}").json()["data"]
        assert [one["id"] for one in found] == expected, filters
    page = way.api.get(f"/tracks/{track}/distributions?limit=4").json()
    more = way.api.get(f"/tracks/{track}/distributions?limit=4&cursor={page['next_cursor']}").json()
    lines = [(one["distribution_id"], one["platform"]) for one in page["data"] + more["data"]]
    assert lines == [(one, platform) for one in made[::-1] for platform in ("soundcloud", "spotify")]


# -- trouble ------------------------------------------------------------------------------------------


def test_a_store_that_is_busy_is_tried_again_later_and_later_and_then_given_up(way: Way) -> None:
    way.doors.says("soundcloud", "deliver", *[trouble("transient") for _ in range(7)])
    one = way.create()
    for attempts in range(1, 7):
        found = until(lambda n=attempts: (f := way.status_of(one))["attempts"] == n and f)  # type: ignore[misc]
        assert (found["status"], found["problem"]["retryable"]) == ("uploading", True)
        assert found["next_attempt_at"] is not None
        way.advance(seconds=1000)
    found = way.settles(one)["deliveries"][0]
    assert (found["status"], found["attempts"], found["problem"]["retryable"]) == ("failed", 7, True)
    assert found["package_url"] is not None
    assert way.history(one).count("retry_scheduled") == 6
    assert way.events(one).count("distribution.failed") == 1
    way.did("retry", one)
    assert way.settles(one)["status"] == "live"
    assert way.status_of(one)["attempts"] == 1


def test_a_store_says_how_long_it_wants_to_be_left_alone(way: Way) -> None:
    now = way.api.server.services.clock.now()
    way.doors.says(
        "soundcloud",
        "deliver",
        trouble("transient", retry_after=timedelta(minutes=20)),
        trouble("quota", "quota_used_up", retry_at=now + timedelta(days=1)),
    )
    one = way.create()
    first = until(lambda: way.status_of(one)["next_attempt_at"])
    assert datetime.fromisoformat(first) - now >= timedelta(minutes=20)
    way.advance(minutes=21)
    second = until(lambda: (at := way.status_of(one)["next_attempt_at"]) != first and at)
    assert datetime.fromisoformat(second) >= now + timedelta(days=1) - timedelta(seconds=1)
    assert way.status_of(one)["attempts"] == 1
    way.advance(days=1)
    way.comes_to(one, "live")


@pytest.mark.parametrize(
    ("kind", "status", "retryable"),
    [
        ("metadata", "failed", False),
        ("policy", "rejected", False),
        ("auth", "action_required", True),
        ("setup", "action_required", True),
        ("unknown_outcome", "action_required", True),
    ],
)
def test_what_is_done_about_trouble_follows_from_its_kind(
    way: Way, kind: str, status: str, retryable: bool
) -> None:
    way.doors.says("soundcloud", "deliver", trouble(kind, "some_code"))
    one = way.create()
    found = way.settles(one)["deliveries"][0]
    problem = found["problem"]
    assert (found["status"], problem["code"], problem["retryable"]) == (status, "some_code", retryable)
    assert set(problem) == {"code", "message", "field", "hint", "docs_url", "retryable"}
    answer = way.act("retry", one)
    assert answer.status_code == (200 if retryable else 409)
    if retryable:
        assert way.settles(one)["status"] == "live"


def test_a_rejection_of_the_store_is_told_with_its_reason(way: Way) -> None:
    why = StoreProblem("store_rejected", "It is too loud.", "policy", hint="Make it softer.")
    way.doors.says("soundcloud", "look", Standing("rejected", problem=why))
    one = way.create()
    found = way.settles(one)["deliveries"][0]
    assert (found["status"], found["problem"]["message"]) == ("rejected", "It is too loud.")
    assert "distribution.rejected" in way.events(one)


def test_a_defect_of_ours_is_tried_again_and_never_shown_as_a_trace(way: Way) -> None:
    def broken(*_: Any) -> Standing:
        raise ZeroDivisionError("secret token")

    way.doors.says("soundcloud", "deliver", broken)
    one = way.create()
    found = until(lambda: (f := way.status_of(one))["problem"] and f)
    assert found["problem"]["code"] == "defect"
    assert "secret" not in str(way.get(one))
    way.advance(seconds=5)
    way.comes_to(one, "live")


def test_what_a_store_took_without_its_cover_is_live_and_says_so(way: Way) -> None:
    problem = StoreProblem(
        "soundcloud_cover_refused", "The cover was not taken.", "setup", field="cover.file"
    )
    way.doors.says("soundcloud", "look", Standing("live", external_id="x1", problem=problem))
    found = way.settles(way.create())
    assert found["status"] == "live"
    told = found["deliveries"][0]["problem"]
    assert (told["code"], told["field"]) == ("soundcloud_cover_refused", "cover.file")


def test_a_look_that_fails_costs_nothing_and_is_tried_again(way: Way) -> None:
    way.doors.says("soundcloud", "look", *[trouble("transient", "store_unreachable") for _ in range(3)])
    one = way.create()
    until(lambda: way.status_of(one)["problem"])
    assert way.status_of(one)["status"] == "processing"
    until(lambda: way.later(one, seconds=20)["status"] == "live")
    assert way.status_of(one)["problem"] is None
    assert len(way.doors.shelf.all(mark=one)) == 1


def test_a_store_that_never_answers_a_look_is_given_up_after_a_day(way: Way) -> None:
    way.doors.says("soundcloud", "look", *[trouble("transient", "store_unreachable") for _ in range(200)])
    one = way.create()
    until(lambda: way.later(one, hours=2)["status"] == "failed")
    assert way.status_of(one)["problem"]["retryable"]


def test_an_account_that_is_missing_is_waited_for(way: Way) -> None:
    from aimusicverse.server.distributions import service
    from aimusicverse.server.security.principal import Owner
    from tests.server.security.keys import first_owner

    way.doors.accounts = False
    one = way.create()
    found = way.settles(one)["deliveries"][0]
    assert (found["status"], found["problem"]["code"]) == ("action_required", "account_missing")
    way.doors.accounts = True
    owner = Owner(first_owner(way.api))
    assert store_of(way.api).write_now(service.account_connected, owner, "spotify", "sandbox") == 0
    assert store_of(way.api).write_now(service.account_connected, owner, "soundcloud", "sandbox") == 1
    assert way.comes_to(one, "live")


def test_a_store_that_calls_is_looked_at_at_once(way: Way) -> None:
    from aimusicverse.server.distributions import service
    from aimusicverse.server.security.principal import Owner
    from tests.server.security.keys import first_owner

    one = way.create()
    way.settles(one)
    way.doors.says(
        "soundcloud", "look", Standing("rejected", problem=StoreProblem("x", "Claimed.", "policy"))
    )
    owner = Owner(first_owner(way.api))
    called = store_of(way.api).write_now(service.store_called, owner, "soundcloud", "sandbox", one)
    assert called == 1
    way.comes_to(one, "rejected")
    assert store_of(way.api).write_now(service.store_called, owner, "soundcloud", "live", one) == 0


def test_a_track_that_is_deleted_before_it_is_sent_ends_the_delivery_and_can_come_back(way: Way) -> None:
    track = way.upload()
    one = way.create(metadata=way.release(**{"tracks[0].track_id": track}), draft=True)
    way.api.delete(f"/tracks/{track}")
    assert way.api.post(f"/distributions/{one}/submit").json()["code"] == "track_not_found"
    way.api.post(f"/tracks/{track}/restore")
    way.doors.says("soundcloud", "deliver", trouble("transient"))
    way.api.post(f"/distributions/{one}/submit")
    until(lambda: way.status_of(one)["attempts"] == 1)
    way.api.delete(f"/tracks/{track}")
    way.advance(seconds=5)
    found = way.settles(one)["deliveries"][0]
    assert (found["status"], found["problem"]["code"]) == ("failed", "track_gone")
    way.api.post(f"/tracks/{track}/restore")
    way.did("retry", one)
    assert way.settles(one)["status"] == "live"
    way.api.delete(f"/tracks/{track}")
    way.did("takedown", one)  # needs no sound
    way.comes_to(one, "taken_down")


# -- what a person asks for ---------------------------------------------------------------------------


def test_what_is_paused_goes_on_when_it_is_resumed(way: Way) -> None:
    one = way.create(release_at=in_days(way, 3))
    way.settles(one)
    assert way.did("pause", one)["status"] == "paused"
    until(lambda: way.doors.count("withhold") == 1)
    way.advance(days=4)
    time.sleep(0.3)
    assert way.get(one)["status"] == "paused"
    assert way.doors.count("release") == 0
    way.did("resume", one)  # its date has passed meanwhile: at once
    way.comes_to(one, "live")


def test_a_store_that_releases_by_itself_says_that_it_cannot_be_paused(way: Way) -> None:
    way.doors.says("soundcloud", "withhold", trouble("setup", "date_is_with_the_store"))
    one = way.create(release_at=in_days(way, 3))
    way.settles(one)
    way.did("pause", one)
    found = until(lambda: (f := way.status_of(one))["status"] == "scheduled" and f)
    assert found["problem"]["code"] == "date_is_with_the_store"
    assert "not_paused" in way.history(one)
    way.advance(days=4)
    way.comes_to(one, "live")


def test_cancelled_before_anything_was_sent_nothing_is_sent(way: Way) -> None:
    way.doors.says("soundcloud", "deliver", trouble("auth"))
    one = way.create()
    way.settles(one)
    assert way.did("cancel", one)["status"] == "cancelled"
    way.advance(days=1)
    assert way.doors.shelf.all(mark=one) == []
    assert way.doors.count("take_down") == 0
    assert way.act("retry", one).status_code == 409


def test_cancelled_while_it_is_sent_the_store_is_made_to_forget_it(way: Way) -> None:
    sending, go_on = threading.Event(), threading.Event()

    def at(point: str, mark: str) -> None:
        if point == "sent":
            sending.set()
            assert go_on.wait(30)

    way.doors.at = at
    one = way.create()
    assert sending.wait(30)
    assert way.did("cancel", one)["status"] == "cancelled"
    go_on.set()
    until(lambda: way.doors.count("take_down") == 1)
    until(lambda: [row["stands"] for row in way.doors.shelf.all(mark=one)] == ["taken_down"])
    assert way.get(one)["status"] == "cancelled"


def test_what_the_store_will_not_give_up_is_told_to_a_person(way: Way) -> None:
    one = way.create(release_at=in_days(way, 3))
    way.settles(one)
    way.doors.says("soundcloud", "take_down", trouble("setup", "person_needed"))
    way.did("cancel", one)
    found = until(lambda: (f := way.status_of(one))["status"] == "action_required" and f)
    assert found["problem"]["code"] == "person_needed"
    way.did("retry", one)
    way.comes_to(one, "cancelled")
    until(lambda: way.doors.count("take_down") == 2)


def test_a_release_is_taken_down_where_it_is_live(way: Way) -> None:
    one = way.create("soundcloud", "spotify")
    way.settles(one)
    working = Standing("processing", external_id=one)
    way.doors.says("spotify", "take_down", working)
    way.doors.says("spotify", "look", Standing("live", external_id=one), Standing("taken_down"))
    assert way.did("takedown", one, "spotify")["deliveries"][1]["status"] == "live"
    way.comes_to(one, "live", "taken_down")
    assert way.get(one)["status"] == "taken_down"
    assert way.act("takedown", one, "spotify").json()["code"] == "distribution_state"
    way.did("takedown", one)
    way.comes_to(one, "taken_down", "taken_down")


def test_a_person_confirms_what_he_handed_over(way: Way) -> None:
    one = way.create("spotify", "apple_music", via="distrokid")
    way.comes_to(one, "action_required", "action_required")
    assert way.act("retry", one).json()["code"] == "nothing_changed"
    found = way.did("confirm", one, "spotify", outcome="processing", external_id="DK-1")
    assert found["deliveries"][0]["status"] == "processing"
    found = way.did("confirm", one, "spotify", external_url="https://open.spotify.com/album/1")
    assert (found["deliveries"][0]["status"], found["deliveries"][0]["external_id"]) == ("live", "DK-1")
    found = way.did("confirm", one, "apple_music", outcome="rejected", reason="Too short.")
    assert found["deliveries"][1]["problem"]["message"] == "Too short."
    assert way.doors.count("look") == 0
    assert way.act("confirm", one, "deezer").json()["code"] == "invalid_request"


def test_nobody_confirms_what_a_store_says_itself(way: Way) -> None:
    one = way.create()
    way.settles(one)
    assert way.act("confirm", one).json()["code"] == "distribution_state"


# -- edits --------------------------------------------------------------------------------------------


def test_of_two_edits_at_once_one_is_told_of_the_other(way: Way) -> None:
    one = way.create(draft=True)
    etag = way.api.get(f"/distributions/{one}").headers["etag"]
    body = {"metadata": way.release(label="First")}
    first = way.api.patch(f"/distributions/{one}", json=body, headers={"If-Match": etag})
    assert (first.status_code, first.json()["revision"]) == (200, 2)
    assert first.headers["etag"] != etag
    body = {"metadata": way.release(label="Second")}
    second = way.api.patch(f"/distributions/{one}", json=body, headers={"If-Match": etag})
    assert (second.status_code, second.json()["code"]) == (412, "version_conflict")
    assert way.api.patch(f"/distributions/{one}", json=body).json()["metadata"]["label"] == "Second"
    again = way.api.patch(f"/distributions/{one}", json=body)
    assert again.json()["revision"] == 3  # nothing new is no change


def test_an_edit_is_not_stale_because_its_delivery_got_on(way: Way) -> None:
    one = way.create(release_at=in_days(way, 3))
    etag = way.api.get(f"/distributions/{one}").headers["etag"]
    way.settles(one)
    body = {"metadata": way.release(label="Other")}
    edited = way.api.patch(f"/distributions/{one}", json=body, headers={"If-Match": etag})
    assert edited.status_code == 200, edited.text
    assert edited.json()["release_at"] is not None  # a whole release without a date keeps its date


def test_an_edit_while_it_is_sent_is_kept_and_sent_when_it_is_asked_for(way: Way) -> None:
    sending, go_on = threading.Event(), threading.Event()

    def at(point: str, mark: str) -> None:
        if point == "sent" and not sending.is_set():
            sending.set()
            assert go_on.wait(30)

    way.doors.at = at
    one = way.create()
    assert sending.wait(30)
    body = {"metadata": way.release(label="Other")}
    assert way.api.patch(f"/distributions/{one}", json=body).json()["revision"] == 2
    go_on.set()
    way.comes_to(one, "live")
    assert [row["revision"] for row in way.doors.shelf.all(mark=one)] == [1]
    way.did("retry", one)
    until(lambda: [row["revision"] for row in way.doors.shelf.all(mark=one)] == [2])
    way.comes_to(one, "live")
    assert way.act("retry", one).json()["code"] == "distribution_state"


def test_a_date_that_is_moved_is_told_to_the_store_and_kept(way: Way) -> None:
    one = way.create(release_at=in_days(way, 3))
    way.settles(one)
    later = in_days(way, 10)
    moved = way.api.patch(f"/distributions/{one}", json={"release_at": later})
    assert moved.status_code == 200, moved.text
    until(lambda: way.doors.count("deliver") == 2)
    way.comes_to(one, "scheduled")
    (kept,) = way.doors.shelf.all(mark=one)
    assert datetime.fromisoformat(kept["release_at"]) == datetime.fromisoformat(later)
    way.advance(days=5)
    time.sleep(0.3)
    assert way.get(one)["status"] == "scheduled"
    way.advance(days=6)
    way.comes_to(one, "live")
    late = way.api.patch(f"/distributions/{one}", json={"release_at": in_days(way, 20)})
    assert (late.status_code, late.json()["code"]) == (409, "distribution_state")


def test_a_date_that_a_store_has_is_not_moved(way: Way) -> None:
    one = way.create("spotify", release_at=in_days(way, 30))
    way.settles(one)
    moved = way.api.patch(f"/distributions/{one}", json={"release_at": None})
    assert (moved.status_code, moved.json()["code"]) == (409, "date_with_store")


def test_stores_are_added_and_those_that_have_nothing_are_taken_out(way: Way) -> None:
    one = way.create("soundcloud", "spotify", metadata=way.release(**{"tracks[0].isrc": LEFT_OUT}))
    way.comes_to(one, "live", "failed")
    edited = way.api.patch(f"/distributions/{one}", json={"platforms": ["soundcloud", "youtube_music"]})
    assert edited.status_code == 200, edited.text
    assert edited.json()["platforms"] == ["soundcloud", "youtube_music"]
    way.comes_to(one, "live", "live")
    refused = way.api.patch(f"/distributions/{one}", json={"platforms": ["youtube_music"]})
    assert refused.json()["code"] == "distribution_state"


def test_what_has_ended_changes_no_more(way: Way) -> None:
    one = way.create(draft=True)
    way.did("cancel", one)
    answer = way.api.patch(f"/distributions/{one}", json={"metadata": way.release(label="Late")})
    assert (answer.status_code, answer.json()["code"]) == (409, "distribution_state")


# -- the table of actions -----------------------------------------------------------------------------


@pytest.mark.parametrize("action", list(Action))
def test_every_action_is_allowed_in_its_states_and_refused_in_all_others(way: Way, action: Action) -> None:
    one = way.create(draft=True)
    store = store_of(way.api)
    for status in STATUSES:
        # As if it stood there, with nothing on its way.
        nothing = dict.fromkeys(("problem", "delivered_revision", "paused_from"))
        values = {"status": status, "step": Step.NOTHING, "journal": "", **nothing}
        of_it = store_delivery.update().where(store_delivery.c.distribution_id == one)
        store.write_now(Transaction.execute, of_it.values(values))
        allowed = status in ALLOWED[action]
        if action is Action.RETRY and status in ("scheduled", "processing", "live"):
            allowed = False  # not edited since
        if action is Action.CONFIRM:
            allowed = status == "action_required"  # it is no kit
        answer = (
            way.act(action, one)
            if action is not Action.SUBMIT
            else way.api.post(f"/distributions/{one}/submit")
        )
        assert answer.status_code == (200 if allowed else 409), (action, status, answer.text)
        if not allowed:
            assert answer.json()["code"] == "distribution_state"
            assert status in answer.json()["detail"]
        way.quiet()


@pytest.mark.parametrize("many", [8, pytest.param(50, marks=pytest.mark.long)])
def test_many_at_once_all_go_through_and_the_api_answers_meanwhile(way: Way, many: int) -> None:
    made = [way.create("soundcloud", "spotify") for _ in range(many // 2)]
    slowest = 0.0
    while not all(way.get(one)["status"] == "live" for one in made):
        began = time.monotonic()
        way.api.get("/distributions?limit=1")
        slowest = max(slowest, time.monotonic() - began)
        assert slowest < 10
    for one in made:
        assert len(way.doors.shelf.all(mark=one)) == 2
    assert way.doors.most_working == 1


def test_a_long_poll_answers_when_nothing_more_happens_by_itself(way: Way) -> None:
    began = datetime.now(UTC)
    one = way.create(release_at=in_days(way, 30))
    found = way.api.get(f"/distributions/{one}?wait=60").json()
    assert found["status"] == "scheduled"
    assert datetime.now(UTC) - began < timedelta(seconds=50)
    waiting = way.api.get(f"/distributions/{one}?wait=1&until=live").json()
    assert waiting["status"] == "scheduled"


def test_somebody_else_finds_none_of_it(way: Way) -> None:
    from tests.server.security.keys import another_owner

    one = way.create(draft=True)
    key = another_owner(way.api)
    for method, path in (
        ("GET", ""),
        ("PATCH", ""),
        ("POST", "/cancel"),
        ("POST", "/submit"),
        ("GET", "/events"),
    ):
        answer = with_key(way, key, method, f"/distributions/{one}{path}", {} if method != "GET" else None)
        assert (answer.status_code, answer.json()["code"]) == (404, "distribution_not_found"), (method, path)
    assert with_key(way, key, "GET", "/distributions").json()["data"] == []
