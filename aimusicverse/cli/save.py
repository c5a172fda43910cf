"""Audio from the server into a file that is whole or not there at all (the client sees to that)."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from aimusicverse.cli.output import let_go_of_stdout

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from aimusicverse.client import Client
    from aimusicverse.types import Track


def save(
    client: Client,
    track: Track,
    path: Path | None,
    *,
    format: str,
    bit_depth: int | None,
    replace: bool,
    progress: Callable[[int, int | None], None],
) -> Path | None:
    """Download a track and give the file's name: not quite `path` if that came to exist meanwhile.

    Args:
        client: of the server that has it.
        track: what to fetch.
        path: None is standard output.
        format: `wav`, `flac` or `mp3`.
        bit_depth: 16 or 24; None is the master's.
        replace: whether a file of that name may go.
        progress: told the bytes that are there, and how many it will be.

    Raises:
        OSError: it could not be written; nothing of it is left.
    """
    if path is None:
        try:
            client.tracks.download(
                track, sys.stdout.buffer, format=format, bit_depth=bit_depth, progress=progress
            )
            sys.stdout.buffer.flush()
        except OSError:
            let_go_of_stdout()
            raise
        return None
    if replace:
        client.tracks.download(track, path, format=format, bit_depth=bit_depth, progress=progress)
        return path
    with reserved(path) as free:
        client.tracks.download(track, free, format=format, bit_depth=bit_depth, progress=progress)
        return free


@contextmanager
def reserved(path: Path) -> Iterator[Path]:
    """A name that nobody has: `path`, else with -2, -3, … before its suffix. After an error it is free."""
    attempt = 1
    while True:
        candidate = path if attempt == 1 else path.with_name(f"{path.stem}-{attempt}{path.suffix}")
        try:
            candidate.open("xb").close()
            break
        except FileExistsError:
            attempt += 1
    try:
        yield candidate
    except BaseException:
        candidate.unlink(missing_ok=True)
        raise
