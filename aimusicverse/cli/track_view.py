"""A track as a person reads it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from aimusicverse.cli.durations import clock
from aimusicverse.cli.moments import moment

if TYPE_CHECKING:
    from aimusicverse.cli.context import Context
    from aimusicverse.types import Track, TrackDistribution


def show(ctx: Context, track: Track) -> None:
    """All of it, as JSON or line by line."""
    if ctx.output.json:
        ctx.output.object(track)
        return
    ctx.output.record(facts(ctx, track))
    ctx.output.next_step(f"amv tracks download {track.id}")


def facts(ctx: Context, track: Track) -> list[tuple[str, str | None]]:
    """A label and a value for each line; `None` where nothing is known."""
    made = track.provenance
    return [
        ("id", track.id),
        ("title", track.title),
        ("artist", track.artist),
        ("status", track.status),
        ("length", clock(track.duration_seconds)),
        ("genre", track.genre),
        ("tempo", f"{track.tempo_bpm:g} bpm" if track.tempo_bpm else None),
        ("key", track.key),
        ("tags", ", ".join(track.tags) or None),
        ("artwork", track.artwork_id),
        (
            "sound",
            f"{track.audio.sample_rate} Hz, {track.audio.bit_depth} bit, {track.audio.channels} channels",
        ),
        ("loudness", f"{track.audio.lufs:.1f} LUFS, true peak {track.audio.true_peak_dbtp:.1f} dBTP"),
        ("formats", ", ".join(track.audio.formats)),
        ("made by", f"{made.engine} {made.engine_version}"),
        ("soundfont", made.soundfont.name if made.soundfont else None),
        ("machine made", ", ".join(made.ai_parts) or None),
        ("prompt", made.prompt or None),
        ("seed", None if made.seed is None else str(made.seed)),
        ("sections", _sections(track)),
        ("made from", made.derived_from_track_id),
        ("by", made.derivation),
        ("licence", made.licence),
        ("created", moment(ctx, track.created_at)),
    ]


def places(known: Iterable[TrackDistribution]) -> list[tuple[str, str | None]]:
    """A line for each place: a store may have it from several distributions."""
    return [
        (
            place.platform,
            " ".join(
                filter(None, (place.mode, place.status, place.external_url, f"({place.distribution_id})"))
            ),
        )
        for place in known
    ]


def _sections(track: Track) -> str | None:
    """`0 intro, 1 verse, 2 chorus`: as `amv tracks regenerate` counts them."""
    plan = track.provenance.plan
    if plan is None:
        return None
    return ", ".join(f"{number} {part.name}" for number, part in enumerate(plan.sections))
