"""Requests added up in memory: what a second of them comes to before it is written."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from aimusicverse.server.settings import PREFIX
from aimusicverse.server.usage import client_label
from aimusicverse.server.usage.latency import EDGES, STEPS

if TYPE_CHECKING:
    from aimusicverse.server.security.principal import Principal

#: One request that has ended: when it came (`time.perf_counter`), who asked, its route, method, status (0 for
#: no answer), seconds, bytes of the answer's body, the limit that it hit, seconds for which its caller wanted
#: to wait, `User-Agent`. A plain tuple: a class would cost several times as much, once per request.
Record = tuple[
    float, "Principal | None", "Route | None", str, int, float, int, "str | None", "float | None", bytes
]

#: How many kinds of requests are held until they are written. Others are counted as dropped.
MOST_CELLS: Final = 20_000
#: How many clients a key is shown with in an hour; further ones are all `other`.
MOST_CLIENTS: Final = 20
_MOST_AGENTS: Final = 10_000
#: RFC 9110 and 5789. Anything else is asked by nobody who means it.
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
#: Who may not call, or not now, learns nothing of how the API is, however often he tries.
_TURNED_AWAY: Final = frozenset({401, 403, 421, 429})
#: Where the counts of a cell are.
LIMITED, BYTES, MICROS, FIRST_STEP = 0, 1, 2, 3
_EMPTY: Final = [0] * (FIRST_STEP + STEPS)
_MINUTE: Final = 60
_HOUR: Final = 3600


class Route(Protocol):
    """A route, of which the template is told: a path may hold anything, a key by mistake too."""

    path: str


class Kind(NamedTuple):
    """What requests have in common that are added up."""

    owner_id: str
    key_id: str
    route: str
    method: str
    status: int
    client: str


#: The counts of a cell: `LIMITED`, `BYTES`, `MICROS`, then one for each step of latency.
Counts = list[int]


class Tally:
    """Cells by the minute and kind of request. Not safe for threads: its owner has a lock."""

    def __init__(self) -> None:
        self._cells: dict[tuple[float, Kind], Counts] = {}
        self._labels: dict[bytes, str] = {}
        #: For each key the clients of its latest hour.
        self._clients: dict[str, tuple[int, set[str]]] = {}
        #: Records that had no room.
        self.dropped: int = 0

    def add(self, records: Iterable[Record], ahead: float) -> None:
        """Count them.

        Args:
            records: of requests that have ended.
            ahead: how far server time (unix seconds) is ahead of the clock that says when they came.
        """
        #: Of one minute, by what requests say of themselves: most are like one before.
        known: dict[tuple[object, ...], Counts] = {}
        minute = -1.0
        for came, principal, route, method, status, seconds, size, limited, held, agent in records:
            if (came + ahead) // _MINUTE != minute:
                minute = (came + ahead) // _MINUTE
                known.clear()
            key_id = "" if principal is None else principal.key_id
            template = "" if route is None else route.path
            likeness = (key_id, template, method, status, agent)
            counts = known.get(likeness)
            if counts is None:
                counts = self._cell(minute, principal, template, method, status, agent)
                if counts is None:
                    self.dropped += 1
                    continue
                known[likeness] = counts
            micros = int((seconds if held is None else seconds - held) * 1e6)
            counts[BYTES] += size
            counts[MICROS] += micros
            counts[FIRST_STEP + bisect_left(EDGES, micros)] += 1
            if limited:
                counts[LIMITED] += 1

    def taken(self) -> Taken:
        """All cells, which this tally then no longer has."""
        cells, self._cells = self._cells, {}
        return Taken({(int(minute) * _MINUTE, kind): counts for (minute, kind), counts in cells.items()})

    def _cell(
        self,
        minute: float,
        principal: Principal | None,
        template: str,
        method: str,
        status: int,
        agent: bytes,
    ) -> Counts | None:
        """Where such requests are counted; `None` when there is no room for more kinds of them."""
        owner_id, key_id = ("", "") if principal is None else (principal.owner.id, principal.key_id)
        if method not in _METHODS:
            method = "OTHER"
        kind = Kind(owner_id, key_id, template, method, status, self._label(agent))
        kind = kind._replace(client=self._one_of_few(int(minute * _MINUTE // _HOUR), kind))
        counts = self._cells.get((minute, kind))
        if counts is None and len(self._cells) < MOST_CELLS:
            counts = self._cells[minute, kind] = _EMPTY.copy()
        return counts

    def _label(self, agent: bytes) -> str:
        label = self._labels.get(agent)
        if label is None:
            if len(self._labels) >= _MOST_AGENTS:
                self._labels.clear()
            label = self._labels[agent] = client_label.label_of(agent)
        return label

    def _one_of_few(self, hour: int, kind: Kind) -> str:
        """Its client, unless a key shows a new one all the time: nobody is to fill the table that way."""
        known_hour, clients = self._clients.get(kind.key_id, (-1, set()))
        if known_hour != hour:
            if len(self._clients) >= _MOST_AGENTS:
                self._clients.clear()
            clients = set()
            self._clients[kind.key_id] = (hour, clients)
        if kind.client not in clients:
            if len(clients) >= MOST_CLIENTS:
                return client_label.OTHER
            clients.add(kind.client)
        return kind.client


class Taken:
    """What was counted, by the minute (unix seconds of its beginning) and the kind of request."""

    def __init__(self, cells: dict[tuple[int, Kind], Counts] | None = None) -> None:
        self._cells = cells or {}

    def __bool__(self) -> bool:
        return bool(self._cells)

    def __iter__(self) -> Iterator[tuple[int, Kind, Counts]]:
        return ((minute, kind, counts) for (minute, kind), counts in self._cells.items())

    def merge(self, others: Taken) -> int:
        """Take these in; how many requests had no room."""
        dropped = 0
        for place, counts in others._cells.items():
            known = self._cells.get(place)
            if known is not None:
                self._cells[place] = _sum(known, counts)
            elif len(self._cells) < MOST_CELLS:
                self._cells[place] = counts
            else:
                dropped += requests(counts)
        return dropped

    def hours(self) -> list[tuple[int, Kind, Counts]]:
        """By the hour; in one order for all processes, or they might wait for each other in a circle."""
        hours: dict[tuple[int, Kind], Counts] = {}
        for minute, kind, counts in self:
            place = (minute - minute % _HOUR, kind)
            known = hours.get(place)
            hours[place] = counts if known is None else _sum(known, counts)
        return [(hour, kind, hours[hour, kind]) for hour, kind in sorted(hours)]

    def minutes(self) -> list[tuple[int, int, int]]:
        """Of the API alone: a minute, its requests, and those with a status of 500 and above.

        Who was turned away is left out: a flood of such calls would hide failures from the alert.
        """
        minutes: dict[int, list[int]] = {}
        for minute, kind, counts in self:
            if kind.route.startswith(PREFIX) and kind.status not in _TURNED_AWAY:
                found = minutes.setdefault(minute, [0, 0])
                found[0] += requests(counts)
                found[1] += requests(counts) if kind.status >= 500 else 0
        return [(minute, count, errors) for minute, (count, errors) in sorted(minutes.items())]


def requests(counts: Counts) -> int:
    """How many requests a cell counts: each falls into one step of latency."""
    return sum(counts[FIRST_STEP:])


def _sum(one: Counts, other: Counts) -> Counts:
    return [a + b for a, b in zip(one, other, strict=True)]
