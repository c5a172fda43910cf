"""Adds up what was asked, keeps it for a while, and tells it to whom it belongs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from aimusicverse.server.api_keys import queries as owners
from aimusicverse.server.jobs import outbox
from aimusicverse.server.problems import Refusal
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.settings import PREFIX
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.server.usage import client_label, queries
from aimusicverse.server.usage.queries import DAY, Stretch
from aimusicverse.server.usage.tally import Taken
from aimusicverse.types import FieldError
from aimusicverse.types.usage import ClientUsage, UsageGroup, UsageGrouping, UsageStats

#: The job that makes days of hours and forgets what is too old.
ROLL_UP: Final = "usage_roll_up"
#: How many users' days one transaction rolls up.
_AT_ONCE: Final = 20
#: Minutes are for alerts, which look back minutes.
_MINUTES_KEPT: Final = timedelta(days=1)
#: A process that has written nothing for so long will not come back with a part that it has written before.
_WRITERS_KEPT: Final = timedelta(days=7)
#: The longest stretch that is told hour by hour, and any other way.
LONGEST_BY_HOUR: Final = timedelta(days=31)
LONGEST: Final = timedelta(days=731)
_USUAL: Final = timedelta(days=1)
_USUAL_BY_DAY: Final = timedelta(days=30)
_FIRST: Final = datetime(1970, 3, 1, tzinfo=UTC)
_LAST: Final = datetime(9999, 12, 1, tzinfo=UTC)
#: How a request to no route is told.
NO_ROUTE: Final = "(no such route)"


# -- writing -----------------------------------------------------------------------------------


def add(
    tx: Transaction, writer: str, number: int, part: Taken, *, begins_a_day: bool, again: bool = False
) -> None:
    """Add a process's part of what was asked, unless it has been added.

    Args:
        tx: acts for the server.
        writer: the process.
        number: of the part; each is higher than the one before.
        part: what was counted.
        again: whether it was tried before, and nobody knows how that ended.
        begins_a_day: whether it is the process's first one of a day: then old hours are rolled up soon.
    """
    if again and queries.last_part(tx, writer) >= number:
        return
    queries.set_last_part(tx, writer, number)
    queries.add(tx, part.hours())
    queries.add_minutes(tx, part.minutes())
    # One that is being done may have looked already, at a day that was not over then.
    if begins_a_day and not outbox.is_yet_to_begin(tx, ROLL_UP):
        first = owners.first_owner(tx)
        if first is not None:
            outbox.add(tx, first, ROLL_UP, ref="usage", payload={})


def forget_writer(tx: Transaction, writer: str) -> None:
    """A process has written its last part."""
    queries.forget_writer(tx, writer)


# -- keeping house -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Keeping:
    """How long usage is kept hour by hour, and how long by the day; `None` is for ever."""

    hourly: timedelta
    daily: timedelta | None


def roll_up(tx: Transaction, claimed: outbox.Job, keeping: Keeping) -> bool:
    """Make days of some hours that are too old; whether there may be more.

    Raises:
        ClaimLost: somebody else does it.
    """
    outbox.renew(tx, claimed)
    before = queries.day_of(tx.now - keeping.hourly)
    return all(queries.roll_up_one(tx, before) for _ in range(_AT_ONCE))


def rolled_up(tx: Transaction, claimed: outbox.Job, keeping: Keeping) -> None:
    """Forget what is too old by any measure, and end the job.

    Raises:
        ClaimLost: somebody else does it.
    """
    if keeping.daily is not None:
        queries.forget_days(tx, queries.day_of(tx.now - keeping.daily))
    queries.forget_minutes(tx, tx.now - _MINUTES_KEPT)
    queries.forget_writers(tx, tx.now - _WRITERS_KEPT)
    outbox.finish(tx, claimed)


# -- reading -----------------------------------------------------------------------------------


def stretch_of(
    now: datetime, start: datetime | None, end: datetime | None, by: UsageGrouping | None
) -> Stretch:
    """What is asked for: the last day, or by the day the last thirty, unless it is said otherwise.

    Raises:
        Refusal: `invalid_request`: it ends before it begins, or is too long.
    """
    end = _within_time(end or now)
    start = _within_time(start) if start else end - (_USUAL_BY_DAY if by == "day" else _USUAL)
    longest = LONGEST_BY_HOUR if by == "hour" else LONGEST
    if start >= end:
        raise _refused("from", "it must be before `to`")
    if end - start > longest:
        raise _refused(
            "from", f"at most {longest.days} days at once" + (" by the hour" if by == "hour" else "")
        )
    return Stretch(start, end)


def _within_time(moment: datetime) -> datetime:
    """The same, or the nearest that can be reckoned with: some days before and after must be times too."""
    return min(max(moment, _FIRST), _LAST)


def _refused(field: str, message: str) -> Refusal:
    return Refusal(
        "invalid_request",
        f"query.{field}: {message}",
        errors=[FieldError(field=f"query.{field}", code="stretch_of_time", message=message)],
    )


def stats(
    tx: Transaction,
    owner: Owner,
    start: datetime | None,
    end: datetime | None,
    by: UsageGrouping | None,
    key_id: str | None,
) -> UsageStats:
    """His requests.

    Raises:
        Refusal: `invalid_request`: no such stretch of time.
    """
    stretch = stretch_of(tx.now, start, end, by)
    [total] = queries.grouped(tx, owner.id, stretch, None, key_id)
    kinds = queries.by_status_and_client(tx, owner.id, stretch, key_id)
    groups: list[UsageGroup] = []
    if by is not None:
        names = queries.key_names(tx, owner.id) if by == "key" else {}
        groups = _in_order(
            by, [_group(by, row, names) for row in queries.grouped(tx, owner.id, stretch, by, key_id)]
        )
    clients = clients_of(kinds)
    own = sum(client.requests for client in clients if client.client == client_label.OWN)
    return UsageStats(
        start=stretch.start,
        end=stretch.end,
        group_by=by,
        total=queries.figures(total),
        data=groups,
        statuses=statuses_of(kinds),
        clients=clients,
        sdk_share=round(own / total.requests, 4) if total.requests else None,
    )


def _group(by: UsageGrouping, row: Any, names: dict[str, str]) -> UsageGroup:
    figures = dict(queries.figures(row))
    if by == "key":
        return UsageGroup(**figures, key_id=row.key_id, key_name=names.get(row.key_id))
    if by == "endpoint":
        return UsageGroup(**figures, endpoint=endpoint(row.method, row.route))
    length = DAY if by == "day" or row.span == "day" else queries.HOUR
    return UsageGroup(**figures, start=row.start, seconds=int(length.total_seconds()))


def _in_order(by: UsageGrouping, groups: list[UsageGroup]) -> list[UsageGroup]:
    if by in ("hour", "day"):
        return sorted(groups, key=lambda group: (group.start, group.seconds))
    return sorted(groups, key=lambda group: (-group.requests, group.key_id or group.endpoint or ""))


def endpoint(method: str, route: str) -> str:
    """A route as it is told: `GET /tracks/{track_id}`."""
    return f"{method} {route.removeprefix(PREFIX) or NO_ROUTE}"


def statuses_of(kinds: Sequence[Any]) -> dict[str, int]:
    """Requests by status, from numbers by status and client."""
    counted: Counter[int] = Counter()
    for row in kinds:
        counted[row.status] += row.requests
    return {str(status): counted[status] for status in sorted(counted)}


def clients_of(kinds: Sequence[Any]) -> list[ClientUsage]:
    """Requests by client, the most used first, from the same."""
    counted: Counter[str] = Counter()
    for row in kinds:
        counted[row.client] += row.requests
    return [
        ClientUsage(
            client=client_label.name_of(label), version=client_label.version_of(label), requests=requests
        )
        for label, requests in counted.most_common()
    ]
