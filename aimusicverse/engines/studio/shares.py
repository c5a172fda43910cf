"""Where the stages of a job begin and end, as shares of its time.

Milliseconds as in `effort`; this file needs no numpy, so that a process can tell how far it is while it
starts.
"""

from __future__ import annotations

from dataclasses import dataclass

_RATE = 44_100
_START = 230.0  # a process, numpy, the studio
_COMPOSE, _PERFORM = 22.0, 0.012  # a piece; an event
_MASTER = 38.0  # for a million samples


@dataclass(frozen=True, slots=True)
class Shares:
    """`render`: where rendering begins, after the start of the process and the composing; `master`: where
    mastering does."""

    render: float
    master: float

    @classmethod
    def of(cls, events: int, rendering: float, samples: int) -> Shares:
        """Those of a piece of so many events and samples, whose rendering costs `rendering`."""
        before = _START + _COMPOSE + _PERFORM * events
        whole = before + rendering + _MASTER * samples / 1e6
        return cls(before / whole, (before + rendering) / whole)

    def rendered(self, share: float) -> float:
        """The share of the job that is done when so much of the rendering is."""
        return self.render + (self.master - self.render) * share

    def written(self, share: float) -> float:
        """The same, of mastering and writing."""
        return self.master + (0.995 - self.master) * share


def at_start(seconds: float) -> float:
    """The share that is over when a process has started that is to render so many seconds of music."""
    return _START / (_START + _COMPOSE + seconds * _RATE / 1e6 * (_MASTER + 290))
