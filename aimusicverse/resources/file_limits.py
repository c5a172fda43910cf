"""How long a call with a file in it may take."""

from __future__ import annotations

from typing import TypedDict

from aimusicverse.transport.options import RequestOptions

#: Seconds for a file unless the call says otherwise. The client's own timeout then bounds the silences.
FILE_SECONDS = 600.0


class FileLimits(TypedDict):
    """How long a file may take, in seconds, and how often it is tried again."""

    timeout: float
    retries: int | None
    silence: float


def file_limits(options: RequestOptions | None, usual: float) -> FileLimits:
    """Those of a call; `usual` is the client's timeout, in seconds."""
    chosen = options or RequestOptions()
    return {
        "timeout": max(usual, FILE_SECONDS) if chosen.timeout is None else chosen.timeout,
        "retries": chosen.retries,
        "silence": usual,
    }
