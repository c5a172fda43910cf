"""Attacks on keys and users. Each says what an attacker tries, and what he gets.

brute force · enumeration by text · enumeration by time (`test_key_timing.py`) · SQL in every string (of all
operations: `test_sql_in_every_string.py`) · scope escalation by create, PATCH and rotate ·
a revoked key in another process's memory (`tests/server/test_processes.py`) ·
path traversal in ids · a flood of unknown keys
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from aimusicverse.server.api_keys import queries as api_key_rows
from aimusicverse.server.security import key_checks, key_format, key_hash
from tests.server.conftest import Api
from tests.server.security.keys import (
    another_owner,
    by,
    change_key,
    create_key,
    first_owner,
    forged_secret,
    id_of,
    new_owner,
    revoke,
    status_with,
    store_of,
    unknown_key,
)

READ = ["tracks:read"]
HERE = "/api/v1/tracks"


def refusal(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


# -- brute force -----------------------------------------------------------------------------------


def test_guesses_without_a_checksum_cost_neither_database_nor_bcrypt(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_checks.key_hash, "matches", lambda *_: pytest.fail("bcrypt ran"))
    asked: list[object] = []
    read = store_of(api).read

    def noted(function: Callable[..., object], *arguments: object) -> object:
        asked.append(function)  # deliveries of webhooks are looked for meanwhile
        return read(function, *arguments)

    monkeypatch.setattr(store_of(api), "read", noted)
    guesses = [api.key[:-1] + char for char in "abcdefghijk" if char != api.key[-1]]
    guesses += [
        api.key[:20],
        api.key + "0",
        api.key.upper(),
        "amv_live_x_y",
        "x" * 5_000,
        "amv_live_" + "0" * 90,
    ]
    for guess in guesses:
        assert status_with(api, guess) == (401, "api_key_invalid")
    assert api_key_rows.find_or_decoy not in asked


def test_guesses_with_a_checksum_are_bounded_by_bcrypt_and_open_nothing(api: Api) -> None:
    began = time.monotonic()
    tried = 8
    for _ in range(tried):
        assert status_with(api, forged_secret(api.key)) == (401, "api_key_invalid")
    each = (time.monotonic() - began) / tried
    assert each > 0.01  # 62**43 of them, at most a hundred in a second
    assert status_with(api, api.key)[0] == 200


def test_the_checksum_gives_nothing_of_the_secret_away() -> None:
    keys = {key_format.mint("key_a", "live")[0].get_secret_value() for _ in range(1_000)}
    assert len(keys) == 1_000
    assert len({key[len("amv_live_a_") :][:43] for key in keys}) == 1_000


# -- enumeration -----------------------------------------------------------------------------------


def test_an_answer_does_not_tell_which_part_of_a_key_was_wrong(start: Callable[..., Api]) -> None:
    api = start(address_limit=0)  # else each answer says how many more there may be
    revoked, suspended = create_key(api), create_key(api)
    revoke(api, revoked)
    change_key(api, suspended, suspended_at=api.server.services.clock.now())
    expired = create_key(api, expires_at=api.server.services.clock.now() - timedelta(days=1))
    of_suspended_user = create_key(api, owner_id=new_owner(api))
    parsed = key_format.parse(api.key)
    assert parsed is not None
    body, name = parsed.secret.get_secret_value()[:43], parsed.id.removeprefix("key_")
    other_mode = f"amv_test_{name}_{body}{key_format._checksum('test', name, body)}"
    answers = set()
    wrong = [forged_secret(key) for key in (api.key, revoked, suspended, expired, of_suspended_user)]
    for key in (*wrong, other_mode, unknown_key(), "amv_live_x_y", "junk"):
        answer = httpx.get(api.server.url + HERE, headers={"X-API-Key": key}, timeout=30)
        headers = {k: v for k, v in answer.headers.items() if k not in ("x-request-id", "date")}
        shown = {**answer.json(), "request_id": None}
        answers.add((answer.status_code, str(shown), str(sorted(headers.items()))))
    assert len(answers) == 1


def test_ids_of_others_and_ids_of_nobody_get_the_same_answer(api: Api) -> None:
    with by(api, another_owner(api)) as http:
        theirs, nobodys = id_of(api.key), "key_" + "0" * 22
        for method, path, body in (
            ("GET", "/api-keys/{}", None),
            ("PATCH", "/api-keys/{}", {"name": "x"}),
            ("DELETE", "/api-keys/{}", None),
            ("POST", "/api-keys/{}/rotate", {}),
            ("GET", "/admin/users/{}", None),
            ("PATCH", "/admin/api-keys/{}", {"suspended": True}),
        ):
            answers = []
            for one in (theirs, nobodys):
                answer = http.request(method, path.format(one), **({} if body is None else {"json": body}))
                answers.append(answer.text.replace(one, "ID").replace(answer.headers["x-request-id"], ""))
            assert answers[0] == answers[1], path
    assert status_with(api, api.key)[0] == 200


# -- SQL in every string ---------------------------------------------------------------------------

INJECTIONS = [
    "' OR '1'='1",
    "'; DROP TABLE api_key; --",
    '" OR ""="',
    "x') UNION SELECT hash FROM api_key --",
    "%' AND 1=CAST((SELECT hash FROM api_key LIMIT 1) AS int) --",
    "\\'; UPDATE owner SET role='admin'; --",
    "$$; SELECT pg_sleep(300); $$",
    "%s %(owner)s :owner ?1 {0}",
]


@pytest.mark.parametrize("text", INJECTIONS)
def test_sql_in_any_string_is_a_string(shared: Api, text: str) -> None:
    began = time.monotonic()
    made = shared.post("/api-keys", json={"name": text, "scopes": READ})
    assert (made.status_code, made.json()["name"]) == (201, text)
    path = f"/api-keys/{made.json()['id']}"
    assert shared.patch(path, json={"name": text + "2"}).json()["name"] == text + "2"
    assert shared.post(f"{path}/rotate", json={}).json()["name"] == text + "2"
    user = shared.post("/admin/users", json={"name": text})
    assert (user.status_code, user.json()["name"], user.json()["role"]) == (201, text, "user")
    assert shared.patch("/user/profile", json={"name": text}).json()["name"] == text
    for one in ("/api-keys/{}", "/admin/users/{}", "/admin/users/{}/api-keys"):
        answer = shared.get(one.format(quote(text, safe="")))
        assert answer.status_code == 404
    assert shared.get("/api-keys", params={"cursor": text}).status_code == 400
    for refused in (
        shared.post("/api-keys", json={"name": "x", "scopes": [text]}),
        shared.post("/api-keys", json={"name": "x", "scopes": READ, "mode": text}),
        shared.post("/api-keys", json={"name": "x", "scopes": READ, "expires_at": text}),
        shared.patch("/user/profile", json={"avatar_url": text}),
        shared.post("/admin/users", json={"name": "x", "tier": text}),
        shared.post("/admin/users", json={"name": "x", "role": text}),
        shared.patch(path, json={"name": "x"}, headers={"If-Match": text.encode("latin-1", "replace")}),
    ):
        assert refused.status_code in (412, 422)
    assert status_with(shared, text) == (401, "api_key_invalid")
    assert time.monotonic() - began < 60  # nothing slept
    assert first_owner(shared)
    shared.delete(path)


# -- scope escalation ------------------------------------------------------------------------------

#: What a key with `keys:write` and `tracks:read` alone may not come by.
MORE = [["tracks:write"], ["admin"], ["tracks:read", "generate:write"], ["keys:read", "keys:write"]]
FEW = ("keys:write", "tracks:read")


@pytest.mark.parametrize("scopes", MORE, ids=str)
def test_a_key_makes_no_key_with_more_scopes(shared: Api, scopes: list[str]) -> None:
    with by(shared, create_key(shared, scopes=FEW)) as http:
        refused = http.post("/api-keys", json={"name": "x", "scopes": scopes})
        assert refusal(refused) == (403, "scope_missing")
        for lacking in set(scopes) - set(FEW):
            assert lacking in refused.json()["detail"]


@pytest.mark.parametrize("scopes", MORE, ids=str)
def test_a_key_widens_neither_itself_nor_another(shared: Api, scopes: list[str]) -> None:
    little, other = create_key(shared, scopes=FEW), create_key(shared, scopes=("tracks:read",))
    with by(shared, little) as http:
        for key in (little, other):
            refused = http.patch(f"/api-keys/{id_of(key)}", json={"scopes": scopes})
            assert refusal(refused) == (403, "scope_missing")
        assert http.patch(f"/api-keys/{id_of(other)}", json={"scopes": list(FEW)}).status_code == 200


def test_a_key_rotates_no_key_that_can_do_more(shared: Api) -> None:
    strong = create_key(shared, scopes=("tracks:read", "admin"))
    with by(shared, create_key(shared, scopes=FEW)) as http:
        refused = http.post(f"/api-keys/{id_of(strong)}/rotate", json={})
        assert refusal(refused) == (403, "scope_missing")
        assert "admin" in refused.json()["detail"]
    assert status_with(shared, strong)[0] == 200  # and it was not ended by the attempt


def test_what_a_key_lost_it_cannot_give_even_in_the_same_moment(api: Api) -> None:
    key = create_key(api, scopes=("keys:write", "tracks:read", "tracks:write"))
    with by(api, key) as http:
        body = {"name": "x", "scopes": ["tracks:write"]}
        assert http.post("/api-keys", json=body).status_code == 201
        api.patch(f"/api-keys/{id_of(key)}", json={"scopes": list(FEW)})
        assert refusal(http.post("/api-keys", json=body)) == (403, "scope_missing")


def test_a_test_key_makes_widens_and_rotates_no_live_key(shared: Api) -> None:
    live = create_key(shared, scopes=("tracks:read",))
    with by(shared, create_key(shared, mode="test")) as http:
        for refused in (
            http.post("/api-keys", json={"name": "x", "scopes": READ, "mode": "live"}),
            http.patch(f"/api-keys/{id_of(live)}", json={"scopes": ["tracks:write"]}),
            http.post(f"/api-keys/{id_of(live)}/rotate", json={}),
            http.post("/admin/users", json={"name": "x", "mode": "live"}),
        ):
            assert refusal(refused) == (403, "grant_exceeded")
        assert http.post("/api-keys", json={"name": "x", "scopes": READ}).json()["mode"] == "test"
        assert http.post("/admin/users", json={"name": "x"}).json()["api_key"]["mode"] == "test"


def test_a_key_that_ends_lets_no_key_live_longer(shared: Api) -> None:
    now = shared.server.services.clock.now()
    end, later = now + timedelta(days=1), (now + timedelta(days=2)).isoformat()
    brief, endless = create_key(shared, expires_at=end), create_key(shared)
    with by(shared, brief) as http:
        for refused in (
            http.post("/api-keys", json={"name": "x", "scopes": READ, "expires_at": later}),
            http.patch(f"/api-keys/{id_of(brief)}", json={"expires_at": later}),
            http.patch(f"/api-keys/{id_of(brief)}", json={"expires_at": None}),
            http.post(f"/api-keys/{id_of(brief)}/rotate", json={"expires_at": later}),
        ):
            assert refusal(refused) == (403, "grant_exceeded")
        ends = {
            http.post("/api-keys", json={"name": "x", "scopes": READ}).json()["expires_at"],
            http.post(f"/api-keys/{id_of(endless)}/rotate", json={}).json()["expires_at"],
            http.post(f"/api-keys/{id_of(brief)}/rotate", json={}).json()["expires_at"],
        }
        assert len(ends) == 1
        assert None not in ends


def test_an_admins_key_with_little_makes_no_user_with_a_key_that_can_more(shared: Api) -> None:
    with by(shared, create_key(shared, scopes=("admin", "tracks:read"))) as http:
        refused = http.post("/admin/users", json={"name": "x", "scopes": ["tracks:write"]})
        assert refusal(refused) == (403, "scope_missing")
        made = http.post("/admin/users", json={"name": "x"}).json()
        assert made["api_key"]["scopes"] == READ
        me = first_owner(shared)
        refused = http.post(f"/admin/users/{me}/api-keys", json={"name": "x", "scopes": ["tracks:write"]})
        assert refusal(refused) == (403, "scope_missing")


def test_a_user_makes_himself_neither_admin_nor_of_a_better_tier(shared: Api) -> None:
    with by(shared, another_owner(shared)) as http:
        me = http.get("/user/profile").json()
        for change in ({"role": "admin"}, {"tier": "enterprise"}, {"hourly_limit": 9}):
            assert http.patch("/user/profile", json=change).status_code == 422
            assert refusal(http.patch(f"/admin/users/{me['id']}", json=change)) == (403, "scope_missing")
        assert refusal(http.post("/api-keys", json={"name": "x", "scopes": ["admin"]})) == (
            403,
            "scope_missing",
        )
        after = http.get("/user/profile").json()
        assert (after["role"], after["tier"]) == (me["role"], me["tier"])


# -- path traversal in ids -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["..", ".", "../user/profile", "..%2Fuser%2Fprofile", "%2e%2e/user/profile", "..%2F..%2Fetc%2Fpasswd",
     "key_x%00", "key_x/../../user/profile", "%", "key_x;a=b", "%c0%ae%c0%ae", "\\..\\user"],
)  # fmt: skip
def test_an_id_leads_nowhere_else(shared: Api, name: str) -> None:
    key = create_key(shared)
    # A connection of our own: other clients would tidy the path up before they send it.
    host = shared.server.url.removeprefix("http://")
    headers = {"X-API-Key": key, "Content-Type": "application/json"}
    operations = (
        ("GET", f"/api/v1/api-keys/{name}"),
        ("PATCH", f"/api/v1/api-keys/{name}"),
        ("DELETE", f"/api/v1/api-keys/{name}"),
        ("POST", f"/api/v1/api-keys/{name}/rotate"),
        ("GET", f"/api/v1/admin/users/{name}"),
        ("PATCH", f"/api/v1/admin/api-keys/{name}"),
    )
    with closing(HTTPConnection(host, timeout=30)) as connection:
        for method, path in operations:
            body = '{"suspended": true}' if "/admin/api-keys/" in path else "{}"
            connection.request(
                method, path, body=None if method in ("GET", "DELETE") else body, headers=headers
            )
            answer = connection.getresponse()
            text = answer.read().decode()
            assert answer.status in (404, 405), (method, path, text)
            assert "root:" not in text
            assert '"tier"' not in text


# -- a flood of unknown keys -----------------------------------------------------------------------


def test_a_flood_of_unknown_keys_is_turned_away_at_a_bound(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_checks, "MOST_WAITING", 4)
    with ThreadPoolExecutor(16) as threads:
        found = list(threads.map(lambda _: status_with(api, unknown_key()), range(16)))
    assert set(found) == {(401, "api_key_invalid"), (503, "authentication_busy")}
    assert status_with(api, create_key(api))[0] == 200


def test_known_keys_are_answered_while_unknown_ones_wait(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long bcrypt takes, it is nobody's wait but theirs who bring an unknown key."""
    matches = key_hash.matches

    def slow(*arguments: Any) -> bool:
        time.sleep(0.3)
        return matches(*arguments)

    monkeypatch.setattr(key_checks.key_hash, "matches", slow)

    async def storm() -> tuple[list[int], list[float]]:
        async with httpx.AsyncClient(base_url=api.server.url, timeout=60) as http:
            unknown = [
                asyncio.create_task(http.get(HERE, headers={"X-API-Key": unknown_key()})) for _ in range(12)
            ]
            await asyncio.sleep(0.2)
            took = []
            for _ in range(20):
                began = time.monotonic()
                assert (await http.get(HERE, headers={"X-API-Key": api.key})).status_code == 200
                took.append(time.monotonic() - began)
            still = sum(not task.done() for task in unknown)
            return [still, *[(await task).status_code for task in unknown]], took

    [still, *codes], took = asyncio.run(storm())
    assert still > 0  # they were waiting all the time
    assert codes == [401] * 12
    assert sorted(took)[10] < 0.2
