from __future__ import annotations

from typing import Any

import httpx
import pytest

from aimusicverse.server.running import RunningServer
from tests.cli.conftest import Run

pytestmark = pytest.mark.usefixtures("at_server")


def status(server: RunningServer, key: str) -> int:
    return httpx.get(f"{server.url}/api/v1/tracks", headers={"X-API-Key": key}, timeout=30).status_code


@pytest.fixture
def user(amv: Run) -> dict[str, Any]:
    made = amv("users", "add", "Ann", "--tier", "pro", "--json")
    assert made.code == 0, made.err
    found: dict[str, Any] = made.data
    return found


def test_a_new_user_comes_with_a_key_that_works(amv: Run, server: RunningServer) -> None:
    made = amv("users", "add", "Ann")
    shown = dict(line.split("\t") for line in made.out.splitlines())
    assert (shown["name"], shown["tier"], shown["calls an hour"]) == ("Ann", "free", "10")
    assert status(server, shown["key"]) == 200
    assert shown["key"] not in amv("users", "get", shown["id"]).out
    assert shown["key id"] in amv("users", "keys", shown["id"]).out


def test_a_list_in_a_pipe_has_the_id_first(amv: Run, user: dict[str, Any]) -> None:
    rows = [line.split("\t") for line in amv("users", "list").out.splitlines()]
    assert rows[0][:7] == [user["id"], "Ann", "pro", "100", "5000", "user", "active"]
    assert rows[-1][2:6] == ["local", "no limit", "no limit", "admin"]


def test_tier_and_figures_are_set(amv: Run, user: dict[str, Any]) -> None:
    assert amv("users", "tier", user["id"], "enterprise", "--json").data["hourly_limit"] == 1_000
    custom = amv("users", "tier", user["id"], "custom", "--hour", "5", "--day", "50", "--json").data
    assert (custom["hourly_limit"], custom["daily_limit"]) == (5, 50)
    assert amv("users", "tier", user["id"], "pro", "--hour", "5").code == 2
    assert amv("users", "tier", user["id"], "gold").code == 2
    assert amv("users", "tier", user["id"], "local").code == 2
    assert amv("users", "update", user["id"], "--name", "Bo", "--json").data["name"] == "Bo"
    assert amv("users", "update", user["id"]).code == 2


def test_a_user_or_one_key_is_suspended_and_resumed(
    amv: Run, user: dict[str, Any], server: RunningServer
) -> None:
    key = user["api_key"]["key"]
    for identifier in (user["id"], user["api_key"]["id"]):
        suspended = amv("users", "suspend", identifier, "--json")
        assert suspended.data["suspended_at"] is not None
        assert status(server, key) == 403
        assert amv("users", "resume", identifier, "--json").data["suspended_at"] is None
        assert status(server, key) == 200


def test_a_lost_key_is_replaced(amv: Run, user: dict[str, Any], server: RunningServer) -> None:
    new = amv("users", "add-key", user["id"], "found", "--scope", "tracks:read", "--json").data
    assert status(server, new["key"]) == 200
    assert amv("users", "add-key", user["id"], "x").code == 2
    assert amv("users", "add-key", user["id"], "x", "--scope", "admin").code == 2


def test_it_is_for_admins(amv: Run, user: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    assert amv("users", "get", "usr_unknown", "--json").error["hint"] == "See: amv users list"
    monkeypatch.setenv("AMV_API_KEY", user["api_key"]["key"])
    for words in (("list",), ("add", "Bo"), ("tier", user["id"], "enterprise"), ("resume", user["id"])):
        refused = amv("users", *words, "--json")
        assert (refused.code, refused.error["code"]) == (3, "scope_missing")
