"""What a sound file says of itself, for a person and for a program."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aimusicverse.audio.tags import Tags


def lines(tags: Tags) -> Iterable[tuple[str, str | None]]:
    """A label and a value for each line of a report; of what the file does not say, `None`."""
    made = tags.made_how() or {}
    yield "title", tags.title
    yield "artist", tags.artist
    yield "genre", tags.genre
    yield "comment", tags.comment
    yield "made by", tags.software
    yield "machine made", _by_machine(tags)
    yield "prompt", _text(made.get("prompt"))
    yield "seed", _text(made.get("seed"))
    yield "licence", tags.licence


def as_json(tags: Tags) -> dict[str, Any]:
    """All keys, whatever the file says: `null` is what it does not."""
    from dataclasses import asdict

    told: dict[str, Any] = asdict(tags)
    return {**told, "provenance": tags.made_how()}


def _by_machine(tags: Tags) -> str | None:
    if tags.ai_parts is None:
        return None
    how = (tags.source_type or "").rpartition("/")[2]
    return f"{tags.ai_parts} ({how})" if how else tags.ai_parts


def _text(value: Any) -> str | None:
    return str(value) if isinstance(value, str | int) else None
