"""A batch as it is sent: its files one by one, straight from where they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from aimusicverse.platforms.ddex.plan import Plan
from aimusicverse.release.batch import batch_complete, complete_name, require_message
from aimusicverse.release.ern.delivered_files import FOLDER, cover_name, sound_name
from aimusicverse.release.ern.message import new_release_message, takedown_message, update_message
from aimusicverse.release.ern.version import VersionName
from aimusicverse.release.facts import AudioFacts, ImageFacts
from aimusicverse.release.release_files import ReleaseFiles
from aimusicverse.types.release import Release


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a batch.

    Args:
        path: from the batch's folder on, with `/`.
        size: in bytes.
        content: it, where we wrote it.
        source: where it is, otherwise.
        facts: what was found in it when it was looked into.
    """

    path: str
    size: int
    content: bytes | None = None
    source: Path | None = None
    facts: AudioFacts | ImageFacts | None = None


@dataclass(frozen=True, slots=True)
class Parts:
    """All files of a batch, in the order in which they are sent; `end` makes it whole."""

    folders: tuple[str, ...]
    files: tuple[Part, ...]
    end: Part


def message_of(
    plan: Plan,
    release: Release,
    files: ReleaseFiles,
    *,
    version: VersionName,
    sender_name: str | None,
    recipient_name: str | None,
) -> bytes:
    """The message of a plan.

    Raises:
        CannotPackage: what is missing, or an identifier that the store has otherwise.
    """
    at = plan.moment
    if plan.kind == "takedown":
        told = release.model_copy(update={"tracks": [
            track.model_copy(update={"duration_seconds": seconds})
            for track, seconds in zip(release.tracks, plan.seconds, strict=True)
        ]})  # fmt: skip
        return takedown_message(
            told, None, ends_at=at, message_id=plan.message_id, created_at=at, thread_id=plan.thread_id,
            version=version, sender_name=sender_name, recipient_name=recipient_name,
        )  # fmt: skip
    if plan.update:
        return update_message(
            release, files, message_id=plan.message_id, created_at=at, thread_id=plan.thread_id,
            brings_files=plan.brings_files, version=version, sender_name=sender_name,
            recipient_name=recipient_name,
        )  # fmt: skip
    return new_release_message(
        release, files, message_id=plan.message_id, created_at=at, thread_id=plan.thread_id, version=version,
        sender_name=sender_name, recipient_name=recipient_name,
    )  # fmt: skip


def parts_of(plan: Plan, message: bytes, files: ReleaseFiles) -> Parts:
    """The batch of a plan.

    Raises:
        CannotPackage: the message has a fault.
    """
    require_message(message, plan.folder)
    folders = [plan.folder]
    parts: list[Part] = []
    if plan.brings_files:
        folders.append(f"{plan.folder}/{FOLDER}")
        parts += _resources(plan.folder, files)
    parts.append(_own(f"{plan.folder}/{plan.folder}.xml", message))
    end = _own(complete_name(plan.batch), batch_complete(plan.batch, [plan.folder]))
    return Parts(tuple(folders), tuple(parts), end)


def _resources(folder: str, files: ReleaseFiles) -> Iterator[Part]:
    for number, sound in enumerate(files.tracks, 1):
        path = f"{folder}/{FOLDER}/{sound_name(number, sound)}"
        yield Part(path, sound.facts.size_bytes, source=sound.path, facts=sound.facts)
    if files.cover is not None:
        path = f"{folder}/{FOLDER}/{cover_name(files.cover)}"
        yield Part(path, files.cover.facts.size_bytes, source=files.cover.path, facts=files.cover.facts)


def _own(path: str, content: bytes) -> Part:
    return Part(path, len(content), content=content)
