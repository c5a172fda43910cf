"""All rules, in the order of their subjects."""

from __future__ import annotations

from typing import Final

from aimusicverse.release.rules import (
    ai,
    artwork,
    audio,
    dates,
    ern,
    extent,
    files,
    genres,
    identifiers,
    language,
    lines,
    people,
    soundcloud,
    territories,
    title_styling,
    titles,
    youtube,
)
from aimusicverse.release.rules.rule import Rule

RULES: Final[tuple[Rule, ...]] = (
    *identifiers.RULES,
    *titles.RULES,
    *title_styling.RULES,
    *people.RULES,
    *ai.RULES,
    *language.RULES,
    *genres.RULES,
    *lines.RULES,
    *dates.RULES,
    *territories.RULES,
    *extent.RULES,
    *artwork.RULES,
    *audio.RULES,
    *files.RULES,
    *soundcloud.RULES,
    *youtube.RULES,
    *ern.RULES,
)
BY_ID: Final[dict[str, Rule]] = {rule.id: rule for rule in RULES}
