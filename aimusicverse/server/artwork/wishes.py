"""From what somebody asks for, and the track that it is for, to all that drawing it takes.

A wish is put down with the artwork, so that a worker draws what was meant when it was asked for, whatever the
track is called by then.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from typing import Any

from aimusicverse.server.problems import Refusal, shortened
from aimusicverse.types import ArtworkCreate, FieldError, Generation, Track


def wish_for(
    body: ArtworkCreate, track: Track | None, generation: Generation | None, generators: Collection[str]
) -> dict[str, Any]:
    """What is asked for; what is left open as the track has it, and its music as its plan has it.

    Raises:
        Refusal: `invalid_request`: nothing says a title, no such style or template; `generator_unknown`.
    """
    title = body.title or (track and track.title)
    if title is None:
        raise _unfit("title", "missing", "without a track a title is needed", "Rainy night")
    if body.style is not None and body.template is not None:
        raise _unfit("template", "contradiction", "a template has a style of its own: leave `style` out")
    _check_known(body)
    _check_generator(body, generators)
    plan = generation.plan if generation else None
    wish: dict[str, Any] = {
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
    if body.generator is not None:
        wish |= {"generator": body.generator, "prompt": body.prompt or _prompt(wish)}
    return wish


def _prompt(wish: dict[str, Any]) -> str:
    """What a generator is asked for when nobody says it. Letters are left out: they draw them wrong."""
    kind = " ".join(word for word in (wish["mood"], wish["genre"]) if word)
    music = f"{kind} music" if kind else "music"
    return f"Square album cover artwork for {music} called “{wish['title']}”. No text, no letters, no logos."


def _check_generator(body: ArtworkCreate, generators: Collection[str]) -> None:
    if body.generator is None:
        if body.prompt is not None:
            raise _unfit("prompt", "contradiction", "a prompt is for a generator: name one, or leave it out")
        return
    if body.generator not in generators:
        known = ", ".join(sorted(generators)) or "none"
        error = FieldError(
            field="generator",
            code="generator_unknown",
            message="this server has no account there",
            hint=f"one of: {known}" if generators else "leave it out",
        )
        detail = f"There is no generator {shortened(body.generator)}; this server has: {known}."
        raise Refusal("generator_unknown", detail, errors=[error])
    for field, given in (
        ("style", body.style),
        ("template", body.template),
        ("lettering", body.lettering or None),
    ):
        if given is not None:
            raise _unfit(field, "contradiction", "a generator elsewhere does not know it: leave it out")


def _check_known(body: ArtworkCreate) -> None:
    if body.style is None and body.template is None:
        return
    from aimusicverse.release.artwork import STYLES, templates  # numpy: only who asks for one pays

    if body.style is not None and body.style not in STYLES:
        raise _unknown("style", body.style, list(STYLES))
    if body.template is not None:
        known = [template.id for template in templates()]
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
