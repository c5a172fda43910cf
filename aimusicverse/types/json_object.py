"""JSON of the caller's own, which is kept and passed on: what every reader of JSON can read."""

from __future__ import annotations

import math
from typing import Annotated, Any, Final

from pydantic import AfterValidator

#: Readers give up somewhere, PostgreSQL and pydantic among them.
DEEPEST: Final = 50


def _readable(value: dict[str, Any]) -> dict[str, Any]:
    """Raise ValueError for what Python takes for JSON and others do not (RFC 8259, sections 6, 8.2 and 9)."""
    left: list[tuple[Any, int]] = [(value, 1)]
    while left:
        found, depth = left.pop()
        if isinstance(found, str):
            if any("\ud800" <= char <= "\udfff" for char in found):
                raise ValueError("a text in it has half of a surrogate pair")
        elif isinstance(found, float):
            if not math.isfinite(found):
                raise ValueError("a number in it is infinite, or none")
        elif isinstance(found, dict | list):
            if depth > DEEPEST:
                raise ValueError(f"it is nested more than {DEEPEST} deep")
            within = [*found, *found.values()] if isinstance(found, dict) else found
            left.extend((one, depth + 1) for one in within)
    return value


JsonObject = Annotated[dict[str, Any], AfterValidator(_readable)]
