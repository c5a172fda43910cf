from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from aimusicverse.cli.errors import UsageProblem
from aimusicverse.cli.typed import end
from aimusicverse.server.running import RunningServer
from tests.cli.conftest import Run

pytestmark = pytest.mark.usefixtures("at_server")


def status(server: RunningServer, key: str) -> int:
    return httpx.get(f"{server.url}/api/v1/tracks", headers={"X-API-Key": key}, timeout=30).status_code


@pytest.fixture
def key(amv: Run) -> dict[str, str]:
    made = amv("keys", "create", "nightly", "--scope", "tracks:read", "--json")
    assert made.code == 0, made.err
    found: dict[str, str] = made.data
    return found


def test_a_new_key_is_printed_once_and_works(amv: Run, server: RunningServer) -> None:
    made = amv("keys", "create", "nightly", "-s", "tracks:read", "-s", "playlists:read", "--expires", "90d")
    shown = dict(line.split("\t") for line in made.out.splitlines())
    assert (shown["name"], shown["scopes"], shown["mode"]) == (
        "nightly",
        "tracks:read playlists:read",
        "test",
    )
    assert "not shown again" in made.err
    assert status(server, shown["key"]) == 200
    for words in (("list",), ("list", "--json"), ("get", shown["id"]), ("get", shown["id"], "--json")):
        again = amv("keys", *words)
        assert shown["id"] in again.out
        assert shown["key"] not in again.out + again.err


def test_a_list_in_a_pipe_has_the_id_first(amv: Run, key: dict[str, str]) -> None:
    row = amv("keys", "list").out.splitlines()[0].split("\t")
    assert row == [key["id"], "nightly", "active", "test", "never", "not yet", "tracks:read"]


def test_a_key_is_narrowed_and_renamed(amv: Run, key: dict[str, str]) -> None:
    changed = amv("keys", "update", key["id"], "--name", "daily", "--scope", "profile:read", "--json").data
    assert (changed["name"], changed["scopes"]) == ("daily", ["profile:read"])
    ended = amv("keys", "update", key["id"], "--expires", "2h", "--json").data
    assert ended["expires_at"] is not None
    assert amv("keys", "update", key["id"], "--expires", "never", "--json").data["expires_at"] is None
    stale = amv("keys", "update", key["id"], "--name", "x", "--if-match", key["etag"], "--json")
    assert (stale.code, stale.error["code"]) == (1, "version_conflict")
    assert amv("keys", "update", key["id"]).code == 2


def test_a_key_is_rotated_with_and_without_an_overlap(
    amv: Run, key: dict[str, str], server: RunningServer
) -> None:
    new = amv("keys", "rotate", key["id"], "--overlap", "2h", "--json").data
    assert (status(server, key["key"]), status(server, new["key"])) == (200, 200)
    newer = amv("keys", "rotate", new["id"], "--now", "--json").data
    assert (status(server, new["key"]), status(server, newer["key"])) == (401, 200)
    assert newer["replaces"] == new["id"]
    assert amv("keys", "rotate", newer["id"], "--now", "--overlap", "1h").code == 2
    assert amv("keys", "rotate", newer["id"], "--expires", "never").code == 2
    twice = amv("keys", "rotate", key["id"], "--json")
    assert (twice.code, twice.error["code"]) == (1, "api_key_rotated")


def test_revoking_needs_a_yes_and_ends_it(amv: Run, key: dict[str, str], server: RunningServer) -> None:
    refused = amv("keys", "revoke", key["id"])
    assert (refused.code, "revoking needs a yes" in refused.err) == (2, True)
    assert amv("keys", "revoke", key["id"], "--yes", "--json").data == {"id": key["id"], "revoked": True}
    assert status(server, key["key"]) == 401
    assert key["id"] not in amv("keys", "list").out
    assert key["id"] in amv("keys", "list", "--revoked").out


def test_what_goes_wrong_has_its_exit_code(amv: Run) -> None:
    assert amv("keys", "create", "x").code == 2
    unknown = amv("keys", "create", "x", "--scope", "tracks:all", "--json")
    assert (unknown.code, unknown.error["errors"][0]["field"]) == (2, "scopes[0]")
    assert amv("keys", "create", "x", "--scope", "tracks:read", "--expires", "soon").code == 2
    missing = amv("keys", "get", "key_unknown", "--json")
    assert (missing.code, missing.error["hint"]) == (4, "See: amv keys list")


def test_a_key_that_may_not_is_refused(
    amv: Run, key: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AMV_API_KEY", key["key"])
    refused = amv("keys", "create", "x", "--scope", "admin", "--json")
    assert (refused.code, refused.error["code"]) == (3, "scope_missing")
    assert "keys:write" in refused.error["message"]


def test_whoami_says_as_whom_and_by_which_key(
    amv: Run, server: RunningServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = dict(line.split("\t") for line in amv("whoami").out.splitlines())
    assert (shown["tier"], shown["role"], shown["server"]) == ("local", "admin", server.url)
    assert shown["left this hour"] == "no limit"
    made = amv("keys", "create", "phone", "--scope", "profile:read", "--json").data
    monkeypatch.setenv("AMV_API_KEY", made["key"])
    assert amv("whoami", "--json").data["key"]["name"] == "phone"
    monkeypatch.setenv("AMV_API_KEY", made["key"][:-1] + "!")
    assert amv("whoami").code == 3


def test_the_profile_is_changed(amv: Run) -> None:
    changed = amv(
        "profile", "update", "--name", "Ann", "--avatar", "https://example.com/a.png", "--json"
    ).data
    assert (changed["name"], changed["avatar_url"]) == ("Ann", "https://example.com/a.png")
    assert amv("profile", "update", "--avatar", "", "--json").data["avatar_url"] is None
    assert amv("profile", "update").code == 2
    assert amv("profile", "update", "--avatar", "me.png").code == 2


@pytest.mark.parametrize(
    "text", ["90d", "12h", "2099-01-31", "2099-01-31T12:00Z", "2099-01-31T12:00:00+02:00"]
)
def test_an_end_is_written_in_many_ways(text: str) -> None:
    found = end(text)
    assert found is not None
    assert found > datetime.now(UTC) + timedelta(hours=11)
    assert end("never") is end(None) is None


@pytest.mark.parametrize("text", ["", "soon", "90x", "2099-13-01", "9" * 400])
def test_what_is_no_end_is_refused(text: str) -> None:
    with pytest.raises(UsageProblem, match="no time"):
        end(text)
