"""Whatever is killed, and wherever: a store has a release once, and it goes on from there."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from aimusicverse.platforms.base import Standing
from aimusicverse.secret import Secret
from aimusicverse.server.distributions.journal import Interrupted
from aimusicverse.server.jobs import outbox
from aimusicverse.server.store.tables import job as jobs
from aimusicverse.server.store.transaction import Transaction
from tests.release.sound_releases import LEFT_OUT, SINGLE, changed
from tests.server.conftest import Api
from tests.server.distributions.conftest import LONG_ENOUGH, Way
from tests.server.distributions.scripted import Shelf
from tests.server.processes import programs, until
from tests.server.sample_pictures import drawing, encoded
from tests.server.security.keys import store_of

COMMAND = (sys.executable, "-m", "tests.server.distributions.deliver_process")
#: All that lies between two lines of a connector, in the order in which they are met.
POINTS = ("begun", "noted", "sent", "kept", "looking", "releasing", "released")


def set_out(http: httpx.Client, *platforms: str) -> str:
    """A distribution of a new track, with a cover that is there."""
    content = {"Content-Type": "application/octet-stream"}
    track = http.post("/tracks", params={"title": "Mine"}, content=LONG_ENOUGH, headers=content).json()["id"]
    picture = encoded(drawing(1500, 1500), "JPEG")
    sent = http.post("/artwork/upload", params={"title": "x"}, content=picture, headers=content)
    artwork = sent.json()["id"]
    metadata = changed(
        SINGLE,
        {"release_at": LEFT_OUT, "youtube.publish_at": LEFT_OUT, "tracks[0].track_id": track,
         "cover.artwork_id": artwork},
    )  # fmt: skip
    body = {"platforms": platforms or ["soundcloud"], "metadata": metadata, "draft": True}
    answer = http.post("/distributions", json=body)
    assert answer.status_code == 201, answer.text
    with suppress(httpx.TransportError):  # it may die before it answers
        http.post(f"/distributions/{answer.json()['id']}/submit")
    return str(answer.json()["id"])


def live(http: httpx.Client, distribution_id: str) -> bool:
    found = http.get(f"/distributions/{distribution_id}?wait=20").json()
    assert found["status"] not in ("failed", "rejected", "action_required"), found
    return bool(found["status"] == "live")


def test_kill_9_after_it_was_sent_leaves_one_release_and_it_goes_on(
    tmp_path: Path, database_url: Secret | None
) -> None:
    killed_at(("sent",), tmp_path, database_url)


@pytest.mark.long
@pytest.mark.timeout(600)
def test_kill_9_at_each_step_leaves_one_release_and_it_goes_on(
    tmp_path: Path, database_url: Secret | None
) -> None:
    killed_at(POINTS, tmp_path, database_url)


def killed_at(points: Sequence[str], tmp_path: Path, database_url: Secret | None) -> None:
    shelf_file = tmp_path / "shelf.db"
    shelf = Shelf(shelf_file)
    made: list[str] = []
    with programs(tmp_path / "server", database_url) as start:
        for point in (*points, ""):
            process = start("server", str(shelf_file), point, *made, command=COMMAND)
            with process.http() as http:
                for one in made:
                    until(lambda one=one: live(http, one))  # type: ignore[misc]
                if not point:
                    break
                made.append(set_out(http))
            until(lambda process=process: process.process.poll() is not None)  # type: ignore[misc]
            assert process.process.returncode == -signal.SIGKILL
    assert [row["mark"] for row in shelf.all()] == made
    assert {row["stands"] for row in shelf.all()} == {"live"}


@pytest.mark.long
@pytest.mark.timeout(300)
def test_two_workers_of_which_one_is_killed_again_and_again_deliver_each_release_once(
    tmp_path: Path, database_name: str, database_url: Secret | None, start: Callable[..., Api]
) -> None:
    if database_name == "sqlite":
        pytest.skip("several processes are for PostgreSQL")
    api = start(jobs=False)
    shelf_file = tmp_path / "shelf.db"
    shelf = Shelf(shelf_file)
    made = [set_out(api.http, "soundcloud", "spotify") for _ in range(10)]
    with programs(tmp_path / "server", database_url) as begin:
        workers = [begin("worker", str(shelf_file), command=COMMAND) for _ in range(2)]
        for _ in range(4):
            victim = workers.pop(0)
            until(lambda victim=victim: victim.said("ready"))  # type: ignore[misc]
            victim.end(signal.SIGKILL)
            workers.append(begin("worker", str(shelf_file), command=COMMAND))
        for one in made:
            until(lambda one=one: live(api.http, one), 120)  # type: ignore[misc]
    assert len(shelf.all()) == 20
    assert {(row["store"], row["mark"]) for row in shelf.all()} == {
        (store, one) for store in ("soundcloud", "spotify") for one in made
    }


def test_whoever_stood_still_beyond_his_lease_writes_and_sends_nothing_more(way: Way) -> None:
    """A claim that is taken over is lost: what it would write or send is refused."""
    noted, go_on, given_up = threading.Event(), threading.Event(), threading.Event()

    def at(point: str, mark: str) -> None:
        if point == "noted" and not noted.is_set():
            noted.set()
            try:
                assert go_on.wait(60)
            finally:
                given_up.set()

    way.doors.at = at
    one = way.create()
    assert noted.wait(30)

    # As if its lease had run out: another worker takes it up.
    def run_out(tx: Transaction) -> None:
        tx.execute(jobs.update().where(jobs.c.kind == "deliver").values(lease_until=0.0))
        tx.wake(outbox.TOPIC)

    store_of(way.api).write_now(run_out)
    way.comes_to(one, "live")
    go_on.set()
    assert given_up.wait(30)
    way.quiet()
    assert len(way.doors.shelf.all(mark=one)) == 1
    assert way.get(one)["status"] == "live"


def test_what_was_interrupted_as_the_server_stops_goes_on_and_is_no_failure(way: Way) -> None:
    """A stop is no failure: nothing is counted, and nothing is sent twice."""

    def interrupted(*_: Any) -> Standing:
        raise Interrupted

    way.doors.says("soundcloud", "deliver", interrupted, interrupted)
    one = way.create()
    way.comes_to(one, "live")
    assert way.status_of(one)["attempts"] == 1
    assert way.doors.count("deliver") == 3
