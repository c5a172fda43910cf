"""All rules, in the order of their subjects."""

from __future__ import annotations

from typing import Final

from aimusicverse.release.rules import identifiers, people, title_styling, titles
from aimusicverse.release.rules.rule import Rule

RULES: Final[tuple[Rule, ...]] = (
    *identifiers.RULES,
    *titles.RULES,
    *title_styling.RULES,
    *people.RULES,
)
BY_ID: Final[dict[str, Rule]] = {rule.id: rule for rule in RULES}
