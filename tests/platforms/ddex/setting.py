"""What a connector finds around it in tests: a journal in a file, an account, a parcel, a sandbox."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aimusicverse.platforms.base import Mode, Parcel
from aimusicverse.platforms.base import Surroundings as Around
from aimusicverse.platforms.ddex import Ddex
from aimusicverse.sandbox import ddex as receivers
from aimusicverse.sandbox.orders import Order, Orders
from aimusicverse.sandbox.releases import SandboxRelease
from aimusicverse.sandbox.state import State
from aimusicverse.sandbox.surroundings import Surroundings
from aimusicverse.secret import Secret
from aimusicverse.types.release import Release
from tests.release.package_files import release_files
from tests.release.sound_releases import NOW, SINGLE, changed

REVIEW = timedelta(seconds=20)
UPC = "036000291452"
OUT = datetime(2027, 1, 8, tzinfo=UTC)


@dataclass
class Clock:
    """Server time, moved by hand."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at

    def forward(self, **by: float) -> None:
        self.at += timedelta(**by)


class Notes:
    """A journal in a file, so that what is written outlives whoever wrote it."""

    def __init__(self, file: Path, clock: Clock) -> None:
        self._file = file
        self._clock = clock
        self.parts: list[float] = []

    @property
    def known(self) -> Mapping[str, Any]:
        known: dict[str, Any] = json.loads(self._file.read_text()) if self._file.exists() else {}
        return known

    @property
    def now(self) -> datetime:
        return self._clock.now()

    def write(self, **notes: Any) -> None:
        kept = {name: note for name, note in {**self.known, **notes}.items() if note is not None}
        unfinished = self._file.with_suffix(".part")
        unfinished.write_text(json.dumps(kept))
        unfinished.replace(self._file)

    def progress(self, part: float) -> None:
        self.parts.append(part)


@dataclass
class GivenAccount:
    """An account as somebody connected it."""

    settings: Mapping[str, Any]
    secrets: dict[str, str] = field(default_factory=dict)

    def secret(self, name: str) -> Secret | None:
        return Secret(self.secrets[name]) if name in self.secrets else None

    def access_token(self, *, other_than: str | None = None) -> str:
        raise AssertionError("DDEX knows no tokens")


class World:
    """A sandbox, a clock, and one delivery."""

    def __init__(self, folder: Path, platform: str = "ddex") -> None:
        self.folder = folder
        self.platform = platform
        self.clock = Clock()
        self.notes = Notes(folder / "journal.json", self.clock)
        state = State(folder / "sandbox" / "sandbox.db")
        self.orders = Orders(state)
        self.sandbox = Surroundings(folder / "sandbox", self.clock.now, REVIEW, "", state, self.orders)
        self.around = Around(sandbox_folder=folder / "sandbox")
        self.files = release_files(folder / "masters")

    @property
    def inbox(self) -> Path:
        return receivers.inbox(self.sandbox, self.platform)

    def connector(self, account: GivenAccount | None = None, **around: Any) -> Ddex:
        return Ddex(self.platform, account, replace(self.around, **around))

    def parcel(
        self,
        *,
        revision: int = 1,
        release_at: datetime | None = OUT,
        mode: Mode = "sandbox",
        distribution: str = "dst_1",
        **changes: Any,
    ) -> Parcel:
        release = Release.model_validate(changed(SINGLE, changes))
        folder = self.folder / "work"
        folder.mkdir(exist_ok=True)
        return Parcel(distribution, revision, release, self.files, release_at, folder, mode)

    def order(self, what: Any, **rest: Any) -> None:
        self.orders.give(Order(self.platform, what, **rest))

    def advance(self) -> None:
        receivers.advance(self.sandbox)

    def reviewed(self) -> None:
        """The receiver takes what is there, and its review passes."""
        self.advance()
        self.clock.forward(seconds=REVIEW.total_seconds())
        self.advance()

    def releases(self) -> list[SandboxRelease]:
        return receivers.releases(self.sandbox)

    def batches(self) -> list[str]:
        return sorted(path.name for path in self.inbox.iterdir() if path.name.isdigit())

    def close(self) -> None:
        self.sandbox.state.close()
