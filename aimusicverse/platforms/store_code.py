"""Kinds of trouble with stores. Each package of a store has its own in `codes.py`."""

from __future__ import annotations

from dataclasses import dataclass

from aimusicverse.platforms.base import ProblemClass, StoreProblem


@dataclass(frozen=True, slots=True)
class StoreCode:
    """One of them; the docs explain each.

    Args:
        code: stable: clients branch on it.
        kind: what is done about it follows from it.
        title: in a few words.
        advice: what a person does, in a sentence or two.
    """

    code: str
    kind: ProblemClass
    title: str
    advice: str

    def problem(
        self, message: str | None = None, *, field: str | None = None, hint: str | None = None
    ) -> StoreProblem:
        """It, as it happened.

        Args:
            message: what is wrong, never with a secret; left out: the title.
            field: of the release, where it is about one.
            hint: what to do; left out: the advice.
        """
        return StoreProblem(self.code, message or f"{self.title}.", self.kind, field, hint or self.advice)
