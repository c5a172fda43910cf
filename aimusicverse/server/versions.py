"""Lost updates: what can be edited has an `ETag`, and an edit with a stale `If-Match` is refused."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Header, Request

from aimusicverse.server.problems import Refusal
from aimusicverse.server.scope_keys import EXTRA_HEADERS
from aimusicverse.server.store.tables import microseconds

#: The version that an edit is based on, or several (RFC 9110, section 13.1.1); the quotes may be missing.
IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", max_length=1_000, description="Edit only what still has this `ETag`."),
]


def etag_of(version: int, updated_at: datetime) -> str:
    """The tag of a version. With its time: after a restore from a backup numbers are given again."""
    return f"{version}-{microseconds(updated_at):x}"


def check(expected: str | None, etag: str) -> None:
    """See whether an edit is based on what is there now; `None` asks for nothing, `*` for existence.

    Raises:
        Refusal: `version_conflict`.
    """
    if expected is None or expected.strip() == "*":
        return
    # A weak tag (`W/"…"`) is none of ours and never equal; a comma is in none of ours.
    tags = {part.strip() for part in expected.split(",")}
    if tags.isdisjoint((etag, f'"{etag}"')):
        raise Refusal("version_conflict")


def announce(request: Request, etag: str) -> None:
    """Let the answer carry the tag."""
    header = (b"etag", f'"{etag}"'.encode())
    request.scope[EXTRA_HEADERS] = [*request.scope.get(EXTRA_HEADERS, ()), header]
