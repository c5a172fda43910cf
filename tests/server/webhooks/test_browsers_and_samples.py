"""The API of webhooks called by a browser, and samples that must not be taken for what happened."""

from __future__ import annotations

import httpx
import pytest

from aimusicverse.types import WebhookReplayCreate
from tests.server.deliveries.receiver import Receiver
from tests.server.deliveries.sending import Sending
from tests.server.security.keys import by, create_key

PAGE = "https://evil.example"
CALLS = [
    ("GET", "/webhooks"),
    ("POST", "/webhooks"),
    ("POST", "/webhooks/whk_x/rotate-secret"),
    ("POST", "/webhooks/whk_x/replay"),
    ("DELETE", "/webhooks/whk_x"),
    ("GET", "/webhooks/whk_x/deliveries"),
    ("POST", "/deliveries/dlv_x/redeliver"),
    ("POST", "/events/trigger"),
    ("GET", "/events"),
]


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_a_page_that_is_not_on_the_list_may_neither_ask_nor_read(
    sending: Sending, method: str, path: str
) -> None:
    url = f"{sending.api.server.url}/api/v1{path}"
    asked = {"Origin": PAGE, "Access-Control-Request-Method": method}
    for answer in (
        httpx.options(url, headers={**asked, "Access-Control-Request-Headers": "authorization"}),
        httpx.request(method, url, headers={"Origin": PAGE}),
        sending.api.http.request(method, path, headers={"Origin": PAGE}),
    ):
        assert not [name for name in answer.headers if name.startswith("access-control-")]
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert answer.headers["cache-control"] == "no-store"


def test_a_form_of_a_page_is_no_request(sending: Sending) -> None:
    """What a browser sends without asking: no key comes along, and no such body is taken."""
    url = f"{sending.api.server.url}/api/v1/webhooks"
    for headers in ({}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
        for kind in ("text/plain", "application/x-www-form-urlencoded"):
            form = httpx.post(
                url, content=b'{"url": "http://127.0.0.1:9/"}', headers={"Content-Type": kind, **headers}
            )
            assert form.status_code in (401, 403)
            keyed = sending.api.http.post(
                "/webhooks", content=b'{"url": "http://127.0.0.1:9/"}', headers={"Content-Type": kind}
            )
            assert (keyed.status_code, keyed.json()["code"]) == (415, "unsupported_media_type")
    assert sending.api.get("/webhooks").json()["data"] == []


# -- samples ----------------------------------------------------------------------------------------


def test_a_live_key_makes_nothing_up(sending: Sending, receiver: Receiver) -> None:
    hook = sending.webhook(receiver.url)
    key = create_key(sending.api, scopes=("webhooks:read", "webhooks:write"), mode="live")
    with by(sending.api, key) as http:
        answer = http.post("/events/trigger", json={"type": "generation.completed"})
    assert (answer.status_code, answer.json()["code"]) == (403, "test_key_needed")
    assert sending.deliveries(hook) == []


def test_a_sample_says_that_it_is_one_wherever_it_is_seen(sending: Sending, receiver: Receiver) -> None:
    sending.webhook(receiver.url)
    event = sending.trigger("generation.failed", test=False)
    assert event["test"] is True
    assert sending.api.get(f"/events/{event['id']}").json()["test"] is True
    newest = sending.api.get("/events", params={"after": event["seq"] - 1}).json()["data"]
    assert [one["test"] for one in newest if one["id"] == event["id"]] == [True]
    [came] = receiver.of_type("generation.failed")
    assert b'"test":true' in came.body
    assert came.body.count(b'"test":true') == 1


def test_an_event_that_is_too_large_for_a_message_comes_as_its_id_and_can_be_asked_for(
    sending: Sending, receiver: Receiver
) -> None:
    hook = sending.webhook(receiver.url)
    event = sending.trigger("track.updated", lyrics="x" * 300_000)
    [came] = receiver.of_type("track.updated")
    assert len(came.body) < 1_000
    told = came.judged(hook["secret"])
    assert told.data == {"id": event["data"]["id"], "truncated": True, "event_id": event["id"]}
    assert told.model_extra == {"test": True}
    whole = sending.api.get(f"/events/{told.data['event_id']}").json()
    assert whole["data"]["lyrics"] == "x" * 300_000


def test_the_test_of_an_endpoint_says_so_too_and_comes_at_once(sending: Sending, receiver: Receiver) -> None:
    hook = sending.webhook(receiver.url, events=["playlist.updated"])
    [first] = receiver.wait_for(1)
    asked = sending.api.post(f"/webhooks/{hook['id']}/test").json()
    second = receiver.wait_for(2)[1]
    for came in (first, second):
        told = came.judged(hook["secret"])
        assert (told.type, told.data["id"]) == ("endpoint.test", hook["id"])
        assert told.model_extra == {"test": True}
        assert hook["secret"].encode() not in came.body
    assert asked["event_id"] == second.id != first.id


def test_what_really_happens_says_nothing_of_a_test(sending: Sending, receiver: Receiver) -> None:
    sending.webhook(receiver.url, events=["playlist.*"])
    made = sending.api.post("/playlists", json={"title": "x"}).json()
    sending.api.patch(f"/playlists/{made['id']}", json={"title": "y"})
    [came] = receiver.of_type("playlist.updated")
    assert b'"test"' not in came.body
    event = sending.api.get(f"/events/{came.id}").json()
    assert event["test"] is False


def test_a_sample_is_not_among_what_is_replayed_from_the_log(sending: Sending, receiver: Receiver) -> None:
    event = sending.trigger("track.created")
    hook = sending.webhook(receiver.url, events=["track.created"])
    body = WebhookReplayCreate(after=event["seq"] - 1).model_dump(exclude_none=True)
    done = sending.api.post(f"/webhooks/{hook['id']}/replay", json=body).json()
    assert (done["queued"], done["done"]) == (0, True)
    named = sending.api.post(f"/webhooks/{hook['id']}/replay", json={"event_ids": [event["id"]]}).json()
    assert named["queued"] == 1  # who names it means it
    [came] = receiver.of_type("track.created")
    assert b'"test":true' in came.body
