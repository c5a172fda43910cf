"""The work that progress is counted in is the work that is done."""

from itertools import pairwise
from unittest.mock import patch

import pytest

from aimusicverse.engines.base import Order
from aimusicverse.engines.studio import effort
from aimusicverse.engines.studio.arrange import write_score
from aimusicverse.engines.studio.desk import BLOCK
from aimusicverse.engines.studio.effort import of_notes, of_rendering
from aimusicverse.engines.studio.mix import mix
from aimusicverse.engines.studio.perform import perform
from aimusicverse.engines.studio.plan import make_plan
from aimusicverse.engines.studio.render import render
from aimusicverse.engines.studio.shares import Shares, at_start
from aimusicverse.engines.studio.synth.cache import Notes
from aimusicverse.types import GenerationCreate

RATE = 44_100


def piece(genre, seconds):
    plan = make_plan(GenerationCreate(prompt=genre, duration_seconds=seconds), 5)
    score = write_score(plan)
    return plan, score, perform(score)


@pytest.mark.parametrize("genre", ["rock", "ambient", "chiptune"])
def test_every_sound_that_is_made_was_counted_and_no_other(genre):
    _, score, events = piece(genre, 12)
    counted = sum(cost > effort._AGAIN for cost in of_notes(score, events))
    made = []
    honest = Notes._make

    def noted(notes, key):
        made.append(key)
        return honest(notes, key)

    with patch.object(Notes, "_make", noted):
        for _ in mix(score, events, 12 * RATE, lambda _: None):
            pass
    assert len(made) == len(set(made)) == counted


def test_the_share_after_each_block_is_its_share_of_the_counted_work():
    _, score, events = piece("folk", 10)
    shares = []
    for _ in mix(score, events, 10 * RATE, shares.append):
        pass
    costs, block = of_notes(score, events), effort.of_block(score)
    whole = sum(costs) + block * len(shares)
    for number, share in enumerate(shares, 1):
        begun = sum(
            cost for cost, event in zip(costs, events, strict=True) if event.start * RATE < number * BLOCK
        )
        assert share == pytest.approx((begun + number * block) / whole)


@pytest.mark.parametrize("seconds", [6, 60])
def test_progress_rises_in_small_steps_from_the_start_of_the_process_to_the_end(seconds, tmp_path):
    plan, *_ = piece("jazz", seconds)
    told = []
    render(Order(plan), tmp_path, lambda stage, share: told.append((stage, share)), 1)
    shares = [share for _, share in told]
    assert told[0] == ("compose", at_start(seconds))
    assert told[-1] == ("write", 1.0)
    assert [stage for index, (stage, _) in enumerate(told) if stage != told[index - 1][0]] == [
        "compose", "arrange", "render", "master", "write",
    ]  # fmt: skip
    rising = shares[1:]
    assert rising == sorted(rising)
    if seconds == 60:
        assert max(after - before for before, after in pairwise(rising)) < 0.05


def test_a_long_piece_spends_less_of_its_time_on_the_start():
    shares = []
    for seconds in (10, 60, 300):
        _, score, events = piece("house", seconds)
        work = of_rendering(score, events, -(-seconds * RATE // BLOCK))
        shares.append(Shares.of(len(events), work, seconds * RATE).render)
    assert shares[0] > 1.5 * shares[1] > 2 * shares[2]
    assert at_start(10) > at_start(60) > at_start(300)
