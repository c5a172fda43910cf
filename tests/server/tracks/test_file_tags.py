"""What files say of a track: all of it, however long its plan is."""

from __future__ import annotations

import wave
from pathlib import Path

from aimusicverse.audio import tags
from aimusicverse.server.tracks.file_tags import of_recording
from aimusicverse.types import Plan, PlanBefore, PlanSection, Provenance
from aimusicverse.types.generation_request import MOST_EXTENSIONS, MOST_SECTIONS

#: Forty characters of which each takes six in a tag.
NAME = "x" + 38 * "\u2028" + "x"


def test_the_longest_plan_that_is_accepted_fits_into_a_file(tmp_path: Path) -> None:
    third = 1 / 3
    section = PlanSection(
        name=NAME, bars=256, energy=third, start_seconds=99 + third, duration_seconds=99 + third, take=9_999
    )
    form = [section] * MOST_SECTIONS
    plan = Plan(
        engine="studio",
        genre="drum and bass",
        tempo_bpm=99 + third,
        key="F# minor",
        duration_seconds=599 + third,
        instruments=["electric_guitar"] * 16,
        sections=form,
        seed=2**53 - 1,
        continues=[PlanBefore(sections=form, bars=2_400, duration_seconds=599 + third)] * MOST_EXTENSIONS,
    )
    made = Provenance(engine="studio", engine_version="1", prompt="x" * 500, licence="yours", plan=plan)
    path = tmp_path / "master.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(b"\0\0" * 800)
    tags.write(path, path, of_recording("Rain", None, None, made))
    told = tags.read(path).made_how()
    assert told is not None
    assert Plan.model_validate(told["plan"]) == plan
