# Generated from aimusicverse/resources/_async/track_stems.py by scripts/unasync.py: edit there.
"""Stems: the parts of a track one by one."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter

from aimusicverse.errors import APITimeoutError, JobFailedError
from aimusicverse.resources._sync.resource import Resource
from aimusicverse.resources.naming import id_of
from aimusicverse.resources.patience import Patience
from aimusicverse.resources.stem_choice import chosen, is_there, name_of
from aimusicverse.transport.options import RequestOptions
from aimusicverse.transport.rate_limit import rate_limit_of
from aimusicverse.transport.request import Request
from aimusicverse.transport.seam_sync import sleep
from aimusicverse.types.stems import Stem, StemSet
from aimusicverse.types.track import Track

_STEMS = TypeAdapter(StemSet)


class TrackStems(Resource):
    """`stems`, `get_stems`, `stem_audio` and `download_stems`."""

    def stems(
        self,
        track: Track | str,
        *,
        wait: bool = True,
        timeout: float | None = None,
        progress: Callable[[StemSet], None] | None = None,
        options: RequestOptions | None = None,
    ) -> StemSet:
        """The parts of a track, which are made when they are first asked for, and then kept.

        Together they are the mix before mastering, louder by `gain_db`.

        Args:
            track: or its id.
            wait: until they are ready; else they are as they are now.
            timeout: seconds to wait; None waits for as long as it takes.
            progress: called with the stems whenever they have moved on. What it raises ends the wait.
            options: for each of the calls. Each costs one of the key's allowance.

        Raises:
            NotFoundError: no such track, or not yours.
            ConflictError: it cannot be played anew: it was uploaded, or another version made it.
            JobFailedError: they could not be made; `.object` has the stems' problem. Ask again to try again.
            APITimeoutError: they are not ready in the time allowed. The server goes on working.
        """
        name = id_of(track)
        patience = Patience(timeout, watched=progress is not None)
        current = self._send("POST", f"/tracks/{name}/stems", _STEMS, options=options)
        shown = None
        while wait:
            state = (current.status, current.stage, current.progress)
            if progress is not None and state != shown:
                progress(current)
                shown = state
            if current.is_final:
                return _ready(current)
            sleep(patience.breath())
            if patience.is_over:
                raise patience.exhausted(f"the set of stems of {name}", current)
            current = self._poll_stems(name, patience, options) or current
        return current

    def get_stems(
        self, track: Track | str, *, wait: int | None = None, options: RequestOptions | None = None
    ) -> StemSet:
        """The stems of a track as they are now. Nothing is made.

        Args:
            track: or its id.
            wait: seconds, 0–60: the answer comes when they are ready or failed, or the time is up.
            options: for this call only.

        Raises:
            NotFoundError: no such track, not yours, or nobody has asked for its stems.
        """
        path = f"/tracks/{id_of(track)}/stems"
        return self._send("GET", path, _STEMS, query={"wait": wait}, options=options, held=wait)

    def stem_audio(
        self,
        track: Track | str,
        stem: Stem | str,
        format: Literal["wav", "flac"] = "wav",
        *,
        options: RequestOptions | None = None,
    ) -> bytes:
        """The audio of a stem as bytes, all in memory.

        Args:
            track: or its id.
            stem: one of `stems`, or its name, like `01-drums`.
            format: `wav` or `flac`.
            options: for this call only. Without a timeout the whole file may take ten minutes.

        Raises:
            NotFoundError: no such track or stem.
            ConflictError: the stems are not ready.
            APIConnectionError: the file did not arrive whole.
        """
        return self._content(self._stem_request(track, stem, format, options), "audio", options)

    def download_stems(
        self,
        track: Track | str | StemSet,
        folder: str | os.PathLike[str],
        *,
        format: Literal["wav", "flac"] = "wav",
        only: str | Iterable[str] = (),
        timeout: float | None = None,
        progress: Callable[[Stem, int, int | None], None] | None = None,
        options: RequestOptions | None = None,
    ) -> list[Path]:
        """Fetch the stems of a track into a folder, as `01-drums.wav` and so on.

        A file appears when it is whole. WAV files that are there already, and right, are not fetched again.

        Args:
            track: or its id, whose stems are asked for and waited for; or its stems.
            folder: is made when it is not there.
            format: `wav` or `flac`.
            only: names, instruments or roles of those that are wanted, like `drums`; left out, all of them.
            timeout: seconds to wait for the stems; None waits for as long as it takes.
            progress: called with the stem, the bytes of it that are there, and their number in the end (None:
                unknown). What it raises ends the download.
            options: for each of the calls. Without a timeout each file may take ten minutes.

        Returns:
            The files, in the order of the stems.

        Raises:
            ConfigurationError: `only` names what the track does not have.
            NotFoundError: no such track, or not yours.
            ConflictError: it cannot be played anew.
            JobFailedError: the stems could not be made.
            APITimeoutError: they are not ready in the time allowed.
            APIConnectionError: a file did not arrive whole.
            OSError: the folder cannot be written.
        """
        if isinstance(track, StemSet):
            stems = _ready(track)
        else:
            stems = self.stems(track, timeout=timeout, options=options)
        place = Path(folder)
        place.mkdir(parents=True, exist_ok=True)
        files = []
        for stem in chosen(stems, only):
            path = place / f"{name_of(stem)}.{format}"
            told = None if progress is None else _about(stem, progress)
            if format != "wav" or not is_there(path, stem):
                call = self._stem_request(stems.track_id, stem, format, options)
                self._download(call, path, "audio", told, options)
            elif told is not None:
                told(stem.size_bytes, stem.size_bytes)
            files.append(path)
        return files

    def _poll_stems(self, track: str, patience: Patience, options: RequestOptions | None) -> StemSet | None:
        """How they are after a while; None when the time of the wait ended before the answer came."""
        held = patience.next_poll(rate_limit_of(self._engine.last_headers))
        within = patience.options(options, self._engine.settings.timeout + held)
        try:
            return self.get_stems(track, wait=held, options=within)
        except APITimeoutError:
            if not patience.is_over:
                raise
        return None

    def _stem_request(
        self, track: Track | str, stem: Stem | str, format: str, options: RequestOptions | None
    ) -> Request:
        return self._request(
            "GET",
            f"/tracks/{id_of(track)}/stems/{name_of(stem)}/audio",
            query={"format": format},
            options=options,
            accept="audio/*, application/json",
            compressible=False,
        )


def _ready(stems: StemSet) -> StemSet:
    if stems.status == "ready":
        return stems
    problem = stems.problem
    reason = f": {problem.detail or problem.title}" if problem else ""
    raise JobFailedError(f"the stems of {stems.track_id} are {stems.status}{reason}", object=stems)


def _about(
    stem: Stem, progress: Callable[[Stem, int, int | None], None]
) -> Callable[[int, int | None], None]:
    return lambda done, size: progress(stem, done, size)
