"""What words for the sound of a production do to the mix, measured on it."""

import numpy as np
import pytest

from aimusicverse.engines.studio.arrange import write_score
from aimusicverse.engines.studio.mix import mix
from aimusicverse.engines.studio.perform import perform
from aimusicverse.engines.studio.plan import make_plan
from aimusicverse.types import GenerationCreate, PlanEdit

SECONDS = 5


@pytest.fixture(scope="module")
def mixed():
    """Sounds → the mix of one and the same piece, (2, N)."""
    plan = make_plan(GenerationCreate(prompt="synthwave", duration_seconds=SECONDS), 4)
    made = {}

    def of(*sounds):
        if sounds not in made:
            edit = PlanEdit(**{**plan.model_dump(), "sounds": list(sounds)})
            score = write_score(make_plan(GenerationCreate(prompt="x", plan=edit), 4))
            made[sounds] = np.hstack(list(mix(score, perform(score), SECONDS * 44_100)))
        return made[sounds]

    return of


def treble(sound):
    spectrum = np.abs(np.fft.rfft(sound.mean(axis=0)[: 4 * 44_100])) ** 2
    return spectrum[4 * 4000 :].sum() / spectrum.sum()


def tail(sound):
    """How much is left between the loudest and the softest moments."""
    level = np.sqrt(np.mean(sound.mean(axis=0).reshape(-1, 441) ** 2, axis=1))
    return np.quantile(level, 0.1) / np.quantile(level, 0.9)


def sides(sound):
    return np.mean((sound[0] - sound[1]) ** 2) / np.mean((sound[0] + sound[1]) ** 2)


SMALL, LARGE = ("narrow", "warm", "dry"), ("wide", "bright", "spacious")


def test_narrow_stands_closer_and_wide_farther_apart(mixed):
    assert 1.3 * sides(mixed(*SMALL)) < sides(mixed()) < sides(mixed(*LARGE)) / 1.1


def test_bright_has_more_treble_and_warm_less(mixed):
    assert 1.1 * treble(mixed(*SMALL)) < treble(mixed()) < treble(mixed(*LARGE)) / 1.1


def test_dry_leaves_less_of_the_room_than_spacious(mixed):
    assert tail(mixed(*SMALL)) < tail(mixed()) < tail(mixed(*LARGE))
