"""The audio of a track: as bytes, as a file, as a link that plays."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urljoin

from pydantic import TypeAdapter

from aimusicverse.resources._async.resource import AsyncResource
from aimusicverse.resources.audio_format import format_for
from aimusicverse.resources.naming import id_of
from aimusicverse.resources.sink import Writable
from aimusicverse.transport.options import RequestOptions
from aimusicverse.transport.request import Request
from aimusicverse.types.track import PlayUrl, Track

_PLAY_URL = TypeAdapter(PlayUrl)


class AsyncTrackAudio(AsyncResource):
    """`audio`, `download` and `play_url`."""

    async def audio(
        self,
        track: Track | str,
        format: str = "wav",
        *,
        bit_depth: int | None = None,
        options: RequestOptions | None = None,
    ) -> bytes:
        """The audio file as bytes, all in memory.

        Args:
            track: or its id.
            format: `wav`, `flac` or `mp3`.
            bit_depth: of each sample, for WAV and FLAC; None is that of the master.
            options: for this call only. Without a timeout the whole file may take ten minutes.

        Raises:
            NotFoundError: no such track, or not yours.
            APIConnectionError: the file did not arrive whole.
        """
        call = self._audio_request(track, format, bit_depth, options)
        return await self._content(call, "audio", options)

    async def download(
        self,
        track: Track | str,
        to: str | os.PathLike[str] | Writable,
        *,
        format: str | None = None,
        bit_depth: int | None = None,
        progress: Callable[[int, int | None], None] | None = None,
        options: RequestOptions | None = None,
    ) -> Path | None:
        """Fetch the audio file, a piece at a time. After a cut it goes on from where it was.

        A path appears when its file is whole; until then, and after any error, what was there stays.

        Args:
            track: or its id.
            to: a path, or a file object opened for bytes, which is left open.
            format: `wav`, `flac` or `mp3`; None goes by the path's suffix, and is WAV for a file object.
            bit_depth: of each sample, for WAV and FLAC; None is that of the master.
            progress: called with the bytes that are there and their number in the end (None: unknown).
                After a cut they go on from where they were, or begin at 0 again if the file is another one
                by then. What it raises ends the download.
            options: for this call only. Without a timeout the whole file may take ten minutes.

        Returns:
            The path; None for a file object.

        Raises:
            ConfigurationError: a suffix that is none of .wav, .flac and .mp3, and no format.
            NotFoundError: no such track, or not yours.
            APIConnectionError: the file did not arrive whole.
            OSError: the path cannot be written.
        """
        path = Path(to) if isinstance(to, str | os.PathLike) else None
        call = self._audio_request(track, format_for(path, format), bit_depth, options)
        return await self._download(call, to, "audio", progress, options)

    async def play_url(
        self,
        track: Track | str,
        *,
        format: str = "mp3",
        expires_in_seconds: int = 3600,
        options: RequestOptions | None = None,
    ) -> PlayUrl:
        """A link that plays without a key until it expires; whoever has it can listen. `url` is absolute.

        Args:
            track: or its id.
            format: `wav`, `flac` or `mp3`.
            expires_in_seconds: up to 604,800 (seven days).
            options: for this call only.

        Raises:
            NotFoundError: no such track, or not yours.
        """
        body = {"format": format, "expires_in_seconds": expires_in_seconds}
        path = f"/tracks/{id_of(track)}/play-url"
        link = await self._send("POST", path, _PLAY_URL, body=body, options=options)
        return link.model_copy(update={"url": urljoin(f"{self._engine.endpoint.url}/", link.url)})

    def _audio_request(
        self,
        track: Track | str,
        format: str,
        bit_depth: int | None,
        options: RequestOptions | None,
    ) -> Request:
        return self._request(
            "GET",
            f"/tracks/{id_of(track)}/audio",
            query={"format": format, "bit_depth": bit_depth},
            options=options,
            accept="audio/*, application/json",
            compressible=False,
        )
