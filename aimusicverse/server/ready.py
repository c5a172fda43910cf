"""Answers whose JSON was written before: writing it anew costs more than finding out that nothing changed."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Final, NamedTuple

from pydantic_core import to_json


class Ready(NamedTuple):
    """The JSON of an answer, the same to the byte as its model's."""

    body: bytes
    #: Of what can be edited.
    etag: str | None = None


class ReadyAnswers:
    """Answers by what they show, as long as the database says that it is as it was.

    Only what a committed read has found belongs here.
    """

    #: How many are kept; some megabytes.
    MOST: Final = 1_000

    def __init__(self) -> None:
        self._known: dict[str, tuple[Hashable, Ready]] = {}

    def has(self, identifier: str) -> bool:
        """Whether there is an answer that may still be right."""
        return identifier in self._known

    def get(self, identifier: str, stamp: Hashable) -> Ready | None:
        """The answer, if it was made at that `stamp`."""
        known = self._known.get(identifier)
        return known[1] if known is not None and known[0] == stamp else None

    def keep(self, identifier: str, stamp: Hashable, answer: Ready) -> Ready:
        """Know an answer from now on."""
        if len(self._known) >= self.MOST:
            self._known.clear()
        self._known[identifier] = (stamp, answer)
        return answer


def page_of(items: Iterable[bytes], next_cursor: str | None) -> Ready:
    """A page of things that are JSON already."""
    return Ready(b'{"data":[' + b",".join(items) + b'],"next_cursor":' + to_json(next_cursor) + b"}")
