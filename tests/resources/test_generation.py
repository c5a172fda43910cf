from __future__ import annotations

import json
import time

import pytest
import respx

from aimusicverse import (
    APITimeoutError,
    ConfigurationError,
    JobFailedError,
    Plan,
    RequestOptions,
    Secret,
    UnprocessableEntityError,
)
from aimusicverse.types import Generation, PlanEdit, PlanSectionEdit
from tests.transport.peer import Peer, answer, hang
from tests.transport.samples import generation, plan
from tests.transport.worlds import URL

API = f"{URL}/api/v1"


def sent(call) -> dict:
    return json.loads(call.request.content)


@respx.mock
def test_only_what_was_given_is_sent(world):
    route = respx.post(f"{API}/generate").respond(202, json=generation())
    client = world.client()
    world(client.generation.create("lofi"))
    world(
        client.generation.create(
            prompt="lofi", duration_seconds=None, instrumental=True, variants=1, tags=[], sections=()
        )
    )
    assert [sent(call) for call in route.calls] == [{"prompt": "lofi"}] * 2
    world(
        client.generation.create(
            "lofi",
            duration_seconds=30.5,
            title="T",
            style="S",
            lyrics="L",
            tags=("a", "b"),
            negative_tags={"c"},
            instrumental=False,
            tempo_bpm=80,
            key="Am",
            seed=0,
            variants=2,
            engine="studio",
        )
    )
    assert sent(route.calls[-1]) == {
        "prompt": "lofi",
        "duration_seconds": 30.5,
        "title": "T",
        "style": "S",
        "lyrics": "L",
        "tags": ["a", "b"],
        "negative_tags": ["c"],
        "instrumental": False,
        "tempo_bpm": 80,
        "key": "Am",
        "seed": 0,
        "variants": 2,
        "engine": "studio",
    }


@respx.mock
def test_a_form_and_the_track_that_goes_on_are_sent_as_they_are_named(world):
    route = respx.post(f"{API}/generate").respond(202, json=generation())
    client = world.client()
    made = Plan.model_validate(plan()).sections
    world(
        client.generation.create(
            sections=[*made[:1], PlanSectionEdit(name="chorus", bars=8), {"name": "outro", "bars": 2}],
            extend="trk_1",
            extend_from_seconds=12.5,
            duration_seconds=60,
        )
    )
    assert sent(route.calls[0]) == {
        "sections": [
            made[0].model_dump(mode="json", exclude_unset=True),
            {"name": "chorus", "bars": 8},
            {"name": "outro", "bars": 2},
        ],
        "extend_track_id": "trk_1",
        "extend_from_seconds": 12.5,
        "duration_seconds": 60,
    }


@respx.mock
def test_the_server_judges_what_is_sent(world):
    problem = {
        "title": "The request is not valid",
        "status": 422,
        "code": "invalid_request",
        "errors": [{"field": f"f{n}", "code": "c", "message": "too long"} for n in range(5)],
    }
    route = respx.post(f"{API}/generate").respond(422, json=problem, content_type="application/problem+json")
    with pytest.raises(UnprocessableEntityError) as caught:
        world(world.client().generation.create("", duration_seconds="long", tags="lofi"))
    assert sent(route.calls[0]) == {"prompt": "", "duration_seconds": "long", "tags": "lofi"}
    assert (
        str(caught.value) == "The request is not valid (f0: too long; f1: too long; f2: too long; and 2 more)"
    )
    assert caught.value.problem.errors[4].field == "f4"


@pytest.mark.parametrize(
    "wish", [{"tempo_bpm": float("nan")}, {"duration_seconds": float("inf")}, {"seed": object()}]
)
def test_what_json_cannot_carry_is_refused_before_anything_is_sent(world, wish):
    with pytest.raises(ConfigurationError, match="JSON"):
        world(world.client().generation.create("lofi", **wish))


@respx.mock
def test_a_plan_can_be_sent_back_as_it_came_edited_or_as_a_dict(world):
    respx.post(f"{API}/generate/plan").respond(200, json=plan(novelty=1))
    route = respx.post(f"{API}/generate").respond(202, json=generation())
    client = world.client()
    got = world(client.generation.plan("lofi", key="Am"))
    assert isinstance(got, Plan)
    got.tempo_bpm = 70
    world(client.generation.create("lofi", plan=got))
    assert sent(route.calls[-1])["plan"]["tempo_bpm"] == 70
    edit = PlanEdit.model_validate({**plan(), "sections": [{"name": "a", "bars": 1}]})
    world(client.generation.create("lofi", plan=edit))
    assert sent(route.calls[-1])["plan"]["sections"][0]["name"] == "a"
    world(client.generation.create("lofi", plan={"genre": "lofi"}))
    assert sent(route.calls[-1])["plan"] == {"genre": "lofi"}


@respx.mock
def test_an_object_is_named_by_itself_or_by_its_id(world):
    get = respx.get(f"{API}/generations/gen_1").respond(200, json=generation())
    cancel = respx.post(f"{API}/generations/gen_1/cancel").respond(200, json=generation("cancelled"))
    client = world.client()
    one = world(client.generation.get("gen_1"))
    assert isinstance(one, Generation)
    assert world(client.generation.get(one)).id == "gen_1"
    assert world(client.generation.cancel(one)).status == "cancelled"
    assert (get.call_count, cancel.call_count) == (2, 1)
    assert cancel.calls[0].request.content == b""


@pytest.mark.parametrize(
    "name",
    [
        "",
        "gen_",
        "../tracks",
        "gen_1/../x",
        "gen_1?x=1",
        "gen_1\n",
        "GEN_1",
        "gen_é",
        "gen_1 ",
        None,
        5,
        object(),
    ],
)
def test_what_is_no_id_never_becomes_a_path(world, name):
    client = world.client()
    for call in (
        client.generation.get,
        client.generation.cancel,
        client.generation.wait,
        client.tracks.get,
        client.tracks.delete,
        client.webhooks.event,
    ):
        with pytest.raises(ConfigurationError, match="is no id"):
            world(call(name))


def test_a_key_in_the_place_of_an_id_is_not_repeated(world):
    for wrong in ("amv_live_abc_S3cr3t", Secret("amv_live_abc_S3cr3t")):
        with pytest.raises(ConfigurationError) as caught:
            world(world.client().generation.get(wrong))
        assert "S3cr3t" not in str(caught.value)


@respx.mock
def test_engines_are_a_list(world):
    engine = {
        "name": "studio",
        "version": "1",
        "kind": "embedded",
        "description": "d",
        "min_duration_seconds": 5,
        "max_duration_seconds": 600,
        "licence": "l",
    }
    respx.get(f"{API}/engines").respond(200, json={"data": [engine]})
    assert [e.name for e in world(world.client().generation.engines())] == ["studio"]


def test_wait_returns_what_is_final_already_without_asking(world):
    done = Generation.model_validate(generation("completed"))
    assert world(world.client().generation.wait(done)) is done
    with pytest.raises(JobFailedError):
        world(world.client().generation.wait(Generation.model_validate(generation("failed"))))


def test_wait_polls_long_and_shortly_when_watched(world):
    with Peer(answer(200, generation("completed"))) as peer:
        client = world.client(peer.url)
        world(client.generation.wait("gen_1"))
        world(client.generation.wait("gen_1", timeout=10))
        world(client.generation.wait("gen_1", progress=lambda g: None))
    assert [heard.target.split("?")[1] for heard in peer.heard] == ["wait=30", "wait=10", "wait=2"] or [
        heard.target.split("?")[1] for heard in peer.heard
    ] == ["wait=30", "wait=9", "wait=2"]


def test_watching_gives_way_when_calls_are_scarce(world):
    few = {"X_RateLimit_Limit": "10", "X_RateLimit_Remaining": "5", "X_RateLimit_Reset": "1769860800"}
    with Peer(
        answer(200, generation("processing"), **few), answer(200, generation("completed"), **few)
    ) as peer:
        world(world.client(peer.url).generation.wait("gen_1", progress=lambda g: None))
    assert [heard.target.split("?")[1] for heard in peer.heard] == ["wait=2", "wait=30"]


def test_progress_is_called_when_something_moved(world, monkeypatch):
    monkeypatch.setattr("aimusicverse.resources.patience._BREATH", 0.01)
    states = [
        ("queued", 0.0),
        ("processing", 0.1),
        ("processing", 0.1),
        ("processing", 0.9),
        ("completed", 1.0),
    ]
    seen = []
    with Peer(*[answer(200, generation(s, progress=p)) for s, p in states]) as peer:
        world(
            world.client(peer.url).generation.wait(
                "gen_1", progress=lambda g: seen.append((g.status, g.progress))
            )
        )
    assert seen == [states[0], states[1], states[3], states[4]]


def test_what_progress_raises_ends_the_wait(world):
    def stop(state):
        raise TimeoutError("enough")

    with Peer(answer(200, generation())) as peer, pytest.raises(TimeoutError, match="enough"):
        world(world.client(peer.url).generation.wait("gen_1", progress=stop))


@pytest.mark.parametrize("step", [hang, answer(200, generation("processing"))], ids=["held", "at-once"])
def test_wait_ends_in_time_and_says_what_it_knows(world, step):
    with Peer(answer(200, generation("processing")), step) as peer:
        began = time.monotonic()
        with pytest.raises(APITimeoutError, match=r"gen_1 is still processing after 0.4 s"):
            world(world.client(peer.url).generation.wait("gen_1", timeout=0.4))
        assert 0.35 < time.monotonic() - began < 1.0
    assert len(peer.heard) <= 4


def test_a_poll_that_times_out_by_itself_is_an_error_of_its_own(world):
    with Peer(hang) as peer, pytest.raises(APITimeoutError, match="GET"):
        world(
            world.client(peer.url).generation.wait("gen_1", timeout=10, options=RequestOptions(timeout=0.2))
        )


@pytest.mark.parametrize("timeout", [0, -1, "5"])
def test_a_wait_takes_time(world, timeout):
    with pytest.raises(ConfigurationError):
        world(world.client().generation.wait("gen_1", timeout=timeout))
