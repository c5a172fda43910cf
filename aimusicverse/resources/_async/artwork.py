"""`client.artwork`: pictures for releases."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from pydantic import TypeAdapter

from aimusicverse.errors import APITimeoutError, ConfigurationError, JobFailedError
from aimusicverse.resources._async.pager import AsyncPager
from aimusicverse.resources._async.resource import AsyncResource
from aimusicverse.resources.naming import id_of, version_of
from aimusicverse.resources.patience import Patience
from aimusicverse.transport.options import RequestOptions
from aimusicverse.transport.rate_limit import rate_limit_of
from aimusicverse.transport.seam_async import async_sleep
from aimusicverse.transport.source import FileSource
from aimusicverse.types.artwork import Artwork, ArtworkTemplate, ArtworkTemplateList
from aimusicverse.types.track import Track

_ARTWORK = TypeAdapter(Artwork)
_TEMPLATES = TypeAdapter(ArtworkTemplateList)

Templates = list[ArtworkTemplate]  # inside the class, `list` is the method


class AsyncArtworks(AsyncResource):
    """Pictures for releases: drawn by the server, or brought."""

    async def create(
        self,
        *,
        track: Track | str | None = None,
        title: str | None = None,
        artist: str | None = None,
        mood: str | None = None,
        key: str | None = None,
        style: str | None = None,
        template: ArtworkTemplate | str | None = None,
        seed: int | None = None,
        lettering: bool = False,
        generator: str | None = None,
        prompt: str | None = None,
        options: RequestOptions | None = None,
    ) -> Artwork:
        """Ask for a picture of 3000 × 3000 pixels. Answers at once; the work is still to be done: see `wait`.

        Args:
            track: or its id: title, artist, mood, key, genre, tempo and form come from it.
            title: of the release; without a track it is needed.
            artist: up to 200 characters.
            mood: a word or two, such as "calm".
            key: like "A minor".
            style: one of the server's; by mood and genre otherwise.
            template: from `templates`, or its id; instead of a style.
            seed: the same seed, wishes and version give the same file.
            lettering: write title and artist on it.
            generator: `stability` or `replicate`, where the server has an account there; with it neither
                style, template nor lettering.
            prompt: for the generator; made of title, mood and genre otherwise.
            options: for this call only.

        Raises:
            NotFoundError: no such track, or not yours.
            ConflictError: you have as many artworks as one may have.
            UnprocessableEntityError: the server does not accept a value; `problem.errors` says which.
        """
        name = template.id if isinstance(template, ArtworkTemplate) else template
        wishes: dict[str, Any] = {
            "track_id": None if track is None else id_of(track),
            "title": title,
            "artist": artist,
            "mood": mood,
            "key": key,
            "style": style,
            "template": name,
            "seed": seed,
            "generator": generator,
            "prompt": prompt,
        }
        body = {wish: value for wish, value in wishes.items() if value is not None}
        body["lettering"] = lettering
        return await self._send("POST", "/artwork", _ARTWORK, body=body, options=options)

    async def upload(
        self,
        image: str | os.PathLike[str] | bytes | IO[bytes],
        *,
        title: str | None = None,
        artist: str | None = None,
        track: Track | str | None = None,
        size: int | None = None,
        progress: Callable[[int, int], None] | None = None,
        options: RequestOptions | None = None,
    ) -> Artwork:
        """Bring a picture of your own: JPEG, PNG or WebP, up to 20 MiB.

        The server draws it anew, upright and in sRGB: what the file says of place, time and camera is not
        kept. A path or an object that can seek is sent again, from its beginning, when a try is lost.

        Args:
            image: a path, the file's bytes, or an object opened for bytes, which is left open; 64 to 10,000
                pixels on each side.
            title: of the release; a path's own name if it is left out.
            artist: up to 200 characters.
            track: a track of yours that it is for, or its id.
            size: bytes, for an object that cannot seek.
            progress: called with the bytes that were sent and their number in all. A further try begins at 0
                again. What it raises ends the upload.
            options: for this call only. Without a timeout it may take ten minutes.

        Raises:
            ConfigurationError: bytes or an object without a title; an object of unknown size.
            NotFoundError: no such track, or not yours.
            UnprocessableEntityError: no picture, damaged, cut, moving, of another kind or size.
            OSError: the path cannot be read.
        """
        if title is None:
            if not isinstance(image, str | os.PathLike):
                raise ConfigurationError("an upload that is no path needs a title: pass title=")
            title = Path(image).stem[:200]
        call = self._request(
            "POST",
            "/artwork/upload",
            query={
                "title": title,
                "artist": artist,
                "track_id": None if track is None else id_of(track),
            },
            source=FileSource(
                io.BytesIO(image) if isinstance(image, bytes) else image, size=size, progress=progress
            ),
            options=options,
        )
        limits = self._file_limits(options)
        return await self._engine.fetch(call, _ARTWORK, timeout=limits["timeout"], retries=limits["retries"])

    async def templates(self, *, options: RequestOptions | None = None) -> Templates:
        """Pictures that need no wishes beyond a title."""
        return (await self._send("GET", "/artwork/templates", _TEMPLATES, options=options)).data

    async def get(
        self, artwork: Artwork | str, *, wait: int | None = None, options: RequestOptions | None = None
    ) -> Artwork:
        """How it is now. With `wait` (seconds, 0–60) the answer comes when it is final or the time is up.

        Raises:
            NotFoundError: no such artwork, or not yours.
        """
        return await self._send(
            "GET", _path(artwork), _ARTWORK, query={"wait": wait}, options=options, held=wait
        )

    def list(
        self,
        *,
        track: Track | str | None = None,
        status: str | None = None,
        limit: int = 50,
        options: RequestOptions | None = None,
    ) -> AsyncPager[Artwork]:
        """Artworks, newest first. `await` gives the first page, `async for` all of them.

        Args:
            track: only what was made for it.
            status: only those in it: `queued`, `processing`, `completed` or `failed`.
            limit: items on a page, 1–100.
            options: for each page.
        """
        query = {"track_id": None if track is None else id_of(track), "status": status, "limit": limit}
        return self._page("/artwork", Artwork, query=query, options=options)

    async def image(
        self, artwork: Artwork | str, *, size: int | None = None, options: RequestOptions | None = None
    ) -> bytes:
        """The picture as bytes: a JPEG, PNG or WebP file, as `artwork.content_type` says; a smaller form is a
        JPEG.

        Args:
            artwork: or its id.
            size: pixels that the longest side is to have at least: the smallest form that has them is given.
            options: for this call only. Without a timeout the file may take ten minutes.

        Raises:
            NotFoundError: no such artwork, or not yours.
            ConflictError: it has no picture, or none yet (`artwork_not_ready`).
            APIConnectionError: the file did not arrive whole.
        """
        call = self._request(
            "GET",
            f"{_path(artwork)}/image",
            query={"size": size},
            options=options,
            accept="image/*, application/json",
            compressible=False,
        )
        return await self._content(call, "picture", options)

    async def delete(
        self,
        artwork: Artwork | str,
        *,
        if_match: Artwork | str | None = None,
        options: RequestOptions | None = None,
    ) -> None:
        """Delete an artwork, drawn or not. Tracks that have it have none then.

        Raises:
            NotFoundError: no such artwork, or not yours.
            PreconditionFailedError: it was changed since.
        """
        await self._discard(_path(artwork), if_match=version_of(if_match), options=options)

    async def wait(
        self,
        artwork: Artwork | str,
        *,
        timeout: float | None = None,
        progress: Callable[[Artwork], None] | None = None,
        options: RequestOptions | None = None,
    ) -> Artwork:
        """Wait until it has a picture, and return it as it is then.

        Args:
            artwork: from `create`, or its id.
            timeout: seconds; None waits for as long as it takes.
            progress: called with the artwork whenever its state has changed. What it raises ends the wait.
            options: for each of the calls.

        Raises:
            JobFailedError: there will be none; `.object` is the artwork, whose problem says what to do
                instead.
            APITimeoutError: it is not final in the time allowed. The server goes on working.
        """
        name = id_of(artwork)
        patience = Patience(timeout, watched=progress is not None)
        current = artwork if isinstance(artwork, Artwork) else None
        shown = None
        while True:
            if current is not None:
                if progress is not None and current.status != shown:
                    progress(current)
                    shown = current.status
                if current.is_final:
                    return _completed(current)
            await async_sleep(patience.breath())
            if patience.is_over:
                raise patience.exhausted(name, current)
            current = await self._poll(name, patience, options) or current

    async def _poll(self, name: str, patience: Patience, options: RequestOptions | None) -> Artwork | None:
        """How it is after a while; None when the time of the wait ended before the answer came."""
        held = patience.next_poll(rate_limit_of(self._engine.last_headers))
        within = patience.options(options, self._engine.settings.timeout + held)
        try:
            return await self.get(name, wait=held, options=within)
        except APITimeoutError:
            if not patience.is_over:
                raise
        return None


def _completed(artwork: Artwork) -> Artwork:
    if artwork.status == "completed":
        return artwork
    problem = artwork.problem
    reason = f": {problem.detail or problem.title}" if problem else ""
    raise JobFailedError(f"{artwork.id} {artwork.status}{reason}", object=artwork)


def _path(artwork: Artwork | str) -> str:
    return f"/artwork/{id_of(artwork)}"
