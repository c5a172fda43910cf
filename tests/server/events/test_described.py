"""What the specification says of messages is what endpoints get."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx
import jsonschema_rs
import pytest

from aimusicverse.types.event import EVENT_TYPES

if TYPE_CHECKING:
    from aimusicverse import Client, LocalServer
    from aimusicverse.testing.event_log import EventLog


@pytest.fixture
def spec(amv_server: LocalServer) -> dict[str, Any]:
    """As a server gives it."""
    found: dict[str, Any] = httpx.get(f"{amv_server.url}/openapi.json").json()
    return found


def judge(spec: dict[str, Any], type: str) -> jsonschema_rs.Validator:
    """What judges bodies of messages with events of a type."""
    schema = spec["webhooks"][type]["post"]["requestBody"]["content"]["application/json"]["schema"]
    return jsonschema_rs.Draft202012Validator({"components": spec["components"], **schema})


def test_each_message_is_as_the_specification_has_it(
    spec: dict[str, Any], amv_client: Client, amv_events: EventLog
) -> None:
    track = amv_client.generate("x", duration_seconds=5, variants=2).tracks[0]
    playlist = amv_client.playlists.create("Rain", tracks=[track])
    amv_client.playlists.delete(playlist)
    amv_client.tracks.delete(track)
    amv_client.webhooks.test(amv_events.webhook)
    for type in EVENT_TYPES:
        amv_client.webhooks.trigger(type)
    seen = amv_events.receive(lambda message: 200)
    assert {message.event.type for message in seen} == {*EVENT_TYPES} == {*spec["webhooks"]}
    for message in seen:
        judge(spec, message.event.type).validate(json.loads(message.body))
        described = spec["webhooks"][message.event.type]["post"]["parameters"]
        names = {one["$ref"].removeprefix("#/components/parameters/") for one in described}
        assert {name for name in message.headers if name.startswith("webhook-")} == names


def test_it_does_not_fit_what_no_message_is(spec: dict[str, Any]) -> None:
    at = "2026-03-14T09:26:53.000Z"
    judged = judge(spec, "playlist.updated")
    short = {"id": "pls_1", "event_id": "evt_1", "truncated": True}
    assert judged.is_valid({"type": "playlist.updated", "timestamp": at, "data": short})
    for wrong in (
        {"type": "playlist.updated", "timestamp": at, "data": {"id": "pls_1"}},
        {"type": "playlist.updated", "data": short},
        {"type": "track.updated", "timestamp": at, "data": short},
    ):
        assert not judged.is_valid(wrong)
