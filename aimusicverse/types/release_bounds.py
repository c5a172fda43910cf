"""How much a release may hold: more than any real one, too little to keep a server busy with reading it."""

from __future__ import annotations

from typing import Any, Final

#: Of one list: people, territories, tags.
MOST_ITEMS: Final = 1_000
#: Of one object: a release itself has some forty.
MOST_FIELDS: Final = 100
#: Artists, contributors and writers of all tracks together.
MOST_CREDITS: Final = 20_000
_PEOPLE: Final = ("artists", "contributors", "writers", "composers")


def bounded(given: dict[str, Any]) -> dict[str, Any]:
    """The same, as it was sent: nothing else of it is judged.

    Raises:
        ValueError: a list is too long, or there are too many credits. The writers of a short form count for
            each track that has none of its own.
    """
    tracks = given.get("tracks", [{}])
    # That a release has 500 tracks at most, its own type says.
    tracks = tracks if isinstance(tracks, list) else []
    credited = _items(given, "")
    for index, track in enumerate(tracks[:MOST_ITEMS]):
        if isinstance(track, dict):
            credited += _items(track, f"tracks[{index}].")
            if "composers" not in track and "writers" not in track:
                credited += _length(given.get("composers"))
    for name in ("soundcloud", "youtube", "delivered", "cover"):
        if isinstance(part := given.get(name), dict):
            _items(part, f"{name}.")
    if credited > MOST_CREDITS:
        raise ValueError(f"{credited:,} people are credited on its tracks in all; at most {MOST_CREDITS:,}")
    return given


def _items(part: dict[str, Any], path: str) -> int:
    """How many people it credits."""
    if len(part) > MOST_FIELDS:
        raise ValueError(f"{path.rstrip('.') or 'it'} has {len(part):,} fields; at most {MOST_FIELDS}")
    for name, value in part.items():
        most = MOST_FIELDS if isinstance(value, dict) else MOST_ITEMS
        if isinstance(value, list | dict) and len(value) > most and name != "tracks":
            raise ValueError(f"{path}{name[:40]} has {len(value):,} items; at most {most:,}")
    return sum(_length(part.get(name)) for name in _PEOPLE)


def _length(value: Any) -> int:
    return len(value) if isinstance(value, list) else 0
