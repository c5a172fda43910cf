"""From a generation that has begun to files on disk. `generate` and `generations wait` share this road.

Whatever stops it on the way, the work is not lost: the error names the exact command that goes on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aimusicverse.cli import exits
from aimusicverse.cli.errors import CommandError, Interrupted, OutputProblem
from aimusicverse.cli.failure import failure
from aimusicverse.cli.progress import of_download, of_generation, progress
from aimusicverse.cli.save import save

if TYPE_CHECKING:
    from pathlib import Path

    from aimusicverse.cli.context import Context
    from aimusicverse.cli.destination import Destination
    from aimusicverse.cli.progress import Progress
    from aimusicverse.client import Client
    from aimusicverse.errors import APIConnectionError
    from aimusicverse.types import Generation, Track


@dataclass(frozen=True, slots=True)
class Wish:
    """What the caller wants of a generation.

    Attributes:
        destination: None is: wait, and save nothing.
        bit_depth: of the files; None is the server's choice.
        timeout: seconds to wait for the music; None is as long as it takes.
    """

    destination: Destination | None
    bit_depth: int | None
    timeout: float | None


def follow_through(
    ctx: Context, client: Client, generation: Generation, wish: Wish
) -> tuple[Generation, list[Path]]:
    """Wait for the music and save it.

    Raises:
        Interrupted: Ctrl-C, SIGTERM or SIGHUP; the generation is not cancelled by it.
        CommandError: the time is up, the server is gone, or a file could not be written.
        JobFailedError: there will be no music.
    """
    resume = _resume(ctx, generation, wish)
    try:
        with progress(ctx.output) as shown:
            done = _wait(client, generation, wish, shown, resume)
            if wish.destination is None:
                return done, []
            files = [
                _save(ctx, client, track, path, wish, shown)
                for track, path in zip(done.tracks, _places(wish.destination, done), strict=False)
            ]
    except KeyboardInterrupt as interrupt:
        raise Interrupted(
            f"interrupted; {generation.id} is kept",
            exit_code=getattr(interrupt, "exit_code", exits.INTERRUPTED),
            hint=f"Resume: {resume}",
        ) from None
    return done, [file for file in files if file is not None]


def report(ctx: Context, generation: Generation, files: list[Path]) -> None:
    """Tell what came of it."""
    output = ctx.output
    for warning in generation.warnings:
        output.warning(warning.message)
    if output.json:
        shown = generation.model_dump(mode="json")
        output.object({**shown, "files": [str(file) for file in files]})
        return
    for file, track in zip(files, generation.tracks, strict=False):
        output.line(f"{file}  {facts(track)}" if output.to_terminal else str(file))
    if generation.tracks:
        output.next_step(f"amv tracks get {generation.tracks[0].id}")


def facts(track: Track) -> str:
    """A track's measures in a line."""
    from aimusicverse.cli.durations import clock
    from aimusicverse.cli.safe_text import one_line

    known = [
        clock(track.duration_seconds),
        f"{track.tempo_bpm:g} bpm" if track.tempo_bpm else None,
        one_line(track.key) if track.key else None,
        f"{track.audio.lufs:.1f} LUFS",
        f"{track.audio.true_peak_dbtp:.1f} dBTP",
    ]
    return "  ".join(fact for fact in known if fact)


def _wait(client: Client, generation: Generation, wish: Wish, shown: Progress, resume: str) -> Generation:
    from aimusicverse.errors import APIConnectionError, APITimeoutError

    try:
        return client.generation.wait(
            generation, timeout=wish.timeout, progress=lambda seen: of_generation(shown, seen)
        )
    except APITimeoutError as error:
        raise _lost(error, f"{generation.id} is not done yet", f"Resume: {resume}") from error
    except APIConnectionError as error:
        raise _lost(error, error.message, f"Resume: {resume}") from error


def _places(destination: Destination, done: Generation) -> list[Path | None]:
    if destination.path is None:
        return [None]
    return list(destination.files()[: len(done.tracks)])


def save_track(
    ctx: Context, client: Client, track: Track, destination: Destination, bit_depth: int | None
) -> Path | None:
    """Save one finished track; the file's name, or None for standard output."""
    path = destination.path
    with progress(ctx.output) as shown:
        return _save(ctx, client, track, path, Wish(destination, bit_depth, None), shown)


def _save(
    ctx: Context, client: Client, track: Track, path: Path | None, wish: Wish, shown: Progress
) -> Path | None:
    from aimusicverse.errors import APIConnectionError

    assert wish.destination is not None  # noqa: S101 - for mypy
    where = ["-o", str(path) if path else "-", "--format", wish.destination.format]
    again = f"Fetch it again: {ctx.line('tracks', 'download', track.id, *where, *_depth(wish))}"
    try:
        return save(
            client,
            track,
            path,
            format=wish.destination.format,
            bit_depth=wish.bit_depth,
            replace=not wish.destination.ours,
            progress=lambda done, total: of_download(shown, done, total),
        )
    except APIConnectionError as error:
        raise _lost(error, error.message, again) from error
    except OSError as error:
        raise OutputProblem(
            f"{path or 'standard output'} could not be written: {error.strerror or error}; "
            f"{track.id} is kept",
            hint=again,
        ) from error


def _lost(error: APIConnectionError, message: str, hint: str) -> CommandError:
    """The server is gone, or late, but what it has is not."""
    told = failure(error)
    return CommandError(message, exit_code=told.exit_code, code=told.code, hint=hint, retryable=True)


def _resume(ctx: Context, generation: Generation, wish: Wish) -> str:
    where = wish.destination.arguments() if wish.destination else []
    return ctx.line("generations", "wait", generation.id, *where, *_depth(wish))


def _depth(wish: Wish) -> list[str]:
    return ["--bit-depth", str(wish.bit_depth)] if wish.bit_depth else []
