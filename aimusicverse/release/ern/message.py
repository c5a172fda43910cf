"""ERN messages: a new release, a change of one, and its end.

In ERN 4 all three are a `NewReleaseMessage`: it tells the whole release as it is from now on. A change is
told by a later message about the same identifiers, an end by deals that end.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Literal

from lxml import etree

from aimusicverse.release import identifiers
from aimusicverse.release.ern.deals import write_deals
from aimusicverse.release.ern.draft import Draft
from aimusicverse.release.ern.releases import write_releases
from aimusicverse.release.ern.requirements import require
from aimusicverse.release.ern.resources import write_resources
from aimusicverse.release.ern.tree import Element, as_bytes, branch, fixed, leaf
from aimusicverse.release.ern.version import VersionName, version_of
from aimusicverse.release.package_error import CannotPackage, Obstacle
from aimusicverse.release.release_files import ReleaseFiles
from aimusicverse.release.start_time import preorder_start, release_start
from aimusicverse.types.release import Release

HashAlgorithm = Literal["MD5", "SHA-256"]
_XSI = "http://www.w3.org/2001/XMLSchema-instance"


def new_release_message(
    release: Release,
    files: ReleaseFiles,
    *,
    message_id: str,
    created_at: datetime,
    thread_id: str | None = None,
    version: VersionName = "4.3.2",
    sender_name: str | None = None,
    recipient_name: str | None = None,
    hash_algorithm: HashAlgorithm = "MD5",
) -> bytes:
    """The message that goes with the files of a release that a store does not have yet.

    Args:
        release: what it is; a test message, unless it has `live_message`.
        files: of each recording, and the cover.
        message_id: of this message, never used before.
        created_at: with a zone; nothing else of the message depends on a clock.
        thread_id: joins the messages about one release; left out: the message id.
        version: `4.3.2`, which can say what a machine made, or `4.3`.
        sender_name: of the party of `sender_dpid`.
        recipient_name: of the party of `recipient_dpid`.
        hash_algorithm: of the sums of files; ERN takes one sum a file.

    Returns:
        the XML document, UTF-8; the same bytes for the same input.

    Raises:
        CannotPackage: everything that is missing or cannot be written, each with its field.
        ValueError: `created_at` without a zone, or an unknown version.
    """
    draft = _draft(release, files, created_at, version, hash_algorithm, brings_files=True)
    return _written(draft, message_id, thread_id, created_at, sender_name, recipient_name)


def update_message(
    release: Release,
    files: ReleaseFiles | None = None,
    *,
    message_id: str,
    created_at: datetime,
    thread_id: str,
    brings_files: bool = False,
    version: VersionName = "4.3.2",
    sender_name: str | None = None,
    recipient_name: str | None = None,
    hash_algorithm: HashAlgorithm = "MD5",
) -> bytes:
    """The message that tells a store how a release is from now on. It replaces what was told before.

    Args:
        release: as it shall be; where its `delivered` says what the store has, that is not changed.
        files: what the recordings are. Without them, `duration_seconds` of each track must be there.
        message_id: of this message, never used before.
        created_at: with a zone, later than that of the message before.
        thread_id: that of the first message about this release.
        brings_files: whether the files come again; otherwise the store keeps those it has.
        version: as before.
        sender_name: as before.
        recipient_name: as before.
        hash_algorithm: as before.

    Raises:
        CannotPackage: what is missing, or an identifier that the store has otherwise.
        ValueError: `created_at` without a zone, an unknown version, or files that come and are not given.
    """
    if brings_files and files is None:
        raise ValueError("files that the message brings must be given")
    _unchanged(release)
    draft = _draft(release, files, created_at, version, hash_algorithm, brings_files=brings_files)
    return _written(draft, message_id, thread_id, created_at, sender_name, recipient_name)


def takedown_message(
    release: Release,
    files: ReleaseFiles | None = None,
    *,
    ends_at: datetime,
    message_id: str,
    created_at: datetime,
    thread_id: str,
    version: VersionName = "4.3.2",
    sender_name: str | None = None,
    recipient_name: str | None = None,
) -> bytes:
    """The message by which a release is had no more: every deal ends. Nothing is purged.

    Args:
        release: as it was told last.
        files: what the recordings are; none is brought. Without them, each track has `duration_seconds`.
        ends_at: with a zone; a deal that would begin later ends as it begins.
        message_id: of this message, never used before.
        created_at: with a zone, later than that of the message before.
        thread_id: that of the first message about this release.
        version: as before.
        sender_name: as before.
        recipient_name: as before.

    Raises:
        CannotPackage: what is missing, or an identifier that the store has otherwise.
        ValueError: a time without a zone, or an unknown version.
    """
    if ends_at.tzinfo is None:
        raise ValueError("ends_at has no time zone")
    _unchanged(release)
    draft = _draft(release, files, created_at, version, "MD5", brings_files=False)
    ending = replace(draft, ends=ends_at.replace(microsecond=0))
    return _written(ending, message_id, thread_id, created_at, sender_name, recipient_name)


def _draft(
    release: Release,
    files: ReleaseFiles | None,
    created_at: datetime,
    version: str,
    hash_algorithm: str,
    *,
    brings_files: bool,
) -> Draft:
    if created_at.tzinfo is None:
        raise ValueError("created_at has no time zone")
    known = version_of(version)
    if files is not None and (brings_files or files.tracks):
        files.require(len(release.tracks))
        for sound in files.tracks:
            _ = sound.ending
    begins = release_start(release, created_at)
    preorder = preorder_start(release, begins)
    draft = Draft(release, known, files, brings_files, hash_algorithm, begins, preorder)
    require(draft)
    return draft


def _written(
    draft: Draft,
    message_id: str,
    thread_id: str | None,
    created_at: datetime,
    sender_name: str | None,
    recipient_name: str | None,
) -> bytes:
    version, release = draft.version, draft.release
    root = etree.Element(
        f"{{{version.namespace}}}NewReleaseMessage",
        {
            f"{{{_XSI}}}schemaLocation": f"{version.namespace} {version.schema}",
            "ReleaseProfileVersionId": "Audio",
            "LanguageAndScriptCode": release.metadata_language,
            "AvsVersionId": version.avs,
        },
        nsmap={"ern": version.namespace, "xsi": _XSI},
    )
    header = branch(root, "MessageHeader")
    leaf(header, "MessageThreadId", thread_id or message_id, "thread_id")
    leaf(header, "MessageId", message_id, "message_id")
    _partner(header, "MessageSender", release.sender_dpid, sender_name, "sender")
    _partner(header, "MessageRecipient", release.recipient_dpid, recipient_name, "recipient")
    fixed(header, "MessageCreatedDateTime", created_at.replace(microsecond=0).isoformat())
    fixed(header, "MessageControlType", "LiveMessage" if release.live_message else "TestMessage")
    # The list of parties comes first and is known last: it is written into its own place when all are named.
    body = etree.Element("body")
    write_resources(body, draft)
    write_releases(body, draft)
    write_deals(body, draft)
    draft.parties.write(root)
    root.extend(list(body))
    return as_bytes(root)


def _partner(parent: Element, kind: str, dpid: str | None, name: str | None, field: str) -> None:
    element = branch(parent, kind)
    leaf(element, "PartyId", identifiers.plain(dpid or ""), f"{field}_dpid")
    if name:
        leaf(branch(element, "PartyName"), "FullName", name, f"{field}_name")


def _unchanged(release: Release) -> None:
    """What a store has cannot be changed; with another UPC or ISRC it is another release or recording."""
    before = release.delivered
    if before is None:
        return
    obstacles = []
    if before.upc and identifiers.gtin_13(before.upc) != identifiers.gtin_13(release.upc or ""):
        obstacles.append(
            Obstacle(
                "upc", f"the store has this release as {before.upc}.", "Take that down, and deliver anew."
            )
        )
    now = {identifiers.plain_isrc(track.isrc or "") for track in release.tracks}
    for isrc in before.isrcs:
        if identifiers.plain_isrc(isrc) not in now:
            obstacles.append(
                Obstacle(
                    "tracks",
                    f"the store has a track {isrc}, which is not there.",
                    "Take it down, deliver anew.",
                )
            )
    if obstacles:
        raise CannotPackage(obstacles)
