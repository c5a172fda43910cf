"""Lists: `limit` and `cursor` in, a page out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, TypeVar

from fastapi import Query

from aimusicverse.server.call import CallContext
from aimusicverse.types import Answer, Object, Page

A = TypeVar("A", bound=Answer)
O = TypeVar("O", bound=Object)  # noqa: E741 - an object with an id

Limit = Annotated[int, Query(ge=1, le=100, description="How many at most.")]
Cursor = Annotated[str | None, Query(max_length=500, description="`next_cursor` of the page before.")]


def opened(call: CallContext, list_name: str, filters: dict[str, object], cursor: str | None) -> str | None:
    """The id, or the mark, after which the page begins."""
    if cursor is None:
        return None
    return call.services.cursors.open(call.owner.id, list_name, filters, cursor)


def page(
    call: CallContext, list_name: str, filters: dict[str, object], found: list[O], limit: int
) -> Page[O]:
    """A page of `found`, which holds one more than `limit` when there is a next page."""
    return marked_page(call, list_name, filters, found, [item.id for item in found], limit)


def marked_page(
    call: CallContext,
    list_name: str,
    filters: dict[str, object],
    found: list[A],
    marks: Sequence[str],
    limit: int,
) -> Page[A]:
    """`page` of a list in which not its id says where an item stands: `marks` do, one for each."""
    if len(found) <= limit:
        return Page(data=found)
    cursor = call.services.cursors.issue(call.owner.id, list_name, filters, marks[limit - 1])
    return Page(data=found[:limit], next_cursor=cursor)


def cursor_to(call: CallContext, list_name: str, filters: dict[str, object], last: str | None) -> str | None:
    """The cursor of the next page, if there is one: `last` says where the last item of this one is."""
    if last is None:
        return None
    return call.services.cursors.issue(call.owner.id, list_name, filters, last)
