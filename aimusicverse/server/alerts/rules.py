"""What is watched. A part of the server adds a rule to `RULES`, with its own measure; nothing else is needed.

A measure is asked every few seconds, in a read transaction that sees all owners. It gives a reading for each
subject that it knows of, such as a platform, or one with no subject.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

from aimusicverse.server.deliveries import queries as deliveries
from aimusicverse.server.settings import Settings
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.server.usage import queries as usage

#: How far back from its threshold a measure must be before its alert is cleared: a fifth of the way to where
#: nothing is wrong at all.
_MARGIN: Final = 0.2


@dataclass(frozen=True, slots=True)
class Reading:
    """What was measured."""

    #: In the unit of the rule; `None` if nothing has happened.
    value: float | None
    #: How much it was measured on.
    count: int
    #: What of the rule's it is about; empty: all of it.
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """What is watched, and when it is out of order."""

    name: str
    #: What is measured, in a word or two.
    title: str
    #: The same in a sentence, for admins.
    description: str
    unit: Literal["share", "seconds"]
    #: On which side of the threshold it is out of order.
    direction: Literal["above", "below"]
    #: From the settings.
    threshold: Callable[[Settings], float]
    #: How far back the measure looks, server time.
    window: timedelta
    #: With fewer there is no judgement: one failure of two is no alarm.
    least_count: int
    measure: Callable[[Transaction, timedelta], Iterable[Reading]]

    def clears_at(self, settings: Settings) -> float:
        """Where an alert is cleared: well within, so that it does not flicker."""
        threshold = self.threshold(settings)
        back = threshold if self.direction == "above" else threshold - 1
        return round(threshold - back * _MARGIN, 9)  # a share of 0.84 is to be 0.84

    def is_out_of_order(self, reading: Reading, settings: Settings) -> bool:
        """Whether it is beyond the threshold, by enough to judge on."""
        if reading.value is None or reading.count < self.least_count:
            return False
        threshold = self.threshold(settings)
        return reading.value > threshold if self.direction == "above" else reading.value < threshold

    def is_well_again(self, reading: Reading | None, settings: Settings) -> bool:
        """Whether an alert may be cleared. Where next to nothing happens any more, nothing goes wrong."""
        if reading is None or reading.value is None or reading.count < self.least_count:
            return True
        limit = self.clears_at(settings)
        return reading.value <= limit if self.direction == "above" else reading.value >= limit


def _api_errors(tx: Transaction, window: timedelta) -> Iterable[Reading]:
    requests, errors = usage.api_since(tx, tx.now - window)
    yield Reading(errors / requests if requests else None, requests)


def _webhook_failures(tx: Transaction, window: timedelta) -> Iterable[Reading]:
    ended, failed = deliveries.ended_since(tx, tx.now - window)
    yield Reading(failed / ended if ended else None, ended)


#: All that is watched.
RULES: Final[tuple[Rule, ...]] = (
    Rule(
        name="api_errors",
        title="API errors",
        description="The part of the API's answers that have a status of 500 or above.",
        unit="share",
        direction="above",
        threshold=lambda settings: settings.alert_api_errors,
        window=timedelta(minutes=5),
        least_count=20,
        measure=_api_errors,
    ),
    Rule(
        name="webhook_failures",
        title="Webhook failures",
        description="The part of webhooks' deliveries that ended without success, all their tries used up.",
        unit="share",
        direction="above",
        threshold=lambda settings: settings.alert_webhook_failures,
        window=timedelta(minutes=15),
        least_count=20,
        measure=_webhook_failures,
    ),
)
