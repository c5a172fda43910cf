"""Masters in other forms, made when first asked for and then kept."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import json
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Final, Literal, NamedTuple

from aimusicverse.audio import tags
from aimusicverse.audio.tags import Tags
from aimusicverse.server.problems import Refusal
from aimusicverse.server.single_flight import SingleFlight
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.blobs import BlobLost, Blobs, Content
from aimusicverse.server.tracks import file_tags, queries
from aimusicverse.types import Track
from aimusicverse.types.track import AudioFormat

log: Final = logging.getLogger("aimusicverse.server.tracks")


#: Whoever has a key may see the prompt; whoever has a link need not.
Audience = Literal["maker", "anybody"]


class Master(NamedTuple):
    """A WAV file as an engine made it, or somebody brought it, and what a file of it would say now."""

    sha256: str
    bit_depth: int
    said: Tags


class _Form(NamedTuple):
    """What is asked for: a master in a format and depth (0: it has none), for whom, and what it is to say."""

    master: str
    format: AudioFormat
    depth: int
    audience: Audience
    tags: Tags

    @property
    def digest(self) -> str:
        """Of the tags."""
        return hashlib.sha256(json.dumps(self.tags.as_texts()).encode()).hexdigest()


class Encodings:
    """Finds or makes the file for a form of a track.

    libsndfile works without the interpreter's lock, so threads serve; two, because a machine that
    encodes should still answer.
    """

    def __init__(self, store: Store, blobs: Blobs) -> None:
        self._store = store
        self._blobs = blobs
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="amv-encoder")
        self._at_once = SingleFlight[_Form, Content]()

    def close(self) -> None:
        """Finish what is being encoded."""
        self._threads.shutdown(wait=True)

    async def find(
        self,
        track: Track,
        format: AudioFormat,
        bit_depth: int | None,
        audience: Audience = "maker",
    ) -> Content:
        """The blob that holds a form of the track, with what it is called now; see `of_master`."""
        audio, said = track.audio, file_tags.of_track(track)
        return await self.of_master(Master(audio.sha256, audio.bit_depth, said), format, bit_depth, audience)

    async def of_master(
        self, master: Master, format: AudioFormat, bit_depth: int | None, audience: Audience = "maker"
    ) -> Content:
        """The blob that holds a form of a master. `bit_depth` defaults to the master's.

        A master is given as it is: what it says of itself is what it said when it was made. All other files
        say what it would say now. Files for anybody do not say how to make it again, so a master that does is
        copied for them.

        Raises:
            Refusal: `audio_lost`: the master is no longer there, or damaged; `storage_full`.
            StoreError: the database or the blobs do not answer.
        """
        depth = 0 if format == "mp3" else bit_depth or master.bit_depth
        said = master.said
        if audience == "anybody" and await self._tells_how(master):
            form = _Form(master.sha256, format, depth, "anybody", replace(said, provenance=None))
        else:
            form = _Form(master.sha256, format, depth, "maker", said)
        is_like_master = format == "wav" and depth == master.bit_depth
        if is_like_master and form.audience == "maker":
            return await self._existing(master.sha256)
        # The look into the table too: who looked before it was made would make it again.
        return await self._at_once.do(form, lambda: self._found(form, is_like_master))

    async def _tells_how(self, master: Master) -> bool:
        """Whether the master says how to make it again.

        What somebody brought may have been made here, or by another such server: that is looked up in the
        file. One that does not say it is noted as its own copy for anybody, so it is looked into once.
        """
        if master.said.provenance is not None:
            return True
        form = (master.sha256, "wav", master.bit_depth, "anybody")
        known = await self._store.read(queries.find_encoding, *form)
        if known is not None:
            return known.sha256 != master.sha256
        there = await self._existing(master.sha256)
        if await asyncio.get_running_loop().run_in_executor(self._threads, self._looked_up, there.sha256):
            return True
        await self._store.write(queries.insert_encoding, *form, sha256=there.sha256, size=there.size, tags="")
        return False

    def _looked_up(self, sha256: str) -> bool:
        from aimusicverse.audio.errors import AudioError

        try:
            with self._blobs.local(sha256) as source:
                return tags.read(source).provenance is not None
        except (BlobLost, AudioError) as error:
            log.error("a master is lost", extra={"master": sha256, "error": str(error)})
            raise Refusal("audio_lost") from None

    async def _found(self, form: _Form, is_like_master: bool) -> Content:
        known = await self._store.read(queries.find_encoding, *form[:4])
        size = None if known is None else await self._blobs.size(known.sha256)
        if known is not None and size is not None and known.tags == form.digest:
            return Content(known.sha256, size)
        await self._existing(form.master)
        like = form.master if is_like_master else None if known is None or size is None else known.sha256
        made = await asyncio.get_running_loop().run_in_executor(self._threads, self._encode, form, like)
        await self._store.write(
            queries.insert_encoding, *form[:4], sha256=made.sha256, size=made.size, tags=form.digest
        )
        return made

    async def _existing(self, sha256: str) -> Content:
        size = await self._blobs.size(sha256)
        if size is None:
            raise Refusal("audio_lost")
        return Content(sha256, size)

    def _encode(self, form: _Form, like: str | None) -> Content:
        """A new file; made of `like`, if there is one, which only says something else: that is quick."""
        from aimusicverse.audio.errors import AudioError

        try:
            if like is not None:
                try:
                    return self._written(like, form, _retagged)
                except (BlobLost, AudioError) as error:
                    log.warning("an encoding is made again", extra={"blob": like, "error": str(error)})
            return self._written(form.master, form, _encoded)
        except BlobLost as error:
            log.error("a master is lost", extra={"master": form.master, "error": str(error)})
            raise Refusal("audio_lost") from None
        except AudioError as error:
            about = {"master": form.master, "format": form.format, "error": str(error)}
            log.error("encoding failed", extra=about)
            raise Refusal("storage_full" if error.code == "disk_full" else "audio_lost") from None
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            raise Refusal("storage_full") from None

    def _written(self, origin: str, form: _Form, write: Callable[[Path, Path, _Form], None]) -> Content:
        with self._blobs.local(origin) as source, self._blobs.workspace() as workspace:
            target = workspace / f"audio.{form.format}"
            write(source, target, form)
            return self._blobs.keep(target)


def _encoded(source: Path, target: Path, form: _Form) -> None:
    from aimusicverse.audio import files  # numpy: only a server that encodes pays for it

    files.convert(source, target, form.format, form.depth or None, _tags(source, form))


def _retagged(source: Path, target: Path, form: _Form) -> None:
    tags.write(source, target, _tags(source, form))


def _tags(source: Path, form: _Form) -> Tags:
    """Of what somebody brought the server knows but the names: whatever else the file says stays, but what is
    not for everybody."""
    said = form.tags
    if said.provenance is not None:
        return said
    both = Tags.of({**tags.read(source).as_texts(), **said.as_texts()})
    named = replace(both, title=said.title, artist=said.artist, genre=said.genre)
    return replace(named, provenance=None) if form.audience == "anybody" else named
