"""What a batch is, as the journal keeps it before anything is sent: its name, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from aimusicverse.platforms.base import Mode
from aimusicverse.release.batch import batch_name

PlanKind = Literal["release", "takedown"]


@dataclass(frozen=True, slots=True)
class Plan:
    """One batch of one release. The same plan gives the same bytes, whenever it is gone on with.

    Args:
        kind: `release`: as it is from now on; `takedown`: its end.
        revision: of the release that it tells.
        number: 1 for the first batch of this delivery, and one more for each.
        at: ISO 8601: the moment in the batch's name and in the message.
        folder: of the release in the batch: UPC, EAN or GRid.
        message_id: never used before.
        thread_id: the same for all batches of this delivery.
        update: the store has this release, or may have it.
        brings_files: whether the files come along.
        begins: ISO 8601: from when people may hear it.
        isrcs: of its recordings, in their order.
        seconds: how long they are; a takedown tells it when their files are gone.
        sums: SHA-256 of its files, those of recordings first.
        live_message: not marked as a test.
        mode: `sandbox` or `live`.
    """

    kind: PlanKind
    revision: int
    number: int
    at: str
    folder: str
    message_id: str
    thread_id: str
    update: bool
    brings_files: bool
    begins: str
    isrcs: tuple[str, ...]
    seconds: tuple[float | None, ...]
    sums: tuple[str, ...]
    live_message: bool
    mode: Mode

    @property
    def moment(self) -> datetime:
        """`at`, as a moment."""
        return datetime.fromisoformat(self.at)

    @property
    def batch(self) -> str:
        """The batch's name."""
        return batch_name(self.moment)

    def later(self) -> Plan:
        """The same under the next name: this one is somebody else's."""
        return replace(self, at=(self.moment + timedelta(milliseconds=1)).isoformat())

    def noted(self) -> dict[str, Any]:
        """As the journal keeps it."""
        lists = {"isrcs": list(self.isrcs), "seconds": list(self.seconds), "sums": list(self.sums)}
        return asdict(self) | lists


def noted_plan(known: Mapping[str, Any]) -> Plan | None:
    """The plan in a journal; `None`: there is none."""
    noted = known.get("plan")
    if noted is None:
        return None
    return Plan(**{**noted, **{name: tuple(noted[name]) for name in ("isrcs", "seconds", "sums")}})


def moment_after(now: datetime, earlier: Plan | None) -> datetime:
    """The moment of a new batch, in whole milliseconds: later than the one before, for receivers take batches
    in the order of their names.
    """
    moment = now.replace(microsecond=now.microsecond // 1000 * 1000)
    if earlier is not None:
        moment = max(moment, earlier.moment + timedelta(milliseconds=1))
    return moment
