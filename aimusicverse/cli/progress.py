"""Showing how far work is: a bar for a person, a line now and then for a log, or nothing."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol, Self

from aimusicverse.cli.durations import clock
from aimusicverse.cli.safe_text import one_line

if TYPE_CHECKING:
    from aimusicverse.cli.output import Output
    from aimusicverse.types import Generation

DOWNLOAD = "download"
_SECONDS_BETWEEN_LINES = 5.0


class Progress(Protocol):
    """Something that is told how far things are."""

    def __enter__(self) -> Self: ...
    def __exit__(self, *exc: object) -> None: ...

    def show(self, stage: str, fraction: float) -> None:
        """`fraction` is 0-1 of the whole."""
        ...


def progress(output: Output) -> Progress:
    """The kind that suits whoever reads standard error."""
    if not output.chatty:
        return Silent()
    return Bar(output) if output.with_person else Lines(output)


def of_generation(shown: Progress, generation: Generation) -> None:
    """Show where a generation is."""
    stage = generation.status if generation.status != "processing" else generation.stage or "processing"
    shown.show(one_line(stage), generation.progress)


def of_download(shown: Progress, done: int, total: int | None) -> None:
    """Show where a download is."""
    shown.show(DOWNLOAD, done / total if total else 0.0)


def of_upload(shown: Progress, done: int, total: int, then: str = "listening") -> None:
    """Show where an upload is. The end of it is not the end: the server still listens to it, or does what
    `then` says."""
    shown.show("upload" if done < total else then, done / total if total else 0.0)


class Silent:
    """Nothing at all."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        pass

    def show(self, stage: str, fraction: float) -> None:
        """Nothing."""


class Lines:
    """A line for each stage and one every few seconds within it, each true by itself."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._stage: str | None = None
        self._last = 0.0
        self._began: tuple[float, float] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        pass

    def show(self, stage: str, fraction: float) -> None:
        """A line, unless there was one just now."""
        now = time.monotonic()
        if stage == DOWNLOAD != self._stage:  # mostly over before it is worth a line
            self._stage, self._last, self._began = stage, now, None
        left = self._time_left(now, fraction)
        if stage == self._stage and now - self._last < _SECONDS_BETWEEN_LINES:
            return
        self._stage, self._last = stage, now
        self._output.tell(f"{stage} {fraction:.0%}{f', about {clock(left)} left' if left else ''}")

    def _time_left(self, now: float, fraction: float) -> float | None:
        """By the pace since the work began to move."""
        if fraction <= 0:
            return None
        if self._began is None or fraction < self._began[1]:
            self._began = now, fraction
        since, at = self._began
        if now - since < 2 or fraction <= at:
            return None
        return (now - since) / (fraction - at) * (1 - fraction)


class Bar:
    """A bar with the stage and the time left. It goes when the work is done."""

    def __init__(self, output: Output) -> None:
        import sys

        from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as RichProgress

        self._bar = RichProgress(
            TextColumn("{task.description:<10}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f}%"),
            TimeRemainingColumn(compact=True),
            console=output.console(sys.stderr),
            transient=True,
        )
        self._task = self._bar.add_task("waiting", total=1.0)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *exc: object) -> None:
        with suppress(OSError):  # the terminal may be what has gone
            self._bar.stop()

    def show(self, stage: str, fraction: float) -> None:
        """Move the bar."""
        self._bar.update(self._task, description=stage, completed=fraction)
