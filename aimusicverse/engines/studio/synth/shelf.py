"""Sounds that are kept while there is room for them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, Protocol, TypeVar


class Sized(Protocol):
    """What says how many bytes it has: a sound, or what stands for one."""

    @property
    def nbytes(self) -> int:
        """Bytes."""
        ...


K = TypeVar("K", bound=Hashable)
S = TypeVar("S", bound=Sized)


class Shelf(Generic[K, S]):
    """Sounds by key; those used longest ago go when there are more than `limit` bytes of them.

    What is made must depend on the key alone, so that forgetting changes nothing.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._sounds: OrderedDict[K, S] = OrderedDict()
        self._bytes = 0

    def clear(self) -> None:
        """Forget all."""
        self._sounds.clear()
        self._bytes = 0

    def get(self, key: K, make: Callable[[], S]) -> S:
        """The sound of that key, made now if it is not here."""
        found = self._sounds.get(key)
        if found is not None:
            self._sounds.move_to_end(key)
            return found
        made = make()
        self._sounds[key] = made
        self._bytes += made.nbytes
        while self._bytes > self._limit and len(self._sounds) > 1:
            self._bytes -= self._sounds.popitem(last=False)[1].nbytes
        return made
