"""Stems: the parts one by one, which add up to the mix; as long as the recording, and below the ceiling."""

import hashlib
from dataclasses import replace

import numpy as np
import pytest

from aimusicverse.audio import files, tags
from aimusicverse.audio.tags import Tags
from aimusicverse.engines.base import Order
from aimusicverse.engines.studio.arrange import write_score
from aimusicverse.engines.studio.engine import StudioEngine
from aimusicverse.engines.studio.genres import GENRES
from aimusicverse.engines.studio.mix import mix
from aimusicverse.engines.studio.perform import perform
from aimusicverse.engines.studio.stems import CEILING_DBFS, render_stems
from aimusicverse.types import GenerationCreate

SECONDS = 7.31
CEILING = 10 ** (CEILING_DBFS / 20)


def planned(prompt, seconds=SECONDS):
    return StudioEngine().plan(GenerationCreate(prompt=prompt, duration_seconds=seconds), 5)


def stems_of(plan, folder):
    return render_stems(Order(plan), folder, lambda stage, fraction: None)


def mixed(plan):
    score = write_score(plan)
    samples = round(plan.duration_seconds * 44_100)
    return np.concatenate(list(mix(score, perform(score), samples)), axis=1)


@pytest.mark.parametrize("genre", GENRES)
def test_the_stems_of_every_genre_add_up_to_its_mix(genre, tmp_path):
    plan = planned(genre)
    made = stems_of(plan, tmp_path)
    together = sum(files.read(stem.path)[0] for stem in made.stems)
    whole = mixed(plan) * 10 ** (made.gain_db / 20)
    assert together.shape == whole.shape
    assert np.abs(together - whole).max() < 1e-4
    assert np.abs(together).max() <= CEILING + 1e-5
    assert max(np.abs(together).max(), *(10 ** (stem.peak_dbfs / 20) for stem in made.stems)) > 0.98 * CEILING


def test_each_stem_is_one_instrument_of_the_plan_as_long_as_the_recording(pieces, tmp_path):
    plan, recording, _ = pieces["lofi hip hop"]
    made = stems_of(plan, tmp_path)
    names = [stem.name for stem in made.stems]
    assert {stem.instrument for stem in made.stems} <= set(plan.instruments)
    assert names == [f"{n:02d}-{stem.instrument.replace(' ', '-')}" for n, stem in enumerate(made.stems, 1)]
    assert all(stem.role for stem in made.stems)
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"{name}.wav" for name in names]
    for stem in made.stems:
        assert files.probe(stem.path) == files.probe(recording.path)


def test_a_part_that_never_plays_has_no_stem(tmp_path):
    plan = planned("house")
    calm = [section.model_copy(update={"energy": 0.0}) for section in plan.sections]
    plan = plan.model_copy(update={"sections": calm})
    silent = {part.instrument for part in write_score(plan).parts if not part.notes}
    made = stems_of(plan, tmp_path)
    assert silent
    assert {stem.instrument for stem in made.stems} == set(plan.instruments) - silent


def test_what_is_reported_of_a_stem_is_what_its_file_has(tmp_path):
    for stem in stems_of(planned("house"), tmp_path).stems:
        content = stem.path.read_bytes()
        assert stem.sha256 == hashlib.sha256(content).hexdigest()
        assert stem.size_bytes == len(content)
        highest = np.abs(files.read(stem.path)[0]).max()
        assert 20 * np.log10(highest) == pytest.approx(stem.peak_dbfs, abs=0.01)
        assert highest <= CEILING


def test_the_same_plan_gives_the_same_stems_again(tmp_path):
    digests = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        digests.append([stem.sha256 for stem in stems_of(planned("jazz", 5), tmp_path / name).stems])
    assert digests[0] == digests[1]


def test_a_stem_has_the_tags_of_its_piece_and_its_instrument_in_the_title(tmp_path):
    said = Tags(title="Rainy night", licence="yours", provenance='{"seed":5}')
    plan = planned("jazz", 5)
    made = render_stems(Order(plan, said.as_texts()), tmp_path, lambda stage, fraction: None)
    for stem in made.stems:
        assert tags.read(stem.path) == replace(said, title=f"Rainy night ({stem.instrument})")


def test_a_child_makes_stems_and_says_how_far_it_is(tmp_path):
    plan = planned("rock")
    job = StudioEngine().start_stems(Order(plan), tmp_path)
    stages, fractions = [], []
    while report := job.progress(30):
        stages.append(report.stage)
        fractions.append(report.fraction)
    made = job.collect()
    assert list(dict.fromkeys(stages)) == [
        stage for stage in ("compose", "arrange", "render", "write") if stage in stages
    ]
    assert fractions == sorted(fractions)
    assert made.duration_seconds == pytest.approx(SECONDS, abs=1 / 44_100)
    assert [stem.path.parent for stem in made.stems] == [tmp_path] * len(made.stems)
    assert all(stem.path.is_file() for stem in made.stems)


def test_the_studio_lists_stems_among_what_it_makes():
    assert "stems" in StudioEngine().capabilities().outputs
