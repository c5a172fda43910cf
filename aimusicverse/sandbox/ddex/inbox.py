"""What the receivers do, whenever somebody looks: take what is whole, review it, say what they think of it.

All they know is in the sandbox's memory: a batch is taken in one transaction, by one of all processes that
look, and only once. What they do follows from when it was taken and what the clock says.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from sqlite3 import Connection
from typing import Any, Final

from aimusicverse.sandbox.ddex.acknowledging import acknowledgement
from aimusicverse.sandbox.ddex.batch_reading import Reading, is_batch, read_batch
from aimusicverse.sandbox.ddex.receivers import STORES
from aimusicverse.sandbox.ddex.standing import live_at, standing_of, streams_of
from aimusicverse.sandbox.orders import take_within
from aimusicverse.sandbox.releases import SandboxRelease
from aimusicverse.sandbox.state import get, put, remove
from aimusicverse.sandbox.surroundings import Surroundings

#: By which records name these receivers.
STORE: Final = "ddex"
ACKNOWLEDGEMENTS: Final = "acknowledgements"
REPORTS: Final = "reports"


def inbox(surroundings: Surroundings, store: str) -> Path:
    """Where batches for a receiver go: `spotify`, `ddex` or `ddex_43`. Made where it is not there."""
    if store not in STORES:
        raise LookupError(f"there is no receiver {store!r}; there are: {', '.join(STORES)}")
    folder = surroundings.folder / "ddex" / store
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def advance(surroundings: Surroundings) -> None:
    """Do what the receivers would have done by now. Twice, or in two processes at once, is no harm."""
    for store in STORES:
        folder = inbox(surroundings, store)
        taken = surroundings.state.ids(STORE, "batch")
        for batch in sorted(_batches(folder, {name.removeprefix(f"{store}/") for name in taken})):
            _take(surroundings, store, batch)
        _answer(surroundings, store, folder)
        _report(surroundings, store, folder)


def releases(surroundings: Surroundings) -> list[SandboxRelease]:
    """All that the receivers have; `times_received` counts batches that were accepted."""
    now = surroundings.now()
    return [
        SandboxRelease(
            store=record["store"],
            account=record["account"],
            external_id=record["release"],
            title=record["title"],
            upc=record["release"],
            isrcs=tuple(record["isrcs"]),
            status=standing_of(record, now),
            received_at=datetime.fromisoformat(record["received_at"]),
            live_at=live_at(record, now),
            streams=streams_of(record, now),
            times_received=record["times_received"],
        )
        for record in surroundings.state.all(STORE, "release").values()
    ]


def _batches(folder: Path, taken: set[str]) -> Iterator[Path]:
    with os.scandir(folder) as entries:
        names = [entry.name for entry in entries if entry.name not in taken]
    return (folder / name for name in names if is_batch(folder / name))


def _take(surroundings: Surroundings, store: str, batch: Path) -> None:
    readings = read_batch(batch, STORES[store])
    now, state = surroundings.now(), surroundings.state
    with state.writing() as connection:
        key = f"{store}/{batch.name}"
        if get(connection, STORE, "batch", key) is not None:
            return  # another process was faster
        put(connection, STORE, "batch", key, {"received_at": now.isoformat()})
        for reading in readings:
            _receive(connection, surroundings, store, batch.name, reading, now)


def _receive(
    connection: Connection,
    surroundings: Surroundings,
    store: str,
    batch: str,
    reading: Reading,
    now: datetime,
) -> None:
    """Remember a release of a batch, and what will be said of it."""
    status, text = reading.status, reading.text
    if status == "FileOK" and (order := take_within(connection, store, "reject")):
        status, text = _rejection(order.reason)
    delay = take_within(connection, store, "delay")
    silence = take_within(connection, store, "silence")
    fault = take_within(connection, store, "fault", "malformed")
    twice = take_within(connection, store, "fault", "twice")
    due = now + surroundings.review + timedelta(seconds=delay.seconds if delay else 0)
    put(connection, STORE, "answer", f"{store}/{batch}/{reading.release}", {
        "batch": batch, "release": reading.release, "status": status, "text": text, "due_at": due.isoformat(),
        "sender": reading.told.get("sender", ""), "silent": silence is not None, "twice": twice is not None,
        "malformed": None if fault is None else fault.body or "<FtpAcknowledgementMessage",
    })  # fmt: skip
    if status != "FileOK":
        _refuse(connection, store, reading, now)
        return
    _accept(connection, store, reading, now, due)


def _rejection(reason: str) -> tuple[str, str]:
    """`ResourceCorrupt: the second track crackles`, or words alone."""
    word, colon, rest = reason.partition(":")
    if word.isalnum() and word.isascii() and (colon or word != word.lower()):
        return word, rest.strip()
    return "MetadataMissing", reason


def _accept(connection: Connection, store: str, reading: Reading, now: datetime, due: datetime) -> None:
    """The same release again is a change of it; what a message does not bring stays."""
    key = f"{store}/{reading.release}"
    before = get(connection, STORE, "release", key) or {"received_at": now.isoformat(), "times_received": 0}
    told = reading.told
    put(connection, STORE, "release", key, {
        **before, "store": store, "release": reading.release, "title": told["title"], "isrcs": told["isrcs"],
        "account": told["sender"], "begins": told["begins"], "ends": told["ends"], "refused": False,
        "taken_at": before.get("taken_at") or due.isoformat(),
        "times_received": before["times_received"] + 1,
    })  # fmt: skip


def _refuse(connection: Connection, store: str, reading: Reading, now: datetime) -> None:
    """What was accepted before stays as it was."""
    key = f"{store}/{reading.release}"
    if get(connection, STORE, "release", key) is None:
        told = reading.told
        put(connection, STORE, "release", key, {
            "store": store, "release": reading.release, "title": told.get("title", ""),
            "isrcs": told.get("isrcs", []), "account": told.get("sender", ""), "begins": None, "ends": None,
            "refused": True, "received_at": now.isoformat(), "times_received": 0,
        })  # fmt: skip


def _answer(surroundings: Surroundings, store: str, folder: Path) -> None:
    """Write the acknowledgements that are due. One that is written again is the same."""
    now = surroundings.now()
    for key, answer in surroundings.state.all(STORE, "answer").items():
        if not key.startswith(f"{store}/") or now < datetime.fromisoformat(answer["due_at"]):
            continue
        if not answer["silent"]:
            _write_answers(folder / ACKNOWLEDGEMENTS, answer)
        with surroundings.state.writing() as connection:
            put(connection, STORE, "answered", key, answer)
            remove(connection, STORE, "answer", key)


def _write_answers(folder: Path, answer: dict[str, Any]) -> None:
    name = f"ACK_{answer['batch']}_{answer['release']}"
    due = datetime.fromisoformat(answer["due_at"])
    folder.mkdir(exist_ok=True)
    if answer["malformed"] is not None:
        _write(folder / f"{name}.xml", answer["malformed"].encode())
        return
    _write(folder / f"{name}.xml", acknowledgement(answer, due))
    if answer["twice"]:
        # The same again, and one that says otherwise, later: only the first counts.
        _write(folder / f"{name}_2.xml", acknowledgement(answer, due))
        other = {**answer, "status": "InternalError" if answer["status"] == "FileOK" else "FileOK"}
        _write(folder / f"{name}_3.xml", acknowledgement(other, due + timedelta(minutes=1)))


def _report(surroundings: Surroundings, store: str, folder: Path) -> None:
    """How often releases were heard, once they are out."""
    now = surroundings.now()
    for record in surroundings.state.all(STORE, "release").values():
        if record["store"] != store or standing_of(record, now) not in ("live", "taken_down"):
            continue
        content = str(streams_of(record, now)).encode()
        file = folder / REPORTS / f"{record['release']}.txt"
        if not file.is_file() or file.read_bytes() != content:
            file.parent.mkdir(exist_ok=True)
            _write(file, content)


def _write(file: Path, content: bytes) -> None:
    """Whole, or not at all. Two that write the same at once are no harm."""
    unfinished = file.with_name(f".{file.name}.{os.getpid()}.part")
    unfinished.write_bytes(content)
    unfinished.replace(file)
