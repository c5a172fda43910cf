"""What is found by listening to a master: its outline, and the structure of one that nobody planned.

Each is found once and kept beside the master's other forms, in their table.
"""

from __future__ import annotations

import asyncio
import errno
import hashlib
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from aimusicverse.server.problems import Refusal
from aimusicverse.server.single_flight import SingleFlight
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.blobs import BlobLost, Blobs, Content
from aimusicverse.server.tracks import queries
from aimusicverse.types import Structure, Track, Waveform

log: Final = logging.getLogger("aimusicverse.server.track_outputs")

#: What is kept, by the name that it has in the table; a number that rises when it is found otherwise.
_OUTLINE, _STRUCTURE = "outline", "structure"
_ANYBODY, _SAYS_NOTHING = "anybody", ""  # it has no tags
_FOUND_HOW: Final = {_OUTLINE: 1, _STRUCTURE: 1}


class Hearing:
    """Listens on one of two threads: a machine that listens should still answer."""

    def __init__(self, store: Store, blobs: Blobs) -> None:
        self._store = store
        self._blobs = blobs
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="amv-listener")
        self._at_once = SingleFlight[tuple[str, str], bytes]()

    def close(self) -> None:
        """Finish what is being listened to."""
        self._threads.shutdown(wait=True)

    async def waveform(self, track: Track, points: int) -> Waveform:
        """The outline of a track in at most `points` points.

        Raises:
            Refusal: `audio_lost`, `storage_full`.
            StoreError: the database or the blobs do not answer.
        """
        data = await self._found(track.audio.sha256, _OUTLINE)
        return await asyncio.get_running_loop().run_in_executor(self._threads, _drawn, data, points)

    async def structure(self, track: Track) -> Structure:
        """What is heard of a track's structure.

        Raises:
            Refusal: `structure_unavailable`: nothing is heard; `audio_lost`, `storage_full`.
            StoreError: the database or the blobs do not answer.
        """
        found = Structure.model_validate_json(await self._found(track.audio.sha256, _STRUCTURE))
        if not found.sections:
            raise Refusal("structure_unavailable", "No plan is on record, and nothing is heard in it.")
        return found

    async def _found(self, master: str, what: str) -> bytes:
        # The look into the table too: who looked before it was found would find it again.
        return await self._at_once.do((master, what), lambda: self._known_or_heard(master, what))

    async def _read(self, content: Content) -> bytes | None:
        """What is kept; `None`, and a line in the log: it is lost, or damaged."""
        try:
            data = b"".join([piece async for piece in self._blobs.read(content.sha256, 0, content.size)])
        except BlobLost as error:
            log.error("what was found is lost", extra={"blob": content.sha256, "error": str(error)})
            return None
        if hashlib.sha256(data).hexdigest() != content.sha256:
            log.error("what was found is damaged", extra={"blob": content.sha256})
            return None
        return data

    async def _known_or_heard(self, master: str, what: str) -> bytes:
        form = (master, what, _FOUND_HOW[what], _ANYBODY)
        known = await self._store.read(queries.find_encoding, *form)
        size = None if known is None else await self._blobs.size(known.sha256)
        if known is not None and size is not None:
            kept = await self._read(Content(known.sha256, size))
            if kept is not None:
                return kept
        heard = await asyncio.get_running_loop().run_in_executor(self._threads, self._listen, master, what)
        await self._store.write(
            queries.insert_encoding, *form, sha256=heard.sha256, size=heard.size, tags=_SAYS_NOTHING
        )
        found = await self._read(heard)
        if found is None:
            raise Refusal("audio_lost")
        return found

    def _listen(self, master: str, what: str) -> Content:
        from aimusicverse.audio.errors import AudioError

        find: Callable[[Path], bytes] = _outline if what == _OUTLINE else _structure
        try:
            with self._blobs.local(master) as source, self._blobs.workspace() as workspace:
                target = workspace / what
                target.write_bytes(find(source))
                return self._blobs.keep(target)
        except (BlobLost, AudioError) as error:
            log.error("a master cannot be heard", extra={"master": master, "error": str(error)})
            raise Refusal("audio_lost") from None
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            raise Refusal("storage_full") from None


def _outline(master: Path) -> bytes:
    from aimusicverse.audio import waveform  # numpy: only a server that listens pays for it

    return waveform.dumps(waveform.outline(master))


def _structure(master: Path) -> bytes:
    from aimusicverse.audio.hearing import heard_structure

    return heard_structure(master).model_dump_json().encode()


def _drawn(data: bytes, points: int) -> Waveform:
    from aimusicverse.audio import waveform

    found = waveform.loads(data).with_at_most(points)
    return Waveform(
        sample_rate=found.sample_rate,
        samples_per_pixel=found.samples_per_point,
        length=len(found.extremes),
        data=found.extremes.ravel().tolist(),
    )
