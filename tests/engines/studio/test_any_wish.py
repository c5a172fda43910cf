"""Whatever is asked: the planner keeps its promises or refuses by name, and every plan sounds clean."""

import hashlib
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from pydantic import ValidationError

from aimusicverse.engines.base import Order, PlanRefused
from aimusicverse.engines.studio.arrange import write_score
from aimusicverse.engines.studio.genres import GENRES
from aimusicverse.engines.studio.instruments import INSTRUMENTS
from aimusicverse.engines.studio.moods import MOODS
from aimusicverse.engines.studio.perform import perform
from aimusicverse.engines.studio.plan import TIME_SIGNATURES, bar_seconds, make_plan
from aimusicverse.engines.studio.render import render
from aimusicverse.engines.studio.words.music import SOUNDS
from aimusicverse.types import GenerationCreate, Plan, PlanEdit
from tests.engines.studio import wishes
from tests.engines.studio.listening import listen

REFUSALS = {"unknown_genre", "unknown_mood", "unknown_instrument", "unknown_sound",
            "unsupported_time_signature", "sections_too_long", "sections_too_short",
            "wrong_engine"}  # fmt: skip
#: Strokes alone may be too short, and too far from each other, to reach a loudness.
STRUCK = {"drums", "percussion", "orchestral percussion"}
TOLD = {"understood", "not_understood", "warnings"}


def often(examples):
    return settings(
        max_examples=examples,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
    )


def keeps_its_promises(plan, seed):
    """What holds for every plan of the studio, whoever wrote it."""
    assert plan.seed == seed
    assert plan.genre in GENRES
    assert plan.mood is None or plan.mood in MOODS
    assert plan.time_signature in TIME_SIGNATURES
    assert plan.instruments
    assert set(plan.instruments) <= set(INSTRUMENTS)
    assert len(set(plan.instruments)) == len(plan.instruments) <= 16
    assert set(plan.sounds) <= set(SOUNDS)
    assert 1 <= len(plan.sections) <= 64
    assert all(section.bars >= 1 and 0 <= section.energy <= 1 for section in plan.sections)
    at = 0.0
    for section in plan.sections:
        assert section.start_seconds == pytest.approx(at, abs=1e-4)
        assert section.duration_seconds > 0
        at += section.duration_seconds
    assert at == pytest.approx(plan.duration_seconds, abs=1e-4)
    bars = sum(section.bars for section in plan.sections)
    ring = plan.duration_seconds - bars * bar_seconds(plan.tempo_bpm, plan.time_signature)
    assert ring >= 1 - 1e-6
    again = make_plan(GenerationCreate(prompt="y", plan=PlanEdit(**plan.model_dump())), seed)
    assert again.model_dump(exclude=TOLD) == plan.model_dump(exclude=TOLD)
    assert Plan.model_validate_json(plan.model_dump_json()) == plan


def any_request_is_planned(fields, seed):
    request = GenerationCreate(**fields)
    plan = make_plan(request, seed)
    keeps_its_promises(plan, seed)
    assert plan.duration_seconds == request.duration_seconds
    assert plan.tempo_bpm == request.tempo_bpm or request.tempo_bpm is None
    assert plan.key == request.key or request.key is None
    assert plan == make_plan(request, seed)
    assert all(warning.code and warning.message for warning in plan.warnings)


def any_plan_is_followed_or_refused(fields):
    request, refused = tried(lambda: GenerationCreate(prompt="x", plan=PlanEdit(**fields)), ValidationError)
    if refused:
        assert all(error["loc"] for error in refused.errors())
        return
    edit = request.plan
    plan, refused = tried(lambda: make_plan(request, edit.seed), PlanRefused)
    if refused:
        assert refused.code in REFUSALS
        assert refused.field.startswith("plan.")
        assert refused.message
        return
    keeps_its_promises(plan, edit.seed)
    assert (plan.tempo_bpm, plan.key) == (edit.tempo_bpm, edit.key)
    assert (plan.duration_seconds, plan.time_signature) == (edit.duration_seconds, edit.time_signature)
    wanted = [(section.name, section.bars, section.energy) for section in edit.sections]
    assert [(section.name, section.bars, section.energy) for section in plan.sections] == wanted


def any_plan_is_written_and_played_within_its_bounds(fields):
    plan = followed(fields)
    score = write_score(plan)
    sounding, outside = 0.0, 0.0
    for part in score.parts:
        for note in part.notes:
            assert 0 <= note.start <= score.frame.end + 1e-6
            assert note.beats > 0
            assert 0 < note.velocity <= 1.3
            if part.role not in ("drums", "percussion", "texture"):
                sounding += note.beats
                outside += note.beats * (note.pitch % 12 not in score.frame.key.pitch_classes)
                assert 12 <= note.pitch <= 115
    if not any(section.take for section in plan.sections):
        assert outside <= (0.15 if plan.genre == "blues" else 0.08) * sounding
    events = perform(score)
    assert events == sorted(events, key=lambda event: event.start)
    assert all(0 <= event.start < plan.duration_seconds and event.seconds > 0 for event in events)
    assert [part.notes for part in write_score(plan).parts] == [part.notes for part in score.parts]


def any_plan_sounds_clean(fields):
    plan = followed(fields)
    with tempfile.TemporaryDirectory() as folder:
        made = render(Order(plan), Path(folder), lambda *_: None)
        heard = listen(made.path)
        assert hashlib.sha256(made.path.read_bytes()).hexdigest() == made.sha256
        again = render(Order(plan), Path(folder), lambda *_: None)
    assert again.sha256 == made.sha256
    struck = set(plan.instruments) <= STRUCK
    ring = plan.duration_seconds - perform(write_score(plan))[-1].start
    rests = max(2.0, ring, bar_seconds(plan.tempo_bpm, plan.time_signature))
    wrong = heard.faults(plan.duration_seconds, None if struck else -14, rests)
    if "vinyl crackle" in plan.instruments:
        wrong = [fault for fault in wrong if "click" not in fault]
    assert not wrong
    assert struck or abs(heard.lufs + 14) <= 0.2
    assert made.lufs == pytest.approx(heard.lufs, abs=0.05)
    assert made.true_peak_dbtp == pytest.approx(heard.peak_dbtp, abs=0.1)


def tried(make, refusal):
    """What was made, or the refusal."""
    try:
        return make(), None
    except refusal as refused:
        return None, refused


def followed(fields):
    plan, refused = tried(
        lambda: make_plan(GenerationCreate(prompt="x", plan=PlanEdit(**fields)), fields["seed"]), PlanRefused
    )
    assume(not refused)
    return plan


@often(60)
@given(fields=wishes.requests, seed=wishes.seeds)
def test_any_request_is_planned(fields, seed):
    any_request_is_planned(fields, seed)


@often(40)
@given(fields=wishes.plans())
def test_any_plan_is_followed_or_refused(fields):
    any_plan_is_followed_or_refused(fields)


@often(25)
@given(fields=wishes.plans(longest=40, fitting=True))
def test_any_plan_is_written_and_played_within_its_bounds(fields):
    any_plan_is_written_and_played_within_its_bounds(fields)


@often(10)
@given(fields=wishes.plans(longest=7, fitting=True))
def test_any_plan_sounds_clean(fields):
    any_plan_sounds_clean(fields)


@pytest.mark.long
@pytest.mark.timeout(1800)
class TestTheSameManyTimes:
    @often(2000)
    @given(fields=wishes.requests, seed=wishes.seeds)
    def test_any_request_is_planned(self, fields, seed):
        any_request_is_planned(fields, seed)

    @often(1000)
    @given(fields=wishes.plans())
    def test_any_plan_is_followed_or_refused(self, fields):
        any_plan_is_followed_or_refused(fields)

    @often(500)
    @given(fields=wishes.plans(longest=120, fitting=True))
    def test_any_plan_is_written_and_played_within_its_bounds(self, fields):
        any_plan_is_written_and_played_within_its_bounds(fields)

    @often(400)
    @given(fields=wishes.plans(longest=8, fitting=True))
    def test_any_plan_sounds_clean(self, fields):
        any_plan_sounds_clean(fields)
