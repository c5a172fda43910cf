"""Notes and chord charts, written down again from the plan: milliseconds of Python, beside the event loop."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from aimusicverse.server.track_outputs.service import Composition
from aimusicverse.types import Structure


class Composing:
    """Asks engines on a thread of its own: ten minutes of techno take a fifth of a second."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="amv-composer")

    def close(self) -> None:
        """Finish what is being written."""
        self._thread.shutdown(wait=True)

    async def midi(self, of: Composition, *, title: str, humanised: bool) -> bytes:
        """The notes as a Standard MIDI File."""
        write = partial(of.engine.midi, of.plan, title=title, humanised=humanised)
        return await asyncio.get_running_loop().run_in_executor(self._thread, write)

    async def structure(self, of: Composition) -> Structure:
        """The chart. Another version of the engine has the same form, but perhaps other chords: none then."""
        write = partial(of.engine.structure, of.plan)
        found = await asyncio.get_running_loop().run_in_executor(self._thread, write)
        return found if of.same_version else found.model_copy(update={"chords": []})
