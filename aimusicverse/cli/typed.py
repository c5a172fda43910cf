"""Options that several commands take, once: what they are called, what they accept, what their help says."""

from __future__ import annotations

from enum import Enum, StrEnum
from typing import Annotated

import typer

from aimusicverse.cli import durations


class AudioFormat(StrEnum):
    """What an audio file can be."""

    WAV = "wav"
    FLAC = "flac"
    MP3 = "mp3"


class BitDepth(StrEnum):
    """Bits a sample; MP3 has none."""

    SIXTEEN = "16"
    TWENTY_FOUR = "24"


def seconds(text: str) -> float:
    """For `parser=`: a length of time."""
    try:
        return durations.parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


Format = Annotated[
    AudioFormat | None, typer.Option("--format", "-f", help="By default what -o ends in, else wav.")
]
Depth = Annotated[BitDepth | None, typer.Option("--bit-depth", help="Bits a sample, for wav and flac.")]
Out = Annotated[
    str | None,
    typer.Option("--output", "-o", metavar="PATH", help="A file, a folder, or - for standard output."),
]
Timeout = Annotated[
    float | None,
    typer.Option("--timeout", parser=seconds, metavar="TIME", help="Give up waiting after so long (exit 7)."),
]
Limit = Annotated[int, typer.Option("--limit", metavar="N", help="How many at most, 1-100.")]
Cursor = Annotated[
    str | None, typer.Option("--cursor", metavar="TEXT", help="Go on where `next_cursor` of a page points.")
]


def value(choice: Enum | None) -> str | None:
    """The text of a choice that may not have been made."""
    return None if choice is None else str(choice.value)
