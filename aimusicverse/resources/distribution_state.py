"""When a distribution has come to an end, and when it has moved on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aimusicverse.errors import ConfigurationError

if TYPE_CHECKING:
    from aimusicverse.types.distribution import Distribution

#: Where a delivery stays until somebody does something.
_ENDS: Final = frozenset({"live", "failed", "rejected", "action_required", "cancelled", "taken_down"})
#: Where it stays, too, until somebody says go.
_HELD: Final = frozenset({"draft", "paused"})


def check_until(until: str | None) -> None:
    """Refuse an end that nobody knows.

    Raises:
        ConfigurationError: it is neither `live` nor None.
    """
    if until not in (None, "live"):
        raise ConfigurationError('until is "live", or None: then a release that is scheduled is waited for')


def is_over(distribution: Distribution, until: str | None) -> bool:
    """Whether it moves no more by itself: some store has come to an end, and none is on its way.

    Args:
        distribution: as it is.
        until: `live`: what is scheduled is still on its way.
    """
    ends = _ENDS if until == "live" else _ENDS | {"scheduled"}
    states = {delivery.status for delivery in distribution.deliveries} or {distribution.status}
    return bool(states & ends) and states <= ends | _HELD


def state_of(distribution: Distribution) -> object:
    """What is compared to see whether it has moved on."""
    return (
        distribution.status,
        distribution.revision,
        [
            (
                delivery.platform,
                delivery.status,
                delivery.progress,
                delivery.attempts,
                delivery.next_attempt_at,
                delivery.streams,
                delivery.problem,
            )
            for delivery in distribution.deliveries
        ],
    )
