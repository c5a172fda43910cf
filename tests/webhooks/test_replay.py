"""The same message a second time: in memory, in a file, and in a real Redis."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import redis

from aimusicverse.errors import ConfigurationError
from aimusicverse.webhooks import MemoryReplayStore, RedisReplayStore, ReplayStore, SQLiteReplayStore
from tests.redis_server import needs_redis, redis_server

KINDS = ["memory", "sqlite", pytest.param("redis", marks=needs_redis)]
Make = Callable[..., ReplayStore]


@pytest.fixture(scope="module")
def redis_client() -> Iterator[Any]:
    with redis_server() as url, redis.Redis.from_url(url) as client:
        yield client


@pytest.fixture(params=KINDS)
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Make]:
    """Stores over the same memory, except in memory itself; there it is one."""
    opened: list[SQLiteReplayStore] = []
    kind = request.param

    def make(**options: Any) -> ReplayStore:
        if kind == "memory":
            return MemoryReplayStore(**options)
        if kind == "sqlite":
            opened.append(SQLiteReplayStore(tmp_path / "seen.db", **options))
            return opened[-1]
        client = request.getfixturevalue("redis_client")
        return RedisReplayStore(client, namespace=str(tmp_path), **options)

    yield make
    for store in opened:
        store.close()


def state(store: ReplayStore, message_id: str = "evt_1") -> str:
    return store.claim(message_id).state


def test_a_message_is_new_then_busy_then_done(make: Make) -> None:
    store = make()
    with store.claim("evt_1") as claim:
        assert claim
        assert claim.state == "new"
        assert state(store) == "busy"
    assert not store.claim("evt_1")
    assert state(store) == "done"
    assert state(store, "evt_2") == "new"


def test_when_the_work_fails_the_next_delivery_may_try(make: Make) -> None:
    store = make()
    with pytest.raises(ZeroDivisionError), store.claim("evt_1"):
        1 / 0  # noqa: B018
    with store.claim("evt_1") as claim:
        assert claim
    assert state(store) == "done"


def test_whoever_was_turned_away_ends_nobody_elses_claim(make: Make) -> None:
    store = make()
    mine = store.claim("evt_1")
    for end in ("commit", "release"):
        other = store.claim("evt_1")
        getattr(other, end)()
        assert state(store) == "busy"
    mine.commit()
    for end in ("release", "commit"):
        getattr(mine, end)()
        getattr(store.claim("evt_1"), end)()
        assert state(store) == "done"


def test_of_many_deliveries_at_once_exactly_one_is_worked_on(make: Make) -> None:
    store = make()
    found: Counter[str] = Counter()
    lock, together = threading.Lock(), threading.Barrier(16)

    def deliver() -> None:
        together.wait()
        for number in range(50):
            with store.claim(f"evt_{number}") as claim, lock:
                found[f"{number} {bool(claim)}"] += 1

    threads = [threading.Thread(target=deliver) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found[f"{number} True"] for number in range(50)] == [1] * 50
    assert sum(found.values()) == 16 * 50


def test_a_claim_whose_holder_died_is_given_away_after_its_lease_and_he_ends_it_no_more(make: Make) -> None:
    store = make(lease=0.05)
    dead = store.claim("evt_1")
    deadline = time.monotonic() + 20
    while not (heir := store.claim("evt_1")):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert dead
    store.lease = 300  # the next claims would else run out here
    dead.release()
    dead.commit()
    heir.commit()
    assert state(store) == "done"


def test_how_long_is_checked(make: Make) -> None:
    for wrong in ({"keep": 599}, {"keep": float("nan")}, {"lease": 0}, {"lease": -1}):
        with pytest.raises(ConfigurationError):
            make(**wrong)


@pytest.mark.parametrize("kind", ["memory", "sqlite"])
def test_it_is_remembered_as_long_as_was_said_and_then_takes_no_room(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1_000.0]
    store: Any
    if kind == "memory":
        monkeypatch.setattr(MemoryReplayStore, "_now", lambda self: now[0])
        store = MemoryReplayStore(keep=600)
    else:
        monkeypatch.setattr(SQLiteReplayStore, "_now", lambda self: now[0])
        store = SQLiteReplayStore(tmp_path / "seen.db", keep=600)

    def held() -> int:
        if kind == "memory":
            return len(store)
        return int(store._connection.execute("SELECT count(*) FROM webhook_message").fetchone()[0])

    for number in range(100):
        store.claim(f"evt_{number}").commit()
    now[0] += 599
    assert state(store, "evt_5") == "done"
    assert held() == 100
    now[0] += 2
    assert state(store, "evt_5") == "new"
    now[0] += 700
    assert state(store, "another") == "new"
    assert held() == 1


@needs_redis
def test_redis_itself_forgets_after_as_long_as_was_said(redis_client: Any) -> None:
    store = RedisReplayStore(redis_client, namespace="ttl", keep=1_000, lease=50)
    claim = store.claim("evt_1")
    assert 0 < redis_client.pttl("ttl:evt_1") <= 50_000
    claim.commit()
    assert 900_000 < redis_client.pttl("ttl:evt_1") <= 1_000_000


def test_after_a_restart_it_is_still_known(tmp_path: Path) -> None:
    first = SQLiteReplayStore(tmp_path / "seen.db")
    first.claim("evt_1").commit()
    first.claim("evt_2")
    first.close()
    first.close()
    again = SQLiteReplayStore(tmp_path / "seen.db")
    assert [state(again), state(again, "evt_2"), state(again, "evt_3")] == ["done", "busy", "new"]
    again.close()


def test_of_several_processes_exactly_one_gets_a_message(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from aimusicverse.webhooks import SQLiteReplayStore\n"
        "store = SQLiteReplayStore(sys.argv[1])\n"
        "sys.stdin.readline()\n"
        "print(sum(bool(store.claim(f'evt_{number}')) for number in range(200)))\n"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path / "seen.db")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    assert sum(int(process.communicate(timeout=60)[0]) for process in processes) == 200


def test_senders_that_share_a_file_do_not_share_ids(tmp_path: Path) -> None:
    ours, theirs = (SQLiteReplayStore(tmp_path / "seen.db", namespace=name) for name in ("a", "b"))
    ours.claim("evt_1").commit()
    assert (state(ours), state(theirs)) == ("done", "new")
    ours.close()
    theirs.close()


def test_what_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no database, but long enough to be looked at" * 100)
    for file in (tmp_path / "text", tmp_path, tmp_path / "none" / "seen.db"):
        with pytest.raises(ConfigurationError, match="cannot keep webhook messages"):
            SQLiteReplayStore(file)
