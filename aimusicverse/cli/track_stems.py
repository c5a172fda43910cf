"""`amv tracks stems`: the parts of a track one by one."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aimusicverse.cli.context import Context
from aimusicverse.cli.errors import OutputProblem, UsageProblem
from aimusicverse.cli.typed import Timeout, TrackId

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aimusicverse.cli.progress import Progress
    from aimusicverse.client import Client
    from aimusicverse.types import Stem, StemSet


class StemFormat(StrEnum):
    """What the file of a stem can be."""

    WAV = "wav"
    FLAC = "flac"


def stems(
    ctx: Context,
    track_id: TrackId,
    output: Annotated[
        str | None,
        typer.Option(
            "--output", "-o", metavar="FOLDER", help="Save them there; it is made if there is none."
        ),
    ] = None,
    format: Annotated[StemFormat, typer.Option("--format", "-f", help="Of the files.")] = StemFormat.WAV,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="NAME", help="An instrument, a role or a name; may be repeated."),
    ] = None,
    no_wait: Annotated[
        bool, typer.Option("--no-wait", help="Do not wait for them; nothing is saved.")
    ] = False,
    timeout: Timeout = None,
) -> None:
    """Play the parts of a track one by one, list them, and save them with -o.

    They are made when they are first asked for, and kept. Together they are the mix before mastering. Saving
    goes on where it was stopped: WAV files that are there, and right, are not fetched again.

    Example:
        amv tracks stems trk_0mYdJ1x0FzbcL5Vn4zQ -o stems
        amv tracks stems trk_0mYdJ1x0FzbcL5Vn4zQ -o stems --only drums --only bass --format flac
    """
    from aimusicverse.cli.going_on import going_on
    from aimusicverse.cli.progress import progress
    from aimusicverse.resources.stem_choice import chosen

    folder = _folder(output, no_wait=no_wait)
    again = _again(track_id, output, format, only or [])
    with (
        ctx.client(renders=True) as client,
        going_on(lambda: ctx.line(*again), lambda: "what was made is kept", always=False),
    ):
        if no_wait:
            _report(ctx, client.tracks.stems(track_id, wait=False), None, [])
            return
        with progress(ctx.output) as shown:
            made = client.tracks.stems(track_id, timeout=timeout, progress=lambda now: _show(shown, now))
            wanted = chosen(made, only or [])
            files = [] if folder is None else _save(client, made, wanted, folder, format, shown)
    _report(ctx, made, wanted, files)


def _folder(output: str | None, *, no_wait: bool) -> Path | None:
    """Where they go, tried out before anything is made."""
    if output is None:
        return None
    if no_wait:
        raise UsageProblem("-o and --no-wait exclude each other")
    if output == "-":
        raise UsageProblem("stems are several files", hint="Name a folder: -o stems")
    if not output or "\0" in output:
        raise UsageProblem("-o needs a name that a folder can have")
    folder = Path(output)
    if folder.exists() and not folder.is_dir():
        raise UsageProblem(f"{output} is no folder", hint="Choose another with -o.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputProblem(
            f"{output} cannot be made: {error.strerror}", hint="Choose another with -o."
        ) from None
    return folder


def _again(track_id: str, output: str | None, format: StemFormat, only: Sequence[str]) -> list[str]:
    words = ["tracks", "stems", track_id]
    if output is not None:
        words += ["-o", output]
    if format is not StemFormat.WAV:
        words += ["--format", str(format)]
    return [*words, *(word for name in only for word in ("--only", name))]


def _show(shown: Progress, now: StemSet) -> None:
    from aimusicverse.cli.safe_text import one_line

    stage = now.status if now.status != "processing" else now.stage or "processing"
    shown.show(one_line(stage), now.progress)


def _save(
    client: Client, made: StemSet, wanted: Sequence[Stem], folder: Path, format: StemFormat, shown: Progress
) -> list[Path]:
    from aimusicverse.cli.progress import DOWNLOAD

    place = {stem.name: number for number, stem in enumerate(wanted)}

    def tell(stem: Stem, done: int, size: int | None) -> None:
        shown.show(DOWNLOAD, (place[stem.name] + (done / size if size else 0.0)) / len(place))

    names = [stem.name for stem in wanted]
    if not names:
        return []
    try:
        return client.tracks.download_stems(
            made, folder, format="wav" if format is StemFormat.WAV else "flac", only=names, progress=tell
        )
    except OSError as error:
        raise OutputProblem(f"{folder} could not be written: {error.strerror or error}") from error


def _report(ctx: Context, made: StemSet, wanted: Sequence[Stem] | None, files: Sequence[Path]) -> None:
    output = ctx.output
    if output.json:
        shown: dict[str, Any] = made.model_dump(mode="json")
        if wanted is not None:
            names = {stem.name for stem in wanted}
            shown["stems"] = [stem for stem in shown["stems"] if stem["name"] in names]
        output.object({**shown, "files": [str(file) for file in files]})
        return
    if wanted is None and made.status != "ready":
        output.record([("track", made.track_id), ("stems", made.status)])
        output.next_step(f"amv tracks stems {made.track_id} -o stems")
        return
    from aimusicverse.cli.sizes import size

    listed = made.stems if wanted is None else wanted
    rows = [[stem.name, stem.role, f"{stem.peak_dbfs:.1f} dBFS", size(stem.size_bytes)] for stem in listed]
    if files:  # FLAC is smaller than the WAV file that the server names
        rows = [
            [*row[:-1], size(file.stat().st_size), str(file)] for row, file in zip(rows, files, strict=True)
        ]
    headings = ["name", "role", "peak", "size", *(["file"] if files else [])]
    output.table(headings, rows)
    if not files:
        output.next_step(f"amv tracks stems {made.track_id} -o stems")
