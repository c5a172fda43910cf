"""`amv release check`: what stores and distributors would say. No server, no sign-in."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Final

import typer

from aimusicverse.cli import exits
from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.context import Context
from aimusicverse.cli.errors import UsageProblem
from aimusicverse.cli.release import destinations, opened

if TYPE_CHECKING:
    from pathlib import Path

    from aimusicverse.cli.output import Output
    from aimusicverse.release.toml_file import TomlFile
    from aimusicverse.types.release import Release
    from aimusicverse.types.validation import ValidationReport

app: Final = CommandSet()

#: SGR codes of the kinds of lines (`reports/text.py`).
_COLOURS: Final = {"title": "1", "error": "31", "warning": "33", "info": "36", "good": "32"}


class ReportFormat(StrEnum):
    """How a report is written."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    JUNIT = "junit"


@app.command()
def check(
    ctx: Context,
    file: opened.File = opened.NAME,
    to: destinations.To = None,
    via: destinations.Via = None,
    format: Annotated[
        ReportFormat | None,
        typer.Option("--format", "-f", help="text by default; sarif and junit are for CI systems."),
    ] = None,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help="Write the report there.")
    ] = None,
    no_files: Annotated[
        bool, typer.Option("--no-files", help="Do not look into sound files and cover.")
    ] = False,
) -> None:
    """Judge a release as stores and distributors would: 0 if nothing blocks, else 10.

    Sound files and cover are looked into where they are. A file that is no release is wrong usage (2).

    Example:
        amv release check --to spotify,apple_music --via distrokid
        amv release check album/release.toml --via distrokid --format sarif -o release.sarif
    """
    from aimusicverse.cli.release.judging import gathered, judge

    kind = format or (ReportFormat.JSON if ctx.output.json else ReportFormat.TEXT)
    if ctx.output.json and kind is not ReportFormat.JSON:
        raise UsageProblem(f"--json and --format {kind.value} contradict each other")
    where = destinations.destinations(to, via)
    place = _place(output)
    release = opened.opened(file)
    began = datetime.now(UTC)
    report = judge(where, gathered(release, ctx.output, look=not no_files))(release)
    if kind is ReportFormat.TEXT and place is None:
        _show(ctx.output, report, release)
    else:
        _write(ctx.output, place, _content(kind, report, release, began))
    if place is not None:
        ctx.output.note(f"{place}: {_summary(report)}")
    if (hint := destinations.warning(where)) is not None and kind is ReportFormat.TEXT:
        ctx.output.note(f"note: {hint}")
    if report.blocking:
        raise typer.Exit(exits.RELEASE_REFUSED)


def _place(output: str | None) -> Path | None:
    """Where the report goes, tried out before anything is judged."""
    from pathlib import Path

    from aimusicverse.cli.destination import try_out

    if output is None or output == "-":
        return None
    if not output or "\0" in output:
        raise UsageProblem("-o needs a name that a file can have")
    try_out(Path(output))
    return Path(output)


def _show(output: Output, report: ValidationReport, file: TomlFile[Release]) -> None:
    import sys

    from aimusicverse.cli.safe_text import one_line
    from aimusicverse.release.reports import text

    for line in text.lines(report, file.value, file=str(file.path), line_of=file.line):
        safe = one_line(line.text)
        colour = _COLOURS.get(line.kind)
        output.line(output.styled(safe, colour, sys.stdout) if colour else safe)


def _content(kind: ReportFormat, report: ValidationReport, file: TomlFile[Release], began: datetime) -> bytes:
    import json

    from aimusicverse.cli.safe_text import in_json, one_line

    name = str(file.path)
    if kind is ReportFormat.JUNIT:
        from aimusicverse.release.reports import junit

        return junit.document(report, file=name, line_of=file.line, began=began)
    if kind is ReportFormat.TEXT:
        from aimusicverse.release.reports import text

        told = text.lines(report, file.value, file=name, line_of=file.line)
        return "".join(f"{one_line(line.text)}\n" for line in told).encode()
    if kind is ReportFormat.SARIF:
        from aimusicverse.release.reports import sarif

        document = sarif.document(report, file=name, line_of=file.line)
    else:
        document = report.model_dump(mode="json")
    return in_json(json.dumps(document, ensure_ascii=False, indent=2)).encode() + b"\n"


def _write(output: Output, place: Path | None, content: bytes) -> None:
    from aimusicverse.cli.release.whole_file import replace

    if place is None:
        output.line(content.decode().rstrip("\n"))
    else:
        replace(place, content)


def _summary(report: ValidationReport) -> str:
    from aimusicverse.release.reports.told import name_of

    blocked = [name_of(target.target) for target in report.targets if target.blocking]
    return f"blocked: {', '.join(blocked)}" if blocked else "nothing blocks"
