"""How far a job is, as the share of its time that is over.

The time that is over is read from a clock; what is left is the work that is left (`effort`) at the pace of
this machine. Its pace is what loading the studio took, and then more and more what the work itself takes.

This file needs no numpy, so that a process can tell how far it is while it starts.
"""

from __future__ import annotations

import time

#: Milliseconds, as in `effort`, for a process to start and load numpy and the studio; for loading alone.
_START, LOADING = 210.0, 190.0
#: What is said at first counts like so much work (ms) that was done at that pace.
_PRIOR = 200.0
_PIECE, _SECOND, _PART = (
    180.0,
    8.0,
    6.0,
)  # a piece and a second of music, whatever the genre; of a further part
_BASE_LOADED = 0.55  # of the start: numpy is to come


class Course:
    """The course of one job, which begins to be measured now.

    Args:
        began: when the job was asked for, as by `time.monotonic()` of any process; now, if it is not known.
        loading: milliseconds of processor time that loading the studio took on this machine.
    """

    def __init__(self, began: float | None = None, loading: float = LOADING) -> None:
        self._ready = time.monotonic()
        self._waited = max(0.0, self._ready - began) * 1000 if began is not None else 0.0
        self._pace = loading / LOADING
        self._told = 0.0

    def share(self, done: float, left: float) -> float:
        """The share of the job's time that is over when so much work is done since the studio was loaded, and
        so much is left (ms). It never falls."""
        worked = (time.monotonic() - self._ready) * 1000
        pace = (_PRIOR * self._pace + worked) / (_PRIOR + done)
        over = self._waited + worked
        self._told = max(self._told, over / max(over + pace * left, 1e-9))
        return self._told


def while_loading(seconds: float, parts: int = 1) -> float:
    """The share that is over when a process has started and loaded all but numpy.

    Args:
        seconds: of music that it is to render.
        parts: how many recordings of that length.
    """
    work = _PIECE + seconds * (_SECOND + _PART * max(0, parts - 1))
    return _BASE_LOADED * _START / (_START + work)
