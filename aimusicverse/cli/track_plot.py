"""`amv tracks plot`: a recording as a picture, with its sections and chords."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aimusicverse.cli import exits
from aimusicverse.cli.context import Context
from aimusicverse.cli.errors import CommandError, OutputProblem
from aimusicverse.cli.typed import TrackId

if TYPE_CHECKING:
    from aimusicverse.client import Client
    from aimusicverse.types import Structure, Track


def plot(
    ctx: Context,
    track_id: TrackId,
    output: Annotated[
        str | None,
        typer.Option("-o", "--output", metavar="PATH", help="A .png file, a folder, or - for a pipe."),
    ] = None,
) -> None:
    """Draw a track: its waveform over its spectrogram, with sections and chords.

    It is drawn here, from the recording, which is fetched for it. Without -o the file is named after the
    track's title and replaces none. A file of your own: amv analyze song.wav --png song.png

    Example:
        amv tracks plot trk_0mYdJ1x0FzbcL5Vn4zQ -o song.png
    """
    from aimusicverse.cli import content_file
    from aimusicverse.cli.destination import slug
    from aimusicverse.cli.extras import require

    require("numpy", "soundfile", "PIL")
    content_file.check(output, what="a picture", example="song.png", suffixes=(".png",))
    with ctx.client() as client:
        track = client.tracks.get(track_id)
        content = _drawn(ctx, client, track, _structure(client, track))
    file = content_file.write(content, output, name=f"{slug(track.title)}.png")
    content_file.report(ctx, track, file)


def _structure(client: Client, track: Track) -> Structure | None:
    """None: nothing is heard in it, which is no reason not to draw it."""
    from aimusicverse.errors import ConflictError

    try:
        return client.tracks.structure(track)
    except ConflictError:
        return None


def _drawn(ctx: Context, client: Client, track: Track, structure: Structure | None) -> bytes:
    from tempfile import TemporaryDirectory

    from aimusicverse.audio.analysis import analyze
    from aimusicverse.audio.errors import AudioError
    from aimusicverse.audio.picture import draw
    from aimusicverse.cli.progress import of_download, progress

    try:
        with TemporaryDirectory(prefix="amv-") as folder, progress(ctx.output) as shown:
            sound, picture = Path(folder) / "song.wav", Path(folder) / "song.png"
            client.tracks.download(track, sound, progress=lambda done, total: of_download(shown, done, total))
            shown.show("draw", 1.0)
            draw(sound, analyze(sound), picture, track.title, structure)
            return picture.read_bytes()
    except AudioError as error:
        raise CommandError(error.message, exit_code=exits.FAILED, code=error.code) from None
    except OSError as error:
        raise OutputProblem(
            f"the recording could not be kept for a moment: {error.strerror or error}",
            hint="Make room where temporary files go, or set TMPDIR.",
        ) from None
