"""SoundCloud's published OpenAPI description as a judge: of what was asked, and of what was answered.

It is not ours to ship: its path stands in AMV_SOUNDCLOUD_SPEC.
"""

from __future__ import annotations

import json
import os
from email import message_from_bytes
from email.message import Message
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import jsonschema_rs
import yaml

from tests.sandbox.soundcloud.standin import Exchange

#: Read when this is imported: each test begins without settings of this machine.
SPEC = os.environ.get("AMV_SOUNDCLOUD_SPEC")
_KEPT = frozenset(["type", "items", "required", "enum", "allOf", "anyOf", "oneOf", "minimum", "maximum"])
WITHOUT = "AMV_SOUNDCLOUD_SPEC does not name SoundCloud's OpenAPI description"


@cache
def _spec() -> dict[str, Any]:
    assert SPEC is not None
    spec: dict[str, Any] = yaml.safe_load(Path(SPEC).read_text())
    return spec


def judge(exchange: Exchange) -> None:
    """Fails where a call or its answer is not as described."""
    operation, template = _operation(exchange)
    _query(exchange, operation)
    assert exchange.headers["authorization"].startswith("OAuth ")
    if exchange.method in ("POST", "PUT"):
        _body(exchange, operation["requestBody"]["content"])
    else:
        assert exchange.size == 0
    responses = operation["responses"]
    assert str(exchange.status) in responses, (exchange.method, template, exchange.status)
    if exchange.status == 401:
        assert exchange.answer == b""  # as it really is (issue 562)
        return
    content = _resolved(responses[str(exchange.status)]).get("content")
    if content is None:
        return
    _valid(json.loads(exchange.answer), next(iter(content.values()))["schema"])


def judge_token(exchange: Exchange) -> None:
    """The same of a call to the token's address, which the description shows among its schemas."""
    asked = dict(parse_qsl(exchange.body.decode(), keep_blank_values=True))
    _valid(asked, {"$ref": "#/components/schemas/OAuthToken"})
    needed = {
        "authorization_code": {"code", "redirect_uri"},
        "refresh_token": {"refresh_token", "redirect_uri"},
    }
    assert needed[asked["grant_type"]] <= set(asked)
    if exchange.status == 200:
        example = _spec()["components"]["examples"]["ExpiringToken"]["value"]
        answer = json.loads(exchange.answer)
        assert set(answer) == set(example)
        assert {name: type(value) for name, value in answer.items()} == {
            name: type(value) for name, value in example.items()
        }


def form_of(exchange: Exchange) -> dict[str, tuple[str | None, bytes]]:
    """A form, read by the standard library's mail parser: file name and content of each field."""
    head = f"Content-Type: {exchange.headers['content-type']}\r\n\r\n".encode()
    message = message_from_bytes(head + bytes(exchange.body))
    found: dict[str, tuple[str | None, bytes]] = {}
    parts: list[Message] = message.get_payload()  # type: ignore[assignment]
    for part in parts:
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        assert isinstance(name, str)
        assert isinstance(content, bytes)
        assert name not in found
        found[name] = (part.get_filename(), content)
    return found


def _operation(exchange: Exchange) -> tuple[dict[str, Any], str]:
    for template, methods in _spec()["paths"].items():
        wanted, given = template.split("/"), exchange.path.split("/")
        if len(wanted) == len(given) and all(
            one == other or one.startswith("{") for one, other in zip(wanted, given, strict=True)
        ):
            assert exchange.method.lower() in methods, f"{exchange.method} {template}"
            return methods[exchange.method.lower()], template
    raise AssertionError(exchange.path)


def _query(exchange: Exchange, operation: dict[str, Any]) -> None:
    parameters = [_resolved(one) for one in operation.get("parameters", ())]
    known = {one["name"]: one["schema"] for one in parameters if one["in"] == "query"}
    for name, value in parse_qsl(exchange.query):
        if name == "cursor":
            continue  # out of a next_href, which the store wrote
        given: Any = value
        if known[name]["type"] == "array":
            given = value.split(",")
        elif known[name]["type"] in ("integer", "boolean"):
            given = json.loads(value)
        _valid(given, known[name])


def _body(exchange: Exchange, content: dict[str, Any]) -> None:
    kind = exchange.headers["content-type"].partition(";")[0]
    schema = content[kind]["schema"]
    if kind == "application/json":
        asked = json.loads(exchange.body)
        (name,) = asked
        fields, known = asked[name], _resolved(schema)["properties"][name]["properties"]
        _valid(asked, schema)
    else:
        form = form_of(exchange)
        known = _properties(schema)
        fields = {
            name: json.loads(value) if known[name]["type"] == "boolean" else value.decode("utf-8", "replace")
            for name, (_, value) in form.items()
        }
        for name, (file_name, _) in form.items():
            assert (file_name is not None) == (known[name].get("format") == "binary"), name
            assert file_name is None or file_name.isascii()
        _valid(fields, schema)
    assert set(fields) <= set(known), set(fields) - set(known)


def _properties(schema: dict[str, Any]) -> dict[str, Any]:
    schema = _resolved(schema)
    found: dict[str, Any] = dict(schema.get("properties", {}))
    for one in schema.get("allOf", ()):
        found |= _properties(one)
    return found


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        found: Any = _spec()
        for step in schema["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        schema = found
    return schema


def _valid(value: Any, schema: dict[str, Any]) -> None:
    jsonschema_rs.validate(_as_json_schema(schema), value)


def _as_json_schema(schema: Any) -> Any:
    """OpenAPI 3.0 writes `nullable`, and repeats nothing behind a `$ref`."""
    if isinstance(schema, list):
        return [_as_json_schema(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    schema = _resolved(schema)
    kept: dict[str, Any] = {}
    for name, inner in schema.items():
        if name == "properties":
            kept[name] = {key: _as_json_schema(one) for key, one in inner.items()}
        elif name in _KEPT:
            kept[name] = _as_json_schema(inner)
    if schema.get("nullable"):
        if "enum" in kept:
            kept["enum"] = [*kept["enum"], None]
        if "type" in kept:
            kept["type"] = [kept["type"], "null"]
    return kept
