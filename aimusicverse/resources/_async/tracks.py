"""`client.tracks`: finished recordings."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import IO

from pydantic import TypeAdapter

from aimusicverse.errors import ConfigurationError
from aimusicverse.resources._async.pager import AsyncPager
from aimusicverse.resources._async.track_audio import AsyncTrackAudio
from aimusicverse.resources._async.track_outputs import AsyncTrackOutputs
from aimusicverse.resources._async.track_stems import AsyncTrackStems
from aimusicverse.resources.audio_format import media_type
from aimusicverse.resources.moment import moment
from aimusicverse.resources.naming import id_of
from aimusicverse.resources.unchanged import UNCHANGED, Keep, Unchanged, given
from aimusicverse.transport.options import RequestOptions
from aimusicverse.transport.request import build
from aimusicverse.transport.source import FileSource
from aimusicverse.types.artwork import Artwork
from aimusicverse.types.distribution import TrackDistribution
from aimusicverse.types.generation import Generation
from aimusicverse.types.track import Track

_TRACK = TypeAdapter(Track)
_GENERATION = TypeAdapter(Generation)


class AsyncTracks(AsyncTrackAudio, AsyncTrackOutputs, AsyncTrackStems):
    """Finished recordings, and their audio."""

    def list(
        self,
        *,
        q: str | None = None,
        genre: str | None = None,
        status: str | None = None,
        created_after: datetime | str | None = None,
        created_before: datetime | str | None = None,
        sort: str | None = None,
        limit: int = 50,
        options: RequestOptions | None = None,
    ) -> AsyncPager[Track]:
        """Tracks, newest first. `await` gives the first page, `async for` all of them.

        Args:
            q: words that are all in the title, artist, genre, tags, lyrics or prompt; of the last one the
                beginning is enough. Case, diacritics and punctuation do not matter.
            genre: only those of it.
            status: `deleted` for those that can still be restored.
            created_after: only those made after it; with a time zone.
            created_before: only those made before it; with a time zone.
            sort: `created_at`, `updated_at`, `title` or `duration_seconds`; with a `-` before it, the
                greatest first.
            limit: items on a page, 1–100.
            options: for each page.
        """
        query = {
            "q": q,
            "genre": genre,
            "status": status,
            "created_after": moment(created_after),
            "created_before": moment(created_before),
            "sort": sort,
            "limit": limit,
        }
        return self._page("/tracks", Track, query=query, options=options)

    async def get(self, track: Track | str, *, options: RequestOptions | None = None) -> Track:
        """One track.

        Raises:
            NotFoundError: no such track, or not yours.
        """
        return await self._send("GET", f"/tracks/{id_of(track)}", _TRACK, options=options)

    async def upload(
        self,
        source: str | os.PathLike[str] | bytes | IO[bytes],
        *,
        title: str | None = None,
        artist: str | None = None,
        genre: str | None = None,
        tags: Sequence[str] = (),
        size: int | None = None,
        progress: Callable[[int, int], None] | None = None,
        options: RequestOptions | None = None,
    ) -> Track:
        """Bring a recording of your own: WAV, FLAC, MP3, AIFF or Ogg, up to 2 GiB and three hours.

        A path or an object that can seek is sent again, from its beginning, when a try is lost.

        Args:
            source: a path, the file's bytes, or an object opened for bytes, which is left open.
            title: 1-200 characters; a path's own name if it is left out.
            artist: up to 200 characters.
            genre: up to 40 characters.
            tags: up to 20.
            size: bytes, for an object that cannot seek.
            progress: called with the bytes that were sent and their number in all. A further try begins at 0
                again. What it raises ends the upload.
            options: for this call only. Without a timeout it may take ten minutes.

        Raises:
            ConfigurationError: bytes or an object without a title; an object of unknown size.
            UnprocessableEntityError: no sound, damaged, cut, too long or too large.
            OSError: the path cannot be read.
        """
        if title is None:
            if not isinstance(source, str | os.PathLike):
                raise ConfigurationError("an upload that is no path needs a title: pass title=")
            title = Path(source).stem[:200]
        content = io.BytesIO(source) if isinstance(source, bytes) else source
        file = FileSource(content, size=size, progress=progress)
        chosen, limits = options or RequestOptions(), self._file_limits(options)
        call = build(
            "POST",
            "/tracks",
            query={"title": title, "artist": artist, "genre": genre, "tag": [*tags]},
            source=file,
            content_type=media_type(source),
            idempotency_key=chosen.idempotency_key,
            headers=chosen.headers,
        )
        return await self._engine.fetch(call, _TRACK, timeout=limits["timeout"], retries=limits["retries"])

    async def update(
        self,
        track: Track | str,
        *,
        title: str | Unchanged = UNCHANGED,
        artist: str | Unchanged | None = UNCHANGED,
        genre: str | Unchanged | None = UNCHANGED,
        tags: Sequence[str] | Unchanged = UNCHANGED,
        lyrics: str | Unchanged | None = UNCHANGED,
        artwork: Artwork | str | Unchanged | None = UNCHANGED,
        if_match: str | None = None,
        options: RequestOptions | None = None,
    ) -> Track:
        """Change what is given; the rest stays. `None` empties.

        Args:
            track: or its id.
            title: 1-200 characters, on one line.
            artist: up to 200 characters.
            genre: up to 40 characters.
            tags: all of them, in order; up to 20.
            lyrics: up to 5,000 characters.
            artwork: one of yours that is completed, or its id.
            if_match: an `etag`: change it only if it is still that one.
            options: for this call only.

        Raises:
            NotFoundError: no such track or artwork, or not yours.
            ConflictError: the artwork has no picture.
            PreconditionFailedError: somebody changed it meanwhile.
            UnprocessableEntityError: a value that cannot be one.
        """
        body = given(title=title, artist=artist, genre=genre, lyrics=lyrics)
        if not isinstance(tags, Keep):
            body["tags"] = [*tags]
        if not isinstance(artwork, Keep):
            body["artwork_id"] = None if artwork is None else id_of(artwork)
        path = f"/tracks/{id_of(track)}"
        return await self._send("PATCH", path, _TRACK, body=body, if_match=if_match, options=options)

    async def restore(self, track: Track | str, *, options: RequestOptions | None = None) -> Track:
        """Bring back a track that was deleted less than 30 days ago.

        Raises:
            NotFoundError: no such track, not yours, or gone for good.
        """
        return await self._send("POST", f"/tracks/{id_of(track)}/restore", _TRACK, options=options)

    async def delete(self, track: Track | str, *, options: RequestOptions | None = None) -> None:
        """Delete a track. For 30 days `restore` brings it back.

        Raises:
            NotFoundError: no such track, or not yours.
        """
        await self._discard(f"/tracks/{id_of(track)}", options=options)

    async def regenerate_section(
        self,
        track: Track | str,
        section: int,
        *,
        take: int | None = None,
        options: RequestOptions | None = None,
    ) -> Generation:
        """Have a section played anew. The track stays; a new one has its samples, but for that section.

        Answers at once, with the work still to be done: see `generation.wait`.

        Args:
            track: or its id.
            section: which one, counted from 0, as in `track.provenance.plan.sections`.
            take: which take, 0–9,999; the next one by default.
            options: for this call only.

        Raises:
            NotFoundError: no such track, or not yours; or no such section in it.
            ConflictError: it is not on record what was played in it, or its engine cannot do that.
        """
        path = f"/tracks/{id_of(track)}/sections/{section}/regenerate"
        body = {} if take is None else {"take": take}
        return await self._send("POST", path, _GENERATION, body=body, options=options)

    def distributions(
        self, track: Track | str, *, limit: int = 50, options: RequestOptions | None = None
    ) -> AsyncPager[TrackDistribution]:
        """Where a track stands, or is to stand: an item for each platform of each distribution that has it.

        `await` gives the first page, `async for` all of them.

        Args:
            track: or its id.
            limit: items on a page, 1–100.
            options: for each page.

        Raises:
            NotFoundError: no such track, or not yours.
        """
        path = f"/tracks/{id_of(track)}/distributions"
        return self._page(path, TrackDistribution, query={"limit": limit}, options=options)
