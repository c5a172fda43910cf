"""Raises alerts and clears them: each once, whoever looks, and however often."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from aimusicverse.server.alerts import queries
from aimusicverse.server.alerts.rules import Reading, Rule
from aimusicverse.server.events import service as events
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.settings import Settings
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.types.alert import Alert, AlertReading, AlertReport, AlertRule

#: How long cleared alerts are shown, and how many at most.
SHOWN: Final = timedelta(days=30)
MOST_SHOWN: Final = 100
#: How long cleared alerts are kept.
KEPT: Final = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Watched:
    """A rule, what it measures now, and which of its alerts are raised."""

    rule: Rule
    readings: dict[str, Reading]
    raised: dict[str, Any]


def look(tx: Transaction, rules: Sequence[Rule]) -> list[Watched]:
    """Measure everything."""
    raised = queries.raised(tx)
    return [
        Watched(
            rule,
            {reading.subject: reading for reading in rule.measure(tx, rule.window)},
            {row.subject: row for row in raised if row.rule == rule.name},
        )
        for rule in rules
    ]


def is_to_change(tx: Transaction, rules: Sequence[Rule], settings: Settings) -> bool:
    """Whether there is anything to raise or to clear. It only reads, so anybody may ask."""
    return any(_to_raise(watched, settings) or _to_clear(watched, settings) for watched in look(tx, rules))


def change(tx: Transaction, rules: Sequence[Rule], settings: Settings) -> None:
    """Raise and clear, and write the events. Whoever comes second finds it done."""
    for watched in look(tx, rules):
        rule = watched.rule
        for reading in _to_raise(watched, settings):
            assert reading.value is not None  # noqa: S101 - else it is not out of order
            row = queries.insert(
                tx,
                rule=rule.name,
                subject=reading.subject,
                value=reading.value,
                threshold=rule.threshold(settings),
            )
            _tell(tx, "alert.raised", row, rules)
        for alert_id in _to_clear(watched, settings):
            _tell(tx, "alert.cleared", queries.clear(tx, alert_id), rules)


def report(tx: Transaction, _owner: Owner, rules: Sequence[Rule], settings: Settings) -> AlertReport:
    """For admins."""
    shown = [*queries.raised(tx), *queries.cleared_since(tx, tx.now - SHOWN, MOST_SHOWN)]
    return AlertReport(
        rules=[_told(watched, settings) for watched in look(tx, rules)],
        data=[_to_alert(row, rules) for row in shown[:MOST_SHOWN]],
    )


def forget_old(tx: Transaction) -> None:
    """Remove those that were cleared long ago."""
    queries.forget(tx, tx.now - KEPT)


def _to_raise(watched: Watched, settings: Settings) -> list[Reading]:
    return [
        reading
        for subject, reading in watched.readings.items()
        if subject not in watched.raised and watched.rule.is_out_of_order(reading, settings)
    ]


def _to_clear(watched: Watched, settings: Settings) -> list[str]:
    return [
        row.id
        for subject, row in watched.raised.items()
        if watched.rule.is_well_again(watched.readings.get(subject), settings)
    ]


def _tell(tx: Transaction, type: str, row: Any, rules: Sequence[Rule]) -> None:
    for owner_id in queries.admins(tx):
        events.record(tx, Owner(owner_id), type, _to_alert(row, rules))


def _told(watched: Watched, settings: Settings) -> AlertRule:
    rule = watched.rule
    subjects = sorted({*watched.readings, *watched.raised})
    empty = Reading(None, 0)
    return AlertRule(
        rule=rule.name,
        description=rule.description,
        unit=rule.unit,
        direction=rule.direction,
        threshold=rule.threshold(settings),
        clears_at=rule.clears_at(settings),
        window_seconds=int(rule.window.total_seconds()),
        least_count=rule.least_count,
        readings=[
            AlertReading(
                subject=subject or None,
                value=(reading := watched.readings.get(subject, empty)).value,
                count=reading.count,
                raised=subject in watched.raised,
            )
            for subject in subjects
        ],
    )


def _to_alert(row: Any, rules: Sequence[Rule]) -> Alert:
    rule = next((rule for rule in rules if rule.name == row.rule), None)
    return Alert(
        id=row.id,
        created_at=row.raised_at,
        updated_at=row.cleared_at or row.raised_at,
        rule=row.rule,
        subject=row.subject or None,
        status="raised" if row.cleared_at is None else "cleared",
        message=_message(row, rule),
        value=row.value,
        threshold=row.threshold,
        raised_at=row.raised_at,
        cleared_at=row.cleared_at,
    )


def _message(row: Any, rule: Rule | None) -> str:
    about = f" ({row.subject})" if row.subject else ""
    if rule is None:  # of another version
        return f"{row.rule}{about}: {row.value:g}, threshold {row.threshold:g}"

    def shown(value: float) -> str:
        return f"{value:.1%}" if rule.unit == "share" else f"{value:.1f} s"

    sign = ">" if rule.direction == "above" else "<"
    return f"{rule.title}{about}: {shown(row.value)} {sign} {shown(row.threshold)}"
