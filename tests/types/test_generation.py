from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from aimusicverse.types import Generation, GenerationCreate, Plan, PlanEdit
from tests.transport.samples import generation, plan

FLOATS = st.floats(allow_nan=True, allow_infinity=True)


@given(st.floats(5, 600), st.floats(40, 240), st.integers(0, 2**53 - 1), st.integers(1, 4))
def test_everything_within_its_limits_is_accepted_and_comes_back(duration, tempo, seed, variants):
    made = GenerationCreate(
        prompt="x", duration_seconds=duration, tempo_bpm=tempo, seed=seed, variants=variants
    )
    assert GenerationCreate.model_validate_json(made.model_dump_json()) == made


@given(FLOATS.filter(lambda n: not 5 <= n <= 600))
def test_a_duration_outside_its_limits_is_refused(duration):
    with pytest.raises(ValidationError):
        GenerationCreate(prompt="x", duration_seconds=duration)


@pytest.mark.parametrize(
    "wish",
    [
        {"prompt": ""},
        {"prompt": "   "},
        {"prompt": "x" * 501},
        {"prompt": "a\x00b"},
        {"prompt": "a\x1bb"},
        {"title": "x" * 101},
        {"title": "two\nlines"},
        {"style": "x" * 1001},
        {"lyrics": "x" * 5001},
        {"tags": ["x"] * 21},
        {"tags": [""]},
        {"tags": ["x" * 51]},
        {"tags": "lofi"},
        {"tempo_bpm": 39.9},
        {"tempo_bpm": 240.1},
        {"tempo_bpm": float("nan")},
        {"key": "H minor"},
        {"key": "A dorian"},
        {"key": ""},
        {"seed": -1},
        {"seed": 2**53},
        {"seed": 1.5},
        {"variants": 0},
        {"variants": 5},
        {"promtp": "x"},
    ],
)
def test_what_is_outside_its_limits_is_refused(wish):
    with pytest.raises(ValidationError):
        GenerationCreate.model_validate({"prompt": "x", **wish})


def test_the_limits_themselves_are_inside():
    longest = {"prompt": "x" * 500, "title": "x" * 100, "style": "x" * 1000, "lyrics": "la\n" + "x" * 4997}
    assert GenerationCreate.model_validate({**longest, "tags": ["x" * 50] * 20}).lyrics.startswith("la\n")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Am", "A minor"),
        ("a minor", "A minor"),
        ("A", "A major"),
        ("AM", "A major"),
        ("Amaj", "A major"),
        ("F#", "F# major"),
        ("f♯ min", "F# minor"),
        ("Bb", "Bb major"),
        ("bbm", "Bb minor"),
        ("B♭ Major", "Bb major"),
        (" C  major ", "C major"),
    ],
)
def test_a_key_has_one_spelling(said, meant):
    assert GenerationCreate(prompt="x", key=said).key == meant
    assert GenerationCreate(prompt="x", key=meant).key == meant


@given(st.text(max_size=20))
def test_no_text_as_key_breaks_the_reader(text):
    with contextlib.suppress(ValidationError):
        GenerationCreate(prompt="x", key=text)


def test_a_plan_can_be_sent_back_as_it_came():
    came = Plan.model_validate(plan())
    assert PlanEdit.model_validate(came.model_dump(mode="json")).tempo_bpm == 80


def test_an_answer_keeps_what_a_newer_server_added():
    got = Generation.model_validate(generation("paused", mood_ring="blue"))
    assert (got.status, got.mood_ring, got.is_final) == ("paused", "blue", False)
    assert got.model_dump()["mood_ring"] == "blue"


@pytest.mark.parametrize(
    ("status", "final"),
    [("queued", False), ("processing", False), ("completed", True), ("failed", True), ("cancelled", True)],
)
def test_final_states_are_known(status, final):
    assert Generation.model_validate(generation(status)).is_final is final


def test_times_have_a_zone_and_are_written_in_utc():
    got = Generation.model_validate(generation(created_at="2026-01-31T13:00:00+01:00"))
    assert '"created_at":"2026-01-31T12:00:00.000Z"' in got.model_dump_json()
    with pytest.raises(ValidationError):
        Generation.model_validate(generation(created_at="2026-01-31T13:00:00"))
