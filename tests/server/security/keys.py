"""Keys and users for tests, made beside the API."""

from __future__ import annotations

from typing import Any

import httpx

from aimusicverse.server.api_keys import queries
from aimusicverse.server.ids import new_id
from aimusicverse.server.security import key_format, key_hash
from aimusicverse.server.security.key_format import Mode
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.security.scopes import SCOPES
from aimusicverse.server.store.base import Store
from tests.server.conftest import Api


def store_of(api: Api) -> Store:
    return api.server.services.store


def first_owner(api: Api) -> str:
    owner_id = store_of(api).read_now(queries.first_owner)
    assert owner_id
    return owner_id


def create_key(
    api: Api,
    *,
    owner_id: str | None = None,
    scopes: tuple[str, ...] = SCOPES,
    mode: Mode = "live",
    name: str = "x",
    **columns: Any,
) -> str:
    """The text of a new key."""
    key_id = new_id("key")
    key, secret = key_format.mint(key_id, mode)
    store_of(api).write_now(
        queries.insert,
        key_id,
        owner_id=owner_id or first_owner(api),
        name=name,
        mode=mode,
        hash=key_hash.hashed(secret),
        scopes=list(scopes),
        **columns,
    )
    return key.get_secret_value()


def id_of(key: str) -> str:
    parsed = key_format.parse(key)
    assert parsed is not None
    return parsed.id


def new_owner(api: Api, *, tier: str = "local", role: str = "user") -> str:
    owner_id = new_id("usr")
    store_of(api).write_now(queries.insert_owner, owner_id, name="other", tier=tier, role=role)
    return owner_id


def another_owner(api: Api) -> str:
    """A key of somebody else, with every scope that he can have."""
    return create_key(api, owner_id=new_owner(api))


def change_key(api: Api, key: str, **columns: Any) -> None:
    """Set columns of a key, beside all rules."""
    row = store_of(api).read_now(queries.find, id_of(key))
    assert row is not None
    store_of(api).write_now(queries.change, Owner(row.owner_id), row.id, **columns)


def revoke(api: Api, key: str) -> None:
    change_key(api, key, revoked_at=api.server.services.clock.now())


def by(api: Api, key: str) -> httpx.Client:
    """A client with another key."""
    return httpx.Client(base_url=f"{api.server.url}/api/v1", headers={"X-API-Key": key}, timeout=30)


def status_with(api: Api, key: str, path: str = "/api/v1/tracks") -> tuple[int, str | None]:
    answer = httpx.get(api.server.url + path, headers={"X-API-Key": key}, timeout=30)
    return answer.status_code, answer.json().get("code")


def forged_secret(key: str) -> str:
    """The same id with another secret, and a right checksum."""
    parsed = key_format.parse(key)
    assert parsed is not None
    mode: Mode = "live" if parsed.mode == "live" else "test"
    return key_format.mint(parsed.id, mode)[0].get_secret_value()


def unknown_key() -> str:
    """A key of which only the form is right."""
    return key_format.mint(new_id("key"), "live")[0].get_secret_value()
