from __future__ import annotations

import math
import time

from aimusicverse.transport.deadline import Deadline, PhaseTimeouts


def test_every_phase_gets_what_is_left_when_it_begins():
    timeouts = PhaseTimeouts(Deadline(10.0))
    first = timeouts.get("read")
    time.sleep(0.02)
    assert timeouts["read"] < first <= 10.0
    assert dict(timeouts)["read"] <= 10.0


def test_a_phase_has_limits_of_its_own():
    timeouts = PhaseTimeouts(Deadline(600.0, silence=5.0))
    assert timeouts.get("connect") == 15.0
    assert timeouts.get("read") == 5.0
    assert timeouts.get("write") > 500


def test_without_an_end_only_connecting_has_one():
    timeouts = PhaseTimeouts(Deadline(math.inf))
    assert dict(timeouts) == {"connect": 15.0, "read": None, "write": None, "pool": None}
    assert (timeouts.get("connect"), timeouts.get("read")) == (15.0, None)


def test_a_deadline_that_has_passed_blocks_nothing_for_ever():
    deadline = Deadline(0.001)
    time.sleep(0.01)
    assert deadline.passed
    assert deadline.left() == 0
    assert 0 < PhaseTimeouts(deadline).get("read") <= 0.001
