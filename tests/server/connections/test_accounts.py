"""Tokens of accounts: refreshed by one of all who need them, never lost in silence, never told."""

from __future__ import annotations

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from aimusicverse.platforms.base import DeliveryError, StoreProblem
from aimusicverse.platforms.oauth import Tokens
from aimusicverse.secret import Secret
from aimusicverse.server.connections import queries
from aimusicverse.server.connections.accounts import StoreAccount, account_for
from aimusicverse.server.store.base import Store
from tests.server.connections import connected
from tests.server.connections.connected import MODE, OWNER, PLATFORM, SEALER
from tests.server.connections.single_use_store import SingleUseStore
from tests.server.processes import ROOT

EXPIRED = -1


@pytest.fixture
def single_use(tmp_path: Path) -> SingleUseStore:
    return SingleUseStore(tmp_path / "store")


def account(store: Store, single_use: SingleUseStore) -> StoreAccount:
    found = account_for(store, SEALER, OWNER, PLATFORM, MODE, single_use.renew)
    assert isinstance(found, StoreAccount)
    return found


def with_expired_token(store: Store, single_use: SingleUseStore) -> StoreAccount:
    first = single_use.begin()
    connected.connect(store, Tokens(first.access, first.refresh, EXPIRED))
    return account(store, single_use)


def refused(one: StoreAccount, other_than: str | None = None) -> StoreProblem:
    with pytest.raises(DeliveryError) as caught:
        one.access_token(other_than=other_than)
    return caught.value.problem


def test_a_good_token_is_used_as_it_is(store: Store, single_use: SingleUseStore) -> None:
    first = single_use.begin()
    connected.connect(store, first)
    assert account(store, single_use).access_token() == first.access.get_secret_value()
    assert single_use.used == 0


def test_eight_threads_at_once_refresh_once(store: Store, tmp_path: Path) -> None:
    single_use = SingleUseStore(tmp_path / "store", takes_seconds=0.2)
    one = with_expired_token(store, single_use)
    together = threading.Barrier(8)

    def want() -> str:
        together.wait()
        return one.access_token()

    with ThreadPoolExecutor(8) as pool:
        got = {future.result() for future in [pool.submit(want) for _ in range(8)]}
    assert len(got) == 1
    assert (single_use.used, single_use.refused) == (1, 0)


def test_two_processes_at_once_refresh_once(
    store: Store, database_url: Secret | None, tmp_path: Path
) -> None:
    if database_url is None:
        pytest.skip("on SQLite one process has the database alone")
    single_use = SingleUseStore(tmp_path / "store")
    with_expired_token(store, single_use)
    words = [sys.executable, "-m", "tests.server.connections.refreshing_process"]
    words += [database_url.get_secret_value(), str(tmp_path / "store"), "4"]
    processes = [
        subprocess.Popen(words, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for _ in range(2)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    got = {token for process in processes for token in process.communicate(timeout=60)[0].split()}
    assert [process.returncode for process in processes] == [0, 0]
    assert len(got) == 1
    assert (single_use.used, single_use.refused) == (1, 0)


def test_a_token_that_the_store_refuses_is_refreshed_though_it_should_be_good(
    store: Store, single_use: SingleUseStore
) -> None:
    first = single_use.begin()
    connected.connect(store, first)
    one = account(store, single_use)
    new = one.access_token(other_than=first.access.get_secret_value())
    assert new != first.access.get_secret_value()
    # Whoever was refused with the old one afterwards gets what is there by now.
    assert one.access_token(other_than=first.access.get_secret_value()) == new
    assert single_use.used == 1


def test_new_tokens_are_committed_before_they_are_used(store: Store, single_use: SingleUseStore) -> None:
    token = with_expired_token(store, single_use).access_token()
    assert connected.kept(store, "access_token") == token
    assert account(store, single_use).access_token() == token
    assert single_use.used == 1


def test_a_store_that_keeps_its_refresh_token_is_asked_with_it_again(store: Store) -> None:
    asked: list[str] = []

    def renew(platform: str, mode: str, refresh_token: Secret, redirect_uri: str) -> Tokens:
        asked.append(refresh_token.get_secret_value())
        return Tokens(Secret(f"new-{len(asked)}"), None, EXPIRED)

    connected.connect(store, Tokens(Secret("old"), Secret("stays"), EXPIRED))
    one = account_for(store, SEALER, OWNER, PLATFORM, MODE, renew)
    assert one is not None
    assert [one.access_token(), one.access_token()] == ["new-1", "new-2"]
    assert asked == ["stays", "stays"]


def test_a_refused_refresh_token_ends_in_expired_and_not_in_a_loop(
    store: Store, single_use: SingleUseStore
) -> None:
    connected.connect(store, Tokens(Secret("old"), Secret("taken back"), EXPIRED))
    one = account(store, single_use)
    problem = refused(one)
    assert (problem.code, problem.kind) == ("account_expired", "auth")
    assert connected.row(store).status == queries.EXPIRED
    assert "Connect the account again" in (connected.row(store).problem or "")
    assert refused(one).code == "account_expired"
    assert refused(account(store, single_use)).code == "account_expired"
    assert single_use.refused == 1  # it was asked once


def test_a_crash_between_the_answer_and_our_commit_ends_in_expired_and_says_why(
    store: Store, single_use: SingleUseStore
) -> None:
    with_expired_token(store, single_use)
    before = connected.row(store)
    # What a process does that is killed there: it takes the lease and the store's answer, and writes nothing.
    assert store.write_now(queries.lease, before.id, "killed", 60.0)
    token = connected.kept(store, "refresh_token")
    assert token is not None
    single_use.renew(PLATFORM, MODE, Secret(token), "")
    store.write_now(queries.release_all_leases)  # the next start, or the lease runs out
    problem = refused(account(store, single_use))
    assert problem.code == "account_expired"
    assert "broken off" in problem.message
    assert "broken off" in (connected.row(store).problem or "")
    assert connected.row(store).status == queries.EXPIRED
    assert (single_use.used, single_use.refused) == (1, 1)


def test_a_crash_before_the_store_was_asked_costs_nothing(store: Store, single_use: SingleUseStore) -> None:
    one = with_expired_token(store, single_use)
    assert store.write_now(queries.lease, connected.row(store).id, "killed", 0.2)
    assert one.access_token() == connected.kept(store, "access_token")
    assert (single_use.used, single_use.refused) == (1, 0)


def test_a_store_that_is_not_reached_leaves_the_account_as_it_is(
    store: Store, single_use: SingleUseStore
) -> None:
    with_expired_token(store, single_use)

    def away(platform: str, mode: str, refresh_token: Secret, redirect_uri: str) -> Tokens:
        raise DeliveryError(StoreProblem("store_unreachable", "It is away.", "transient"))

    one = account_for(store, SEALER, OWNER, PLATFORM, MODE, away)
    assert isinstance(one, StoreAccount)
    assert refused(one).kind == "transient"
    assert connected.row(store).status == queries.CONNECTED
    assert account(store, single_use).access_token()  # and nobody waits for a lease


def test_a_defect_while_it_refreshes_gives_the_lease_back(store: Store, single_use: SingleUseStore) -> None:
    with_expired_token(store, single_use)

    def broken(platform: str, mode: str, refresh_token: Secret, redirect_uri: str) -> Tokens:
        raise ZeroDivisionError

    one = account_for(store, SEALER, OWNER, PLATFORM, MODE, broken)
    assert one is not None
    with pytest.raises(ZeroDivisionError):
        one.access_token()
    assert account(store, single_use).access_token()


def test_an_account_without_a_refresh_token_expires_with_its_token(store: Store) -> None:
    connected.connect(store, Tokens(Secret("old"), None, EXPIRED))
    one = account_for(store, SEALER, OWNER, PLATFORM, MODE, lambda *_: pytest.fail("asked"))
    assert isinstance(one, StoreAccount)
    assert refused(one).code == "account_expired"
    assert connected.row(store).status == queries.EXPIRED


def test_an_account_that_is_disconnected_in_between_is_missing_and_stays_empty(
    store: Store, single_use: SingleUseStore
) -> None:
    one = with_expired_token(store, single_use)

    def disconnected_meanwhile(*asked: object) -> Tokens:
        connected.change(store, status=queries.DISCONNECTED, secrets="")
        return Tokens(Secret("new"), Secret("newer"), 3600)

    slow = StoreAccount(store, SEALER, connected.row(store), disconnected_meanwhile)
    assert refused(slow).code == "account_missing"
    assert connected.row(store).secrets == ""
    assert refused(one).code == "account_missing"
    assert account_for(store, SEALER, OWNER, PLATFORM, MODE, single_use.renew) is None


def test_an_account_that_is_connected_anew_in_between_is_not_overwritten(
    store: Store, single_use: SingleUseStore
) -> None:
    with_expired_token(store, single_use)
    anew = Tokens(Secret("of the new account"), Secret("its"), 3600)

    def connected_meanwhile(*asked: object) -> Tokens:
        store.write_now(connected.set_tokens, connected.row(store).id, anew)
        raise DeliveryError(StoreProblem("account_expired", "The old one is no more.", "auth"))

    slow = StoreAccount(store, SEALER, connected.row(store), connected_meanwhile)
    assert refused(slow).kind == "auth"
    assert connected.row(store).status == queries.CONNECTED
    assert slow.access_token() == "of the new account"


def test_nothing_of_an_account_prints_its_secrets(store: Store, single_use: SingleUseStore) -> None:
    first = single_use.begin()
    connected.connect(store, first)
    one = account(store, single_use)
    token = one.access_token()
    assert token not in repr(one) + repr(vars(one) if hasattr(one, "__dict__") else "")
    assert token not in repr(one.secret("access_token"))
    assert token not in connected.row(store).secrets
    assert one.secret("password") is None


def test_secrets_under_another_master_key_say_so(store: Store, single_use: SingleUseStore) -> None:
    from aimusicverse.server.connections.kept_secrets import CONNECTION_SECRETS
    from aimusicverse.server.store.sealed import Sealer

    connected.connect(store, single_use.begin())
    other = account_for(store, Sealer(b"x" * 32, CONNECTION_SECRETS), OWNER, PLATFORM, MODE, single_use.renew)
    assert isinstance(other, StoreAccount)
    assert "master key" in refused(other).message
