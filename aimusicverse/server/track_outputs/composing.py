"""Notes and chord charts, written down again from the plan: milliseconds of Python, beside the event loop."""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final, TypeVar

from aimusicverse.server.track_outputs.service import Composition
from aimusicverse.types import Structure

Written = TypeVar("Written", bytes, Structure)

#: What was written last; a file has up to a megabyte, most have some kilobytes.
_MOST_KNOWN: Final = 32


class Composing:
    """Asks engines on a thread of its own: ten minutes of techno take a fifth of a second, and what went on
    sixteen times takes seconds. So what was written is known for a while: whoever asks again and again for
    such a piece keeps nobody waiting."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="amv-composer")
        self._known: OrderedDict[Hashable, bytes | Structure] = OrderedDict()  # only that thread looks at it

    def close(self) -> None:
        """Finish what is being written."""
        self._thread.shutdown(wait=True)

    async def midi(self, of: Composition, *, title: str, humanised: bool) -> bytes:
        """The notes as a Standard MIDI File."""
        write = partial(of.engine.midi, of.plan, title=title, humanised=humanised)
        return await self._written(("midi", title, humanised), of, write)

    async def structure(self, of: Composition) -> Structure:
        """The chart. Another version of the engine has the same form, but perhaps other chords: none then."""
        found = await self._written(("structure",), of, partial(of.engine.structure, of.plan))
        return found if of.same_version else found.model_copy(update={"chords": []})

    async def _written(self, what: Hashable, of: Composition, write: Callable[[], Written]) -> Written:
        plan = of.plan.model_dump_json().encode()
        key = (what, of.engine.capabilities().version, hashlib.sha256(plan).digest())
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._known_or, key, write)

    def _known_or(self, key: Hashable, write: Callable[[], Written]) -> Written:
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = write()
            if len(self._known) > _MOST_KNOWN:
                self._known.popitem(last=False)
        self._known.move_to_end(key)
        return found  # type: ignore[return-value]  # the key says which of the two it is
