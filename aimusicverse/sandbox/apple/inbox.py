"""The inbox: takes packages that lie there, each once, and writes how the releases stand.

apple/
├── inbox/<whoever delivers>/<vendor id>.itmsp     put there whole, under its name
├── work/                                          what is being looked into
└── status/<vendor id>.xml                         as Transporter's mode `status` prints it
"""

from __future__ import annotations

import contextlib
import shutil
import time
import uuid
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from lxml import etree

from aimusicverse.sandbox import state
from aimusicverse.sandbox.apple.package import Package, is_vendor_id, read_package
from aimusicverse.sandbox.apple.record import Record, Upload
from aimusicverse.sandbox.releases import SandboxRelease
from aimusicverse.sandbox.surroundings import Surroundings

STORE: Final = "apple_music"
_PLACES: Final = ("not_on_store", "on_store", "ready_for_store")
_REJECTED: Final = "The release was rejected in review."
#: A folder in the inbox in which nothing has happened for so long is removed, once it is empty.
_UNUSED_SECONDS: Final = 600.0


def advance(surroundings: Surroundings) -> None:
    """Do what is to be done by now: take packages, say how releases stand."""
    root = surroundings.folder / "apple"
    _claim_all(root)
    for claim in _folders(root / "work"):
        _take(claim, surroundings)
    fault = surroundings.orders.take(STORE, "fault", "look")
    for record in _records(surroundings):
        if is_vendor_id(record.vendor_id):
            content = _status(record, surroundings.now())
            _write(root / "status" / f"{record.vendor_id}.xml", fault.body.encode() if fault else content)


def releases(surroundings: Surroundings) -> list[SandboxRelease]:
    """All that were ever delivered."""
    now = surroundings.now()
    return [
        SandboxRelease(
            store=STORE,
            account=record.provider,
            external_id=record.vendor_id,
            title=record.title,
            upc=record.upc or None,
            isrcs=tuple(record.isrcs),
            status=record.status(now),
            received_at=datetime.fromisoformat(record.received_at),
            live_at=live_at if (live_at := record.live_at()) and live_at <= now else None,
            streams=record.plays(now),
            times_received=record.receipts,
        )
        for record in _records(surroundings)
    ]


def _records(surroundings: Surroundings) -> list[Record]:
    return [Record.of(data) for data in surroundings.state.all(STORE, "release").values()]


def _folders(of: Path) -> list[Path]:
    with contextlib.suppress(FileNotFoundError):
        return sorted(path for path in of.iterdir() if path.is_dir() and not path.is_symlink())
    return []


def _claim_all(root: Path) -> None:
    """Move packages to where they are worked on: only one process gets each."""
    for deliverer in _folders(root / "inbox"):
        for package in _folders(deliverer):
            if package.name.endswith(".itmsp") and not package.name.startswith("."):
                claim = root / "work" / uuid.uuid4().hex
                claim.mkdir(parents=True)
                with contextlib.suppress(FileNotFoundError):  # another was quicker
                    package.rename(claim / package.name)
        with contextlib.suppress(OSError):  # it is not empty, or gone already
            if time.time() - deliverer.stat().st_mtime > _UNUSED_SECONDS:
                deliverer.rmdir()


def _take(claim: Path, surroundings: Surroundings) -> None:
    for folder in _folders(claim):
        try:
            package = read_package(folder)
        except FileNotFoundError:
            continue  # another process was quicker, and is done with it
        ordered = _ordered(surroundings) if package.cleared and not package.errors else _Ordered()
        with surroundings.state.writing() as connection:
            # Once a claim is no more in the table, its folder is gone: what is neither is done with.
            done = state.get(connection, STORE, "claim", claim.name) is not None
            if done or not folder.exists():
                continue
            known = state.get(connection, STORE, "release", package.vendor_id)
            now = surroundings.now()
            record = (
                Record.of(known) if known else Record(package.vendor_id, package.provider, now.isoformat())
            )
            _received(record, package, now)
            if record.taken and not record.uploads[-1].errors and record.down_at is None:
                _to_be_reviewed(record, now, surroundings.review + ordered.delay)
                record.rejected = ordered.rejected or record.rejected
                record.silent = ordered.silent
            state.put(connection, STORE, "release", package.vendor_id, record.kept())
            state.put(connection, STORE, "claim", claim.name, {})
    shutil.rmtree(claim, ignore_errors=True)
    if not claim.exists():
        with surroundings.state.writing() as connection:
            state.remove(connection, STORE, "claim", claim.name)


@dataclass(frozen=True, slots=True)
class _Ordered:
    """What is to become of the next release."""

    rejected: str | None = None
    delay: timedelta = timedelta()
    silent: bool = False


def _ordered(surroundings: Surroundings) -> _Ordered:
    reject, delay, silence = (
        surroundings.orders.take(STORE, what) for what in ("reject", "delay", "silence")
    )
    return _Ordered(
        rejected=(reject.reason or _REJECTED) if reject else None,
        delay=timedelta(seconds=delay.seconds) if delay else timedelta(),
        silent=silence is not None,
    )


def _received(record: Record, package: Package, now: datetime) -> None:
    """What a package changes."""
    if package.provider != record.provider:
        package.wrong("provider", "The vendor id is that of another provider's release.")
    if record.taken and package.cleared:
        if package.upc != record.upc:
            package.wrong("upc", "The UPC of a release never changes.")
        if package.isrcs != record.isrcs:
            package.wrong("isrc", "The ISRCs of a release never change.")
    record.receipts += 1
    at = now  # each is later than the one before, also while the clock stands
    if record.uploads:
        at = max(now, datetime.fromisoformat(record.uploads[-1].at) + timedelta(microseconds=1))
    record.uploads.append(Upload(package.md5, at.isoformat(), [list(error) for error in package.errors]))
    if package.errors:
        return
    if not package.cleared:
        record.down_at = record.down_at or now.isoformat()
        return
    was_down = record.down_at is not None
    record.down_at = None
    if was_down:
        record.review_until = None
    record.taken, record.title, record.starts = True, package.title, package.starts
    record.upc, record.isrcs = package.upc, package.isrcs


def _to_be_reviewed(record: Record, now: datetime, wait: timedelta) -> None:
    """What stands as it should keeps its standing with an update; all else is looked at anew."""
    if record.review_until is None or record.rejected is not None or record.is_in_review(now):
        record.rejected = None
        record.review_until = (now + wait).isoformat()


def _status(record: Record, now: datetime) -> bytes:
    root = etree.Element("itunes_transporter")
    status = etree.SubElement(root, "upload_status", vendor_identifier=record.vendor_id)
    stands = record.status(now)
    in_review = record.taken and record.down_at is None and record.is_in_review(now)
    if (record.taken and not in_review) or record.down_at is not None:
        status.set("apple_identifier", str(1_000_000_000 + zlib.crc32(record.vendor_id.encode())))
        review = "Rejected" if stands == "rejected" else "Ready"
        content = etree.SubElement(status, "content_status_info", content_review_status=review)
        where = {"live": "on_store", "ready": "ready_for_store"}.get(stands, "not_on_store")
        places = {name: "WW" if name == where else "N/A" for name in _PLACES}
        etree.SubElement(content, "store_status", places)
    for upload in record.uploads:
        word = "Import Error" if upload.errors else "Importing" if in_review else "Imported"
        created = datetime.fromisoformat(upload.at).isoformat(" ", "microseconds")
        info = etree.SubElement(status, "upload_status_info", created=created, status=word)
        info.set("metadata_md5", upload.md5)
        for code, words in upload.errors:
            etree.SubElement(info, "error", code=code).text = words
    if stands == "rejected" and record.rejected:
        etree.SubElement(status, "error", code="review").text = "".join(
            filter(str.isprintable, record.rejected)
        )
    if stands == "live":
        etree.SubElement(status, "plays", count=str(record.plays(now)))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _write(file: Path, content: bytes) -> None:
    """Whoever reads it gets the old one or the new one, whole."""
    with contextlib.suppress(FileNotFoundError):
        if file.read_bytes() == content:
            return
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f".{file.name}-{uuid.uuid4().hex}")
    unfinished.write_bytes(content)
    unfinished.replace(file)
