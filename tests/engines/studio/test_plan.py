"""Edited plans: followed exactly, or refused with a code and a field."""

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aimusicverse.engines.base import PlanRefused
from aimusicverse.engines.studio.chance import Chance
from aimusicverse.engines.studio.form import _FORMS, form, form_as_asked
from aimusicverse.engines.studio.genres import GENRES
from aimusicverse.engines.studio.plan import make_plan
from aimusicverse.types import GenerationCreate, PlanEdit


def edited(**changes):
    plan = make_plan(GenerationCreate(prompt="house", duration_seconds=30), 5).model_dump()
    return GenerationCreate(prompt="jazz in C major", plan=PlanEdit(**{**plan, **changes}))


def test_a_plan_sent_back_unchanged_is_the_same_plan():
    plan = make_plan(GenerationCreate(prompt="lofi hip hop", duration_seconds=42.5), 5)
    back = make_plan(GenerationCreate(prompt="other words", plan=PlanEdit(**plan.model_dump())), 5)
    assert back.model_dump(exclude={"understood"}) == plan.model_dump(exclude={"understood"})


def test_an_edited_plan_is_followed_and_the_prompt_is_not():
    sections = [{"name": "one", "bars": 6, "energy": 0.2}, {"name": "two", "bars": 8, "energy": 0.9}]
    instruments = ["Rhodes", "double bass"]
    request = edited(genre="Lo-Fi", key="Bm", instruments=instruments, tempo_bpm=120, sections=sections)
    plan = make_plan(request, 9)
    assert (plan.genre, plan.key, plan.seed) == ("lofi hip hop", "B minor", 9)
    assert plan.instruments == ["electric piano", "upright bass"]
    assert [(s.start_seconds, s.duration_seconds) for s in plan.sections] == [(0, 12), (12, 18)]


def test_a_field_that_the_plan_says_otherwise_is_warned_of():
    request = edited().model_copy(update={"tempo_bpm": 150.0, "key": "D major"})
    plan = make_plan(request, 1)
    assert plan.tempo_bpm != 150
    assert [warning.code for warning in plan.warnings] == ["plan_followed", "plan_followed"]
    assert "tempo_bpm" in plan.warnings[0].message
    assert "key" in plan.warnings[1].message


def test_a_field_that_the_plan_says_too_is_not_warned_of():
    request = edited()
    assert request.plan is not None
    same = {"duration_seconds": request.plan.duration_seconds, "tempo_bpm": request.plan.tempo_bpm}
    assert make_plan(request.model_copy(update=same), 1).warnings == []


@pytest.mark.parametrize(
    ("changes", "advice"),
    [
        ({"sections": [{"name": "a", "bars": 20}], "tempo_bpm": 100}, "Give it 49 s, or take out 8 bars"),
        (
            {"sections": [{"name": "a", "bars": 1}], "tempo_bpm": 40, "duration_seconds": 6},
            "Give it 7 s, or raise the tempo",
        ),
        (
            {"sections": [{"name": "a", "bars": 256}, {"name": "b", "bars": 45}], "tempo_bpm": 120},
            "Take out 287 bars",
        ),
    ],
)
def test_a_form_that_is_too_long_is_told_what_would_fit(changes, advice):
    with pytest.raises(PlanRefused, match=advice) as caught:
        make_plan(edited(**changes), 1)
    assert caught.value.code == "sections_too_long"


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"genre": "polka"}, "unknown_genre", "plan.genre"),
        ({"mood": "purple"}, "unknown_mood", "plan.mood"),
        ({"instruments": ["piano", "bagpipe"]}, "unknown_instrument", "plan.instruments[1]"),
        ({"time_signature": "7/8"}, "unsupported_time_signature", "plan.time_signature"),
        ({"sections": [{"name": "a", "bars": 40}]}, "sections_too_long", "plan.sections"),
        ({"sections": [{"name": "a", "bars": 2}]}, "sections_too_short", "plan.sections"),
        ({"engine": "suno"}, "wrong_engine", "plan.engine"),
    ],
)
def test_what_cannot_be_followed_is_refused_with_code_and_field(changes, code, field):
    with pytest.raises(PlanRefused) as caught:
        make_plan(edited(**changes), 1)
    assert (caught.value.code, caught.value.field) == (code, field)
    assert caught.value.message


@settings(max_examples=100, deadline=None)
@given(kind=st.sampled_from(sorted(_FORMS)), bars=st.integers(1, 1198), seed=st.integers(0, 50))
def test_a_form_uses_every_bar_and_no_more(kind, bars, seed):
    sections = form(kind, bars, Chance(seed))
    assert sum(section.bars for section in sections) == bars
    assert all(section.bars >= 1 and 0 <= section.energy <= 1 for section in sections)
    assert len(sections) <= 48
    assert max(section.bars for section in sections) <= 256


@settings(max_examples=100, deadline=None)
@given(
    asked=st.lists(
        st.tuples(st.sampled_from(["intro", "verse", "chorus", "outro"]), st.integers(1, 99)), min_size=1
    ),
    kind=st.sampled_from(sorted(_FORMS)),
    bars=st.integers(1, 1198),
)
def test_sections_that_were_asked_for_are_filled_up_to_what_a_plan_may_have(asked, kind, bars):
    sections = form_as_asked(asked, kind, bars, Chance(1))
    assert sum(section.bars for section in sections) == bars
    assert len(sections) <= 64
    assert all(1 <= section.bars <= 256 for section in sections)


@pytest.mark.parametrize("genre", GENRES)
def test_every_genre_can_be_asked_for_by_its_name(genre):
    assert make_plan(GenerationCreate(prompt=f"some {genre} please"), 1).genre == genre


def test_planning_loads_no_numpy():
    code = (
        "import sys; from aimusicverse.engines import registry;"
        "from aimusicverse.types import GenerationCreate;"
        "registry.get().plan(GenerationCreate(prompt='jazz'), 1);"
        "assert 'numpy' not in sys.modules and 'soundfile' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
