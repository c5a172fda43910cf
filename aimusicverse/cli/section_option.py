"""`--section`: a name, bars, and perhaps an energy."""

from __future__ import annotations

from typing import Any

from aimusicverse.cli.errors import UsageProblem


def sections_of(texts: list[str] | None) -> list[dict[str, Any]]:
    """`intro 8` and `chorus 16 0.9` as a request holds them.

    Raises:
        UsageProblem: no name, or no whole number of bars behind it.
    """
    return [_section(text) for text in texts or []]


def _section(text: str) -> dict[str, Any]:
    words = text.split()
    if len(words) > 2 and words[-2].isdecimal() and (energy := _energy(words[-1])) is not None:
        return {"name": " ".join(words[:-2]), "bars": int(words[-2]), "energy": energy}
    if len(words) > 1 and words[-1].isdecimal():
        return {"name": " ".join(words[:-1]), "bars": int(words[-1])}
    raise UsageProblem(
        f"--section: {text!r} is not a name and its bars",
        hint='Write --section "intro 8", with an energy of 0 to 1 --section "chorus 16 0.9".',
    )


def _energy(word: str) -> float | None:
    try:
        energy = float(word)
    except ValueError:
        return None
    return energy if 0 <= energy <= 1 else None
