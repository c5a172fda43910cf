"""Servers that deliver to scripted stores."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from aimusicverse.server.artwork import making
from aimusicverse.server.distributions import pace
from aimusicverse.server.running import RunningServer
from aimusicverse.server.settings import Settings
from aimusicverse.server.store.tables import job as jobs
from aimusicverse.server.store.transaction import Transaction
from tests.release.sound_releases import LEFT_OUT, SINGLE, changed
from tests.server.artwork.conftest import upload
from tests.server.conftest import Api
from tests.server.databases import lent_database
from tests.server.distributions.scripted import Doors, Shelf
from tests.server.processes import until
from tests.server.quick_engine import QuickEngine
from tests.server.sample_pictures import drawing, encoded
from tests.server.security.keys import store_of
from tests.server.tracks.test_uploads import send, sound

QUICK = (sys.executable, str(Path(__file__).parents[1] / "artwork" / "quick_drawing.py"))
#: Long enough for a single, and sound that no rule minds.
LONG_ENOUGH = sound(31.0)
OVER = ("live", "failed", "rejected", "action_required", "scheduled", "cancelled", "taken_down", "paused")


class Way:
    """A server, its scripted stores, and a track."""

    def __init__(self, api: Api, doors: Doors) -> None:
        self.api = api
        self.doors = doors
        self.track = self.upload()
        picture = upload(api, encoded(drawing(1500, 1500)))
        assert picture.status_code == 201, picture.text
        self.cover = picture.json()["id"]

    def upload(self) -> str:
        answer = send(self.api, LONG_ENOUGH)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def release(self, **changes: Any) -> dict[str, Any]:
        """Metadata that breaks no rule, but for the changes; at once, unless they say otherwise."""
        return changed(
            SINGLE,
            {
                "release_at": LEFT_OUT,
                "youtube.publish_at": LEFT_OUT,
                "tracks[0].track_id": self.track,
                "cover.artwork_id": self.cover,
                **changes,
            },
        )

    def ask(
        self, *platforms: str, metadata: Any = None, key: str | None = None, **more: Any
    ) -> httpx.Response:
        body = {"platforms": platforms or ["soundcloud"], "metadata": metadata or self.release(), **more}
        headers = {} if key is None else {"Idempotency-Key": key}
        return self.api.post("/distributions", json=body, headers=headers)

    def create(self, *platforms: str, **more: Any) -> str:
        answer = self.ask(*platforms, **more)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def get(self, distribution_id: str) -> dict[str, Any]:
        answer = self.api.get(f"/distributions/{distribution_id}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def act(self, action: str, distribution_id: str, *platforms: str, **more: Any) -> httpx.Response:
        return self.api.post(
            f"/distributions/{distribution_id}/{action}", json={"platforms": platforms, **more}
        )

    def did(self, action: str, distribution_id: str, *platforms: str, **more: Any) -> dict[str, Any]:
        answer = self.act(action, distribution_id, *platforms, **more)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def comes_to(self, distribution_id: str, *statuses: str) -> dict[str, Any]:
        """The distribution once its deliveries are in these states, in any order; time passes meanwhile."""
        wanted = sorted(statuses)

        def there() -> dict[str, Any]:
            found = self.get(distribution_id)
            return found if sorted(one["status"] for one in found["deliveries"]) == wanted else {}

        return until(there)

    def settles(self, distribution_id: str) -> dict[str, Any]:
        """The distribution once nothing happens any more by itself."""
        for _ in range(10):
            found: dict[str, Any] = self.api.get(f"/distributions/{distribution_id}?wait=20").json()
            if all(one["status"] in OVER for one in found["deliveries"]):
                return found
        raise AssertionError(found)

    def status_of(self, distribution_id: str, platform: str = "soundcloud") -> dict[str, Any]:
        found = self.get(distribution_id)["deliveries"]
        return next(one for one in found if one["platform"] == platform)

    def history(self, distribution_id: str) -> list[str]:
        return [
            line["type"]
            for line in self.api.get(f"/distributions/{distribution_id}/events?limit=100").json()["data"]
        ]

    def events(self, distribution_id: str) -> list[str]:
        after, found = 0, []
        while page := (answer := self.api.get(f"/events?after={after}").json())["data"]:
            found += [one["type"] for one in page if one["data"].get("id") == distribution_id]
            after = answer["last_seq"]
        return found

    def later(self, distribution_id: str, **by: float) -> dict[str, Any]:
        """How its delivery stands so much later."""
        self.advance(**by)
        return self.status_of(distribution_id)

    def quiet(self) -> None:
        """End all that is on its way, and wait for what runs."""
        deliver = (jobs.c.kind == "deliver") & (jobs.c.state == "waiting")

        def end(tx: Transaction) -> None:
            tx.execute(jobs.update().where(deliver).values(state="done", claim_no=jobs.c.claim_no + 1))

        store_of(self.api).write_now(end)
        until(lambda: not [one for one in threading.enumerate() if one.name == "amv-deliver"])

    def advance(self, **by: float) -> None:
        self.api.advance(timedelta(**by))


@pytest.fixture(scope="module")
def running_way(
    tmp_path_factory: pytest.TempPathFactory,
    database_name: str,
    first_key: Callable[[], AbstractContextManager[None]],
) -> Iterator[Way]:
    """One server for a file of tests: each has distributions of its own."""
    patch = pytest.MonkeyPatch()
    patch.setattr(making, "COMMAND", QUICK)
    patch.setattr(pace, "_LOOKS", {"sandbox": (0.1,), "live": (0.1,)})  # a scripted store needs no time
    patch.setenv("PYTHONPATH", str(Path(__file__).parents[3]))
    folder = tmp_path_factory.mktemp("way")
    doors = Doors(Shelf(folder / "shelf.db"))
    engine = QuickEngine()
    with patch.context(), nullcontext() if database_name == "sqlite" else lent_database() as url:
        settings = Settings.from_environment({}, data_dir=folder / "server", port=0, database_url=url)
        with first_key():
            server = RunningServer(settings, engines={engine.name: engine}, doors=doors)
        api = Api(server, engine)
        yield Way(api, doors)
        api.http.close()
        server.close()
    patch.undo()


@pytest.fixture
def way(running_way: Way) -> Iterator[Way]:
    """That server; what a test says to its stores goes with it, and so do its jobs."""
    yield running_way
    running_way.quiet()
    running_way.doors.forget()
