"""One's own account: who one is, and by which key."""

from __future__ import annotations

from typing import Any

import pytest

from aimusicverse.server.services import Services
from aimusicverse.types import Quota, Quotas
from tests.server.conftest import Api
from tests.server.security.keys import by, create_key, id_of


def test_the_embedded_owner_is_an_admin_without_limits(shared: Api) -> None:
    profile = shared.get("/user/profile").json()
    assert (profile["role"], profile["tier"]) == ("admin", "local")
    nothing = {"limit": None, "remaining": None, "resets_at": None}
    assert profile["quotas"] == {"hour": nothing, "day": nothing}
    assert profile["key"]["id"] == id_of(shared.key)
    assert "admin" in profile["key"]["scopes"]


def test_it_names_the_key_that_asks(shared: Api) -> None:
    with by(shared, create_key(shared, scopes=("profile:read",), name="phone")) as http:
        key = http.get("/user/profile").json()["key"]
        assert (key["name"], key["scopes"], key["mode"]) == ("phone", ["profile:read"], "live")
        assert http.patch("/user/profile", json={"name": "x"}).status_code == 403


def test_name_and_picture_can_be_changed(api: Api) -> None:
    before = api.get("/user/profile")
    url = "https://example.com/me.png?size=2"
    changed = api.patch(
        "/user/profile",
        json={"name": "Ann", "avatar_url": url},
        headers={"If-Match": before.headers["etag"]},
    ).json()
    assert (changed["name"], changed["avatar_url"]) == ("Ann", url)
    assert api.get("/user/profile").json() == changed
    stale = api.patch("/user/profile", json={"name": "x"}, headers={"If-Match": before.headers["etag"]})
    assert (stale.status_code, stale.json()["code"]) == (412, "version_conflict")
    assert api.patch("/user/profile", json={"avatar_url": None}).json()["avatar_url"] is None
    same = api.patch("/user/profile", json={})
    assert same.json()["name"] == "Ann"


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ""},
        {"name": None},
        {"name": "a\nb"},
        {"tier": "enterprise"},
        {"role": "admin"},
        {"hourly_limit": 1_000_000},
        {"suspended_at": None},
        {"avatar_url": ""},
        {"avatar_url": "me.png"},
        {"avatar_url": "javascript:alert(1)"},
        {"avatar_url": "data:image/png;base64,AAAA"},
        {"avatar_url": "https://user:secret@example.com/"},
        {"avatar_url": "https://example.com:port/"},
        {"avatar_url": "https://exa mple.com/"},
        {"avatar_url": "https://example.com/" + "x" * 2000},
    ],
    ids=str,
)
def test_what_cannot_be_is_refused(shared: Api, fields: dict[str, Any]) -> None:
    before = shared.get("/user/profile").json()
    answer = shared.patch("/user/profile", json=fields)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert shared.get("/user/profile").json() == before


def test_what_is_left_is_what_the_limiter_says(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    services: Services = api.server.services
    left = Quotas(hour=Quota(limit=10, remaining=3), day=Quota(limit=100, remaining=93))
    monkeypatch.setattr(services, "quotas_left", lambda principal: left)
    assert api.get("/user/profile").json()["quotas"] == left.model_dump(mode="json")
    assert api.patch("/user/profile", json={}).json()["quotas"] == left.model_dump(mode="json")
