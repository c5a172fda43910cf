"""The door of all stores: a parcel goes in, and where it stands comes out.

    Parcel -> Connector.deliver -> Standing -> (look, look, …) -> release -> live

A connector may be stopped between any two of its lines and begun again, in another process. So it writes into
its journal *before* it does what cannot be done twice, and reads there what an earlier try began.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal, Protocol

from aimusicverse.release.release_files import ReleaseFiles
from aimusicverse.secret import Secret
from aimusicverse.types.release import Release

Mode = Literal["sandbox", "live"]
Kind = Literal["api", "package", "kit"]
#: Why something was not taken, and so what to do next (release-rules, retry classes).
ProblemClass = Literal["metadata", "auth", "quota", "transient", "policy", "unknown_outcome", "setup"]
#: `ready`: the store has all it needs, and people will hear it from the moment of its release.
Stands = Literal["processing", "ready", "live", "rejected", "failed", "action_required", "taken_down"]


@dataclass(frozen=True, slots=True)
class StoreProblem:
    """What a store said, in the words of a person who has to mend it.

    Args:
        code: stable, like `isrc_missing`; a page of the docs each (`store_problems.py`).
        message: what is wrong, never with a secret.
        kind: what to do next follows from it.
        field: of the release, like `tracks[0].isrc`, where it is about one.
        hint: what to do.
    """

    code: str
    message: str
    kind: ProblemClass
    field: str | None = None
    hint: str | None = None


class DeliveryError(Exception):
    """A step of a delivery was not done.

    Args:
        problem: why.
        retry_after: how long the store asks to be left alone, where it says so.
        retry_at: the same as a moment (a quota that is new at midnight).
    """

    def __init__(
        self, problem: StoreProblem, *, retry_after: timedelta | None = None, retry_at: datetime | None = None
    ) -> None:
        super().__init__(problem.message)
        self.problem = problem
        self.retry_after = retry_after
        self.retry_at = retry_at


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is delivered.

    Args:
        distribution_id: `dst_…`.
        revision: 1, and one more with each edit of the release.
        release: complete; titles and names are final.
        files: on this machine, looked into.
        release_at: from when people may hear it, UTC; `None`: at once.
        folder: to work in; it is empty at first, and goes with the step.
        mode: `sandbox` or `live`.
    """

    distribution_id: str
    revision: int
    release: Release
    files: ReleaseFiles
    release_at: datetime | None
    folder: Path
    mode: Mode


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a release stands in a store.

    Args:
        stands: see there.
        external_id: the store's own id, as soon as there is one.
        external_url: where people, or its owner, find it.
        problem: why it was rejected or failed, or what a person has to do.
        streams: how often it was heard, where the store tells.
        look_again: when to look the next time; `None`: as usual.
    """

    stands: Stands
    external_id: str | None = None
    external_url: str | None = None
    problem: StoreProblem | None = None
    streams: int | None = None
    look_again: timedelta | None = None


class Journal(Protocol):
    """What is known of one delivery to one store, kept in the database."""

    @property
    def known(self) -> Mapping[str, Any]:
        """What was written, by this try and earlier ones. Empty at first."""
        ...

    @property
    def now(self) -> datetime:
        """Server time, UTC."""
        ...

    def write(self, **notes: Any) -> None:
        """Keep these (JSON values; `None` removes one): they are durable when this returns.

        Raises:
            Exception: the delivery was cancelled or taken over. Let it pass.
        """
        ...

    def progress(self, part: float) -> None:
        """Say that it goes on, 0 to 1; to be called at least every ten seconds of long work.

        Raises:
            Exception: the server stops, or the delivery was cancelled. Let it pass.
        """
        ...


class Account(Protocol):
    """Somebody's account with a store, as he connected it."""

    @property
    def settings(self) -> Mapping[str, Any]:
        """What is not secret: `host`, `provider`, `sender_dpid`, …"""
        ...

    def secret(self, name: str) -> Secret | None:
        """`password`, `private_key`, …"""
        ...

    def access_token(self, *, other_than: str | None = None) -> str:
        """A token that should be good, refreshed when it has run out.

        Args:
            other_than: one that the store has just refused.

        Raises:
            DeliveryError: `auth`: the person has to connect anew; or the store was not reached.
        """
        ...


class Connector(Protocol):
    """Brings releases to one store. Made for one delivery, used by one thread, closed at its end."""

    platform: str
    kind: Kind
    #: In words: by what means a release comes there once, and only once.
    exactly_once: str

    def deliver(self, parcel: Parcel, journal: Journal) -> Standing:
        """Bring it there, or go on where an earlier try stopped.

        Raises:
            DeliveryError: see its problem.
        """
        ...

    def look(self, journal: Journal) -> Standing:
        """Ask where it stands.

        Raises:
            DeliveryError: see its problem.
        """
        ...

    def release(self, journal: Journal) -> Standing:
        """It is time: let people hear it, where the store does not do so itself. Twice is no harm.

        Raises:
            DeliveryError: see its problem.
        """
        ...

    def withhold(self, journal: Journal) -> None:
        """Keep the store from releasing by itself what stands `ready`.

        Raises:
            DeliveryError: `setup`: this store cannot; see its hint.
        """
        ...

    def take_down(self, parcel: Parcel, journal: Journal) -> Standing:
        """Take it away from people. Doing it twice is no harm.

        Raises:
            DeliveryError: see its problem.
        """
        ...

    def package(self, parcel: Parcel, into: Path) -> None:
        """Write what a person would hand over himself into the empty folder `into`: no network.

        Raises:
            CannotPackage: something is missing.
        """
        ...

    def close(self) -> None:
        """End connections."""
        ...


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a connector finds around it.

    Args:
        sandbox_url: where the stand-in stores answer; `None` in live mode.
        sandbox_folder: where their inboxes are; `None` in live mode.
        delivery_root: under which packages go in live mode, if whoever runs the server names it.
        transporter: Apple's Transporter and its arguments, if whoever runs the server has it.
        ffmpeg: the program that makes videos of pictures.
        allowed_addresses: of SFTP servers: `egress.Rules`.
    """

    sandbox_url: str | None = None
    sandbox_folder: Path | None = None
    delivery_root: Path | None = None
    transporter: tuple[str, ...] = ()
    ffmpeg: str = "ffmpeg"
    allowed_addresses: Any = field(default=None)
