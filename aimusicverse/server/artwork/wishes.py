"""From what somebody asks for, and the track that it is for, to all that drawing it takes.

A wish is put down with the artwork, so that a worker draws what was meant when it was asked for, whatever the
track is called by then.
"""

from __future__ import annotations

import secrets
from typing import Any

from aimusicverse.server.problems import Refusal, shortened
from aimusicverse.types import ArtworkCreate, FieldError, Generation, Track


def wish_for(body: ArtworkCreate, track: Track | None, generation: Generation | None) -> dict[str, Any]:
    """What is asked for; what is left open as the track has it, and its music as its plan has it.

    Raises:
        Refusal: `invalid_request`: nothing says a title, no such style or template.
    """
    title = body.title or (track and track.title)
    if title is None:
        raise _unfit("title", "missing", "without a track a title is needed", "Rainy night")
    if body.style is not None and body.template is not None:
        raise _unfit("template", "contradiction", "a template has a style of its own: leave `style` out")
    _check_known(body)
    plan = generation.plan if generation else None
    return {
        "title": title,
        "artist": body.artist or (track and track.artist),
        "mood": body.mood or (plan and plan.mood),
        "key": body.key or (track and track.key),
        "genre": track and track.genre,
        "tempo_bpm": track and track.tempo_bpm,
        "sections": [
            [section.name, section.start_seconds, section.start_seconds + section.duration_seconds]
            for section in (plan.sections if plan else ())
        ],
        "style": body.style,
        "template": body.template,
        # Short enough for a person to read out and type again.
        "seed": secrets.randbelow(2**31) if body.seed is None else body.seed,
        "lettering": body.lettering,
    }


def _check_known(body: ArtworkCreate) -> None:
    if body.style is None and body.template is None:
        return
    from aimusicverse.release import artwork  # numpy: only a server that draws pays

    if body.style is not None and body.style not in artwork.STYLES:
        raise _unknown("style", body.style, list(artwork.STYLES))
    if body.template is not None:
        known = [template.id for template in artwork.templates()]
        if body.template not in known:
            raise _unknown("template", body.template, known)


def _unknown(field: str, value: str, known: list[str]) -> Refusal:
    message = f"there is no {field} {shortened(value)}"
    return _unfit(field, f"{field}_unknown", message, known[0], hint=f"one of: {', '.join(known)}")


def _unfit(
    field: str, code: str, message: str, example: str | None = None, *, hint: str | None = None
) -> Refusal:
    error = FieldError(field=field, code=code, message=message, hint=hint, example=example)
    return Refusal("invalid_request", f"{field}: {message}", errors=[error])
