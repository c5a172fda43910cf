"""The release as it will be sent, and its tracks: what is named, with what the server knows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from aimusicverse.cli.distribute import sounds
from aimusicverse.cli.distribute.sending import Order, Ready
from aimusicverse.cli.errors import UsageProblem

if TYPE_CHECKING:
    from aimusicverse.cli.context import Context
    from aimusicverse.cli.distribute.wanted import Wanted
    from aimusicverse.client import Client
    from aimusicverse.types import Release


def made(ctx: Context, client: Client, asked: Wanted, order: Order) -> Ready:
    """The release, with its sound on the server; a dry run uploads nothing.

    Raises:
        NotFoundError: one of the tracks is not there.
        UsageProblem: a picture that is not there.
    """
    if (
        order.artwork is not None
        and not order.artwork.startswith("art_")
        and not Path(order.artwork).is_file()
    ):
        raise UsageProblem(f"--artwork: {order.artwork!r:.200} is neither an artwork nor a file")
    release = asked.release
    if release is None:
        release, tracks = _of_one(ctx, client, asked.sounds[0], asked.known, order)
    else:
        ctx.output.note(f"The release is {asked.file}.")
        tracks = _tracks(ctx, client, release, asked.sounds, order)
    metadata = _without_files(release)
    if (artwork := _artwork(ctx, client, asked, release, order)) is not None:
        metadata["cover"] = {**metadata.get("cover", {}), "artwork_id": artwork}
    return Ready(release, metadata, tracks if len(tracks) == len(release.tracks) else [])


def _of_one(
    ctx: Context, client: Client, sound: str | Path, known: dict[str, Any], order: Order
) -> tuple[Release, list[str]]:
    """Of a track or a file alone, with what options and the user's defaults say."""
    from aimusicverse.release import beginning

    if isinstance(sound, str):
        return beginning.of_track(client.tracks.get(sound), known).release, [sound]
    begun = beginning.of_files([sound], Path.cwd(), known).release
    title = begun.tracks[0].title
    if order.dry_run:
        track = sounds.same_before(client, sound, title)
        if track is None:
            return begun, []
    else:
        track = sounds.track_of(ctx, client, sound, title=title, artist=known.get("artist"))
    return beginning.of_track(track, known).release, [track.id]


def _tracks(
    ctx: Context, client: Client, release: Release, named: list[str | Path], order: Order
) -> list[str]:
    """The tracks of a release; those that a dry run would upload are left out."""
    found = []
    for recording, sound in zip(release.tracks, named, strict=True):
        if isinstance(sound, str):
            found.append(client.tracks.get(sound).id)
        elif order.dry_run:
            track = sounds.same_before(client, sound, recording.title)
            found += [track.id] if track else []
        else:
            artists = recording.artists or release.artists
            artist = artists[0].name if artists else None
            found.append(sounds.track_of(ctx, client, sound, title=recording.title, artist=artist).id)
    return found


def _artwork(ctx: Context, client: Client, asked: Wanted, release: Release, order: Order) -> str | None:
    """The cover that is named, uploaded if it is a file."""
    picture = asked.cover
    if order.artwork is not None:
        if order.artwork.startswith("art_") and not Path(order.artwork).exists():
            return client.artwork.get(order.artwork).id
        picture = Path(order.artwork)
    if picture is None or order.dry_run:
        return None
    artist = release.artists[0].name if release.artists else None
    return sounds.artwork_of(ctx, client, picture, title=release.title, artist=artist).id


def _without_files(release: Release) -> dict[str, Any]:
    """As it is sent: the server reads no files of ours."""
    metadata = release.model_dump(mode="json", exclude_unset=True)
    for part in [*metadata["tracks"], metadata.get("cover", {})]:
        part.pop("file", None)
    return metadata
