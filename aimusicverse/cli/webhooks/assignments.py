"""`--set data.status=failed`: fields of a sample, and what to put there."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from aimusicverse.cli.errors import UsageProblem

_ROOT = "data"


def read(texts: Iterable[str]) -> dict[str, Any]:
    """What `data` is to have. Values are JSON where they are, else text: `80`, `true`, `"80"`, `failed`.

    Raises:
        UsageProblem: a path that cannot be one, or two that contradict each other.
    """
    found: dict[str, Any] = {}
    for text in texts:
        path, equals, value = text.partition("=")
        root, *names = (name.strip() for name in path.split("."))
        if not equals or root != _ROOT or not names or not all(names):
            raise UsageProblem(
                f"--set: {text[:60]!r} sets nothing",
                hint="Write --set data.FIELD=VALUE, as in data.status=failed.",
            )
        if any(name.isdigit() for name in names):
            raise UsageProblem(
                f"--set: {path} is within a list, which is set as a whole",
                hint='Such as: --set \'data.tags=["lofi", "rain"]\'',
            )
        *above, last = names
        place = found
        for name in above:
            place = place.setdefault(name, {})
            if not isinstance(place, dict):
                raise _twice(path)
        if last in place:
            raise _twice(path)
        place[last] = _value(value)
    return found


def _value(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_no_json)
    except (ValueError, RecursionError):
        return text


def _no_json(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def _twice(path: str) -> UsageProblem:
    return UsageProblem(f"--set: {path} is set twice")
