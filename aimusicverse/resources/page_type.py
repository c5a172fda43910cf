"""Pages by what is on them."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import TypeAdapter

from aimusicverse.types.base import Page

T = TypeVar("T")
_KNOWN: dict[type[Any], TypeAdapter[Any]] = {}


def page_of(kind: type[T]) -> TypeAdapter[Page[T]]:
    """What reads a page of `kind`: made when the first is read, as pydantic builds a generic type at once."""
    known = _KNOWN.get(kind)
    if known is None:
        known = _KNOWN[kind] = TypeAdapter(Page[kind])  # type: ignore[valid-type]
    return known
