"""A section composed anew, and a piece that goes on: all other notes stay as they were."""

from hypothesis import given, settings
from hypothesis import strategies as st

from aimusicverse.engines.studio.arrange import write_score
from aimusicverse.engines.studio.bars import TIME_SIGNATURES, bar_seconds
from aimusicverse.engines.studio.extend import extend
from aimusicverse.engines.studio.genres import GENRES
from aimusicverse.engines.studio.perform import perform
from aimusicverse.engines.studio.plan import make_plan
from aimusicverse.engines.studio.retake import retake
from aimusicverse.types import GenerationCreate, PlanEdit

_names = st.sampled_from(
    ["intro", "verse", "chorus", "build", "drop", "breakdown", "still", "solo", "outro", "x"]
)
_sections = st.lists(
    st.fixed_dictionaries(
        {
            "name": _names,
            "bars": st.integers(1, 9),
            "energy": st.sampled_from([0, 0.2, 0.4, 0.5, 0.7, 0.9, 1]),
        }
    ),
    min_size=1,
    max_size=6,
)


@st.composite
def plans(draw):
    """Any form in any genre, metre and tempo."""
    metre = draw(st.sampled_from(sorted(TIME_SIGNATURES)))
    request = GenerationCreate(
        prompt=f"{draw(st.sampled_from(sorted(GENRES)))}, {metre}",
        tempo_bpm=draw(st.integers(90, 240)),
        sections=draw(_sections),
    )
    return make_plan(request, draw(st.integers(0, 2**31)))


def played(plan):
    """What each part plays: every event, by part."""
    score = write_score(plan)
    return [(score.parts[event.part].instrument, event) for event in perform(score)], score


@settings(max_examples=30, deadline=None)
@given(plans(), st.data())
def test_a_section_played_anew_moves_no_note_of_any_other(plan, data):
    index = data.draw(st.integers(0, len(plan.sections) - 1))
    derived = retake(plan, index, data.draw(st.none() | st.integers(0, 9_999)))
    bar = bar_seconds(plan.tempo_bpm, plan.time_signature)
    first = sum(section.bars for section in plan.sections[:index]) * bar
    last = first + plan.sections[index].bars * bar
    before, _ = played(plan)
    after, _ = played(derived.plan)

    def others(events):
        end = len(plan.sections) - 1 == index
        return [
            (who, e) for who, e in events if e.start < first - 1e-6 or (e.start >= last - 1e-6 and not end)
        ]

    assert others(after) == others(before)
    assert [s.take for i, s in enumerate(derived.plan.sections) if i != index] == [
        s.take for i, s in enumerate(plan.sections) if i != index
    ]


@settings(max_examples=30, deadline=None)
@given(plans(), st.data())
def test_a_piece_that_goes_on_keeps_every_note_before_it(plan, data):
    bar = bar_seconds(plan.tempo_bpm, plan.time_signature)
    bars = sum(section.bars for section in plan.sections)
    before, _ = played(plan)
    for _ in range(data.draw(st.integers(1, 3))):
        kept = data.draw(st.integers(1, bars))
        request = GenerationCreate(
            extend_track_id="trk_1",
            extend_from_seconds=kept * bar,
            duration_seconds=min(600, max(5, kept * bar + data.draw(st.integers(1, 20)) * bar + 2)),
        )
        derived = extend(plan, request, data.draw(st.integers(0, 2**31)))
        after, score = played(derived.plan)
        ((start, end),) = derived.kept
        cut = end - 1e-6
        assert start == 0
        assert kept * bar - 0.05 < end <= kept * bar
        assert [e for e in after if e[1].start < cut] == [e for e in before if e[1].start < cut]
        assert [chord.start for chord in score.chords] == sorted({chord.start for chord in score.chords})
        assert (derived.plan.key, derived.plan.tempo_bpm, derived.plan.seed) == (
            plan.key,
            plan.tempo_bpm,
            plan.seed,
        )
        assert make_plan(as_edit(derived.plan), derived.plan.seed).sections == derived.plan.sections
        assert played(make_plan(as_edit(derived.plan), derived.plan.seed))[0] == after
        plan, before, bars = derived.plan, after, sum(section.bars for section in derived.plan.sections)


def as_edit(plan):
    return GenerationCreate(prompt="x", plan=PlanEdit.model_validate(plan.model_dump(mode="json")))
