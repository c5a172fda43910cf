"""Connections shared out fairly between processes that accept from one socket.

Whoever is awake accepts, so that a burst of connections, which then stay open, would all end up in one
process. Each process therefore writes down how many it has, where all can see it; one that has more than
another waits for a moment after it has taken a connection, and the others take the next.
"""

from __future__ import annotations

import mmap
import os
import struct
import tempfile
import time
from typing import IO, Any

#: For each connection that another one has less, up to a bound: long enough for it to wake up, short enough
#: for requests that wait meanwhile.
_YIELD_SECONDS, _LONGEST_YIELD_SECONDS = 0.001, 0.005
#: What one that cannot take any has.
_AWAY = 0xFFFFFFFF
_COUNT = struct.Struct("=I")


class Shares:
    """How many connections each of some processes has; one memory, seen by all of them."""

    def __init__(self, descriptor: int, mine: int) -> None:
        """See the memory of `shared_memory`.

        Args:
            descriptor: of that file.
            mine: which one this process is, from 0.
        """
        self._memory = mmap.mmap(descriptor, 0)
        self._mine = mine
        self._all = range(len(self._memory) // _COUNT.size)
        # Connections come before one says that one is there, and end after one has said that one is not.
        self._connections = 0
        self._is_here = False
        self._write_down()

    def come(self) -> None:
        """From now on this process takes connections."""
        self._is_here = True
        self._write_down()

    def leave(self) -> None:
        """It takes none any more."""
        self._is_here = False
        self._write_down()

    def add(self, connections: int) -> None:
        """So many more, or less."""
        self._connections = max(0, self._connections + connections)
        self._write_down()

    @property
    def lead(self) -> int:
        """How many connections more this process has than the one that has the fewest."""
        return self._connections - min(self._connections, *map(self._of, self._all))

    def _of(self, one: int) -> int:
        found: int = _COUNT.unpack_from(self._memory, one * _COUNT.size)[0]
        return found

    def _write_down(self) -> None:
        count = self._connections if self._is_here else _AWAY
        _COUNT.pack_into(self._memory, self._mine * _COUNT.size, count)


def shared_memory(processes: int) -> IO[bytes]:
    """A file without a name, to be handed down: nobody is there yet."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the processes
    file.write(_COUNT.pack(_AWAY) * processes)
    file.flush()
    os.set_inheritable(file.fileno(), False)
    return file


def fair_protocol(base: type[Any], shares: Shares) -> type[Any]:
    """That protocol, which counts its connections and leaves some to others."""

    class FairProtocol(base):  # type: ignore[misc]
        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            shares.add(1)
            lead = shares.lead
            if lead > 1:  # the whole process waits: its event loop would take the next one too
                time.sleep(min(lead * _YIELD_SECONDS, _LONGEST_YIELD_SECONDS))

        def connection_lost(self, exc: Exception | None) -> None:
            shares.add(-1)
            super().connection_lost(exc)

    return FairProtocol
