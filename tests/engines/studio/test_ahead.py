"""A second thread: the same items in the same order, errors passed on, nothing left behind."""

import threading
from itertools import count, islice

import pytest

from aimusicverse.engines.base import Order
from aimusicverse.engines.studio.ahead import ahead
from aimusicverse.engines.studio.plan import make_plan
from aimusicverse.engines.studio.render import render
from aimusicverse.types import GenerationCreate


def makers():
    return [thread for thread in threading.enumerate() if thread.name == "ahead"]


@pytest.mark.parametrize("threads", [1, 2])
def test_items_come_in_their_order(threads):
    assert list(ahead(iter(range(500)), threads)) == list(range(500))
    assert not makers()


@pytest.mark.parametrize("threads", [1, 2])
def test_an_error_arrives_after_the_items_before_it(threads):
    def items():
        yield 1
        yield 2
        raise OSError("no room")

    coming = ahead(items(), threads)
    assert [next(coming), next(coming)] == [1, 2]
    with pytest.raises(OSError, match="no room"):
        next(coming)
    assert not makers()


def test_the_next_item_is_made_while_one_is_in_use():
    made = threading.Event()

    def items():
        yield 1
        made.set()
        yield 2

    for item in ahead(items(), 2):
        if item == 1:
            assert made.wait(10)


def test_who_stops_listening_leaves_no_thread_behind():
    endless = ahead(count(), 2)
    assert list(islice(endless, 3)) == [0, 1, 2]
    endless.close()
    assert not makers()


@pytest.mark.parametrize("genre", ["lofi hip hop", "cinematic"])
def test_one_thread_and_two_make_the_same_bytes(genre, tmp_path):
    plan = make_plan(GenerationCreate(prompt=genre, duration_seconds=8), 2)
    made = []
    for threads in (1, 2, 2):
        folder = tmp_path / str(len(made))
        folder.mkdir()
        made.append(render(Order(plan), folder, lambda *_: None, threads))
    assert len({rendering.sha256 for rendering in made}) == 1
    assert len({(rendering.lufs, rendering.true_peak_dbtp) for rendering in made}) == 1
