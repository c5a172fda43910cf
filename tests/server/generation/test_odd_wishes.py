"""Odd and impossible wishes over HTTP, planned by the studio: a plan, or a problem that names the field."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aimusicverse import LocalServer
from aimusicverse.types import PlanEdit
from tests.engines.studio import wishes
from tests.engines.studio.test_bad_input import ALPHABETS, NONSENSE

Ask = Callable[..., httpx.Response]
PLAN: dict[str, Any] = {
    "genre": "pop", "tempo_bpm": 120, "key": "C major", "duration_seconds": 6, "instruments": ["piano"],
    "sections": [{"name": "a", "bars": 2, "energy": 0.5}], "seed": 1,
}  # fmt: skip


@pytest.fixture(scope="module")
def http() -> Iterator[httpx.Client]:
    with LocalServer() as server:
        headers = {"Authorization": f"Bearer {server.api_key}", "content-type": "application/json"}
        with httpx.Client(base_url=f"{server.url}/api/v1", headers=headers, timeout=60) as http:
            yield http


@pytest.fixture(scope="module")
def ask(http: httpx.Client) -> Ask:
    """`POST` of anything that Python can write as JSON, and more: NaN, infinity, lone surrogates."""

    def ask(body: Any, path: str = "/generate/plan") -> httpx.Response:
        return http.post(path, content=json.dumps(body))

    return ask


def refused(answer: httpx.Response) -> list[tuple[str, str]]:
    """Fields and codes of a refusal."""
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert "Traceback" not in answer.text
    problem = answer.json()
    assert problem["code"] in ("invalid_request", "plan_refused", "engine_unknown")
    assert all(error["message"] for error in problem["errors"])
    return [(error["field"], error["code"]) for error in problem["errors"]]


@pytest.mark.parametrize("prompt", NONSENSE + ALPHABETS, ids=ascii)
def test_any_text_is_a_plan(ask: Ask, prompt: str) -> None:
    answer = ask({"prompt": prompt})
    assert answer.status_code == 200
    assert PlanEdit.model_validate(answer.json())


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"tempo_bpm": float("nan")}, "plan.tempo_bpm", "finite_number"),
        ({"tempo_bpm": 1e308}, "plan.tempo_bpm", "less_than_equal"),
        ({"duration_seconds": float("inf")}, "plan.duration_seconds", "finite_number"),
        ({"sections": []}, "plan.sections", "too_short"),
        ({"sections": [{"name": "a", "bars": 1}] * 65}, "plan.sections", "too_long"),
        ({"sections": [{"name": "a", "bars": -4}]}, "plan.sections[0].bars", "greater_than_equal"),
        (
            {"sections": [{"name": "a", "bars": 2, "energy": 1e9}]},
            "plan.sections[0].energy",
            "less_than_equal",
        ),
        ({"sections": [{"name": "a", "bars": 256}] * 64}, "plan.sections", "sections_too_long"),
        ({"duration_seconds": 600}, "plan.sections", "sections_too_short"),
        ({"instruments": []}, "plan.instruments", "too_short"),
        ({"instruments": ["\ud800"]}, "plan.instruments[0]", "string_unicode"),
        ({"instruments": ["kazoo"]}, "plan.instruments[0]", "unknown_instrument"),
        ({"genre": "polka"}, "plan.genre", "unknown_genre"),
        ({"genre": None}, "plan.genre", "string_type"),
        ({"time_signature": "5/4"}, "plan.time_signature", "unsupported_time_signature"),
        ({"seed": "9" * 5000}, "plan.seed", "int_parsing_size"),
        ({"engine": "moog"}, "engine", "engine_unknown"),
        ({"engine": "x" * 100_000}, "engine", "engine_unknown"),
        ({"more": 1}, "plan.more", "extra_forbidden"),
    ],
)
@pytest.mark.parametrize("path", ["/generate/plan", "/generate"])
def test_an_impossible_plan_is_refused_with_field_and_code(
    ask: Ask, http: httpx.Client, path: str, changes: dict[str, Any], field: str, code: str
) -> None:
    assert refused(ask({"prompt": "x", "plan": {**PLAN, **changes}}, path)) == [(field, code)]
    assert http.get("/generations").json()["data"] == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(fields=wishes.plans(longest=30), name=st.sampled_from(sorted(PlanEdit.model_fields)), value=JSON)
def test_anything_in_place_of_a_field_is_a_plan_or_a_problem(
    ask: Ask, fields: dict[str, Any], name: str, value: Any
) -> None:
    answer = ask({"prompt": "x", "plan": {**fields, name: value}})
    if answer.status_code != 200:
        assert all(field and code for field, code in refused(answer))


def test_lyrics_are_kept_and_a_warning_says_that_nobody_sings(ask: Ask, http: httpx.Client) -> None:
    created = ask(
        {"prompt": "pop", "lyrics": "la\nلا\n🎵", "instrumental": False, "duration_seconds": 5}, "/generate"
    )
    assert created.status_code == 202
    assert {warning["code"] for warning in created.json()["warnings"]} == {"lyrics_not_sung", "no_vocals"}
    ended = http.get(f"/generations/{created.json()['id']}?wait=60").json()
    assert (ended["status"], ended["lyrics"]) == ("completed", "la\nلا\n🎵")
    assert ended["tracks"][0]["lyrics"] == "la\nلا\n🎵"
    http.delete(f"/tracks/{ended['tracks'][0]['id']}")
