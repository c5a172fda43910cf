"""What is delivered: the release as it is now, its files on this machine, looked into."""

from __future__ import annotations

import dataclasses
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from aimusicverse.platforms import store_problems
from aimusicverse.platforms.base import DeliveryError, Mode, Parcel
from aimusicverse.release.facts import AudioFacts, FileProblem, ImageFacts
from aimusicverse.release.release_files import PictureFile, ReleaseFiles, SoundFile
from aimusicverse.server.artwork import service as artworks
from aimusicverse.server.artwork.picture_file import PictureFile as KeptPicture
from aimusicverse.server.distributions import known_facts, queries
from aimusicverse.server.problems import Refusal
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.store.blobs import BlobLost, Blobs
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.server.tracks import queries as track_rows
from aimusicverse.types import Artwork, Track
from aimusicverse.types.release import Release

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Sounds whose facts are remembered.
_MOST: Final = 2_000
_SUFFIXES: Final = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


class Sounds:
    """What was found in sound files, by content: each is measured once in a process, one at a time, so that
    many deliveries at once leave the processor to those who ask."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, AudioFacts] = OrderedDict()
        self._lock = threading.Lock()

    def facts(self, path: Path, sha256: str) -> AudioFacts:
        """What a file is and holds.

        Raises:
            AudioError: it is no sound.
        """
        from aimusicverse.release.audio_check import look_into  # numpy: only whoever delivers pays for it

        with self._lock:
            found = self._known.get(sha256)
            if found is None:
                found = self._known[sha256] = look_into(path)
                if len(self._known) > _MOST:
                    self._known.popitem(last=False)
            return found


@dataclass(frozen=True, slots=True)
class Contents:
    """What a parcel is made of.

    Args:
        distribution_id: `dst_…`.
        release: complete: with what its tracks and its cover are known to be.
        tracks: by the number of the recording; those that are not deleted.
        cover: its file; `None`: there is none.
        looked: what is known of the cover.
        release_at: from when people may hear it.
        revision: of the release.
        mode: `sandbox` or `live`.
        via: who brings it there.
    """

    distribution_id: str
    release: Release
    tracks: Mapping[int, Track]
    cover: KeptPicture | None
    looked: ImageFacts | FileProblem | None
    release_at: datetime | None
    revision: int
    mode: Mode
    via: str | None

    @property
    def missing_tracks(self) -> list[int]:
        """Numbers of recordings whose tracks were deleted."""
        return [number for number in range(len(self.release.tracks)) if number not in self.tracks]


def contents(tx: Transaction, owner: Owner, distribution_id: str) -> Contents:
    """What a distribution's parcel is made of now.

    Raises:
        NotFound: there is no such distribution.
    """
    row = queries.row(tx, owner, distribution_id)
    ids = queries.track_ids(tx, owner, distribution_id)
    there = {track.id: track for track in track_rows.some(tx, owner, ids) if track.status == track_rows.READY}
    tracks = {number: there[one] for number, one in enumerate(ids) if one in there}
    artwork, file, looked = _cover(tx, owner, row.artwork_id)
    release = known_facts.with_cover(Release.model_validate(row.release), artwork)
    release, _ = known_facts.completed(release, tracks)
    return Contents(
        distribution_id=row.id,
        release=release,
        tracks=tracks,
        cover=file,
        looked=looked,
        release_at=row.release_at,
        revision=row.revision,
        mode=cast(Mode, row.mode),
        via=row.via,
    )


def _cover(
    tx: Transaction, owner: Owner, artwork_id: str | None
) -> tuple[Artwork | None, KeptPicture | None, ImageFacts | FileProblem | None]:
    if artwork_id is None:
        return None, None, None
    try:
        artwork, file = artworks.picture(tx, owner, artwork_id, None)
    except Refusal:  # deleted, or not drawn yet
        return None, None, None
    return artwork, file, artworks.looked_into(tx, owner, artwork_id)


@contextmanager
def packed(
    found: Contents,
    blobs: Blobs,
    sounds: Sounds,
    *,
    meanwhile: Callable[[], None] = lambda: None,
    whole: bool = True,
) -> Iterator[Parcel]:
    """The parcel, while the block runs: then its files and its folder go.

    Args:
        found: what it is made of.
        blobs: where its files are.
        sounds: what is known of sounds.
        meanwhile: called between two files; what it raises ends it.
        whole: whether something may be missing: to take a release down, no sound is needed.

    Raises:
        DeliveryError: `metadata`: a track was deleted, a file is lost or no sound, the cover is none.
        BlobsUnavailable: the store of blobs does not answer.
    """
    if whole and found.missing_tracks:
        number = found.missing_tracks[0]
        raise DeliveryError(store_problems.general("track_gone", field=f"tracks[{number}].track_id"))
    with ExitStack() as held:
        folder = held.enter_context(blobs.workspace())
        tracks = []
        if not found.missing_tracks:
            for number in range(len(found.release.tracks)):
                meanwhile()
                tracks.append(_sound(held, folder, blobs, sounds, number, found.tracks[number]))
        cover = _picture(held, blobs, found)
        yield Parcel(
            distribution_id=found.distribution_id,
            revision=found.revision,
            release=found.release,
            files=ReleaseFiles(tuple(tracks), cover),
            release_at=found.release_at,
            folder=folder,
            mode=found.mode,
        )


def _sound(
    held: ExitStack, folder: Path, blobs: Blobs, sounds: Sounds, number: int, track: Track
) -> SoundFile:
    """The master as it leaves the house: without prompt and plan, if it holds them."""
    from aimusicverse.audio.errors import AudioError
    from aimusicverse.release.private_tags import left_out

    field = f"tracks[{number}].track_id"
    try:
        path = held.enter_context(blobs.local(track.audio.sha256))
        facts = sounds.facts(path, track.audio.sha256)
        without = folder / f"{number}-{track.id}.wav"
        if (changed := left_out(path, without, facts)) is not None:
            path, facts = without, changed
    except BlobLost:
        message = f"The sound of {track.title!r} is not there any more, or damaged."
        raise DeliveryError(store_problems.general("audio_unusable", message, field=field)) from None
    except AudioError as error:
        message = f"The sound of {track.title!r} cannot be used ({error.code})."
        raise DeliveryError(store_problems.general("audio_unusable", message, field=field)) from None
    return SoundFile(path, dataclasses.replace(facts, name=f"{track.id}.wav"))


def _picture(held: ExitStack, blobs: Blobs, found: Contents) -> PictureFile | None:
    if found.cover is None:
        return None
    field = "cover.artwork_id"
    looked = found.looked
    try:
        path = held.enter_context(blobs.local(found.cover.sha256))
        if looked is None:
            looked = _looked_into(path, found.cover.type)
    except BlobLost:
        message = "The cover is not there any more, or damaged."
        raise DeliveryError(store_problems.general("cover_failed", message, field=field)) from None
    if not isinstance(looked, ImageFacts):
        why = None if looked is None else looked.message
        raise DeliveryError(store_problems.general("cover_failed", why, field=field))
    name = f"cover.{_SUFFIXES.get(found.cover.type, 'img')}"
    return PictureFile(path, dataclasses.replace(looked, name=name))


def _looked_into(path: Path, media_type: str) -> ImageFacts | FileProblem | None:
    from aimusicverse.server.artwork import looking

    return looking.known(looking.looked_into(path.read_bytes(), media_type))
