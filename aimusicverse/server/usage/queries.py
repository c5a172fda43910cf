"""The SQL of usage. Its statements are built once: those with a column for each step of latency are long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from aimusicverse.server.store.prepared import Prepared
from aimusicverse.server.store.tables import LATENCY_STEPS, api_key, api_minute, usage, usage_part
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.server.store.upsert import on_conflict, upsert
from aimusicverse.server.usage.latency import percentile
from aimusicverse.server.usage.tally import Counts, Kind, requests
from aimusicverse.types.usage import Latency, UsageFigures

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
_DAY_MICROS: Final = 86_400_000_000

_STEPS: Final = tuple(f"step_{step}" for step in range(LATENCY_STEPS))
#: What adds up; the order of `Counts`, after the first.
_ADDED: Final = ("requests", "limited", "bytes", "micros", *_STEPS)
_KIND: Final = ("key_id", "route", "method", "status", "client")
_COUNTED: Final = _ADDED[1:]

_ADD: Final = Prepared(upsert(usage, adding=_ADDED))
_ADD_MINUTE: Final = Prepared(upsert(api_minute, adding=("requests", "errors")))
#: So many rows are written one by one, which costs less than beginning to write them together.
_FEW: Final = 8
_SET_PART: Final = Prepared(upsert(usage_part, setting=("number", "written_at")))
_LAST_PART: Final = Prepared(
    sa.select(usage_part.c.number).where(usage_part.c.writer == sa.bindparam("writer"))
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """From `start` to before `end`: every hour that begins before its end and ends after its start."""

    start: datetime
    end: datetime

    def parameters(self) -> dict[str, Any]:
        """As the statements here take them."""
        return {"end": self.end, "hour_after": self.start - HOUR, "day_after": self.start - DAY}


# -- writing -----------------------------------------------------------------------------------


def last_part(tx: Transaction, writer: str) -> int:
    """The number of the last part that this writer added; 0 for none."""
    row = tx.one_or_none(_LAST_PART, {"writer": writer})
    return 0 if row is None else int(row.number)


def set_last_part(tx: Transaction, writer: str, number: int) -> None:
    """Remember that it was added."""
    tx.execute(_SET_PART, {"writer": writer, "number": number, "written_at": tx.now})


def forget_writer(tx: Transaction, writer: str) -> None:
    """It adds nothing more."""
    tx.execute(sa.delete(usage_part).where(usage_part.c.writer == writer))


def forget_writers(tx: Transaction, before: datetime) -> None:
    """Those that have added nothing since are no more."""
    tx.execute(sa.delete(usage_part).where(usage_part.c.written_at < before))


def add(tx: Transaction, hours: Sequence[tuple[int, Kind, Counts]]) -> None:
    """Add to the hours (unix seconds) what was counted in them."""
    rows = []
    for hour, kind, counts in hours:
        row: dict[str, Any] = kind._asdict()
        row["span"], row["start"] = "hour", _moment(hour)
        row["requests"] = requests(counts)
        row.update(zip(_COUNTED, counts, strict=True))
        rows.append(row)
    _write(tx, _ADD, rows)


def add_minutes(tx: Transaction, minutes: Sequence[tuple[int, int, int]]) -> None:
    """Add to the minutes (unix seconds) the API's requests and errors."""
    rows = [
        {"minute": _moment(minute), "requests": count, "errors": errors} for minute, count, errors in minutes
    ]
    _write(tx, _ADD_MINUTE, rows)


def _write(tx: Transaction, statement: Prepared, rows: list[dict[str, Any]]) -> None:
    if len(rows) > _FEW:
        tx.execute(statement, rows)
    else:
        for row in rows:
            tx.execute(statement, row)


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


# -- keeping house -----------------------------------------------------------------------------

_GROUPED: Final = ("owner_id", *_KIND)
_OLDEST_HOUR: Final = (
    sa.select(usage.c.start, usage.c.owner_id)
    .where(usage.c.span == "hour", usage.c.start < sa.bindparam("before"))
    .order_by(usage.c.start, usage.c.owner_id)
    .limit(1)
)
_OF_DAY: Final = (
    "owner_id = :owner_id AND span = 'hour' AND start >= :day AND start < :next_day"  # one stretch of its key
)
_ROLL_UP: Final = sa.text(
    f"INSERT INTO usage (span, start, {', '.join((*_GROUPED, *_ADDED))}) "  # noqa: S608 - names of our own
    f"SELECT 'day', :day, {', '.join(_GROUPED)}, {', '.join(f'sum({name})' for name in _ADDED)} "
    f"FROM usage WHERE {_OF_DAY} GROUP BY {', '.join(_GROUPED)}" + on_conflict(usage, adding=_ADDED)
).bindparams(
    sa.bindparam("day", type_=usage.c.start.type), sa.bindparam("next_day", type_=usage.c.start.type)
)
_DELETE_HOURS: Final = sa.delete(usage).where(
    usage.c.owner_id == sa.bindparam("owner_id"),
    usage.c.span == "hour",
    usage.c.start >= sa.bindparam("day"),
    usage.c.start < sa.bindparam("next_day"),
)


def roll_up_one(tx: Transaction, before: datetime) -> bool:
    """Make one day of the hours that the oldest day has for one user; whether there were any before then."""
    oldest = tx.one_or_none(_OLDEST_HOUR, {"before": before})
    if oldest is None:
        return False
    day = day_of(oldest.start)
    which = {"owner_id": oldest.owner_id, "day": day, "next_day": day + DAY}
    tx.execute(_ROLL_UP, which)
    tx.execute(_DELETE_HOURS, which)
    return True


def forget_days(tx: Transaction, before: datetime) -> None:
    """Days that began earlier."""
    tx.execute(sa.delete(usage).where(usage.c.span == "day", usage.c.start < before))


def forget_minutes(tx: Transaction, before: datetime) -> None:
    """Minutes that began earlier."""
    tx.execute(sa.delete(api_minute).where(api_minute.c.minute < before))


def day_of(moment: datetime) -> datetime:
    """When its day began, in UTC."""
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def sum_of(column: sa.ColumnElement[Any], name: str) -> sa.ColumnElement[int]:
    """A sum of a column, 0 of nothing. PostgreSQL's own sum of big numbers is no whole number any more."""
    return sa.cast(sa.func.coalesce(sa.func.sum(column), 0), sa.BigInteger).label(name)


_API_SINCE: Final = Prepared(
    sa.select(sum_of(api_minute.c.requests, "requests"), sum_of(api_minute.c.errors, "errors")).where(
        api_minute.c.minute >= sa.bindparam("since")
    )
)


def api_since(tx: Transaction, since: datetime) -> tuple[int, int]:
    """The API's requests in the minutes that have begun since, and its errors among them."""
    [row] = tx.all(_API_SINCE, {"since": since})
    return row.requests, row.errors


# -- reading -----------------------------------------------------------------------------------


def _requests_from(status: int) -> sa.ColumnElement[int]:
    return sa.case((usage.c.status >= status, usage.c.requests), else_=0)


_FIGURES: Final[tuple[sa.ColumnElement[Any], ...]] = (
    sum_of(usage.c.requests, "requests"),
    sum_of(_requests_from(400), "errors"),
    sum_of(_requests_from(500), "server_errors"),
    sum_of(usage.c.limited, "limited"),
    sum_of(usage.c.bytes, "bytes"),
    sum_of(usage.c.micros, "micros"),
    *(sum_of(usage.c[name], name) for name in _STEPS),
)
#: The rows of a `Stretch`, whose parameters it has.
WITHIN: Final[tuple[sa.ColumnElement[bool], ...]] = (
    usage.c.span.in_([sa.literal_column("'hour'"), sa.literal_column("'day'")]),
    usage.c.start < sa.bindparam("end"),
    usage.c.start > sa.bindparam("day_after"),
    (usage.c.span == "day") | (usage.c.start > sa.bindparam("hour_after")),
)
_OWNED: Final = (usage.c.owner_id == sa.bindparam("owner_id"), *WITHIN)
_MICROS: Final = sa.type_coerce(usage.c.start, sa.BigInteger)
#: When the day of a row begins.
DAY_START: Final[sa.Label[Any]] = sa.type_coerce(
    _MICROS - _MICROS % sa.literal_column(str(_DAY_MICROS)), usage.c.start.type
).label("start")

_BY: Final[dict[str | None, tuple[sa.ColumnElement[Any], ...]]] = {
    None: (),
    "key": (usage.c.key_id,),
    "endpoint": (usage.c.method, usage.c.route),
    "hour": (usage.c.span, usage.c.start),
    "day": (DAY_START,),
}


def figures_by(
    condition: Sequence[sa.ColumnElement[bool]], columns: Sequence[sa.ColumnElement[Any]]
) -> sa.Select[Any]:
    """What `figures` reads, of the rows for which `condition` holds, for each value of the columns."""
    return sa.select(*columns, *_FIGURES).where(*condition).group_by(*(_plain(one) for one in columns))


def _plain(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    return column.element if isinstance(column, sa.Label) else column


_KEY: Final = usage.c.key_id == sa.bindparam("key_id")
_OF_OWNER: Final = {by: Prepared(figures_by(_OWNED, columns)) for by, columns in _BY.items()}
_OF_KEY: Final = {by: Prepared(figures_by((*_OWNED, _KEY), columns)) for by, columns in _BY.items()}


def grouped(
    tx: Transaction, owner_id: str, stretch: Stretch, by: str | None, key_id: str | None
) -> Sequence[Any]:
    """Figures by `key`, `endpoint`, `hour`, `day`, or of all in one row; of one key, if it is named."""
    statements = _OF_OWNER if key_id is None else _OF_KEY
    which = {} if key_id is None else {"key_id": key_id}
    return tx.all(statements[by], {"owner_id": owner_id, **which, **stretch.parameters()})


def by_status_and_client_of(*condition: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Numbers of requests."""
    kind = (usage.c.status, usage.c.client)
    return sa.select(*kind, sum_of(usage.c.requests, "requests")).where(*condition).group_by(*kind)


_STATUSES: Final = Prepared(by_status_and_client_of(*_OWNED))
_STATUSES_OF_KEY: Final = Prepared(by_status_and_client_of(*_OWNED, _KEY))


def by_status_and_client(
    tx: Transaction, owner_id: str, stretch: Stretch, key_id: str | None
) -> Sequence[Any]:
    """Numbers of requests."""
    which = {} if key_id is None else {"key_id": key_id}
    statement = _STATUSES if key_id is None else _STATUSES_OF_KEY
    return tx.all(statement, {"owner_id": owner_id, **which, **stretch.parameters()})


_KEY_NAMES: Final = Prepared(
    sa.select(api_key.c.id, api_key.c.name).where(api_key.c.owner_id == sa.bindparam("owner_id"))
)


def key_names(tx: Transaction, owner_id: str) -> dict[str, str]:
    """The name of each of his keys, revoked ones too."""
    return {row.id: row.name for row in tx.all(_KEY_NAMES, {"owner_id": owner_id})}


def figures(row: Any) -> UsageFigures:
    """A row of sums as the API tells it."""
    counts = [getattr(row, name) for name in _STEPS]

    def rounded(value: float | None) -> float | None:
        return None if value is None else round(value, 2)

    return UsageFigures(
        requests=row.requests,
        errors=row.errors,
        server_errors=row.server_errors,
        limit_hits=row.limited,
        bytes_sent=row.bytes,
        latency_ms=Latency(
            p50=rounded(percentile(counts, 0.5)),
            p95=rounded(percentile(counts, 0.95)),
            p99=rounded(percentile(counts, 0.99)),
            mean=rounded(row.micros / row.requests / 1000) if row.requests else None,
        ),
    )
