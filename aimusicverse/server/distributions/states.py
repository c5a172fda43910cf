"""The state machine of a delivery: its statuses and steps, and which action is allowed in which status.

One table for all actions: routes, texts and tests read it.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final, get_args

from aimusicverse.types.distribution import DeliveryStatus


class Step(StrEnum):
    """What a delivery's job does next."""

    VALIDATE = "validate"
    ARTWORK = "artwork"
    DELIVER = "deliver"
    LOOK = "look"
    #: Until the moment of release; now and then it is looked.
    WAIT = "wait"
    RELEASE = "release"
    #: It is live: counts of streams are looked at.
    STREAMS = "streams"
    #: Keep a store from releasing by itself what is paused.
    WITHHOLD = "withhold"
    TAKE_DOWN = "take_down"
    #: It was asked to be taken away: look until it is.
    LOOK_DOWN = "look_down"
    NOTHING = "nothing"


class Action(StrEnum):
    """What a person may ask for."""

    SUBMIT = "submit"
    RETRY = "retry"
    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    TAKEDOWN = "takedown"
    CONFIRM = "confirm"


STATUSES: Final[tuple[str, ...]] = get_args(DeliveryStatus)
#: Nothing ever follows these.
ENDED: Final = frozenset({"cancelled", "taken_down"})
#: Waiting ends here: a person, a store or a date is needed before anything changes.
FINAL: Final = frozenset({"live", "failed", "rejected", "action_required", "scheduled", *ENDED})
#: What a distribution's status is: the first of these that one of its deliveries has (contract).
ORDER: Final = (
    "failed", "rejected", "action_required", "uploading", "processing", "validating", "queued", "paused",
    "scheduled", "draft", "cancelled", "taken_down", "live",
)  # fmt: skip

ALLOWED: Final[dict[Action, frozenset[str]]] = {
    Action.SUBMIT: frozenset({"draft"}),
    # What a store has is sent again only when it was edited since: `acting.py` looks.
    Action.RETRY: frozenset({"failed", "rejected", "action_required", "scheduled", "processing", "live"}),
    Action.PAUSE: frozenset({"queued", "validating", "scheduled"}),
    Action.RESUME: frozenset({"paused"}),
    Action.CANCEL: frozenset(STATUSES) - ENDED - {"live"},
    Action.TAKEDOWN: frozenset({"live", "scheduled", "processing"}),
    # Beyond `action_required` only where a person or a provider has a part in the delivery, and can tell.
    Action.CONFIRM: frozenset({"action_required", "processing", "live"}),
}
#: The status that a step has while it is done; the others keep what there is.
WHILE: Final[dict[Step, str]] = {
    Step.VALIDATE: "validating",
    Step.ARTWORK: "validating",
    Step.DELIVER: "uploading",
}
#: Steps that ask the store how it stands, and change nothing there.
LOOKING: Final = frozenset({Step.LOOK, Step.WAIT, Step.STREAMS, Step.LOOK_DOWN})


def together(statuses: Iterable[str]) -> str:
    """The status of a distribution with such deliveries. There is at least one."""
    found = set(statuses)
    return next(status for status in ORDER if status in found)


def possible(status: str) -> list[Action]:
    """What may be asked for in this status."""
    return [action for action in Action if status in ALLOWED[action]]
