"""What follows from a receiver's acknowledgements: the first good one counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal

from aimusicverse.platforms.base import StoreProblem
from aimusicverse.platforms.ddex.acknowledgement import (
    MOST_BYTES,
    Acknowledgement,
    UnreadableAcknowledgement,
    read_acknowledgement,
)
from aimusicverse.platforms.ddex.codes import (
    DATE_REFUSED,
    FILE_REFUSED,
    IDENTIFIER_REFUSED,
    MESSAGE_REFUSED,
    RECEIVER_FAILED,
)
from aimusicverse.platforms.ddex.place import Place
from aimusicverse.platforms.ddex.plan import Plan
from aimusicverse.platforms.store_code import StoreCode
from aimusicverse.release import identifiers

#: Where receivers write, beside the batches.
FOLDER: Final = "acknowledgements"
_MOST_FILES: Final = 20
_LATEST: Final = datetime.max.replace(tzinfo=UTC)

Outcome = Literal["accepted", "refused"]
_ACCEPTED: Final = frozenset(("fileok", "ingested", "accepted"))
#: The receiver still works on it: no answer yet.
_NOT_YET: Final = frozenset(("processing", "received", "queued"))
#: Words of avs:ErncFileStatus: which trouble it is, the field, and what it means.
_REASONS: Final[dict[str, tuple[StoreCode, str | None, str]]] = {
    "ArtistRoleUnknown": (MESSAGE_REFUSED, "artists", "a role of an artist is not known there"),
    "CommercialReleaseDateInvalid": (DATE_REFUSED, "release_at", "the release date is not valid"),
    "ConflictingAvailabilityPeriods": (DATE_REFUSED, "release_at", "periods of deals are in conflict"),
    "DuplicatedPublisherNames": (MESSAGE_REFUSED, "tracks", "names of publishers are there twice"),
    "ErnMissing": (RECEIVER_FAILED, None, "the message was not found in the batch"),
    "IdentifierInvalid": (IDENTIFIER_REFUSED, "upc", "an identifier is not valid"),
    "IdentifierSyntaxInvalid": (IDENTIFIER_REFUSED, "upc", "an identifier is not written as it must be"),
    "InternalError": (RECEIVER_FAILED, None, "the receiver had an error of its own"),
    "MetadataMissing": (MESSAGE_REFUSED, None, "something that it asks for is missing"),
    "NewReleaseMessageInvalid": (MESSAGE_REFUSED, None, "the message is not valid"),
    "NoDealForTrackRelease": (MESSAGE_REFUSED, "territories", "there is no deal for a track"),
    "NoDealInNewReleaseMessage": (MESSAGE_REFUSED, "territories", "there is no deal"),
    "OriginalReleaseDateLaterThanReleaseDate": (
        DATE_REFUSED,
        "original_release_date",
        "it was first released after this release",
    ),
    "PrimaryArtistNameMissing": (MESSAGE_REFUSED, "artists", "the main artist has no name"),
    "ResourceCorrupt": (FILE_REFUSED, "tracks", "a file is damaged"),
    "ResourceMissing": (FILE_REFUSED, "tracks", "a file is missing"),
    "ResourceNotMeetingSpecifications": (FILE_REFUSED, "tracks", "a file is not as it must be"),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a receiver said of a batch.

    Args:
        outcome: see there.
        problem: why it was refused.
        url: where the release is to be found.
    """

    outcome: Outcome
    problem: StoreProblem | None = None
    url: str | None = None

    def noted(self) -> dict[str, Any]:
        """As the journal keeps it."""
        problem = self.problem
        told = None if problem is None else {
            "code": problem.code, "message": problem.message, "kind": problem.kind, "field": problem.field,
            "hint": problem.hint,
        }  # fmt: skip
        return {"outcome": self.outcome, "problem": told, "url": self.url}


@dataclass(frozen=True, slots=True)
class Heard:
    """All that lies there about a batch.

    Args:
        answer: what counts; `None`: nothing yet.
        unreadable: file names of what cannot be read, with the reason.
    """

    answer: Answer | None
    unreadable: tuple[str, ...] = ()


def noted_answer(known: Mapping[str, Any]) -> Answer | None:
    """The answer in a journal; `None`: there is none."""
    noted = known.get("answer")
    if noted is None:
        return None
    told = noted["problem"]
    return Answer(noted["outcome"], None if told is None else StoreProblem(**told), noted["url"])


def listen(place: Place, plan: Plan) -> Heard:
    """Look what the receiver said.

    Raises:
        DeliveryError: nobody can tell now.
    """
    good: list[tuple[datetime, str, Acknowledgement]] = []
    unreadable: list[str] = []
    names = [
        name
        for name in place.names(FOLDER, f"ACK_{plan.batch}")  # a batch of ours has one release
        if name.lower().endswith(".xml") and name.isprintable()
    ]
    for name in names[:_MOST_FILES]:
        content = place.read(f"{FOLDER}/{name}", MOST_BYTES)
        if content is None:
            continue
        try:
            read = read_acknowledgement(content)
            if read.release and _plain(read.release) != _plain(plan.folder):
                raise UnreadableAcknowledgement("it is about another release")
        except UnreadableAcknowledgement as problem:
            unreadable.append(f"{name}: {problem}")
            continue
        if read.status.casefold() not in _NOT_YET:
            good.append((read.created_at or _LATEST, name, read))
    if not good:
        return Heard(None, tuple(unreadable))
    _, _, first = min(good, key=lambda it: it[:2])
    return Heard(_answer(first, plan), tuple(unreadable))


def _plain(release: str) -> str:
    """A UPC is an EAN with a zero before it, and some write it so."""
    return identifiers.plain(release).removeprefix("GRID:").lstrip("0")


def _answer(read: Acknowledgement, plan: Plan) -> Answer:
    if read.status.casefold() in _ACCEPTED:
        return Answer("accepted", url=read.url)
    code, field, meaning = _REASONS.get(read.status, (MESSAGE_REFUSED, None, f"it says {read.status}"))
    told = f" It says: {read.text}" if read.text else ""
    return Answer(
        "refused",
        code.problem(
            f"The receiver refused it ({read.status}): {meaning}.{told}", field=_field(read, plan, field)
        ),
    )


def _field(read: Acknowledgement, plan: Plan, field: str | None) -> str | None:
    """With the track that it is about, where it names one of ours."""
    ours = [identifiers.plain_isrc(isrc) for isrc in plan.isrcs]
    for isrc in read.isrcs:
        if (plain := identifiers.plain_isrc(isrc)) in ours:
            last = "isrc" if field == "upc" else "file" if field == "tracks" else "title"
            return f"tracks[{ours.index(plain)}].{last}"
    return field
