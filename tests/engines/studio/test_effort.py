"""The work that progress is counted in is the work that is done, and progress tells shares of the time."""

import time
from itertools import pairwise
from unittest.mock import patch

import pytest

from aimusicverse.engines.base import Order
from aimusicverse.engines.studio import course as courses
from aimusicverse.engines.studio.arrange import write_score
from aimusicverse.engines.studio.course import LOADING, Course, while_loading
from aimusicverse.engines.studio.effort import of_notes, of_parts, of_rendering, side_by_side
from aimusicverse.engines.studio.genres import GENRES
from aimusicverse.engines.studio.mix import mix
from aimusicverse.engines.studio.note_effort import AGAIN
from aimusicverse.engines.studio.perform import perform
from aimusicverse.engines.studio.plan import make_plan
from aimusicverse.engines.studio.render import render
from aimusicverse.engines.studio.stems import render_stems
from aimusicverse.engines.studio.synth import cache
from aimusicverse.engines.studio.synth.cache import Notes
from aimusicverse.types import GenerationCreate

RATE = 44_100


def piece(genre, seconds):
    plan = make_plan(GenerationCreate(prompt=genre, duration_seconds=seconds), 5)
    score = write_score(plan)
    return plan, score, perform(score)


class Machine:
    """Clocks of a machine that does what a job asks of it in so many times the time."""

    def __init__(self, monkeypatch, pace):
        self.now, self.pace = 1000.0, pace
        monkeypatch.setattr(courses, "time", self)

    def monotonic(self):
        return self.now

    def work(self, milliseconds):
        self.now += milliseconds * self.pace / 1000


@pytest.mark.parametrize("genre", ["rock", "ambient", "chiptune"])
def test_every_sound_that_is_made_was_counted_and_no_other(genre):
    _, score, events = piece(genre, 12)
    counted = sum(cost > AGAIN for cost in of_notes(score, events))
    made = []
    honest = Notes._make

    def noted(notes, key):
        made.append(key)
        return honest(notes, key)

    with patch.object(Notes, "_make", noted):
        for _ in mix(score, events, 12 * RATE):
            pass
    assert len(made) == len(set(made)) == counted


def test_sounds_that_are_forgotten_are_counted_again(monkeypatch):
    monkeypatch.setattr(cache, "LIMIT", 8 << 20)
    _, score, events = piece("ambient", 60)
    counted = sum(cost > AGAIN for cost in of_notes(score, events))
    notes, made = Notes("ambient", 0.0, 0), []
    honest = Notes._make
    monkeypatch.setattr(Notes, "_make", lambda notes, key: made.append(key) or honest(notes, key))
    for turn, event in enumerate(events):
        notes.sound(score.parts[event.part].instrument, event.pitch, event.seconds, event.velocity, turn)
    assert len(made) > 1.2 * len(set(made))
    assert counted == pytest.approx(len(made), rel=0.05)


@pytest.mark.parametrize("threads", [1, 2])
def test_work_is_counted_for_each_block_of_the_mix(threads):
    _, score, events = piece("folk", 10)
    done = of_rendering(score, events, 10 * RATE, threads)
    assert len(done) == sum(1 for _ in mix(score, events, 10 * RATE))
    assert all(before < after for before, after in pairwise([0, *done]))


@pytest.mark.parametrize("genre", GENRES)
def test_no_block_is_a_great_part_of_the_work(genre):
    _, score, events = piece(genre, 60)
    done = of_rendering(score, events, 60 * RATE, 2)
    # Three quarters of a second of music, of which all sounds may be new.
    assert max(after - before for before, after in pairwise([0, *done])) < 0.15 * done[-1]


def test_a_block_waits_for_those_before_it_and_for_room():
    assert side_by_side([5, 5, 5], 1) == [24 + 6, 24 + 11, 24 + 16]  # the notes are the slower half
    assert side_by_side([1, 1, 1], 5) == [24 + 6, 24 + 11, 24 + 16]  # the bus is
    # One in the bus and two that wait: the fifth is begun when the first is through, and not before.
    assert side_by_side([0, 0, 0, 0, 30], 10) == [34, 44, 54, 64, 74]
    assert side_by_side([0, 0, 0, 0, 31], 10) == [34, 44, 54, 64, 75]


def test_two_threads_take_less_time_than_their_work_and_at_least_half_of_it():
    played, bus = [9.0, 1.0, 5.0, 2.0] * 10, 4.0
    work = 24 + sum(played) + bus * len(played)
    assert work / 2 < side_by_side(played, bus)[-1] < work


def test_parts_that_go_through_a_bus_each_take_longer_than_their_mix():
    _, score, events = piece("pop", 10)
    assert of_parts(score, events, 10 * RATE)[-1] > of_rendering(score, events, 10 * RATE, 1)[-1]


@pytest.mark.parametrize("pace", [0.5, 1.0, 4.0])
def test_on_any_machine_the_share_is_that_of_the_time(monkeypatch, pace):
    machine = Machine(monkeypatch, pace)
    began = machine.now
    machine.work(LOADING)
    course = Course(began, LOADING * pace)
    for done in range(0, 1001, 50):
        over = (LOADING + done) / (LOADING + 1000)
        assert course.share(done, 1000 - done) == pytest.approx(over)
        machine.work(50)


def test_a_machine_that_is_slower_at_rendering_than_at_loading_is_soon_believed(monkeypatch):
    machine = Machine(monkeypatch, 1.0)
    began = machine.now
    machine.work(LOADING)
    course, machine.pace = Course(began), 2.0
    for done in range(0, 1001, 50):
        over = (LOADING + 2 * done) / (LOADING + 2000)
        assert course.share(done, 1000 - done) == pytest.approx(over, abs=0.09)
        machine.work(50)


def test_who_waited_for_a_process_that_was_loading_is_told_so(monkeypatch):
    machine = Machine(monkeypatch, 1.0)
    assert Course(machine.now - 3.0).share(0, 1000) == pytest.approx(0.75)


def test_a_share_never_falls_though_the_pace_does(monkeypatch):
    machine = Machine(monkeypatch, 1.0)
    course = Course(machine.now + 3600)  # a clock that is not shared counts for nothing
    told = []
    for done, then in ((0, 100), (100, 3000), (150, 10), (900, 50)):
        told.append(course.share(done, 1000 - done))
        machine.work(then)
    assert told == sorted(told)
    assert told[0] == 0
    assert told[-1] < 1


@pytest.mark.parametrize("make", [render, render_stems])
@pytest.mark.parametrize("seconds", [6, 20])
def test_progress_rises_through_all_stages_from_what_was_waited_to_the_end(make, seconds, tmp_path):
    plan, *_ = piece("jazz", seconds)
    told = []
    make(
        Order(plan),
        tmp_path,
        lambda stage, share: told.append((stage, share)),
        course=Course(time.monotonic() - 0.2),
    )
    shares = [share for _, share in told]
    assert told[0] == ("compose", 0.0)
    assert shares[1] > 0.02  # somebody has waited already
    assert told[-1] == ("write", 1.0)
    stages = [stage for index, (stage, _) in enumerate(told) if stage != told[index - 1][0]]
    assert stages == [
        stage for stage in ("compose", "arrange", "render", "master", "write") if stage in stages
    ]
    assert len(stages) >= 4
    assert shares == sorted(shares)


def test_a_long_piece_spends_less_of_its_time_on_the_start():
    assert while_loading(10) > while_loading(60) > while_loading(300) > 0
    assert while_loading(60) > while_loading(60, parts=8)
