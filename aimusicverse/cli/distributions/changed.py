"""A release with some of its values changed: `tracks[0].isrc=USSKG2600001`, in the words of problems."""

from __future__ import annotations

import json
from collections.abc import Iterable
from copy import deepcopy
from typing import Any, Final

from aimusicverse.cli.errors import UsageProblem

#: Of a single these stand for the same of its one track, as in the short form.
_OF_THE_TRACK: Final = frozenset({"isrc", "iswc", "lyrics"})


def changed(metadata: dict[str, Any], settings: Iterable[str]) -> dict[str, Any]:
    """The release with these values.

    Args:
        metadata: in its long form; it stays as it is.
        settings: field, `=`, value. A value that is no text is JSON; nothing behind `=` is: none.

    Raises:
        UsageProblem: there is no such field, or it is said in no such way.
    """
    release = deepcopy(metadata)
    for setting in settings:
        field, equals, text = setting.partition("=")
        if not equals or not field.strip():
            raise UsageProblem(
                f"--set: {setting!r:.80} sets nothing", hint="Such as: --set 'tracks[0].isrc=USSKG2600001'"
            )
        _put(release, field.strip(), text)
    return release


def _put(release: dict[str, Any], field: str, text: str) -> None:
    from aimusicverse.release.toml_places import parsed

    path = parsed(field)
    if len(path) == 1 and path[0] in _OF_THE_TRACK:
        if len(release.get("tracks", ())) != 1:
            raise UsageProblem(
                f"--set: {field} of which track?", hint=f"The first is tracks[0]: 'tracks[0].{field}=…'"
            )
        path = ("tracks", 0, *path)
    around: Any = release
    for step in path[:-1]:
        around = _below(around, step, field)
    last = path[-1] if path else ""
    before = _below(around, last, field, may_be_missing=True)
    value = _value(text, before, field)
    if isinstance(last, str) and isinstance(around, dict) and value is None:
        around.pop(last, None)
    else:
        around[last] = value


def _below(around: Any, step: str | int, field: str, *, may_be_missing: bool = False) -> Any:
    if isinstance(around, list) and isinstance(step, int) and step < len(around):
        return around[step]
    if isinstance(around, dict) and isinstance(step, str) and step:
        return around.get(step) if may_be_missing else around.setdefault(step, {})
    raise UsageProblem(
        f"--set: the release has no {field}", hint="What it has: amv distributions get ID --toml"
    )


def _value(text: str, before: Any, field: str) -> Any:
    if text == "":
        return None
    if isinstance(before, str) or (before is None and text[:1] not in "[{"):
        return {"true": True, "false": False}.get(text, text) if not isinstance(before, str) else text
    try:
        return json.loads(text)
    except ValueError:
        raise UsageProblem(f"--set: {field} is no text: write it as JSON") from None
