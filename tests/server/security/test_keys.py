"""API keys: their form, their keeping, and that each call sees its owner's rows only."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimusicverse.secret import Secret
from aimusicverse.server.api_keys import queries
from aimusicverse.server.app import application
from aimusicverse.server.ids import base62, new_id
from aimusicverse.server.security import key_format, key_hash, principal
from aimusicverse.server.security.redact import redact
from aimusicverse.server.security.scopes import SCOPES
from tests.server.conftest import Api


def create_key(api: Api, *, owner_id: str | None = None, scopes: tuple[str, ...] = SCOPES, **row: Any) -> str:
    store = api.server.services.store
    key_id = new_id("key")
    key, secret = key_format.mint(key_id, "live")

    def insert(tx: Any) -> None:
        owner = owner_id or queries.first_owner(tx)
        assert owner
        values = {"expires_at": None, "revoked_at": None, **row}
        queries.insert(
            tx,
            queries.ApiKeyRow(key_id, owner, "live", key_hash.hashed(secret), list(scopes), **values),
            name="x",
        )

    store.write_now(insert)
    return key.get_secret_value()


def another_owner(api: Api) -> str:
    owner_id = new_id("usr")
    api.server.services.store.write_now(queries.insert_owner, owner_id, name="other", tier="local")
    return create_key(api, owner_id=owner_id)


def revoke(api: Api) -> None:
    """End all keys that `create_key` made."""
    store = api.server.services.store
    owner_id = store.read_now(queries.first_owner)
    assert owner_id
    store.write_now(queries.revoke_named, owner_id, "x")


def status_with(api: Api, key: str, path: str = "/api/v1/tracks") -> tuple[int, str | None]:
    answer = httpx.get(api.server.url + path, headers={"X-API-Key": key}, timeout=30)
    return answer.status_code, answer.json().get("code")


def test_a_key_has_the_promised_form() -> None:
    key, _ = key_format.mint("key_abc", "test")
    assert re.fullmatch(r"amv_test_abc_[0-9A-Za-z]{49}", key.get_secret_value())


@given(st.integers(0, 48), st.sampled_from("0123456789ABCxyz"))
def test_any_typing_error_is_seen_without_the_database(position: int, char: str) -> None:
    key = key_format.mint("key_abc", "live")[0].get_secret_value()
    start = len("amv_live_abc_") + position
    changed = key[:start] + char + key[start + 1 :]
    assert (key_format.parse(changed) is None) == (changed != key)


@given(st.text(max_size=80))
def test_junk_is_no_key(text: str) -> None:
    assert key_format.parse(text) is None


def test_the_secret_is_kept_as_bcrypt_only(sqlite_only: None, api: Api) -> None:
    row = api.server.services.store.read_now(queries.find, key_format.parse(api.key).id)  # type: ignore[union-attr]
    assert row is not None
    assert row.hash.startswith(b"$2b$10$")
    database = api.server.services.settings.data_dir / "amv.db"
    secret = api.key.rsplit("_", 1)[1]
    for file in (database, database.with_name("amv.db-wal")):
        assert secret.encode() not in file.read_bytes()


def test_bcrypt_runs_once_for_a_key(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    key = create_key(api)
    calls: list[int] = []
    original = key_hash.matches

    def counted(secret: Secret, stored: bytes) -> bool:
        calls.append(1)
        return original(secret, stored)

    monkeypatch.setattr(principal.key_hash, "matches", counted)
    for _ in range(5):
        assert status_with(api, key)[0] == 200
    assert len(calls) == 1


def test_an_unknown_id_costs_a_bcrypt_too(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bytes] = []
    original = key_hash.matches

    def counted(secret: Secret, stored: bytes) -> bool:
        seen.append(stored)
        return original(secret, stored)

    monkeypatch.setattr(principal.key_hash, "matches", counted)
    assert status_with(api, key_format.mint("key_nobody", "live")[0].get_secret_value()) == (
        401,
        "api_key_invalid",
    )
    assert seen == [principal._DECOY]
    assert len(principal._DECOY) == 60


def test_a_revoked_key_ends_at_once(api: Api) -> None:
    key = create_key(api)
    assert status_with(api, key)[0] == 200
    revoke(api)
    assert status_with(api, key) == (401, "api_key_revoked")


def test_a_key_revoked_while_it_is_checked_is_not_remembered(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = create_key(api)
    original = key_hash.matches

    def slow(secret: Secret, stored: bytes) -> bool:
        right = original(secret, stored)
        revoke(api)
        monkeypatch.setattr(principal.key_hash, "matches", original)
        return right

    monkeypatch.setattr(principal.key_hash, "matches", slow)
    for _ in range(2):
        assert status_with(api, key) == (401, "api_key_revoked")


def test_a_key_expires_on_the_servers_clock(api: Api) -> None:
    key = create_key(api, expires_at=api.server.services.clock.now() + timedelta(hours=1))
    assert status_with(api, key)[0] == 200
    api.advance(timedelta(hours=1))
    assert status_with(api, key) == (401, "api_key_expired")


def test_a_live_key_does_not_pass_as_a_test_key(api: Api) -> None:
    parsed = key_format.parse(api.key)
    assert parsed is not None
    body = parsed.secret.get_secret_value()[:43]
    name = parsed.id.removeprefix("key_")
    forged = f"amv_test_{name}_{body}{key_format._checksum('test', name, body)}"
    assert status_with(api, forged) == (401, "api_key_invalid")


def operations() -> list[tuple[str, str, str]]:
    """Every operation under the prefix: method, path, scope."""
    found = []
    for path, methods in application().openapi()["paths"].items():
        for method, operation in methods.items():
            if scope := re.search(r"Scope: `([a-z:]+)`", operation["description"]):
                found.append((method, path, scope[1]))
    return found


def test_every_operation_needs_a_key_and_exactly_its_scope(api: Api) -> None:
    assert len(operations()) >= 12
    keys = {scope: create_key(api, scopes=(scope,)) for scope in SCOPES}
    with httpx.Client(base_url=api.server.url, timeout=30) as http:
        for method, path, needed in operations():
            path = re.sub(r"\{\w+\}", "gen_x", path)
            body = {"json": {"prompt": "x", "format": "wav"}} if method == "post" else {}
            assert http.request(method, path, **body).status_code == 401, path  # type: ignore[arg-type]
            for scope, key in keys.items():
                answer = http.request(method, path, headers={"X-API-Key": key}, **body)  # type: ignore[arg-type]
                if scope == needed:
                    assert answer.status_code != 403, (method, path, scope)
                else:
                    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing"), (
                        method,
                        path,
                        scope,
                    )
                    assert needed in answer.json()["detail"]


#: What an operation on an id must be sent at least to be looked at, by method and the end of its path.
SENT: dict[tuple[str, str], dict[str, Any]] = {
    ("patch", ""): {"json": {}},
    ("put", "/tracks"): {"json": {"track_ids": []}},
    ("post", "/tracks"): {"json": {"track_ids": ["trk_x"]}},
    ("post", "/tracks/move"): {"json": {"track_id": "trk_x", "position": 0}},
    ("post", ""): {"json": {}},
    ("delete", "/tracks"): {"params": {"track_ids": "trk_x"}},
}


def sent(method: str, path: str) -> dict[str, Any]:
    end = path.rpartition("}")[2]
    return SENT.get((method, end), SENT.get((method, ""), {}))


def test_every_operation_on_another_owners_id_is_not_found(api: Api) -> None:
    ended = api.generate()
    event = api.get("/events").json()["data"][0]
    ids = {
        "generation_id": ended["id"],
        "track_id": ended["tracks"][0]["id"],
        "event_id": event["id"],
        "playlist_id": api.post("/playlists", json={"title": "x"}).json()["id"],
    }
    other = another_owner(api)
    with httpx.Client(base_url=api.server.url, headers={"X-API-Key": other}, timeout=30) as http:
        tried = 0
        for method, path, _ in operations():
            if "{" not in path:
                continue
            tried += 1
            answer = http.request(method, path.format(**ids), **sent(method, path))
            assert (answer.status_code, answer.json()["code"][-9:]) == (404, "not_found"), (method, path)
        for path in ("/api/v1/generations", "/api/v1/tracks", "/api/v1/playlists", "/api/v1/events"):
            assert http.get(path).json()["data"] == []
    assert tried >= 6
    assert api.get(f"/tracks/{ids['track_id']}").status_code == 200


def test_ids_sort_by_time_and_never_repeat() -> None:
    ids = [new_id("gen") for _ in range(10_000)]
    assert ids == sorted(set(ids))
    assert re.fullmatch(r"gen_[0-9A-Za-z]{22}", ids[0])
    assert base62(int(time.time())) < base62(int(time.time()) + 1)


def test_logs_show_no_secret() -> None:
    key = key_format.mint("key_a", "live")[0].get_secret_value()
    line = f"GET /x?signature=abc-_9 Authorization: Bearer {key} key={key} whsec_c2VjcmV0"
    assert key not in redact(line)
    assert "abc-_9" not in redact(line)
    assert "c2VjcmV0" not in redact(line)
