"""The sound: exact length, loudness, cleanliness; the same bytes again; a tempo that others hear."""

import hashlib
import os
import subprocess
import sys

import numpy as np
import pytest

from aimusicverse.audio import files, loudness, tempo
from aimusicverse.audio.analysis import analyze
from aimusicverse.audio.frames import listen
from aimusicverse.engines.base import Order
from aimusicverse.engines.studio.engine import StudioEngine
from aimusicverse.engines.studio.genres import GENRES
from aimusicverse.engines.studio.master import CEILING, find_gain, limiter_gain
from aimusicverse.engines.studio.render import render
from aimusicverse.engines.studio.theory import Key
from aimusicverse.types import GenerationCreate, PlanEdit
from tests.engines.conftest import SECONDS

#: All of them are heard in the long run.
SHORT = ("ambient", "classical", "lofi hip hop", "rock", "techno")


@pytest.fixture(
    params=[pytest.param(name, marks=[pytest.mark.long] * (name not in SHORT)) for name in GENRES]
)
def piece(request, pieces):
    return pieces[request.param]


def test_every_piece_is_exactly_as_long_as_asked(piece):
    _, rendering, _ = piece
    assert files.probe(rendering.path).frames == round(SECONDS * 44_100)
    assert (rendering.sample_rate, rendering.channels, rendering.bit_depth) == (44_100, 2, 24)


def test_every_piece_has_the_loudness_and_peak_it_reports(piece):
    _, rendering, _ = piece
    measured = loudness.measure(rendering.path)
    assert measured.integrated_lufs == pytest.approx(-14, abs=0.2)
    assert measured.true_peak_dbtp <= -1
    assert rendering.lufs == pytest.approx(measured.integrated_lufs, abs=0.02)
    assert rendering.true_peak_dbtp == pytest.approx(measured.true_peak_dbtp, abs=0.02)


def test_every_piece_is_clean_and_ends_rung_out(piece):
    _, rendering, _ = piece
    samples, _ = files.read(rendering.path)
    assert np.abs(samples).max() < 0.95
    assert np.abs(samples.mean(axis=1)).max() < 1e-3
    level = np.sqrt((samples[:, : 44_100 * 9].reshape(2, -1, 2205) ** 2).mean(axis=(0, 2)))
    assert (level < 1e-3).mean() < 0.02
    assert np.abs(samples[:, -50:]).max() < 1e-3


def test_every_piece_is_stereo_and_survives_mono(piece):
    _, rendering, _ = piece
    samples, _ = files.read(rendering.path)
    mid, side = samples.mean(axis=0), (samples[0] - samples[1]) / 2
    assert -24 < 10 * np.log10(np.mean(side**2) / np.mean(mid**2)) < -2


def test_the_digest_and_size_are_those_of_the_file(piece):
    _, rendering, _ = piece
    data = rendering.path.read_bytes()
    assert rendering.size_bytes == len(data)
    assert rendering.sha256 == hashlib.sha256(data).hexdigest()
    assert [path.name for path in rendering.path.parent.iterdir()] == ["studio.wav"]


def test_another_process_with_another_hash_seed_gives_the_same_bytes(pieces, tmp_path):
    plan, rendering, _ = pieces["lofi hip hop"]
    code = (
        "import sys; from pathlib import Path; from aimusicverse.types import Plan;"
        "from aimusicverse.engines.base import Order;"
        "from aimusicverse.engines.studio.render import render;"
        "order = Order(Plan.model_validate_json(sys.argv[1]));"
        "print(render(order, Path(sys.argv[2]), lambda *_: None).sha256)"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "77", "OPENBLAS_NUM_THREADS": "1"}
    said = subprocess.run(
        [sys.executable, "-c", code, plan.model_dump_json(), tmp_path],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    assert said.stdout.strip() == rendering.sha256


def test_another_seed_is_another_piece(pieces, tmp_path):
    _, rendering, _ = pieces["folk"]
    other = StudioEngine().plan(GenerationCreate(prompt="folk", duration_seconds=SECONDS), 12)
    made = render(Order(other), tmp_path, lambda *_: None)
    one, two = (listen(files.blocks(r.path), 44_100).chroma for r in (rendering, made))
    assert np.corrcoef((one - one.mean(0)).ravel(), (two - two.mean(0)).ravel())[0, 1] < 0.8
    assert made.sha256 != rendering.sha256


@pytest.mark.parametrize(
    ("prompt", "bpm"), [("lofi hip hop, rainy night, 80 bpm", 80), ("house, 124 bpm", 124)]
)
def test_the_tempo_of_the_prompt_is_the_tempo_one_hears(prompt, bpm, tmp_path):
    plan = StudioEngine().plan(GenerationCreate(prompt=prompt, duration_seconds=30), 4)
    made = render(Order(plan), tmp_path, lambda *_: None)
    heard, clarity = tempo.estimate(listen(files.blocks(made.path), 44_100))
    assert heard == pytest.approx(bpm, rel=0.02)
    assert clarity >= 0.25


@pytest.mark.parametrize("genre", ["house", "classical", "techno"])
def test_analyze_hears_what_was_planned(genre, tmp_path):
    plan = StudioEngine().plan(GenerationCreate(prompt=genre, duration_seconds=60), 1)
    found = analyze(render(Order(plan), tmp_path, lambda *_: None).path)
    assert min(abs(found.tempo.bpm * factor / plan.tempo_bpm - 1) for factor in (0.5, 1, 2)) < 0.005
    assert Key.named(found.key.name) == Key.named(plan.key)
    edges = [section.start_seconds for section in found.sections[1:]]
    planned = [section.start_seconds for section in plan.sections[1:]]
    assert sum(any(abs(at - edge) <= 2 for edge in edges) for at in planned) >= 0.6 * len(planned)


def test_an_odd_line_up_from_an_edited_plan_still_sounds_right(tmp_path):
    edit = PlanEdit(
        genre="ambient", tempo_bpm=40, key="Eb minor", time_signature="3/4", duration_seconds=11, seed=1,
        instruments=["distorted guitar", "rain", "orchestral percussion", "organ"],
        sections=[{"name": "whatever", "bars": 2, "energy": 0}],
    )  # fmt: skip
    plan = StudioEngine().plan(GenerationCreate(prompt="x", plan=edit), 1)
    made = render(Order(plan), tmp_path, lambda *_: None)
    assert made.duration_seconds == 11
    assert made.lufs == pytest.approx(-14, abs=0.2)


@pytest.mark.parametrize("duration", [5, 5.0001])
def test_the_shortest_piece_at_the_slowest_tempo_can_be_made(duration, tmp_path):
    plan = StudioEngine().plan(GenerationCreate(prompt="techno", duration_seconds=duration, tempo_bpm=40), 1)
    assert render(Order(plan), tmp_path, lambda *_: None).true_peak_dbtp <= -1


def test_the_limiter_lets_no_peak_through_and_leaves_quiet_music_alone():
    random = np.random.default_rng(0)
    peaks = random.random(5000).astype(np.float32) ** 8 * 3
    curve = limiter_gain(peaks, 2.0)
    assert (peaks * 2 * curve).max() <= CEILING * 1.0001
    assert (limiter_gain(peaks * 0.1, 1.0) == 1).all()


def test_silence_is_not_amplified():
    assert find_gain(np.zeros(100), np.zeros(10_000, np.float32)) == 1
