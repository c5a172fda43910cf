"""Who may do what: every operation of the specification, with every scope, and on somebody else's rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import httpx
import pytest

from aimusicverse.server.app import application
from aimusicverse.server.security.scopes import ADMIN, SCOPES
from tests.server.cheap_hashes import cheaply
from tests.server.conftest import Api
from tests.server.security.keys import another_owner, by, create_key, first_owner, id_of


class Operation(NamedTuple):
    """A call of the API."""

    name: str
    method: str
    path: str
    scope: str


#: What says itself who may: play links need no key.
SCOPE_OF = {"get_track_audio": "tracks:read"}
#: Open to everybody.
OPEN = {"healthz", "readyz", "metrics"}
#: Of stores, which sign what they say and have no key.
SIGNED = {"take_platform_callback"}
#: What an operation on an id must be sent at least to be looked at.
SENT: dict[str, dict[str, Any]] = {
    "add_playlist_tracks": {"json": {"track_ids": ["trk_x"]}},
    "replace_playlist_tracks": {"json": {"track_ids": []}},
    "remove_playlist_tracks": {"params": {"track_ids": "trk_x"}},
    "move_playlist_track": {"json": {"track_id": "trk_x", "position": 0}},
    "create_user_api_key": {"json": {"name": "x", "scopes": ["tracks:read"]}},
    "suspend_user_api_key": {"json": {"suspended": True}},
    "replay_webhook": {"json": {"after": 0}},
}


@pytest.fixture(autouse=True)
def hashes() -> Iterator[None]:
    """What a key costs is not what is asked here."""
    with cheaply():
        yield


@cache
def operations() -> list[Operation]:
    """All that a key opens."""
    found = []
    for path, methods in application().openapi()["paths"].items():
        for method, operation in methods.items():
            name = operation["operationId"]
            if name in OPEN | SIGNED:
                continue
            said = re.search(r"Scope: `([a-z:]+)`", operation["description"])
            found.append(Operation(name, method, path, said[1] if said else SCOPE_OF[name]))
    return found


def sent(operation: Operation) -> dict[str, Any]:
    if operation.name in SENT:
        return SENT[operation.name]
    return {"json": {}} if operation.method in ("post", "patch", "put") else {}


def test_every_operation_needs_a_key_and_exactly_its_scope(api: Api) -> None:
    """A key that can do nothing else, and one that can do everything else."""
    assert len(operations()) >= 40
    assert {operation.scope for operation in operations()} <= set(SCOPES)
    only = {scope: create_key(api, scopes=(scope,)) for scope in SCOPES}
    all_else = {
        scope: create_key(api, scopes=tuple(other for other in SCOPES if other != scope)) for scope in SCOPES
    }
    with httpx.Client(base_url=api.server.url, timeout=30) as http:
        for operation in operations():
            path, body = re.sub(r"\{\w+\}", "gen_x", operation.path), sent(operation)
            nobody = http.request(operation.method, path, **body)
            assert (nobody.status_code, nobody.json()["code"]) == (401, "api_key_missing"), operation
            opens(http, operation, only[operation.scope])
            refuses(http, operation, all_else[operation.scope])


@pytest.mark.long
def test_no_scope_alone_opens_what_needs_another(api: Api) -> None:
    keys = {scope: create_key(api, scopes=(scope,)) for scope in SCOPES}
    with httpx.Client(base_url=api.server.url, timeout=30) as http:
        for operation in operations():
            for scope, key in keys.items():
                (opens if scope == operation.scope else refuses)(http, operation, key)


def opens(http: httpx.Client, operation: Operation, key: str) -> None:
    answer = asked(http, operation, key)
    assert answer.status_code not in (401, 403), (operation, answer.text)


def refuses(http: httpx.Client, operation: Operation, key: str) -> None:
    answer = asked(http, operation, key)
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing"), (operation, key)
    assert operation.scope in answer.json()["detail"]


def asked(http: httpx.Client, operation: Operation, key: str) -> httpx.Response:
    path = re.sub(r"\{\w+\}", "gen_x", operation.path)
    return http.request(operation.method, path, headers={"X-API-Key": key}, **sent(operation))


def test_every_operation_on_an_id_of_another_user_is_not_found(api: Api) -> None:
    hook = api.post("/webhooks", json={"url": "http://127.0.0.1:9/"}).json()["id"]
    ended = api.generate()
    mine = {
        "webhook_id": hook,
        "delivery_id": api.get(f"/webhooks/{hook}/deliveries").json()["data"][0]["id"],
        "generation_id": ended["id"],
        "track_id": ended["tracks"][0]["id"],
        "event_id": api.get("/events").json()["data"][0]["id"],
        "playlist_id": api.post("/playlists", json={"title": "x"}).json()["id"],
        "artwork_id": api.post("/artwork", json={"title": "x"}).json()["id"],
        "key_id": id_of(api.key),
        "user_id": first_owner(api),
    }
    draft = {"metadata": {"title": "x"}, "platforms": ["soundcloud"], "draft": True}
    draft["track_ids"] = [mine["track_id"]]
    mine["distribution_id"] = api.post("/distributions", json=draft).json()["id"]
    mine["platform"] = "nowhere"  # stores are everybody's
    mine |= {"section": "0", "name": "01-tone"}  # of the track
    other = another_owner(api)
    tried = set()
    with httpx.Client(base_url=api.server.url, headers={"X-API-Key": other}, timeout=30) as http:
        for operation in operations():
            if "{" not in operation.path:
                continue
            tried.add(operation.name)
            answer = http.request(operation.method, operation.path.format(**mine), **sent(operation))
            found = (answer.status_code, answer.json()["code"].removeprefix("playlist_entry")[-9:])
            # Users and their keys are for admins to see: who is none does not learn whether they are there.
            expected = (403, "e_missing") if operation.scope == ADMIN else (404, "not_found")
            assert found == expected, (operation, answer.text)
    assert len(tried) >= 20
    # Nor was anything changed by the attempt.
    assert api.get(f"/tracks/{mine['track_id']}").status_code == 200
    assert api.get(f"/playlists/{mine['playlist_id']}").json()["track_count"] == 0
    assert api.get(f"/webhooks/{hook}").json()["secrets_valid"] == 1


def test_every_list_is_of_ones_own(api: Api) -> None:
    api.generate()
    api.post("/playlists", json={"title": "x"})
    api.post("/artwork", json={"title": "x"})
    api.post("/webhooks", json={"url": "http://127.0.0.1:9/"})
    with by(api, another_owner(api)) as http:
        lists = [
            operation.path.removeprefix("/api/v1")
            for operation in operations()
            if operation.name.startswith("list_") and "{" not in operation.path
            and operation.scope != ADMIN
            and operation.name not in ("list_engines", "list_artwork_templates", "list_platforms")
        ]  # fmt: skip
        assert len(lists) >= 5
        for path in lists:
            found = http.get(path).json()["data"]
            assert len(found) == (1 if path == "/api-keys" else 0), path
