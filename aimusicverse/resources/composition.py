"""What `create` and `plan` send."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypedDict

from pydantic import BaseModel

if TYPE_CHECKING:
    from aimusicverse.types.generation_request import PlanEdit, PlanSectionEdit
    from aimusicverse.types.plan import Plan, PlanSection
    from aimusicverse.types.track import Track

#: What the server takes for granted; the signatures of `create` and `plan` say the same.
_DEFAULTS: dict[str, Any] = {"instrumental": True, "variants": 1}


class Wishes(TypedDict, total=False):
    """The arguments of `generation.create` besides the prompt."""

    duration_seconds: float | None
    title: str | None
    style: str | None
    lyrics: str | None
    tags: Iterable[str]
    negative_tags: Iterable[str]
    instrumental: bool
    tempo_bpm: float | None
    key: str | None
    seed: int | None
    variants: int
    engine: str | None
    plan: Plan | PlanEdit | dict[str, Any] | None
    sections: Iterable[PlanSection | PlanSectionEdit | dict[str, Any]]
    extend: Track | str | None
    extend_from_seconds: float | None


def composition(**wishes: Any) -> dict[str, Any]:
    """The body of a generation: only what was wished for, unjudged: that is the server's part."""
    body = {name: _plain(value) for name, value in wishes.items()}
    return {
        name: value
        for name, value in body.items()
        if value is not None and value != [] and not (name in _DEFAULTS and value == _DEFAULTS[name])
    }


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    # Text is left whole: "lofi" as tags is a mistake the server can name, ["l", "o", "f", "i"] is not.
    if value is None or isinstance(value, str | int | float | dict):
        return value
    if not isinstance(value, Iterable):
        return value
    return [
        item.model_dump(mode="json", exclude_unset=True) if isinstance(item, BaseModel) else item
        for item in value
    ]
