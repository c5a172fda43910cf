"""Decides what a release, a distributor and stores come to: who they are, and which tracks are meant."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from aimusicverse.release.facts import FileProblem, ImageFacts
from aimusicverse.release.targets import (
    DISTRIBUTORS,
    STORES,
    Distributor,
    Store,
)
from aimusicverse.server.artwork import service as artworks
from aimusicverse.server.distributions import known_facts, queries, starting, telling
from aimusicverse.server.distributions.states import LOOKING, Step
from aimusicverse.server.problems import NotFound, Refusal, shortened
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.server.tracks import service as tracks
from aimusicverse.server.tracks.known_tracks import KnownTracks
from aimusicverse.types import Artwork, FieldError, Track, TrackDistribution
from aimusicverse.types.release import Release

#: What an id looks like (`ids.new_id`).
_ID: Final = re.compile(r"[a-z]{3}_[0-9A-Za-z]{1,36}")


def stores_of(platforms: Sequence[str]) -> list[Store]:
    """The stores with these ids, each once.

    Raises:
        Refusal: `invalid_request`: no rules are known of one of them.
    """
    for place, name in enumerate(platforms):
        if name not in STORES:
            raise unknown(f"platforms[{place}]", "store", name, list(STORES))
    return [STORES[name] for name in dict.fromkeys(platforms)]


def distributor_of(via: str | None) -> Distributor | None:
    """The distributor with this id; `None`: there is to be none.

    Raises:
        Refusal: `invalid_request`: no rules are known of it.
    """
    if via is not None and via not in DISTRIBUTORS:
        raise unknown("via", "distributor", via, list(DISTRIBUTORS))
    return None if via is None else DISTRIBUTORS[via]


def refuse_files(release: Release) -> None:
    """Refuse paths: a server reads no file that is named to it.

    Raises:
        Refusal: `invalid_request`, with each of them.
    """
    named = [
        (f"metadata.tracks[{index}].file", "upload the sound (POST /tracks), and name it in track_id")
        for index, track in enumerate(release.tracks)
        if track.file is not None
    ]
    if release.cover.file is not None:
        named.append(
            (
                "metadata.cover.file",
                "upload the picture (POST /artwork/upload), and name it in cover.artwork_id",
            )
        )
    if named:
        raise _invalid(
            [
                FieldError(
                    field=field, code="file_not_read", message="the server reads no files of yours", hint=hint
                )
                for field, hint in named
            ]
        )


def track_ids_of(release: Release, track_ids: Sequence[str]) -> dict[int, str]:
    """Which track of this server each recording is, by its number.

    Raises:
        Refusal: `invalid_request`: there are not as many ids as recordings, or two say different things.
    """
    own = {index: track.track_id for index, track in enumerate(release.tracks) if track.track_id}
    if not track_ids:
        return own
    if len(track_ids) != len(release.tracks):
        message = f"{len(track_ids)} ids for {len(release.tracks)} tracks of the release"
        raise _invalid(
            [FieldError(field="track_ids", code="count", message=message, hint="name one for each, in order")]
        )
    for index, track_id in enumerate(track_ids):
        if own.get(index, track_id) != track_id:
            field = f"metadata.tracks[{index}].track_id"
            raise _invalid(
                [
                    FieldError(
                        field=field, code="contradiction", message=f"track_ids[{index}] says another one"
                    )
                ]
            )
    return dict(enumerate(track_ids))


def tracks_of(
    tx: Transaction, owner: Owner, track_ids: dict[int, str], known: KnownTracks
) -> dict[int, Track]:
    """Those tracks, by the number of the recording. Only for a read: it fills `known`.

    Raises:
        NotFound: for the first that is not this owner's.
    """
    for track_id in track_ids.values():
        _check_id("track", track_id)
    found = tracks.some(tx, owner, track_ids.values(), known)
    for track_id in track_ids.values():
        if track_id not in found:
            raise NotFound("track", track_id)
    return {index: found[track_id] for index, track_id in track_ids.items()}


class Meant(NamedTuple):
    """What a release means of this server.

    Args:
        release: with the artwork that is its cover.
        tracks: by the number of the recording.
        looked: what is known of the cover by its file.
        artwork: the cover; `None`: there is none yet.
    """

    release: Release
    tracks: dict[int, Track]
    looked: ImageFacts | FileProblem | None
    artwork: Artwork | None = None


def meant(
    tx: Transaction, owner: Owner, release: Release, track_ids: dict[int, str], known: KnownTracks
) -> Meant:
    """The tracks and the cover of a release. Only for a read: it fills `known`.

    A release that names no cover has the artwork of its tracks; where they have several, nobody here chooses.

    Raises:
        NotFound: for the first track that is not this owner's.
        Refusal: `artwork_not_found`, `artwork_not_ready`: for the artwork that the release names.
    """
    tracks = tracks_of(tx, owner, track_ids, known) if track_ids else {}
    artwork_id = release.cover.artwork_id
    if artwork_id is None:
        of_tracks = {track.artwork_id for track in tracks.values() if track.artwork_id is not None}
        if len(of_tracks) != 1:
            return Meant(known_facts.with_cover(release, None), tracks, None)
        artwork_id = of_tracks.pop()
    try:
        _check_id("artwork", artwork_id)
        looked = artworks.looked_into(tx, owner, artwork_id)
        artwork = artworks.get(tx, owner, artwork_id)
    except Refusal as refusal:
        raise _about("metadata.cover.artwork_id", refusal) from None
    return Meant(known_facts.with_cover(release, artwork), tracks, looked, artwork)


def unpriced(field: str, message: str) -> Refusal:
    """A quote that cannot be made as asked."""
    return _invalid([FieldError(field=field, code="unknown", message=message)])


def _check_id(what: str, identifier: str) -> None:
    """See whether it can be an id at all: databases do not take every text.

    Raises:
        NotFound: it cannot.
    """
    if _ID.fullmatch(identifier) is None:
        raise NotFound(what, identifier)


def _about(field: str, refusal: Refusal) -> Refusal:
    """The same, with the field of the request that it is about."""
    message = (refusal.detail or refusal.code).rstrip(".")
    error = FieldError(field=field, code=refusal.code, message=message)
    return Refusal(refusal.code, refusal.detail, errors=[error])


def unknown(field: str, what: str, name: str, there: list[str]) -> Refusal:
    """A name that is not there, with those that are."""
    message = f"no {what} is called {shortened(name)}"
    return _invalid(
        [FieldError(field=field, code="unknown", message=message, hint=f"one of: {', '.join(there)}")]
    )


def _invalid(errors: list[FieldError]) -> Refusal:
    summary = "; ".join(f"{error.field}: {error.message}" for error in errors[:3])
    more = f"; and {len(errors) - 3} more" if len(errors) > 3 else ""
    return Refusal("invalid_request", summary + more, errors=errors)


# -- what others ask of distributions ---------------------------------------------------------------


def of_track(
    tx: Transaction, owner: Owner, track_id: str, after: str | None, limit: int
) -> list[tuple[str, TrackDistribution]]:
    """Where a track stands: one more than `limit` lines, if there are so many, each with its mark.

    Raises:
        NotFound: there is no such track.
    """
    tracks.get(tx, owner, track_id)
    return queries.of_track(tx, owner, track_id, after=after, limit=limit + 1)


def account_connected(tx: Transaction, owner: Owner, platform: str, mode: str) -> int:
    """An account was connected, or connected anew: what waited for it goes on; how many deliveries."""
    waiting = queries.waiting_for_an_account(tx, owner, platform, mode)
    for one in waiting:
        is_down = one.step in (Step.TAKE_DOWN, Step.LOOK_DOWN)
        queries.change_delivery(
            tx,
            one.id,
            status="cancelled" if is_down else "queued",
            step=Step.TAKE_DOWN if is_down else Step.VALIDATE,
            attempts=0,
            next_attempt_at=None,
            problem=None,
        )
        status = "cancelled" if is_down else "queued"
        telling.of_one(tx, owner, one, "account_connected", "The account is connected.", status=status)
        starting.begin(tx, owner, one.id)
    return len(waiting)


def store_called(tx: Transaction, owner: Owner, platform: str, mode: str, external_id: str) -> int:
    """A store says that something became of a release: it is looked at now. What it says counts for nothing:
    where the next step is not a look, it begins nothing.

    Returns:
        How many deliveries are looked at.
    """
    found = queries.by_external_id(tx, owner, platform, mode, external_id)
    looked_at = 0
    for one in found:
        if one.step not in LOOKING or one.status in ("draft", "paused", "queued", "validating", "uploading"):
            continue
        if one.step == Step.WAIT and one.status != "scheduled":
            continue  # its date may have come: that would release what waits for a person
        starting.begin(tx, owner, one.id)
        telling.of_one(
            tx, owner, one, "store_called", "The store told of news.", status=one.status, is_news=False
        )
        looked_at += 1
    return looked_at
