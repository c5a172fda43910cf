"""Deliveries to Apple Music without a server: a journal that kills, a clock that moves, a stand-in store."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aimusicverse.platforms.apple_music.connector import AppleMusic
from aimusicverse.platforms.base import Account, Mode, Parcel, Surroundings
from aimusicverse.release.release_files import ReleaseFiles
from aimusicverse.sandbox.apple import advance, releases
from aimusicverse.sandbox.orders import Order, Orders
from aimusicverse.sandbox.releases import SandboxRelease
from aimusicverse.sandbox.state import State
from aimusicverse.sandbox.surroundings import Surroundings as SandboxSurroundings
from aimusicverse.secret import Secret
from aimusicverse.types.release import Release
from tests.release.package_files import release_files
from tests.release.sound_releases import NOW, SINGLE, changed

REVIEW = timedelta(seconds=20)
UPC = "036000291452"


class Killed(BaseException):
    """The process is gone."""


class Clock:
    """Server time."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


class Journal:
    """Notes that outlive the one who wrote them. `kill_at` counts its calls: at that one it is the end."""

    def __init__(self, clock: Clock) -> None:
        self.notes: dict[str, Any] = {}
        self.parts: list[float] = []
        self.kill_at: int | None = None
        self.after_writing = False
        self._clock = clock
        self._calls = itertools.count(1)

    @property
    def known(self) -> Mapping[str, Any]:
        return dict(self.notes)

    @property
    def now(self) -> datetime:
        return self._clock.now()

    def write(self, **notes: Any) -> None:
        dies = next(self._calls) == self.kill_at
        if dies and not self.after_writing:
            raise Killed
        self.notes |= notes
        self.notes = {name: value for name, value in self.notes.items() if value is not None}
        if dies:
            raise Killed

    def progress(self, part: float) -> None:
        self.parts.append(part)
        if next(self._calls) == self.kill_at:
            raise Killed

    def again(self, kill_at: int | None = None, *, after_writing: bool = False) -> None:
        """Another try begins."""
        self._calls, self.kill_at, self.after_writing = itertools.count(1), kill_at, after_writing


class Connected:
    """An account with Apple."""

    def __init__(self, settings: dict[str, str], **secrets: str) -> None:
        self.settings: Mapping[str, Any] = settings
        self._secrets = secrets

    def secret(self, name: str) -> Secret | None:
        return Secret(self._secrets[name]) if name in self._secrets else None

    def access_token(self, *, other_than: str | None = None) -> str:
        raise AssertionError("Apple has no tokens")


@dataclass
class Apple:
    """A stand-in store, and deliveries to it."""

    folder: Path
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        state = State(self.folder / "sandbox" / "sandbox.db")
        self.orders = Orders(state)
        self._store = SandboxSurroundings(
            self.folder / "sandbox", self.clock.now, REVIEW, "", state, self.orders
        )
        self._files: dict[int, ReleaseFiles] = {}
        self._parcels = itertools.count(1)

    def parcel(
        self, changes: dict[str, Any] | None = None, *, of: dict[str, Any] = SINGLE, revision: int = 1,
        release_at: datetime | None = datetime(2027, 1, 8, tzinfo=UTC), name: str = "dst_1",
        mode: Mode = "sandbox",
    ) -> Parcel:  # fmt: skip
        release = Release.model_validate(changed(of, changes or {}))
        tracks = len(release.tracks)
        if tracks not in self._files:
            self._files[tracks] = release_files(self.folder / f"files-{tracks}", tracks)
        work = self.folder / f"work-{next(self._parcels)}"
        work.mkdir()
        return Parcel(name, revision, release, self._files[tracks], release_at, work, mode)

    def connector(self, account: Account | None = None) -> AppleMusic:
        return AppleMusic("apple_music", account, Surroundings(sandbox_folder=self.folder / "sandbox"))

    def journal(self) -> Journal:
        return Journal(self.clock)

    def advance(self, **by: float) -> None:
        self.clock.move(**by)
        advance(self._store)

    def review(self) -> None:
        """Packages are taken, and looked at to the end."""
        self.advance()
        self.advance(seconds=21)

    def order(self, what: Any, **more: Any) -> None:
        self.orders.give(Order("apple_music", what, **more))

    def releases(self) -> list[SandboxRelease]:
        return releases(self._store)

    def the_one(self) -> SandboxRelease:
        [one] = self.releases()
        return one
