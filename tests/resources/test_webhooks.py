"""`client.webhooks` in both worlds, against a real server and a real receiver."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from aimusicverse import (
    ConfigurationError,
    ConflictError,
    Delivery,
    InternalServerError,
    LocalServer,
    NotFoundError,
    PreconditionFailedError,
    RequestOptions,
    Secret,
    UnprocessableEntityError,
    WebhookVerificationError,
)
from aimusicverse.testing.instant_engine import InstantEngine
from tests.server.deliveries.receiver import PATIENCE, receiving


@pytest.fixture(scope="module")
def server():
    with LocalServer(engines=[InstantEngine()]) as server:
        yield server


@pytest.fixture
def receiver():
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def client(world, server):
    """Of a server without a row."""
    server.reset()
    return world.client(server.url, server.api_key)


@pytest.fixture
def webhooks(client):
    return client.webhooks


@pytest.fixture
def short_stretches(monkeypatch):
    """What takes thousands of events takes a handful."""
    monkeypatch.setattr("aimusicverse.server.deliveries.service.STRETCH", 2)
    monkeypatch.setattr("aimusicverse.resources.replaying.MOST_EVENTS", 2)


def until(look):
    end = time.monotonic() + PATIENCE
    while not (found := look()):
        assert time.monotonic() < end, "it never came to be"
        time.sleep(0.01)
    return found


def settled(world, webhooks, hook, status, count=1):
    """Deliveries of a status, but for the endpoint's first, once there are so many."""

    def look():
        found = world.items(webhooks.deliveries(hook, status=status))
        found = [one for one in found if one.event_type != "endpoint.test"]
        return found if len(found) >= count else None

    return until(look)


def five_playlists(world, client):
    return [world(client.playlists.create(f"Rain {n}")) for n in range(5)]


def test_an_endpoint_gets_what_happens_signed_by_its_secret(world, webhooks, receiver):
    hook = world(webhooks.create(receiver.url, events="generation.*", description="Ours"))
    assert (hook.status, hook.events, hook.description) == ("enabled", ["generation.*"], "Ours")
    [first] = receiver.wait_for(1)
    assert first.judged(hook.secret).type == "endpoint.test"
    event = world(webhooks.trigger("generation.failed", data={"problem": {"detail": "No luck."}}))
    assert event.test
    world(webhooks.trigger("playlist.updated"))
    [came] = receiver.of_type("generation.failed")
    told = came.judged(hook.secret)
    assert (told.id, told.data["problem"]["detail"]) == (event.id, "No luck.")
    assert told.data["problem"]["code"] == "engine_failed"
    [delivery] = settled(world, webhooks, hook, "succeeded")
    for one in (delivery, delivery.id):
        [attempt] = world(webhooks.delivery(one)).attempts
        assert (attempt.status_code, attempt.error) == (200, None)


def test_the_secret_is_shown_once_and_never_printed(world, webhooks, receiver):
    made = world(webhooks.create(receiver.url))
    text = made.secret.get_secret_value()
    assert text.startswith("whsec_")
    for shown in (repr(made), str(made), made.model_dump_json(), str(made.model_dump())):
        assert text not in shown
    for seen in (world(webhooks.get(made)), world(webhooks.get(made.id)), *world.items(webhooks.list())):
        assert (seen.id, seen.secret) == (made.id, None)


def test_its_own_headers_reach_it_as_they_are_and_never_print(world, webhooks, receiver, caplog):
    caplog.set_level("DEBUG")
    odd = "Bearer a\"b\\c~!'{}<>&= %41;,"
    hook = world(webhooks.create(receiver.url, headers={"Authorization": Secret(odd), "X-Team": "m-7f3a"}))
    [came] = receiver.wait_for(1)
    assert (came.headers["authorization"], came.headers["x-team"]) == (odd, "m-7f3a")
    for seen in (hook, world(webhooks.get(hook))):
        assert set(seen.headers) == {"Authorization", "X-Team"}
        for shown in (repr(seen), seen.model_dump_json(), caplog.text):
            assert odd not in shown
            assert "m-7f3a" not in shown
    with pytest.raises(ConfigurationError, match="only shown as"):
        world(webhooks.update(hook, headers=hook.headers))
    with pytest.raises(UnprocessableEntityError, match="X-Team") as caught:
        world(webhooks.update(hook, headers={"X-Team": f"{odd}\r\nX-Other: 1"}))
    assert odd not in str(caught.value)
    world(webhooks.update(hook, headers={"X-Team": "other"}))
    world(webhooks.test(hook))
    came = receiver.wait_for(2)[1]
    assert ("authorization" in came.headers, came.headers["x-team"]) == (False, "other")
    assert world(webhooks.update(hook, headers={})).headers == {}


def test_only_what_is_given_is_changed_and_only_if_nobody_else_did(world, webhooks, receiver):
    made = world(webhooks.create(receiver.url, description="Ours", retry_schedule="extended"))
    changed = world(webhooks.update(made, events=("track.created",), if_match=made))
    assert (changed.events, changed.description) == (["track.created"], "Ours")
    assert (changed.url, changed.retry_schedule) == (receiver.url, "extended")
    with pytest.raises(PreconditionFailedError):
        world(webhooks.update(made.id, description="", if_match=made))
    with pytest.raises(PreconditionFailedError):
        world(webhooks.delete(made, if_match=made.etag))
    moved = world(webhooks.update(made.id, url=f"{receiver.url}/2", description="", retry_schedule="fast"))
    assert (moved.url, moved.description, moved.retry_schedule) == (f"{receiver.url}/2", None, "fast")
    world(webhooks.delete(moved, if_match=moved))
    with pytest.raises(NotFoundError):
        world(webhooks.get(made))


@pytest.mark.parametrize(
    ("arguments", "about"),
    [
        ({"url": "ftp://127.0.0.1/x"}, "url"),
        ({"url": "http://10.0.0.1/x"}, "url"),
        ({"events": "generation.unknown"}, "events"),
        ({"headers": {"webhook-id": "evt_1"}}, "webhook-id"),
        ({"retry_schedule": "never"}, "retry_schedule"),
    ],
)
def test_what_cannot_be_an_endpoint_is_refused_with_a_reason(world, webhooks, arguments, about):
    with pytest.raises(UnprocessableEntityError, match=about):
        world(webhooks.create(**{"url": "http://127.0.0.1:9/x", **arguments}))
    assert world.items(webhooks.list()) == []


def test_endpoints_are_listed_over_all_pages(world, webhooks, receiver):
    made = [world(webhooks.create(receiver.url)).id for _ in range(3)]
    assert [hook.id for hook in world.items(webhooks.list(limit=1))] == made[::-1]


def test_one_that_is_disabled_gets_what_had_to_wait_when_it_is_enabled_again(
    world, webhooks, receiver, server
):
    hook = world(webhooks.create(receiver.url))
    receiver.wait_for(1)
    receiver.answers.append(500)
    world(webhooks.trigger("track.created"))
    until(lambda: settled(world, webhooks, hook, "pending")[0].attempts)
    off = world(webhooks.update(hook, enabled=False))
    assert (off.status, off.disabled_for) == ("disabled", "by_user")
    server.clock.advance(timedelta(hours=1))
    world(webhooks.trigger("track.deleted"))
    with pytest.raises(ConflictError) as caught:
        world(webhooks.test(hook))
    assert caught.value.code == "webhook_disabled"
    assert world(webhooks.update(hook, enabled=True)).status == "enabled"
    [again] = settled(world, webhooks, hook, "succeeded")
    assert [one.status_code for one in world(webhooks.delivery(again)).attempts] == [500, 200]
    assert len(receiver.received) == 3  # the test, and twice the track


def test_a_secret_is_replaced_with_an_overlap_or_at_once(world, webhooks, receiver):
    hook = world(webhooks.create(receiver.url))
    receiver.wait_for(1)
    secrets = [hook.secret]
    for number, overlap in enumerate((timedelta(hours=1), 60.4, None, 0), start=2):
        new = world(webhooks.rotate_secret(hook, overlap=overlap))
        world(webhooks.test(hook))
        came = receiver.wait_for(number)[-1]
        assert came.judged(new.secret).type == "endpoint.test"
        for old in secrets:
            if overlap == 0:
                with pytest.raises(WebhookVerificationError):
                    came.judged(old)
            else:
                came.judged(old)
        secrets.append(new.secret)
    assert new.secrets_valid == 1


def test_a_test_goes_to_one_endpoint_and_is_marked(world, webhooks, receiver):
    hook, other = (world(webhooks.create(f"{receiver.url}/{n}")) for n in range(2))
    receiver.wait_for(2)
    delivery = world(webhooks.test(hook))
    assert isinstance(delivery, Delivery)
    assert (delivery.status, delivery.webhook_id) == ("pending", hook.id)
    until(lambda: world(webhooks.delivery(delivery)).status == "succeeded")
    assert receiver.received[2].judged(hook.secret).model_extra == {"test": True}
    assert len(world.items(webhooks.deliveries(other))) == 1


def test_what_was_delivered_is_sent_once_more_under_its_id(world, webhooks, receiver):
    hook = world(webhooks.create(receiver.url))
    event = world(webhooks.trigger("track.created"))
    [delivery] = settled(world, webhooks, hook, "succeeded")
    assert world(webhooks.redeliver(delivery)).status == "pending"
    first, second = receiver.of_type("track.created", 2)
    assert (first.id, first.body) == (second.id, second.body)
    assert first.id == event.id
    until(lambda: len(world(webhooks.delivery(delivery.id)).attempts) == 2)


def test_a_replay_goes_on_until_the_end_and_can_be_done_again(
    world, client, webhooks, receiver, short_stretches
):
    playlists = five_playlists(world, client)
    hook = world(webhooks.create(receiver.url, events="playlist.*"))
    steps = []
    told = world(webhooks.replay(hook, after=0, progress=steps.append))
    assert (told.queued, told.skipped, told.done) == (5, 0, True)
    assert [(step.queued, step.done) for step in steps] == [(2, False), (4, False), (5, True)]
    assert told.last_seq == steps[-1].last_seq == world(webhooks.events()).data[-2].seq
    came = receiver.of_type("playlist.updated", 5)
    assert {one.judged(hook.secret).data["id"] for one in came} == {one.id for one in playlists}
    settled(world, webhooks, hook, "succeeded", 5)
    again = world(webhooks.replay(hook.id, after=0))
    assert (again.queued, again.skipped) == (0, 5)
    assert world(webhooks.replay(hook, after=told.last_seq)).skipped == 0
    future = datetime.now(UTC) + timedelta(hours=1)
    assert world(webhooks.replay(hook, since=future)).skipped == 0
    assert world(webhooks.replay(hook, since=future - timedelta(hours=2))).skipped == 5


def test_named_events_are_replayed_however_many_there_are(world, client, webhooks, receiver, short_stretches):
    five_playlists(world, client)
    events = world(webhooks.events()).data
    hook = world(webhooks.create(receiver.url))
    told = world(webhooks.replay(hook, [*events[:4], events[4].id]))
    assert (told.queued, told.last_seq, told.done) == (5, events[4].seq, True)
    receiver.of_type("playlist.updated", 5)
    settled(world, webhooks, hook, "succeeded", 5)
    assert world(webhooks.replay(hook, events[0])).skipped == 1
    assert world(webhooks.replay(hook, events[0].id, delivered_too=True)).queued == 1
    assert receiver.of_type("playlist.updated", 6)[5].id == events[0].id
    for wrong in ({}, {"events": events, "after": 0}):
        with pytest.raises(UnprocessableEntityError):
            world(webhooks.replay(hook, **wrong))


def test_a_replay_that_is_interrupted_says_from_where_it_goes_on(
    world, client, server, webhooks, receiver, short_stretches
):
    five_playlists(world, client)
    hook = world(webhooks.create(receiver.url, events="playlist.*"))
    once = RequestOptions(retries=0)
    steps = []

    def watch(step):
        steps.append(step)
        server.faults.add("POST /webhooks/*", status=503)

    with pytest.raises(InternalServerError) as caught:
        world(webhooks.replay(hook, after=0, progress=watch, options=once))
    assert [step.queued for step in steps] == [2]
    assert caught.value.__notes__ == [
        f"The replay came as far as seq {steps[0].last_seq}: after={steps[0].last_seq} goes on from there."
    ]
    rest = world(webhooks.replay(hook, after=steps[-1].last_seq))
    assert (rest.queued, rest.skipped) == (3, 0)


def test_a_replay_under_one_key_is_made_once(world, client, webhooks, receiver, short_stretches):
    five_playlists(world, client)
    hook = world(webhooks.create(receiver.url, events="playlist.*"))
    replay = partial(webhooks.replay, hook, after=0, delivered_too=True)
    told = world(replay(options=RequestOptions(idempotency_key="nightly")))
    settled(world, webhooks, hook, "succeeded", 5)
    assert world(replay(options=RequestOptions(idempotency_key="nightly"))) == told
    assert settled(world, webhooks, hook, "succeeded", 5)
    assert len(receiver.of_type("playlist.updated", 5)) == 5
    assert world(replay(options=RequestOptions(idempotency_key="another"))).queued == 5
    receiver.of_type("playlist.updated", 10)


@pytest.mark.parametrize("wrong", ["", "../keys", None, "whsec_a/b"])
def test_what_is_no_id_is_refused_before_it_is_sent(world, webhooks, wrong):
    for call in (webhooks.get, webhooks.delivery, webhooks.test, webhooks.deliveries):
        with pytest.raises(ConfigurationError):
            world(call(wrong))
