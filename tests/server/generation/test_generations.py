"""Generations through the API of a real server."""

from __future__ import annotations

import errno
import io
import threading
import time
import wave
from collections.abc import Callable
from typing import Any

import pytest

from aimusicverse.engines.base import EngineError
from aimusicverse.server.generation import render_job
from aimusicverse.server.jobs import outbox
from aimusicverse.server.store.errors import StoreError
from tests.server.conftest import Api
from tests.server.quick_engine import QuickEngine


def test_a_prompt_becomes_a_track(api: Api) -> None:
    ended = api.generate(prompt="lofi hip hop, rainy night", title="Rain", seed=7)
    assert (ended["status"], ended["progress"], ended["seed"]) == ("completed", 1.0, 7)
    [track] = ended["tracks"]
    assert track["title"] == "Rain"
    assert track["provenance"]["generation_id"] == ended["id"]
    assert track["provenance"]["seed"] == 7
    assert api.get(f"/tracks/{track['id']}").json() == track


def test_the_first_answer_comes_before_the_music(api: Api) -> None:
    api.engine.held.set()
    created = api.post("/generate", json={"prompt": "house"})
    assert created.status_code == 202
    assert created.json()["status"] == "queued"
    assert created.json()["plan"]["tempo_bpm"] == 80


def test_a_title_is_made_from_the_prompt_when_none_is_given(api: Api) -> None:
    [track] = api.generate(prompt="lofi " + "rain " * 30)["tracks"]
    assert track["title"].startswith("Lofi rain")
    assert track["title"].endswith("…")


def test_variants_are_rendered_side_by_side_and_differ(api: Api) -> None:
    api.engine.held.set()
    created = api.post(
        "/generate", json={"prompt": "x", "duration_seconds": 5, "variants": 2, "seed": 1}
    ).json()
    for _ in range(2):
        assert api.engine.started.acquire(timeout=10)
    api.engine.held.clear()
    ended = api.wait(created["id"])
    assert api.engine.most_running == 2
    assert sorted(track["provenance"]["seed"] for track in ended["tracks"]) == [1, 2]
    assert len({track["audio"]["sha256"] for track in ended["tracks"]}) == 2


def test_variant_n_is_what_seed_plus_n_gives_alone(api: Api) -> None:
    both = api.generate(variants=2, seed=10)["tracks"]
    alone = api.generate(seed=11)["tracks"][0]
    assert samples(api, alone) in [samples(api, track) for track in both]  # their files say other titles


def samples(api: Api, track: dict[str, Any]) -> bytes:
    with wave.open(io.BytesIO(api.get(f"/tracks/{track['id']}/audio").content)) as file:
        return file.readframes(file.getnframes())


def test_a_long_poll_answers_when_the_state_is_final_and_not_before(api: Api) -> None:
    api.engine.held.set()
    created = api.post("/generate", json={"prompt": "x", "duration_seconds": 5}).json()
    assert api.engine.started.acquire(timeout=10)
    assert api.get(f"/generations/{created['id']}?wait=1").json()["status"] == "processing"
    threading.Timer(0.2, api.engine.held.clear).start()
    began = time.monotonic()
    assert api.wait(created["id"])["status"] == "completed"
    assert time.monotonic() - began < 10


def test_cancel_frees_the_worker_and_leaves_no_blob(api: Api) -> None:
    api.engine.held.set()
    created = api.post("/generate", json={"prompt": "x", "duration_seconds": 5}).json()
    assert api.engine.started.acquire(timeout=10)
    cancelled = api.post(f"/generations/{created['id']}/cancel")
    assert cancelled.json()["status"] == "cancelled"
    deadline = time.monotonic() + 20
    while api.engine.running and time.monotonic() < deadline:
        time.sleep(0.01)
    assert api.engine.running == 0
    blobs = api.server.services.settings.data_dir / "blobs"
    time.sleep(0.1)
    assert [path for path in blobs.rglob("*") if path.is_file()] == []
    assert api.get(f"/generations/{created['id']}").json()["tracks"] == []


def test_a_cancelled_generation_does_not_start_when_a_slot_is_free_again(start: Callable[..., Api]) -> None:
    api = start(render_slots=1)
    api.engine.held.set()
    first = api.post("/generate", json={"prompt": "a"}).json()
    assert api.engine.started.acquire(timeout=10)
    second = api.post("/generate", json={"prompt": "b"}).json()
    api.post(f"/generations/{second['id']}/cancel")
    api.engine.held.clear()
    assert api.wait(first["id"])["status"] == "completed"
    assert api.generate(prompt="c")["status"] == "completed"
    assert api.get(f"/generations/{second['id']}").json()["status"] == "cancelled"


def test_what_has_ended_cannot_be_cancelled(api: Api) -> None:
    ended = api.generate()
    answer = api.post(f"/generations/{ended['id']}/cancel")
    assert (answer.status_code, answer.json()["code"]) == (409, "generation_final")


def test_an_engine_that_fails_makes_a_failed_generation_with_its_problem(api: Api) -> None:
    api.engine.failures = [EngineError("engine_failed", "out of tune")]
    ended = api.generate()
    assert ended["status"] == "failed"
    assert (ended["problem"]["code"], ended["problem"]["detail"]) == ("engine_failed", "out of tune")
    assert "generation.failed" in api.event_types()


def test_an_engine_that_crashes_once_is_tried_again(api: Api) -> None:
    api.engine.failures = [EngineError("engine_crashed", "killed")]
    assert api.generate()["status"] == "completed"


def test_an_engine_that_crashes_twice_has_failed(api: Api) -> None:
    api.engine.failures = [EngineError("engine_crashed", "killed")] * 2
    ended = api.generate()
    assert (ended["status"], ended["problem"]["code"]) == ("failed", "engine_crashed")


def test_a_defect_is_tried_again_and_in_the_end_admitted(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aimusicverse.server.jobs.worker._RETRY_SECONDS", (0,))
    tries: list[int] = []

    def broken(plan: object, workspace: object) -> None:
        tries.append(1)
        raise KeyError("a defect")

    monkeypatch.setattr(api.engine, "start", broken)
    ended = api.generate()
    assert (ended["status"], ended["problem"]["code"], len(tries)) == ("failed", "internal_error", 3)
    assert "KeyError" not in str(ended)


def test_an_engine_that_is_gone_after_a_restart_fails_the_generation(start: Callable[..., Api]) -> None:
    engine = QuickEngine()
    engine.held.set()
    first = start(engine=engine)
    created = first.post("/generate", json={"prompt": "x", "duration_seconds": 5}).json()
    assert engine.started.acquire(timeout=10)
    first.server.close()
    ended = start(engine=QuickEngine("other")).wait(created["id"])
    assert (ended["status"], ended["problem"]["code"]) == ("failed", "engine_unknown")


def test_a_full_disk_fails_the_generation_with_its_own_code(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(api.server.services.blobs, "prepare", full)
    ended = api.generate()
    assert (ended["status"], ended["problem"]["code"]) == ("failed", "storage_full")


def test_one_failed_variant_does_not_lose_the_other(api: Api) -> None:
    api.engine.failures = [EngineError("engine_failed", "out of tune")]
    ended = api.generate(variants=2)
    assert ended["status"] == "completed"
    assert len(ended["tracks"]) == 1
    assert [warning["code"] for warning in ended["warnings"]] == ["variant_failed"]


def test_lyrics_that_nobody_sings_are_kept_and_said(api: Api) -> None:
    ended = api.generate(lyrics="la la la", instrumental=False)
    assert {warning["code"] for warning in ended["warnings"]} == {"lyrics_not_sung", "no_vocals"}
    assert ended["tracks"][0]["lyrics"] == "la la la"


def test_a_plan_costs_nothing_and_can_be_sent_back(api: Api) -> None:
    plan = api.post("/generate/plan", json={"prompt": "lofi", "seed": 3}).json()
    assert api.get("/generations").json()["data"] == []
    ended = api.generate(prompt="lofi", plan=plan)
    assert ended["seed"] == 3


def test_a_plan_that_cannot_be_followed_is_refused_with_its_field(api: Api) -> None:
    answer = api.post("/generate", json={"prompt": "refuse this"})
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "plan_refused")
    assert problem["errors"][0]["field"] == "plan.key"


def test_pages_are_stable_while_new_ones_arrive(api: Api) -> None:
    ids = [api.generate()["id"] for _ in range(5)][::-1]
    first = api.get("/generations?limit=2").json()
    api.generate()
    second = api.get("/generations", params={"limit": 2, "cursor": first["next_cursor"]}).json()
    third = api.get("/generations", params={"limit": 2, "cursor": second["next_cursor"]}).json()
    seen = [item["id"] for page in (first, second, third) for item in page["data"]]
    assert seen == ids
    assert third["next_cursor"] is None


def test_a_list_can_be_narrowed_to_a_state(api: Api) -> None:
    api.generate()
    assert len(api.get("/generations?status=completed").json()["data"]) == 1
    assert api.get("/generations?status=failed").json()["data"] == []


def test_work_interrupted_by_a_stop_goes_on_at_the_next_start(start: Callable[..., Api]) -> None:
    engine = QuickEngine()
    engine.held.set()
    first = start(engine=engine)
    created = first.post("/generate", json={"prompt": "x", "duration_seconds": 5}).json()
    assert engine.started.acquire(timeout=10)
    first.server.close()
    assert engine.running == 0
    engine.held.clear()
    assert start(engine=engine).wait(created["id"])["status"] == "completed"


def test_engines_are_listed_with_what_they_can(api: Api) -> None:
    [engine] = api.get("/engines").json()["data"]
    assert (engine["name"], engine["seedable"], engine["default"]) == ("quick", True, True)


def test_progress_is_written_and_announced(api: Api) -> None:
    api.engine.held.set()
    created = api.post("/generate", json={"prompt": "x"}).json()
    page = api.get("/events?type=generation.progress&wait=10").json()
    assert page["data"][0]["data"]["progress"] == 0.5
    assert page["data"][0]["data"]["stage"] == "render"
    assert api.get(f"/generations/{created['id']}").json()["stage"] == "render"


class Away:
    """A database that does not answer its worker while `now` is set."""

    def __init__(self, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = threading.Event()
        self.refused = 0
        store = api.server.services.store
        write_now = store.write_now

        def refuse(*arguments: Any, **more: Any) -> Any:
            if self.now.is_set():
                self.refused += 1
                raise StoreError("away")
            return write_now(*arguments, **more)

        monkeypatch.setattr(store, "write_now", refuse)
        monkeypatch.setattr(render_job, "REPORT_SECONDS", 0.05)


def test_a_database_that_is_away_for_a_moment_neither_fails_nor_restarts_a_render(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = Away(api, monkeypatch)
    api.engine.held.set()
    created = api.post("/generate", json={"prompt": "x"}).json()
    api.get("/events?type=generation.progress&wait=10")
    away.now.set()
    time.sleep(0.3)
    assert away.refused > 1
    api.engine.held.clear()  # the recording is ready while nobody can be told
    time.sleep(0.7)
    away.now.clear()
    assert api.wait(created["id"])["status"] == "completed"
    assert api.engine.started.acquire(blocking=False)
    assert not api.engine.started.acquire(blocking=False)


def test_a_database_that_is_away_for_long_gives_the_render_back_and_leaves_one_track(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(render_job, "KEEP_SECONDS", 0.1)
    monkeypatch.setattr(outbox, "LEASE_SECONDS", 2.0)
    away = Away(api, monkeypatch)
    api.engine.held.set()
    created = api.post("/generate", json={"prompt": "x"}).json()
    api.get("/events?type=generation.progress&wait=10")
    away.now.set()
    api.engine.held.clear()
    while api.engine.running:
        time.sleep(0.01)
    time.sleep(1)
    away.now.clear()
    ended = api.wait(created["id"])
    assert ended["status"] == "completed"
    assert len(ended["tracks"]) == 1
    assert api.event_types().count("track.created") == 1


def test_a_transaction_that_is_run_twice_adopts_the_recording_once(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As PostgreSQL has it when two get in each other's way."""
    kept = render_job.RenderJob._kept

    def kept_twice(self: Any, tx: Any, *arguments: Any) -> None:
        savepoint = tx._connection.begin_nested()
        kept(self, tx, *arguments)
        savepoint.rollback()
        kept(self, tx, *arguments)

    monkeypatch.setattr(render_job.RenderJob, "_kept", kept_twice)
    track = api.generate()["tracks"][0]
    assert api.get(f"/tracks/{track['id']}/audio").status_code == 200
