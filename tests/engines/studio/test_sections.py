"""Sections that are asked for by name, bars and energy; and what can not go on from a piece."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from aimusicverse.engines.base import PlanRefused
from aimusicverse.engines.studio.bars import bar_seconds
from aimusicverse.engines.studio.extend import extend
from aimusicverse.engines.studio.genres import GENRES
from aimusicverse.engines.studio.plan import make_plan
from aimusicverse.types import GenerationCreate

FORM = [
    {"name": "intro", "bars": 4},
    {"name": "verse", "bars": 8},
    {"name": "chorus", "bars": 8, "energy": 0.9},
]


def planned(**wishes):
    return make_plan(GenerationCreate.model_validate({"prompt": "house, 120 bpm", **wishes}), 1)


def shape(plan):
    return [(section.name, section.bars) for section in plan.sections]


def test_sections_that_are_asked_for_are_the_form():
    plan = planned(sections=FORM)
    assert shape(plan) == [("intro", 4), ("verse", 8), ("chorus", 8)]
    assert plan.sections[2].energy == 0.9
    assert plan.sections[0].energy < plan.sections[1].energy  # each name has its usual one
    assert plan.understood["sections"] == "request"


def test_sections_win_over_those_of_the_prompt():
    plan = planned(prompt="house, 120 bpm, intro 2 bars, drop 16 bars", sections=FORM)
    assert shape(plan) == [("intro", 4), ("verse", 8), ("chorus", 8)]


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(sorted(GENRES)),
    st.floats(40, 240),
    st.lists(st.integers(1, 256), min_size=1, max_size=64),
)
def test_without_a_duration_the_piece_is_as_long_as_its_bars_and_their_end(genre, tempo, lengths):
    sections = [{"name": "verse", "bars": bars} for bars in lengths]
    played = sum(lengths) * bar_seconds(tempo, "4/4")
    if played + 1 > 600:
        with pytest.raises(PlanRefused) as refused:
            planned(prompt=genre, tempo_bpm=tempo, sections=sections)
        assert (refused.value.code, refused.value.field) == ("sections_too_long", "sections")
        return
    plan = planned(prompt=genre, tempo_bpm=tempo, sections=sections)
    assert [section.bars for section in plan.sections] == lengths
    assert 5 <= plan.duration_seconds <= 600
    assert 1 - 1e-6 <= plan.duration_seconds - played <= 12
    assert plan.understood["duration_seconds"] == "sections"
    assert sum(s.duration_seconds for s in plan.sections) == pytest.approx(plan.duration_seconds, abs=1e-3)


@pytest.mark.parametrize(
    ("duration", "code"), [(39, "sections_too_long"), (53, "sections_too_short"), (60, "sections_too_short")]
)
def test_sections_that_do_not_fit_the_duration_are_refused(duration, code):
    with pytest.raises(PlanRefused) as refused:
        planned(sections=FORM, duration_seconds=duration)
    assert (refused.value.code, refused.value.field) == (code, "sections")


def test_sections_that_fit_the_duration_end_with_it():
    assert planned(sections=FORM, duration_seconds=45).duration_seconds == 45


@pytest.mark.parametrize(
    ("wishes", "field"),
    [
        ({"sections": FORM, "plan": True}, "sections"),
        ({"extend_track_id": "trk_1", "plan": True}, "plan"),
        ({"extend_from_seconds": 8}, "extend_from_seconds"),
        ({"sections": [{"name": "verse", "bars": 0}]}, "sections"),
        ({"sections": [{"name": "verse", "bars": 2, "energy": 1.1}]}, "sections"),
    ],
)
def test_wishes_that_exclude_each_other_are_refused_by_name(wishes, field):
    if wishes.get("plan"):
        wishes = {**wishes, "plan": planned().model_dump(mode="json")}
    with pytest.raises(ValidationError) as refused:
        planned(**wishes)
    assert {error["loc"][0] for error in refused.value.errors()} == {field}


# -- going on ---------------------------------------------------------------------------------------

PIECE = planned(sections=FORM)  # 20 bars of two seconds


def gone_on(**wishes):
    return extend(PIECE, GenerationCreate.model_validate({"extend_track_id": "trk_1", **wishes}), 5).plan


def test_a_piece_goes_on_after_its_last_bar():
    plan = gone_on(duration_seconds=80)
    assert shape(plan)[:3] == shape(PIECE)
    assert plan.duration_seconds == 80
    assert plan.continues[0].bars == 20
    assert 1 <= 80 - sum(section.bars for section in plan.sections) * 2 <= 12


def test_a_piece_goes_on_from_the_bar_line_before_the_second_that_is_named():
    plan = gone_on(extend_from_seconds=31.9, duration_seconds=80)
    assert shape(plan)[:3] == [("intro", 4), ("verse", 8), ("chorus", 3)]


def test_a_piece_goes_on_for_a_minute_if_nobody_says_how_long():
    assert gone_on().duration_seconds == 100


def test_a_piece_goes_on_with_the_sections_that_are_asked_for():
    plan = gone_on(sections=[{"name": "bridge", "bars": 4, "energy": 0.2}, {"name": "chorus", "bars": 8}])
    assert shape(plan)[3:] == [("bridge", 4), ("chorus", 8)]
    assert plan.sections[3].energy == 0.2
    assert 64 + 1 <= plan.duration_seconds <= 64 + 12


def test_what_a_prompt_wants_otherwise_is_said_and_not_done():
    plan = gone_on(prompt="jazz in C minor, 90 bpm with flute", duration_seconds=80)
    assert (plan.genre, plan.tempo_bpm, plan.key) == (PIECE.genre, PIECE.tempo_bpm, PIECE.key)
    assert [warning.code for warning in plan.warnings] == ["extension_keeps"]
    assert "120 bpm" in plan.warnings[0].message
    assert not gone_on(prompt="house, 120 bpm", duration_seconds=80).warnings


def test_a_mood_colours_only_what_is_new():
    usual, quiet = gone_on(duration_seconds=80), gone_on(prompt="sad", duration_seconds=80)
    assert quiet.sections[:3] == usual.sections[:3]
    assert sum(s.energy for s in quiet.sections) < sum(s.energy for s in usual.sections)


@pytest.mark.parametrize(
    ("wishes", "code", "field"),
    [
        ({"extend_from_seconds": 600}, "extend_past_end", "extend_from_seconds"),
        ({"extend_from_seconds": PIECE.duration_seconds}, "extend_past_end", "extend_from_seconds"),
        ({"extend_from_seconds": 1.5}, "extend_too_early", "extend_from_seconds"),
        ({"duration_seconds": 42}, "extend_too_short", "duration_seconds"),
        ({"duration_seconds": 5}, "extend_too_short", "duration_seconds"),
        (
            {"sections": [{"name": "a", "bars": 256}, {"name": "a", "bars": 256}]},
            "sections_too_long",
            "sections",
        ),
        ({"sections": [{"name": "a", "bars": 8}], "duration_seconds": 50}, "sections_too_long", "sections"),
        (
            {"sections": [{"name": "a", "bars": 1}] * 62, "duration_seconds": 170},
            "too_many_sections",
            "sections",
        ),
    ],
)
def test_where_a_piece_cannot_go_on_the_reason_is_given(wishes, code, field):
    with pytest.raises(PlanRefused) as refused:
        gone_on(**wishes)
    assert (refused.value.code, refused.value.field) == (code, field)


def test_a_piece_of_full_length_can_only_go_on_from_earlier():
    long = planned(duration_seconds=600)
    with pytest.raises(PlanRefused) as refused:
        extend(long, GenerationCreate(extend_track_id="trk_1"), 1)
    assert (refused.value.code, refused.value.field) == ("extend_too_long", "extend_from_seconds")


@pytest.mark.parametrize("bars", [[21], [8, 8], [9, 4], [2000]])
def test_a_plan_that_goes_on_from_what_cannot_have_been_is_refused(bars):
    edit = {
        **gone_on(duration_seconds=80).model_dump(mode="json"),
        "continues": [{"sections": FORM, "bars": kept, "duration_seconds": 300} for kept in bars],
    }
    with pytest.raises(PlanRefused) as refused:
        planned(plan=edit)
    assert refused.value.code == "continues_unfit"
    assert refused.value.field.startswith("plan.continues[")
