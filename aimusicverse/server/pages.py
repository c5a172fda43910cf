"""Lists: `limit` and `cursor` in, a page out."""

from __future__ import annotations

from typing import Annotated, TypeVar

from fastapi import Query

from aimusicverse.server.call import CallContext
from aimusicverse.types import Object, Page

O = TypeVar("O", bound=Object)  # noqa: E741 - an object with an id

Limit = Annotated[int, Query(ge=1, le=100, description="How many at most.")]
Cursor = Annotated[str | None, Query(max_length=500, description="`next_cursor` of the page before.")]


def opened(call: CallContext, list_name: str, filters: dict[str, object], cursor: str | None) -> str | None:
    """The id after which the page begins."""
    if cursor is None:
        return None
    return call.services.cursors.open(call.owner.id, list_name, filters, cursor)


def page(
    call: CallContext, list_name: str, filters: dict[str, object], found: list[O], limit: int
) -> Page[O]:
    """A page of `found`, which holds one more than `limit` when there is a next page."""
    if len(found) <= limit:
        return Page(data=found)
    shown = found[:limit]
    return Page(
        data=shown, next_cursor=call.services.cursors.issue(call.owner.id, list_name, filters, shown[-1].id)
    )
