"""Decides about artwork: what is accepted, what comes of it, what is said when nothing does."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final

from aimusicverse._version import __version__
from aimusicverse.release.facts import FileProblem, ImageFacts
from aimusicverse.server import versions
from aimusicverse.server.artwork import queries
from aimusicverse.server.artwork.of_tracks import not_ready, require_finished
from aimusicverse.server.artwork.picture_file import PictureFile
from aimusicverse.server.artwork.wishes import wish_for
from aimusicverse.server.generation import service as generations
from aimusicverse.server.ids import new_id
from aimusicverse.server.jobs import outbox
from aimusicverse.server.problems import Refusal, problem
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.server.tracks import service as tracks
from aimusicverse.types import (
    Artwork,
    ArtworkCreate,
    ArtworkProvenance,
    ArtworkTemplate,
    ArtworkTemplateList,
    ArtworkUpload,
    Generation,
    Track,
)

DRAW: Final = "draw"
#: What to do when there is no picture: said with every failure.
_INSTEAD: Final = "Take a template (`GET /artwork/templates`), or bring a picture (`POST /artwork/upload`)."


def topic(artwork_id: str) -> str:
    """What those who wait for an artwork listen to."""
    return f"artwork:{artwork_id}"


def get(tx: Transaction, owner: Owner, artwork_id: str) -> Artwork:
    """One artwork."""
    return queries.get(tx, owner, artwork_id)


def page(
    tx: Transaction,
    owner: Owner,
    track_id: str | None,
    status: str | None,
    before: str | None,
    limit: int,
) -> list[Artwork]:
    """One more than `limit` artworks, if there are so many, newest first."""
    return queries.newest(tx, owner, track_id=track_id, status=status, before=before, limit=limit + 1)


def template_list() -> ArtworkTemplateList:
    """All templates."""
    from aimusicverse.release.artwork import templates  # numpy: only who asks for them pays

    return ArtworkTemplateList(
        data=[
            ArtworkTemplate(id=one.id, style=one.style, mood=one.mood, description=one.line)
            for one in templates()
        ]
    )


def create(
    tx: Transaction, owner: Owner, body: ArtworkCreate, generators: Collection[str], most: int
) -> Artwork:
    """Accept a wish: a row, and a job that draws it.

    Args:
        tx: of the call.
        owner: who asks.
        body: what for.
        generators: the names of those that this server has.
        most: how many artworks a user may have; 0: as many as he likes.

    Raises:
        Refusal: `track_not_found`, `generator_unknown`, `too_many_artworks`, `invalid_request`.
    """
    track = tracks.get(tx, owner, body.track_id) if body.track_id else None
    wish = wish_for(body, track, _generation(tx, owner, track), generators)
    artwork_id = _insert(
        tx,
        owner,
        most,
        status="queued",
        source=body.generator or ("template" if body.template else "generated"),
        title=wish["title"],
        artist=wish["artist"],
        track_id=body.track_id,
        wish=wish,
    )
    outbox.add(tx, owner.id, DRAW, ref=artwork_id, payload={})
    return queries.get(tx, owner, artwork_id)


def add_uploaded(
    tx: Transaction,
    owner: Owner,
    files: Sequence[PictureFile],
    facts: dict[str, Any],
    asked: ArtworkUpload,
    most: int,
) -> Artwork:
    """A picture that somebody brought is an artwork.

    Args:
        tx: of the call.
        owner: who brought it.
        files: the picture itself and its smaller forms.
        facts: of the picture (`looking.looked_into`).
        asked: what is said of it.
        most: how many artworks a user may have; 0: as many as he likes.

    Raises:
        Refusal: `track_not_found`, `too_many_artworks`.
    """
    if asked.track_id is not None:
        tracks.get(tx, owner, asked.track_id)
    provenance = ArtworkProvenance(engine="upload", engine_version=__version__, licence="yours")
    artwork_id = _insert(
        tx,
        owner,
        most,
        status="completed",
        source="uploaded",
        title=asked.title,
        artist=asked.artist,
        track_id=asked.track_id,
        wish={},
        facts=facts,
        provenance=provenance.model_dump(mode="json"),
    )
    queries.insert_files(tx, owner, artwork_id, files)
    return queries.get(tx, owner, artwork_id)


def picture(tx: Transaction, owner: Owner, artwork_id: str, size: int | None) -> tuple[Artwork, PictureFile]:
    """An artwork and its file: the smallest whose longest side has `size` pixels, or the picture itself.

    Raises:
        Refusal: `artwork_not_ready`: it has none.
    """
    found = queries.get(tx, owner, artwork_id)
    files = queries.files(tx, owner, artwork_id)
    if not files:
        raise not_ready(found.id, found.status)
    enough = [one for one in files[1:] if size is not None and one.side >= size]
    return found, enough[0] if enough else files[0]


def looked_into(tx: Transaction, owner: Owner, artwork_id: str) -> ImageFacts | FileProblem | None:
    """What is known of an artwork's picture by its file; `None`: it came before pictures were looked into.

    Raises:
        Refusal: `artwork_not_found`, `artwork_not_ready`: it has none.
    """
    require_finished(tx, owner, artwork_id)
    return queries.looked_into(tx, owner, artwork_id)


def delete(tx: Transaction, owner: Owner, artwork_id: str, expected: str | None) -> None:
    """Remove an artwork, drawn or not. Tracks that have it have none then."""
    versions.check(expected, queries.get(tx, owner, artwork_id).etag)
    outbox.withdraw(tx, artwork_id)
    tracks.let_go_of_artwork(tx, owner, artwork_id)
    queries.delete(tx, owner, artwork_id)
    tx.wake(topic(artwork_id))


# -- what the worker reports ----------------------------------------------------------------------


def started(tx: Transaction, job: outbox.Job) -> dict[str, Any]:
    """Drawing begins, or begins again after a crash; the wish."""
    outbox.renew(tx, job)
    owner = Owner(job.owner_id)
    if queries.get(tx, owner, job.ref).status == "queued":
        queries.change(tx, owner, job.ref, status="processing")
        tx.wake(topic(job.ref))
    return queries.wish(tx, owner, job.ref)


def drawn(
    tx: Transaction,
    job: outbox.Job,
    files: Sequence[PictureFile],
    facts: dict[str, Any],
    style: str | None,
    provenance: ArtworkProvenance,
) -> None:
    """There is a picture."""
    outbox.finish(tx, job)
    owner = Owner(job.owner_id)
    wish = queries.wish(tx, owner, job.ref)
    queries.insert_files(tx, owner, job.ref, files)
    queries.change(
        tx,
        owner,
        job.ref,
        status="completed",
        wish={**wish, "style": style or wish["style"]},
        facts=facts,
        provenance=provenance.model_dump(mode="json"),
    )
    tx.wake(topic(job.ref))


def failed(tx: Transaction, job: outbox.Job, code: str, message: str) -> None:
    """There will be no picture; why, and what to do instead."""
    outbox.finish(tx, job)
    told = problem(code, f"{message.rstrip('.')}. {_INSTEAD}")
    queries.change(
        tx,
        Owner(job.owner_id),
        job.ref,
        status="failed",
        problem=told.model_dump(mode="json", exclude_none=True),
    )
    tx.wake(topic(job.ref))


# -- details ----------------------------------------------------------------------------------------


def _insert(tx: Transaction, owner: Owner, most: int, **values: object) -> str:
    _check_room(tx, owner, most)
    artwork_id = new_id("art")
    queries.insert(tx, owner, artwork_id, **values)
    return artwork_id


def _check_room(tx: Transaction, owner: Owner, most: int) -> None:
    if most and queries.count(tx, owner) >= most:
        raise Refusal("too_many_artworks", f"There are {most} artworks of yours, and no more may be.")


def _generation(tx: Transaction, owner: Owner, track: Track | None) -> Generation | None:
    """Where a track comes from; a recording that was brought comes from none."""
    made_by = track and track.provenance.generation_id
    return generations.get(tx, owner, made_by) if made_by else None
