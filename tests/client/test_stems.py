"""Stems from end to end: the studio behind a real server, the SDK before it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from aimusicverse import AsyncClient, LocalServer
from aimusicverse.audio import files
from aimusicverse.engines.base import Order
from aimusicverse.engines.studio.arrange import write_score
from aimusicverse.engines.studio.mix import mix
from aimusicverse.engines.studio.perform import perform
from aimusicverse.engines.studio.synth.partials import F32, RATE
from aimusicverse.testing.instant_engine import InstantEngine
from aimusicverse.types import GenerationCreate, Plan


async def test_the_stems_that_the_sdk_fetches_add_up_to_the_mix_of_the_track(tmp_path: Path) -> None:
    with LocalServer() as server, server.client() as client:
        track = client.generate("funk, 104 bpm", duration_seconds=6, seed=3).tracks[0]
        seen: list[tuple[str, float]] = []
        made = client.tracks.stems(track, progress=lambda now: seen.append((str(now.status), now.progress)))
        assert seen[-1] == ("ready", 1.0)
        assert [progress for _, progress in seen] == sorted(progress for _, progress in seen)
        plan, gain_db = track.provenance.plan, made.gain_db
        assert plan is not None
        assert gain_db is not None
        told: list[tuple[str, int]] = []
        paths = client.tracks.download_stems(
            made, tmp_path / "stems", progress=lambda stem, done, _: told.append((stem.name, done))
        )
        assert [path.stem for path in paths] == [stem.name for stem in made.stems]
        assert {name for name, _ in told} == {stem.name for stem in made.stems}
        together = sum(files.read(path)[0] for path in paths)
        assert np.abs(together - _mixed(plan) * 10 ** (gain_db / 20)).max() < 1e-4
        assert client.tracks.audio(track)[:4] == client.tracks.stem_audio(track, made.stems[0])[:4] == b"RIFF"
        async with AsyncClient(server.api_key, server.url) as other:
            assert await other.tracks.stems(track.id, wait=False) == made
            again = await other.tracks.download_stems(
                track, tmp_path / "flac", format="flac", only=made.stems[0].instrument
            )
        flac, rate = files.read(again[0])
        assert rate == RATE
        assert np.array_equal(flac, files.read(paths[0])[0])


def test_a_track_with_a_section_played_anew_has_the_stems_of_its_own_plan(tmp_path: Path) -> None:
    with LocalServer() as server, server.client() as client:
        track = client.generate("house, 124 bpm", duration_seconds=12, seed=3).tracks[0]
        anew = client.generation.wait(client.tracks.regenerate_section(track, 0)).tracks[0]
        plan = anew.provenance.plan
        assert plan is not None
        made = client.tracks.stems(anew)
        paths = client.tracks.download_stems(made, tmp_path)
        assert made.gain_db is not None
        together = sum(files.read(path)[0] for path in paths)
        assert np.abs(together - _mixed(plan) * 10 ** (made.gain_db / 20)).max() < 1e-4


def _mixed(plan: Plan) -> F32:
    """What the master is made of."""
    score = write_score(plan)
    samples = round(plan.duration_seconds * RATE)
    return np.concatenate(list(mix(score, perform(score), samples)), axis=1)


def test_the_tone_for_tests_has_a_stem_too(tmp_path: Path) -> None:
    engine = InstantEngine()
    plan = engine.plan(GenerationCreate(prompt="x", duration_seconds=5), 1)
    made = engine.start_stems(Order(plan), tmp_path).collect()
    assert [stem.path.name for stem in made.stems] == ["01-tone.wav"]
