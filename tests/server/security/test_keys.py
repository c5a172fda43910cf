"""API keys: their form, their keeping, and that each call sees its owner's rows only."""

from __future__ import annotations

import re
import time
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimusicverse.secret import Secret
from aimusicverse.server.api_keys import queries
from aimusicverse.server.ids import base62, new_id
from aimusicverse.server.security import key_checks, key_format, key_hash
from aimusicverse.server.security.redact import redact
from tests.server.conftest import Api
from tests.server.security.keys import change_key, create_key, revoke, status_with


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

    monkeypatch.setattr(key_checks.key_hash, "matches", counted)
    for _ in range(5):
        assert status_with(api, key)[0] == 200
    assert len(calls) == 1


def test_bcrypt_does_not_run_again_because_other_keys_change(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = create_key(api)
    assert status_with(api, key)[0] == 200
    monkeypatch.setattr(key_checks.key_hash, "matches", lambda *_: pytest.fail("bcrypt ran"))
    for _ in range(3):
        revoke(api, create_key(api))
        assert status_with(api, key)[0] == 200
    change_key(api, key, suspended_at=api.server.services.clock.now())
    for _ in range(3):  # nor for a key that is right and opens nothing: it may go on trying for long
        assert status_with(api, key) == (403, "api_key_suspended")
    revoke(api, key)
    for _ in range(3):
        assert status_with(api, key) == (401, "api_key_revoked")


def test_an_unknown_id_costs_a_bcrypt_too(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bytes] = []
    original = key_hash.matches

    def counted(secret: Secret, stored: bytes) -> bool:
        seen.append(stored)
        return original(secret, stored)

    monkeypatch.setattr(key_checks.key_hash, "matches", counted)
    assert status_with(api, key_format.mint("key_nobody", "live")[0].get_secret_value()) == (
        401,
        "api_key_invalid",
    )
    assert len(seen) == 1
    assert seen[0].startswith(b"$2b$10$")


def test_a_revoked_key_ends_at_once(api: Api) -> None:
    key = create_key(api)
    assert status_with(api, key)[0] == 200
    revoke(api, key)
    assert status_with(api, key) == (401, "api_key_revoked")


def test_a_key_revoked_while_it_is_checked_is_not_remembered(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = create_key(api)
    original = key_hash.matches

    def slow(secret: Secret, stored: bytes) -> bool:
        right = original(secret, stored)
        revoke(api, key)
        monkeypatch.setattr(key_checks.key_hash, "matches", original)
        return right

    monkeypatch.setattr(key_checks.key_hash, "matches", slow)
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
