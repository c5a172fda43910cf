"""What is sent to endpoints, as OpenAPI 3.1 describes it: `webhooks`, a message for each type of event."""

from __future__ import annotations

from typing import Any, Final

from aimusicverse.types import Event
from aimusicverse.types.event import EVENT_TYPES

#: What events are about, by the beginning of their type, and under which name it is described.
_ABOUT: Final = {
    "generation": "Generation",
    "track": "Track",
    "playlist": "Playlist",
    "distribution": "Distribution",
    "endpoint": "Webhook",
    "api_key": "ApiKey",
    "alert": "Alert",
}
#: What of an event is in the body; the id travels in a header.
_IN_THE_BODY: Final = ("type", "timestamp", "data", "test")
_HEADERS: Final = {
    "webhook-id": "Of the event: the same at each try, so that a message is worked on once.",
    "webhook-timestamp": "When this try is made, in unix seconds. What is old is not to be believed.",
    "webhook-signature": "`v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`; several, with spaces "
    "between, while a secret is rotated. Standard Webhooks 1.0.0.",
}
_ANSWERS: Final = {
    "2XX": "It has arrived.",
    "410": "The endpoint is gone: it is disabled.",
    "default": "It is tried again, as the endpoint's `retry_schedule` says.",
}


def describe(spec: dict[str, Any]) -> None:
    """Add `webhooks`, and the components that they need, to a specification that has the models already."""
    components = spec["components"]
    event = Event.model_json_schema(mode="serialization")
    components["schemas"] |= {
        "WebhookMessage": {
            "type": "object",
            "description": "The body of a message: an event.",
            "properties": {name: event["properties"][name] for name in _IN_THE_BODY},
            "required": [name for name in event["required"] if name in _IN_THE_BODY],
        },
        "TruncatedData": {
            "type": "object",
            "description": "Instead of an object that is too large for a message: ask for the event.",
            "properties": {
                "id": {"type": ["string", "null"]},
                "event_id": {"type": "string"},
                "truncated": {"const": True},
            },
            "required": ["id", "event_id", "truncated"],
        },
    }
    whole = components["schemas"]["Distribution"]
    components["schemas"]["LargeDistribution"] = {
        **whole,
        "description": "A distribution whose `metadata` has more than 64 kB as JSON: in events it is left "
        "out. Ask for it (`GET /distributions/{id}`).",
        "required": [name for name in whole["required"] if name != "metadata"],
    }
    components["parameters"] = {
        name: {
            "name": name,
            "in": "header",
            "required": True,
            "description": meaning,
            "schema": {"type": "string"},
        }
        for name, meaning in _HEADERS.items()
    }
    spec["webhooks"] = {type: {"post": _message(type)} for type in EVENT_TYPES}


def _message(type: str) -> dict[str, Any]:
    name = _ABOUT.get(type.partition(".")[0])
    data = [_ref("schemas", name), _ref("schemas", "TruncatedData")] if name else [{"type": "object"}]
    if name == "Distribution":
        data.append(_ref("schemas", "LargeDistribution"))
    event = {"properties": {"type": {"const": type}, "data": {"anyOf": data}}}
    body = {"allOf": [_ref("schemas", "WebhookMessage"), event]}
    return {
        "tags": ["Webhooks"],
        "summary": f"{type}, sent to an endpoint of yours",
        "parameters": [_ref("parameters", header) for header in _HEADERS],
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {status: {"description": meaning} for status, meaning in _ANSWERS.items()},
    }


def _ref(kind: str, name: str) -> dict[str, str]:
    return {"$ref": f"#/components/{kind}/{name}"}
