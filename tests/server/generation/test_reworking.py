"""What is made from a track, through the API of a real server."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from aimusicverse.engines.base import Derived, Order, PlanRefused, Rendering
from aimusicverse.types import Engine, GenerationCreate, Plan, PlanSection, SoundfontInUse
from tests.server.conftest import Api
from tests.server.quick_engine import SAMPLE_RATE, QuickEngine, QuickJob

NAMES = ("verse", "chorus", "outro")


class ReworkingEngine(QuickEngine):
    """Also works on from what it made. Notes what it is to keep, with the content of the file."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: list[tuple[str, tuple[tuple[int, int], ...]]] = []
        self.version = "1"
        self.soundfont: SoundfontInUse | None = None

    def capabilities(self) -> Engine:
        now = {"version": self.version, "soundfont": self.soundfont}
        return super().capabilities().model_copy(update=now)

    def plan(self, request: GenerationCreate, seed: int) -> Plan:
        parts = [
            PlanSection(name=name, bars=1, energy=0.5, start_seconds=2 * n, duration_seconds=2)
            for n, name in enumerate(NAMES)
        ]
        return super().plan(request, seed).model_copy(update={"sections": parts})

    def retake(self, plan: Plan, section: int, take: int | None = None) -> Derived:
        now = plan.sections[section]
        new = now.model_copy(update={"take": now.take + 1 if take is None else take})
        sections = [new if place == section else part for place, part in enumerate(plan.sections)]
        spans = ((0.0, now.start_seconds), (now.start_seconds + 2, plan.duration_seconds))
        changed = plan.model_copy(update={"sections": sections, "seed": plan.seed + 100 + new.take})
        return Derived(changed, spans, f"section {section} played anew")

    def extend(self, plan: Plan, request: GenerationCreate, seed: int) -> Derived:
        if (request.extend_from_seconds or 0) >= plan.duration_seconds:
            raise PlanRefused("extend_past_end", "nothing is there", field="extend_from_seconds")
        changed = {"duration_seconds": request.duration_seconds, "seed": seed}
        return Derived(plan.model_copy(update=changed), ((0.0, 4.0),), "went on from 4.000 s")

    def start(self, order: Order, workspace: Path) -> QuickJob:
        if order.kept is not None:
            content = hashlib.sha256(order.kept.path.read_bytes()).hexdigest()
            self.kept.append((content, order.kept.spans))
        return super().start(order, workspace)


@pytest.fixture
def engine() -> ReworkingEngine:
    return ReworkingEngine()


@pytest.fixture
def api(start: Callable[..., Api], engine: ReworkingEngine) -> Api:
    return start(engine=engine)


def made(api: Api, **wishes: Any) -> dict[str, Any]:
    track: dict[str, Any] = api.generate(duration_seconds=6, seed=3, **wishes)["tracks"][0]
    return track


def ended(api: Api, answer: Any) -> dict[str, Any]:
    assert answer.status_code == 202, answer.text
    return api.wait(answer.json()["id"])


def test_a_section_is_played_anew_in_a_new_track(api: Api, engine: ReworkingEngine) -> None:
    track = made(api, title="Rain", tags=["wet"], lyrics="drip")
    answer = api.post(f"/tracks/{track['id']}/sections/1/regenerate")
    assert answer.json()["derived_from_track_id"] == track["id"]
    generation = ended(api, answer)
    [new] = generation["tracks"]
    assert new["id"] != track["id"]
    assert (new["title"], new["tags"], new["lyrics"]) == ("Rain", ["wet"], "drip")
    assert [part["take"] for part in new["provenance"]["plan"]["sections"]] == [0, 1, 0]
    assert new["provenance"]["derived_from_track_id"] == track["id"]
    assert new["provenance"]["derivation"] == "section 1 played anew"
    assert new["provenance"]["prompt"] == track["provenance"]["prompt"]
    rate = SAMPLE_RATE
    assert engine.kept == [(track["audio"]["sha256"], ((0, 2 * rate), (4 * rate, 6 * rate)))]
    assert api.get(f"/tracks/{track['id']}").json() == track  # it stays as it was


def test_a_take_is_asked_for_by_its_number(api: Api) -> None:
    track = made(api)
    generation = ended(api, api.post(f"/tracks/{track['id']}/sections/0/regenerate", json={"take": 7}))
    assert generation["plan"]["sections"][0]["take"] == 7
    again = ended(api, api.post(f"/tracks/{generation['tracks'][0]['id']}/sections/0/regenerate", json={}))
    assert again["plan"]["sections"][0]["take"] == 8


def test_a_track_goes_on(api: Api, engine: ReworkingEngine) -> None:
    track = made(api, title="Rain")
    body = {"extend_track_id": track["id"], "duration_seconds": 12, "seed": 5}
    planned = api.post("/generate/plan", json=body)
    assert planned.status_code == 200
    assert planned.json()["duration_seconds"] == 12
    generation = ended(api, api.post("/generate", json=body))
    assert generation["extend_track_id"] == generation["derived_from_track_id"] == track["id"]
    assert generation["prompt"] == track["provenance"]["prompt"]
    [new] = generation["tracks"]
    assert (new["title"], new["duration_seconds"]) == ("Rain", 12)
    assert new["provenance"]["derivation"] == "went on from 4.000 s"
    assert engine.kept == [(track["audio"]["sha256"], ((0, 4 * SAMPLE_RATE),))]


def test_variants_of_what_goes_on_are_each_their_own(api: Api) -> None:
    track = made(api)
    body = {"extend_track_id": track["id"], "duration_seconds": 12, "seed": 5, "variants": 2, "title": "Two"}
    generation = ended(api, api.post("/generate", json=body))
    assert [new["provenance"]["seed"] for new in generation["tracks"]] in ([5, 6], [6, 5])
    assert {new["title"] for new in generation["tracks"]} == {"Two (1)", "Two (2)"}


def test_another_version_of_the_engine_is_said(api: Api, engine: ReworkingEngine) -> None:
    track = made(api)
    engine.version = "2"
    generation = ended(api, api.post(f"/tracks/{track['id']}/sections/0/regenerate"))
    assert [warning["code"] for warning in generation["warnings"]] == ["engine_version_differs"]
    assert generation["status"] == "completed"


def test_sounds_of_others_are_told_also_of_what_is_played_anew(api: Api, engine: ReworkingEngine) -> None:
    engine.soundfont = SoundfontInUse(name="a.sf2", sha256="a" * 64)
    track = made(api)
    again = ended(api, api.post(f"/tracks/{track['id']}/sections/1/regenerate"))
    assert [warning["code"] for warning in again["warnings"]] == ["soundfont_licence"]
    assert again["tracks"][0]["provenance"]["soundfont"]["name"] == "a.sf2"


@pytest.mark.parametrize("now", [None, SoundfontInUse(name="b.sf2", sha256="b" * 64)])
def test_nothing_is_kept_of_sounds_that_the_new_track_would_not_name(
    api: Api, engine: ReworkingEngine, now: SoundfontInUse | None
) -> None:
    engine.soundfont = SoundfontInUse(name="a.sf2", sha256="a" * 64)
    track = made(api)
    engine.soundfont = now
    for answer in (
        api.post(f"/tracks/{track['id']}/sections/1/regenerate"),
        api.post("/generate", json={"extend_track_id": track["id"], "duration_seconds": 20}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "track_not_replayable")
        assert "a.sf2" in answer.json()["detail"]


def test_what_the_engine_says_of_its_recording_is_a_warning(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    track = made(api)
    collect = QuickJob.collect

    def loud(job: QuickJob) -> Rendering:
        return replace(collect(job), warnings=(("loudness_kept", "It is louder."),))

    monkeypatch.setattr(QuickJob, "collect", loud)
    generation = ended(api, api.post(f"/tracks/{track['id']}/sections/0/regenerate"))
    assert generation["warnings"] == [{"code": "loudness_kept", "message": "It is louder."}]


@pytest.mark.parametrize(("section", "status"), [("3", 404), ("-1", 404), ("99999999999", 404), ("x", 422)])
def test_a_section_that_is_not_there_is_not_found(api: Api, section: str, status: int) -> None:
    track = made(api)
    answer = api.post(f"/tracks/{track['id']}/sections/{section}/regenerate")
    assert answer.status_code == status
    if status == 404:
        assert answer.json()["code"] == "section_not_found"
        assert "3 sections, from 0 to 2" in answer.json()["detail"]


def both_ways(api: Api, track_id: str) -> list[Any]:
    return [
        api.post(f"/tracks/{track_id}/sections/0/regenerate"),
        api.post("/generate", json={"extend_track_id": track_id, "duration_seconds": 12}),
        api.post("/generate/plan", json={"extend_track_id": track_id, "duration_seconds": 12}),
    ]


def test_only_a_track_of_ones_own_is_worked_on_from(api: Api) -> None:
    track = made(api)
    assert api.delete(f"/tracks/{track['id']}").status_code == 204
    for answer in (*both_ways(api, track["id"]), *both_ways(api, "trk_nobodys")):
        assert (answer.status_code, answer.json()["code"]) == (404, "track_not_found")


def test_an_engine_that_only_begins_anew_refuses(start: Callable[..., Api]) -> None:
    api = start()
    track = made(api)
    for answer in both_ways(api, track["id"]):
        assert (answer.status_code, answer.json()["code"]) == (409, "track_not_replayable")
        assert "quick" in answer.json()["detail"]


def test_an_uploaded_track_is_no_plan(api: Api, tmp_path: Path) -> None:
    from aimusicverse.engines.base import Order
    from aimusicverse.testing.instant_engine import InstantEngine, write_tone

    plan = InstantEngine().plan(GenerationCreate(prompt="x", duration_seconds=5), 1)
    content = write_tone(Order(plan), tmp_path / "tone.wav").path.read_bytes()
    track = api.post("/tracks?title=Mine", content=content, headers={"Content-Type": "audio/wav"}).json()
    for answer in both_ways(api, track["id"]):
        assert (answer.status_code, answer.json()["code"]) == (409, "track_not_replayable")


@pytest.mark.parametrize(
    ("more", "field", "code"),
    [
        ({"extend_from_seconds": 60}, "extend_from_seconds", "extend_past_end"),
        ({"engine": "other"}, "engine", "wrong_engine"),
    ],
)
def test_what_cannot_go_on_is_refused_by_its_field(
    api: Api, more: dict[str, Any], field: str, code: str
) -> None:
    track = made(api)
    answer = api.post("/generate", json={"extend_track_id": track["id"], "duration_seconds": 12, **more})
    assert (answer.status_code, answer.json()["code"]) == (422, "plan_refused")
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [(field, code)]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "prompt"),
        ({"prompt": "x", "extend_from_seconds": 3}, "extend_from_seconds"),
        ({"extend_track_id": "gen_1"}, "extend_track_id"),
        ({"prompt": "x", "sections": [{"name": "verse"}]}, "sections.0.bars"),
    ],
)
def test_a_wish_that_lacks_something_is_refused_by_its_field(
    api: Api, body: dict[str, Any], field: str
) -> None:
    answer = api.post("/generate", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert [error["field"].replace("[", ".").replace("]", "") for error in answer.json()["errors"]] == [field]


def test_asked_twice_under_one_key_it_is_made_once(api: Api) -> None:
    track = made(api)
    path = f"/tracks/{track['id']}/sections/1/regenerate"
    one, two = (api.post(path, json={}, headers={"Idempotency-Key": "k"}).json() for _ in range(2))
    assert one["id"] == two["id"]


def test_audio_that_is_gone_is_said(api: Api) -> None:
    track = made(api)
    sha256 = track["audio"]["sha256"]
    blobs = api.server.services.settings.data_dir / "blobs"
    (blobs / sha256[:2] / sha256).unlink()
    generation = ended(api, api.post(f"/tracks/{track['id']}/sections/1/regenerate"))
    assert (generation["status"], generation["problem"]["code"]) == ("failed", "audio_lost")
