"""What a store answered, in its words and ours."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final

from aimusicverse.platforms.base import DeliveryError, StoreProblem
from aimusicverse.platforms.store_problems import general
from aimusicverse.secret import MASK

_LONGEST_WORDS: Final = 300
_LONGEST_WAIT: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a store answered. Printing it shows no more than its status.

    Args:
        status: of HTTP.
        headers: by name, in any case.
        content: as it came.
        hidden: secrets that were sent, lest its words repeat one.
    """

    status: int
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)
    hidden: tuple[str, ...] = field(default=(), repr=False)

    @property
    def is_json(self) -> bool:
        """Whether it is an object."""
        try:
            return isinstance(json.loads(self.content), dict)
        except (ValueError, RecursionError):
            return False

    def json(self, store: str) -> dict[str, Any]:
        """Its object.

        Raises:
            DeliveryError: `transient`: it is none.
        """
        try:
            value = json.loads(self.content)
        except (ValueError, RecursionError):
            value = None
        if not isinstance(value, dict):
            raise DeliveryError(store_incomprehensible(store, self))
        return value

    def words(self) -> str:
        """What it says to people: of one line, short, and without a secret."""
        try:
            said = next(_texts(json.loads(self.content)), "")
        except (ValueError, RecursionError):
            return ""
        for secret in self.hidden:
            said = said.replace(secret, MASK)
        return _plain(said)


def store_incomprehensible(store: str, answer: Answer | None = None) -> StoreProblem:
    """It answered, and not as its documentation says."""
    what = f"{store} answered {answer.status}, which" if answer else f"{store}'s answer"
    return general("store_incomprehensible", f"{what} is not as its documentation says.")


def _texts(said: Any) -> Iterator[str]:
    """SoundCloud: `message`, `errors[].error_message`; Google: `error.message`; OAuth: its description."""
    if not isinstance(said, dict):
        return
    for key in ("error_description", "message", "error_message"):
        if isinstance(said.get(key), str) and said[key].strip():
            yield said[key]
    if isinstance(said.get("errors"), list):
        for one in said["errors"][:1]:
            yield from _texts(one)
    if isinstance(said.get("error"), dict):
        yield from _texts(said["error"])
    elif isinstance(said.get("error"), str):
        yield said["error"]


def _plain(text: str) -> str:
    line = " ".join(re.sub(r"[^\S ]|[\x00-\x1f\x7f-\x9f]", " ", text[: 4 * _LONGEST_WORDS]).split())
    return line if len(line) <= _LONGEST_WORDS else f"{line[: _LONGEST_WORDS - 1]}…"


def retry_after(answer: Answer) -> timedelta | None:
    """For how long a store asks to be left alone, by RFC 9110 §10.2.3: seconds, or a date."""
    value = answer.headers.get("Retry-After", "").strip()
    if re.fullmatch(r"[0-9]{1,9}", value):
        return min(timedelta(seconds=int(value)), _LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(timedelta(), min(until - datetime.now(UTC), _LONGEST_WAIT))
