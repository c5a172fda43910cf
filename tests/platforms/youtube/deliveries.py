"""A delivery to the stand-in as the server makes one: a parcel, a journal that outlives it, an account."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from aimusicverse.platforms.base import DeliveryError, Parcel, Standing
from aimusicverse.platforms.youtube import YouTube
from aimusicverse.platforms.youtube.upload import STEP
from aimusicverse.release.release_files import ReleaseFiles
from aimusicverse.types.release import Release
from tests.platforms.accounts import FixedAccount
from tests.release.package_files import release_files
from tests.release.sound_releases import ALBUM, SINGLE
from tests.sandbox.youtube.films import film
from tests.sandbox.youtube.stand_in import STORE, StandIn

#: Three pieces and a bit.
FILM_BYTES = 3 * STEP + 5000
#: Its last word is `file:…/2.mp4`, or `02 Title.mp4`.
_COPIES = """\
#!/bin/sh
for last; do :; done
out=${{last#file:}}
number=$(basename "$out" | sed "s/^0*\\([0-9]\\).*/\\1/")
exec cp "{folder}/$number.mp4" "$out"
"""


class Stopped(Exception):
    """The server was stopped, or the delivery cancelled."""


@dataclass
class NoteBook:
    """A journal. `stop_at`: at which of its calls everything ends, as if the process had been killed."""

    stand_in: StandIn
    known: dict[str, Any] = field(default_factory=dict)
    stop_at: int | None = None
    calls: int = 0
    parts: list[float] = field(default_factory=list)

    @property
    def now(self) -> datetime:
        return self.stand_in.clock.now()

    def write(self, **notes: Any) -> None:
        self._count()
        # As the database gives it back.
        self.known = json.loads(
            json.dumps({k: v for k, v in {**self.known, **notes}.items() if v is not None})
        )
        self._count()

    def progress(self, part: float) -> None:
        assert 0 <= part <= 1
        self.parts.append(part)
        self._count()

    def _count(self) -> None:
        self.calls += 1
        if self.calls == self.stop_at:
            raise Stopped


@dataclass
class Delivery:
    """One of them, which can be begun again and again."""

    youtube: StandIn
    folder: Path
    release: Release
    files: ReleaseFiles
    release_at: datetime | None = None
    revision: int = 1
    ffmpeg: str = "ffmpeg"
    account: FixedAccount | None = None
    journal: NoteBook = field(init=False)
    tries: int = 0

    def __post_init__(self) -> None:
        self.journal = NoteBook(self.youtube)
        self.account = self.account or self.signed_in()

    def signed_in(self) -> FixedAccount:
        return FixedAccount(self.youtube.sign_in().access.get_secret_value())

    @property
    def parcel(self) -> Parcel:
        """Anew: its folder is empty."""
        self.tries += 1
        folder = self.folder / f"work {self.tries}"
        folder.mkdir(parents=True)
        return Parcel("dst_1", self.revision, self.release, self.files, self.release_at, folder, "sandbox")

    @contextmanager
    def connector(self) -> Iterator[YouTube]:
        connector = YouTube(STORE, self.account, self.youtube.around_connectors(self.ffmpeg), chunk=STEP)
        try:
            yield connector
        finally:
            connector.close()

    def deliver(self) -> Standing:
        with self.connector() as connector:
            return connector.deliver(self.parcel, self.journal)

    def look(self) -> Standing:
        with self.connector() as connector:
            return connector.look(self.journal)

    def open(self) -> Standing:
        with self.connector() as connector:
            return connector.release(self.journal)

    def withhold(self) -> None:
        with self.connector() as connector:
            connector.withhold(self.journal)

    def take_down(self) -> Standing:
        with self.connector() as connector:
            return connector.take_down(self.parcel, self.journal)

    def insisting(self, tries: int = 8) -> Standing:
        """As the server does: again after what passes by itself."""
        for _ in range(tries):
            try:
                return self.deliver()
            except DeliveryError as error:
                if error.problem.kind not in ("transient", "quota"):
                    raise
                if error.retry_at:
                    self.youtube.clock.at = error.retry_at
                    self.account = self.signed_in()
                elif error.retry_after:
                    self.youtube.clock.forward(error.retry_after)
        raise AssertionError("it never got there")


def single(**changes: Any) -> Release:
    """One track, to be public at once."""
    return Release.model_validate({**deepcopy(SINGLE), "youtube": {"made_for_kids": False}, **changes})


def album(tracks: int = 3, **changes: Any) -> Release:
    """Several tracks, to be public at once."""
    return Release.model_validate(
        {
            **deepcopy(ALBUM),
            "tracks": ALBUM["tracks"][:tracks],
            "youtube": {"made_for_kids": False},
            **changes,
        }
    )


def quick_ffmpeg(folder: Path, *, seed: int = 1) -> str:
    """A program in its place, which takes no time: what it makes depends on the name of the film alone."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(1, 8):
        (folder / f"{number}.mp4").write_bytes(film(FILM_BYTES, seed=100 * seed + number))
    program = folder / "ffmpeg"
    program.write_text(_COPIES.format(folder=folder))
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return str(program)


def delivery(youtube: StandIn, folder: Path, release: Release, **more: Any) -> Delivery:
    """Of this release, with files, and a program that makes films at once."""
    more.setdefault("ffmpeg", quick_ffmpeg(folder / "program"))
    return Delivery(youtube, folder, release, release_files(folder / "files", len(release.tracks)), **more)


def status_of(youtube: StandIn, index: int = 0) -> Mapping[str, Any]:
    """`status` of the video that came as this one."""
    videos = sorted(youtube.records("video").values(), key=lambda video: video["uploaded_at"])
    found: Mapping[str, Any] = videos[index]["status"]
    return found
