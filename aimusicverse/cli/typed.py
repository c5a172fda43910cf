"""Options that several commands take, once: what they are called, what they accept, what their help says."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import Enum, StrEnum
from typing import Annotated, Any, TypeVar

import typer

from aimusicverse.cli import durations
from aimusicverse.cli.errors import UsageProblem

F = TypeVar("F", bound=Callable[..., Any])


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


def end(text: str | None) -> datetime | None:
    """When something ends: a date, a time, so long from now, or `never`, which is `None` as well.

    Raises:
        UsageProblem: it can be none of them.
    """
    if text is None or text.strip().lower() == "never":
        return None
    try:
        return datetime.now(UTC) + timedelta(seconds=durations.parse(text))
    except (ValueError, OverflowError):
        pass
    try:
        time = datetime.fromisoformat(text.strip())
    except ValueError:
        raise UsageProblem(
            f"{text!r} is no time", hint="Write 90d, 12h, 2027-01-31, 2027-01-31T12:00Z, or never."
        ) from None
    return time.astimezone()  # without a zone it is meant where it is written


def since(text: str | None) -> datetime | None:
    """When something begins or ended: a date, a time, or so long ago.

    Raises:
        UsageProblem: it can be none of them.
    """
    if text is None:
        return None
    try:
        return datetime.now(UTC) - timedelta(seconds=durations.parse(text))
    except (ValueError, OverflowError):
        pass
    try:
        time = datetime.fromisoformat(text.strip())
    except ValueError:
        raise UsageProblem(
            f"{text!r} is no time", hint="Write 24h or 30d for so long ago, 2027-01-31, or 2027-01-31T12:00Z."
        ) from None
    return time.astimezone()  # without a zone it is meant where it is written


TrackId = Annotated[str, typer.Argument(metavar="ID", help="trk_…")]
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
From = Annotated[
    str | None,
    typer.Option(
        "--from", metavar="TIME", help="From then on: 24h or 30d ago, 2027-01-31; a day by default."
    ),
]
To = Annotated[str | None, typer.Option("--to", metavar="TIME", help="Up to then; now by default.")]


def with_options(shared: Callable[..., None]) -> Callable[[F], F]:
    """Give a command, behind its own parameters, those of `shared`, which it takes as `**options`.

    Typer reads the signature of a command: this one is put together from both.
    """

    def add(command: F) -> F:
        own = inspect.signature(command, eval_str=True)
        named = [one for one in own.parameters.values() if one.kind is not inspect.Parameter.VAR_KEYWORD]
        more = inspect.signature(shared, eval_str=True).parameters.values()
        together = own.replace(parameters=[*named, *more])
        command.__signature__ = together  # type: ignore[attr-defined]
        return command

    return add


def bits(depth: BitDepth | None, format: str) -> int | None:
    """The bits a sample that files in a format are to have; `None`: as many as the master.

    Raises:
        UsageProblem: they have none.
    """
    if depth is None:
        return None
    if format == "mp3":
        raise UsageProblem(
            "an MP3 file has no bit depth", hint="Leave --bit-depth out, or choose wav or flac."
        )
    return int(depth.value)


def value(choice: Enum | None) -> str | None:
    """The text of a choice that may not have been made."""
    return None if choice is None else str(choice.value)
