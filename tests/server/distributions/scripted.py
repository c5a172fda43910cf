"""A store that does what a test says, and counts in a file what it has: processes share it."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections import defaultdict, deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

from aimusicverse.platforms.base import (
    Connector,
    DeliveryError,
    Journal,
    Parcel,
    Standing,
    StoreProblem,
)

#: What a call answers: a standing, an error, or a function that is called in its place.
Said = Standing | DeliveryError | Callable[..., Standing]


def trouble(kind: Any, code: str = "store_busy", **more: Any) -> DeliveryError:
    return DeliveryError(StoreProblem(code, f"{code}, says the store.", kind), **more)


class Shelf:
    """What a store has: `releases` in a file, a row for each that came."""

    def __init__(self, file: Path) -> None:
        self._file = file
        with self._open() as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(
                "CREATE TABLE IF NOT EXISTS release (number INTEGER PRIMARY KEY, store TEXT, mark TEXT,"
                " title TEXT, revision INTEGER, stands TEXT, release_at TEXT)"
            )

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self._file, timeout=20, isolation_level=None)

    def add(self, store: str, mark: str, parcel: Parcel) -> None:
        with self._open() as connection:
            connection.execute(
                "INSERT INTO release (store, mark, title, revision, stands, release_at) VALUES (?,?,?,?,?,?)",
                (store, mark, parcel.release.title, parcel.revision, "processing", str(parcel.release_at)),
            )

    def set(self, store: str, mark: str, **values: Any) -> None:
        with self._open() as connection:
            for name, value in values.items():
                connection.execute(
                    f"UPDATE release SET {name} = ? WHERE store = ? AND mark = ?", (value, store, mark)
                )

    def all(self, store: str | None = None, mark: str | None = None) -> list[dict[str, Any]]:
        with self._open() as connection:
            connection.row_factory = sqlite3.Row
            rows = [dict(row) for row in connection.execute("SELECT * FROM release ORDER BY number")]
        return [
            row
            for row in rows
            if (store is None or row["store"] == store) and (mark is None or row["mark"] == mark)
        ]


class Doors:
    """Leads to scripted stores. What is not scripted goes well: reviewed at the first look."""

    def __init__(self, shelf: Shelf, at: Callable[[str, str], None] = lambda point, mark: None) -> None:
        self.shelf = shelf
        self.at = at
        #: (platform, call) → answers, the first first.
        self.script: defaultdict[tuple[str, str], deque[Said]] = defaultdict(deque)
        self.calls: list[tuple[str, str, str]] = []
        self.accounts = True
        self.advanced = 0
        self.now_working: defaultdict[str, int] = defaultdict(int)
        self.most_working = 0
        self.lock = threading.Lock()

    def connector(self, owner_id: str, platform: str, via: str | None, mode: str) -> Connector:
        if not self.accounts:
            raise trouble("auth", "account_missing")
        return Scripted(self, platform, kit=via is not None)

    def advance(self, mode: str) -> None:
        assert mode == "sandbox"
        self.advanced += 1

    def says(self, platform: str, call: str, *said: Said) -> None:
        self.script[platform, call].extend(said)

    def forget(self) -> None:
        self.script.clear()
        self.calls.clear()
        self.accounts = True
        self.at = lambda point, mark: None

    def count(self, call: str, platform: str | None = None) -> int:
        return sum(one[1] == call and platform in (None, one[0]) for one in self.calls)


class Scripted:
    exactly_once = "by a mark"

    def __init__(self, doors: Doors, platform: str, *, kit: bool) -> None:
        self._doors = doors
        self.platform = platform
        self.kind: Any = "kit" if kit else "api"

    def _answer(self, call: str, mark: str, otherwise: Callable[[], Standing], *arguments: Any) -> Standing:
        with self._doors.lock:
            self._doors.calls.append((self.platform, call, mark))
            script = self._doors.script[self.platform, call]
            said = script.popleft() if script else otherwise
        if isinstance(said, DeliveryError):
            raise said
        if isinstance(said, Standing):
            return said
        return said(*arguments) if said is not otherwise else otherwise()

    def deliver(self, parcel: Parcel, journal: Journal) -> Standing:
        mark = parcel.distribution_id
        working = f"{self.platform} {mark}"
        with self._doors.lock:
            self._doors.now_working[working] += 1
            self._doors.most_working = max(self._doors.most_working, self._doors.now_working[working])
        try:
            return self._answer("deliver", mark, lambda: self._deliver(parcel, journal), parcel, journal)
        finally:
            with self._doors.lock:
                self._doors.now_working[working] -= 1

    def _deliver(self, parcel: Parcel, journal: Journal) -> Standing:
        if self.kind == "kit":
            return Standing(
                "action_required", problem=StoreProblem("person_needed", "Hand it over.", "setup")
            )
        shelf, mark = self._doors.shelf, parcel.distribution_id
        assert all(sound.path.stat().st_size == sound.facts.size_bytes for sound in parcel.files.tracks)
        assert parcel.files.cover is not None
        self._doors.at("begun", mark)
        known = shelf.all(self.platform, mark) if "sending" in journal.known else []
        if not known:
            journal.write(sending=mark)
            self._doors.at("noted", mark)
            journal.progress(0.5)
            shelf.add(self.platform, mark, parcel)
            self._doors.at("sent", mark)
        else:
            shelf.set(self.platform, mark, revision=parcel.revision, title=parcel.release.title,
                      release_at=str(parcel.release_at))  # fmt: skip
        journal.write(sent=mark)
        self._doors.at("kept", mark)
        return Standing("processing", external_id=mark)

    def look(self, journal: Journal) -> Standing:
        mark = str(journal.known.get("sent", ""))
        return self._answer("look", mark, lambda: self._look(mark), journal)

    def _look(self, mark: str) -> Standing:
        self._doors.at("looking", mark)
        (found,) = self._doors.shelf.all(self.platform, mark)
        stands: Any = "ready" if found["stands"] == "processing" else found["stands"]
        return Standing(stands, external_id=mark, external_url=f"https://store.example/{mark}",
                        streams=7 if stands == "live" else None)  # fmt: skip

    def release(self, journal: Journal) -> Standing:
        mark = str(journal.known["sent"])
        return self._answer("release", mark, lambda: self._release(mark), journal)

    def _release(self, mark: str) -> Standing:
        self._doors.at("releasing", mark)
        self._doors.shelf.set(self.platform, mark, stands="live")
        self._doors.at("released", mark)
        return self._look(mark)

    def withhold(self, journal: Journal) -> None:
        self._answer("withhold", str(journal.known["sent"]), lambda: Standing("ready"), journal)

    def take_down(self, parcel: Parcel, journal: Journal) -> Standing:
        mark = parcel.distribution_id
        return self._answer("take_down", mark, lambda: self._take_down(mark), parcel, journal)

    def _take_down(self, mark: str) -> Standing:
        self._doors.at("taking_down", mark)
        self._doors.shelf.set(self.platform, mark, stands="taken_down")
        return Standing("taken_down", external_id=mark)

    def package(self, parcel: Parcel, into: Path) -> None:
        (into / "release.json").write_text(json.dumps({"title": parcel.release.title}))

    def close(self) -> None:
        pass
