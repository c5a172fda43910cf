"""Decides what a release, a distributor and stores come to: who they are, and which tracks are meant."""

from __future__ import annotations

from collections.abc import Sequence

from aimusicverse.release.outlets import OUTLETS
from aimusicverse.release.targets import (
    DISTRIBUTORS,
    STORES,
    Distributor,
    Store,
)
from aimusicverse.server.problems import NotFound, Refusal, shortened
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.server.tracks import service as tracks
from aimusicverse.server.tracks.known_tracks import KnownTracks
from aimusicverse.types import FieldError, OutletList, Track
from aimusicverse.types.release import Release


def platforms() -> OutletList:
    """All stores and distributors that are known, stores first."""
    return OutletList(data=list(OUTLETS.values()))


def stores_of(platforms: Sequence[str]) -> list[Store]:
    """The stores with these ids, each once.

    Raises:
        Refusal: `invalid_request`: no rules are known of one of them.
    """
    for place, name in enumerate(platforms):
        if name not in STORES:
            raise _unknown(f"platforms[{place}]", "store", name, list(STORES))
    return [STORES[name] for name in dict.fromkeys(platforms)]


def distributor_of(via: str | None) -> Distributor | None:
    """The distributor with this id; `None`: there is to be none.

    Raises:
        Refusal: `invalid_request`: no rules are known of it.
    """
    if via is not None and via not in DISTRIBUTORS:
        raise _unknown("via", "distributor", via, list(DISTRIBUTORS))
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
            ("metadata.cover.file", "leave it out; `amv release check` looks into a picture of yours")
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
    found = tracks.some(tx, owner, track_ids.values(), known)
    for track_id in track_ids.values():
        if track_id not in found:
            raise NotFound("track", track_id)
    return {index: found[track_id] for index, track_id in track_ids.items()}


def unpriced(field: str, message: str) -> Refusal:
    """A quote that cannot be made as asked."""
    return _invalid([FieldError(field=field, code="unknown", message=message)])


def _unknown(field: str, what: str, name: str, there: list[str]) -> Refusal:
    message = f"no {what} is called {shortened(name)}"
    return _invalid(
        [FieldError(field=field, code="unknown", message=message, hint=f"one of: {', '.join(there)}")]
    )


def _invalid(errors: list[FieldError]) -> Refusal:
    summary = "; ".join(f"{error.field}: {error.message}" for error in errors[:3])
    more = f"; and {len(errors) - 3} more" if len(errors) > 3 else ""
    return Refusal("invalid_request", summary + more, errors=errors)
