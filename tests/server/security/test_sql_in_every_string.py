"""SQL in every string that the specification has: of each path, query and body, on both databases."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import quote

import pytest
import sqlalchemy as sa

from aimusicverse.server.app import application
from aimusicverse.server.store.tables import (
    api_key,
    delivery,
    event,
    generation,
    owner,
    playlist,
    track,
    webhook,
)
from tests.server.cheap_hashes import cheaply
from tests.server.conftest import Api
from tests.server.test_specification_is_kept import existing

TEXTS = (
    "'; DELETE FROM owner; --",
    "x' OR '1'='1",
    "\"; UPDATE owner SET role='admin'; --",
    "$$; SELECT pg_sleep(100); $$ %s %(owner)s :owner ?1 {0}",
)


@cache
def spec() -> dict[str, Any]:
    """Made when it is asked for: every run would wait for it that only looks which tests there are."""
    return application().openapi()


@pytest.fixture(autouse=True)
def hashes() -> Iterator[None]:
    """What a key costs is not what is asked here."""
    with cheaply():
        yield


class Place(NamedTuple):
    """A string of an operation."""

    method: str
    path: str
    #: `path`, `query` or `body`.
    where: str
    name: str
    #: Of a body, what else it must hold.
    rest: dict[str, Any]


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema that a reference names."""
    reference = schema.get("$ref")
    return spec()["components"]["schemas"][reference.rpartition("/")[2]] if reference else schema


def body_of(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of a body, also of one that may be left out."""
    schema = resolved(schema)
    return body_of(schema["anyOf"][0]) if "anyOf" in schema else schema


def takes(schema: dict[str, Any], kind: str) -> bool:
    """Whether a value may be of a type."""
    schema = resolved(schema)
    return schema.get("type") == kind or any(takes(one, kind) for one in schema.get("anyOf", ()))


def least(schema: dict[str, Any]) -> Any:
    """A value that fits, as small as it can be."""
    schema = resolved(schema)
    if "enum" in schema:
        return schema["enum"][0]
    if "anyOf" in schema:
        return least(schema["anyOf"][0])
    if schema.get("type") == "object":
        return {name: least(schema["properties"][name]) for name in schema.get("required", ())}
    if schema.get("type") == "array":
        return [least(schema["items"])]
    return {"string": "x", "integer": schema.get("minimum", 1), "boolean": True}[schema["type"]]


def places() -> Iterator[Place]:
    """Every string."""
    for path, operations in spec()["paths"].items():
        for method, operation in operations.items():
            for parameter in operation.get("parameters", ()):
                if parameter["in"] != "header":
                    yield Place(method, path, parameter["in"], parameter["name"], {})
            sent = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if sent is not None:
                body = body_of(sent["schema"])
                for name, schema in body["properties"].items():
                    if takes(schema, "string") or takes(schema, "array"):
                        yield Place(method, path, "body", name, least(body))


def as_sent(place: Place, text: str, there: dict[str, str]) -> tuple[str, dict[str, Any]]:
    """URL and the rest of the request."""
    filled = {**there, place.name: quote(text, safe="")} if place.where == "path" else there
    path = place.path.format(**filled)
    if place.where == "query":
        return path, {"params": {place.name: text}}
    if place.where != "body":
        return path, {"json": {}} if place.method != "get" else {}
    sent = spec()["paths"][place.path][place.method]["requestBody"]["content"]["application/json"]
    schema = body_of(sent["schema"])
    value = text if takes(schema["properties"][place.name], "string") else [text]
    return path, {"json": {**place.rest, place.name: value}}


def test_it_is_taken_as_text_or_refused_and_nothing_else_happens(api: Api) -> None:
    there = existing(api)
    before = rows(api)
    answered: Counter[int] = Counter()
    for place in places():
        for text in TEXTS:
            path, request = as_sent(place, text, there)
            began = time.monotonic()
            answer = api.http.request(place.method, api.server.url + path, **request)
            assert answer.status_code < 500, (place, text, answer.text)
            assert time.monotonic() - began < 50, (place, text)  # nothing slept
            if place.where == "path":
                assert answer.status_code in (400, 404, 422), (place, text, answer.text)
            answered[answer.status_code // 100] += 1
    assert answered[2] > 80, answered  # a good part of them went through a statement
    assert answered.total() > 400
    after = rows(api)
    assert {table for table in before if after[table] < before[table]} == set()
    owners = api.server.services.store.read_now(lambda tx: tx.all(sa.select(owner.c.role)))
    assert [row.role for row in owners].count("admin") == 1


def rows(api: Api) -> dict[str, int]:
    """How many there are in the tables of what users have."""
    return {
        table.name: len(api.server.services.store.read_now(lambda tx, table=table: tx.all(sa.select(table))))
        for table in (owner, api_key, track, generation, playlist, event, webhook, delivery)
    }
