from __future__ import annotations

from aimusicverse.cli import plan_view
from aimusicverse.types import GenerationWarning, Plan, PlanSection


def test_a_plan_shows_each_decision_its_source_and_the_form_as_a_picture() -> None:
    plan = Plan(
        engine="studio",
        genre="lofi",
        tempo_bpm=80,
        key="A minor",
        duration_seconds=60,
        instruments=["piano", "drums"],
        sections=[
            PlanSection(name="intro", bars=4, energy=0.25, start_seconds=0, duration_seconds=12),
            PlanSection(name="verse\x1b", bars=16, energy=1.0, start_seconds=12, duration_seconds=48),
        ],
        seed=7,
        understood={"tempo_bpm": "prompt: 80 bpm", "key": "chosen"},
    )
    assert plan_view.lines(plan) == [
        "genre        lofi",
        "tempo        80 bpm        (prompt: 80 bpm)",
        "key          A minor       (chosen)",
        "time         4/4",
        "duration     1:00",
        "instruments  piano, drums",
        "seed         7",
        "engine       studio",
        "",
        "  0:00  intro        4 bars  ██████",
        "  0:12  verse\\x1b   16 bars  ████████████████████████",
    ]


def test_what_is_done_otherwise_and_what_was_not_understood_stands_below() -> None:
    plan = Plan(
        engine="studio",
        genre="jazz",
        tempo_bpm=80,
        key="A minor",
        duration_seconds=60,
        instruments=["flute"],
        sounds=["warm"],
        sections=[],
        seed=7,
        not_understood=["moonlight", "zebra\x1b"],
        warnings=[GenerationWarning(code="instrument_substituted", message="no clarinet: flute plays")],
    )
    shown = plan_view.lines(plan)
    assert "sounds       warm" in shown
    assert shown[-4:-1] == ["", "warning: no clarinet: flute plays", "not understood: moonlight, zebra\\x1b"]
