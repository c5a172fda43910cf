"""Files on their way to the server, which brings them to stores: each once."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aimusicverse.cli import exits
from aimusicverse.cli.safe_text import one_line

if TYPE_CHECKING:
    from aimusicverse.cli.context import Context
    from aimusicverse.client import Client
    from aimusicverse.types import Artwork, Track

_MOST_WORDS: Final = 200
_LOOKED_THROUGH: Final = 100


def track_of(ctx: Context, client: Client, file: Path, *, title: str, artist: str | None) -> Track:
    """The file as a track of the server: the one that it is already, or one that is made of it now; said so.

    Args:
        ctx: of the command.
        client: of the server.
        file: WAV, FLAC, MP3, AIFF or Ogg.
        title: of the recording.
        artist: whose it is.

    Raises:
        CommandError: the file is no sound that the server can read.
    """
    from aimusicverse.cli.errors import CommandError
    from aimusicverse.cli.progress import of_upload, progress
    from aimusicverse.errors import UnprocessableEntityError

    before = same_before(client, file, title)
    if before is not None:
        ctx.output.note(f"{file} is on the server already: {before.id}.")
        return before
    try:
        with progress(ctx.output) as shown:
            track = client.tracks.upload(
                file,
                title=title[:200],
                artist=artist[:200] if artist else None,
                progress=lambda done, total: of_upload(shown, done, total),
            )
    except UnprocessableEntityError as error:
        if not error.code.startswith("audio_"):
            raise
        raise CommandError(  # the server has never heard of the file's name
            f"{file}: {error.message}",
            exit_code=exits.USAGE,
            code=error.code,
            hint="Name a WAV, FLAC, MP3, AIFF or Ogg file that plays.",
        ) from error
    ctx.output.note(f"{file} was uploaded to the server: {track.id}.")
    return track


def same_before(client: Client, file: Path, title: str) -> Track | None:
    """The track with exactly this sound, if it is one of the newest, or one of that title.

    A WAV file is kept byte for byte, so its hash is that of the master; of other kinds nobody knows before
    the server has read them.
    """
    if file.suffix.lower() not in (".wav", ".wave"):
        return None
    page = client.tracks.list(limit=_LOOKED_THROUGH).page()
    found = page.data
    words = title[:_MOST_WORDS].strip()
    if page.next_cursor and words:
        found = [*found, *client.tracks.list(q=words, limit=_LOOKED_THROUGH).page().data]
    size = file.stat().st_size
    alike = [track for track in found if track.audio.size_bytes == size]
    if not alike:
        return None
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    return next((track for track in alike if track.audio.sha256 == digest), None)


def artwork_of(ctx: Context, client: Client, file: Path, *, title: str, artist: str | None) -> Artwork:
    """The picture as an artwork of the server; said so."""
    from aimusicverse.cli.progress import of_upload, progress

    with progress(ctx.output) as shown:
        artwork = client.artwork.upload(
            file,
            title=one_line(title)[:200],
            artist=artist[:200] if artist else None,
            progress=lambda done, total: of_upload(shown, done, total, "looking"),
        )
    ctx.output.note(f"{file} was uploaded to the server: {artwork.id}.")
    return artwork
