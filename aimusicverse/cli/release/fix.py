"""`amv release fix`: what can be mended by itself, shown before it is done."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from aimusicverse.cli import confirm, exits
from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.context import Context
from aimusicverse.cli.errors import CommandError, UsageProblem
from aimusicverse.cli.release import destinations, opened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from aimusicverse.cli.output import Output
    from aimusicverse.release.fixes import Repaired
    from aimusicverse.release.toml_file import TomlFile
    from aimusicverse.types.release import Release

app: Final = CommandSet()


@app.command()
def fix(
    ctx: Context,
    file: opened.File = opened.NAME,
    to: destinations.To = None,
    via: destinations.Via = None,
    yes: confirm.Yes = False,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="RULE", help="What these rules offer; repeatable."),
    ] = None,
    skip: Annotated[
        list[str] | None,
        typer.Option("--skip", metavar="RULE", help="Not what these rules offer; repeatable."),
    ] = None,
    no_files: Annotated[
        bool, typer.Option("--no-files", help="Do not look into sound files and cover.")
    ] = False,
) -> None:
    """Mend what can be mended by itself: it shows the changes, and asks.

    Only the values of keys change: comments, order and everything else in the file stay. Where there is no
    terminal to ask on, the changes are shown, and made with --yes alone.

    Example:
        amv release fix --to apple_music --via distrokid
        amv release fix --skip D-FRIDAY
    """
    from aimusicverse.cli.release.judging import gathered, judge
    from aimusicverse.release.fixes import diff, repaired

    where = destinations.destinations(to, via)
    before = opened.opened(file)
    judged = judge(where, gathered(before, ctx.output, look=not no_files))
    done = repaired(before, judged, _wanted(only or (), skip or ()))
    changes = diff(before, done.file)
    if not changes:
        _tell(ctx.output, done, changes, written=False)
        return
    if not ctx.output.json:
        _show(ctx.output, changes)
    elif not yes:
        _tell(ctx.output, done, changes, written=False)
    confirm.need_a_yes(ctx, yes, to="changing the file")
    if not yes:
        confirm.ask(before.value.title, str(before.path), to="Change")
    _write(before, done.file)
    _tell(ctx.output, done, changes, written=True)


def _wanted(only: Iterable[str], skip: Iterable[str]) -> Callable[[str], bool]:
    """Which rules are meant.

    Raises:
        UsageProblem: there is no such rule.
    """
    from aimusicverse.release.rules.table import BY_ID

    these, others = ({rule.strip().upper() for rule in rules} for rules in (only, skip))
    for rule in sorted(these | others):
        if rule not in BY_ID:
            raise UsageProblem(f"there is no rule {rule}", hint="All rules: amv release rules")
    return lambda rule: (not these or rule in these) and rule not in others


def _write(before: TomlFile[Release], after: TomlFile[Release]) -> None:
    """Put the changed text in the place of the old one, unless that was edited meanwhile.

    Raises:
        CommandError: it was.
        OutputProblem: it cannot be written.
    """
    from aimusicverse.cli.release.whole_file import replace

    try:
        now = before.path.read_bytes()
    except OSError:
        now = None
    if now != before.content:
        raise CommandError(
            f"{before.path} was changed by somebody else meanwhile, and is as they left it",
            exit_code=exits.FAILED,
            code="file_changed",
            retryable=True,
            hint="Run it again.",
        )
    replace(before.path, after.content)


def _show(output: Output, changes: str) -> None:
    from aimusicverse.cli.safe_text import one_line

    colours = {"+": "32", "-": "31", "@": "36"}
    for line in changes.split("\n"):
        # A tab stands for itself in a diff: it moves nothing but what is behind it.
        safe = "\t".join(map(one_line, line.split("\t")))
        colour = colours.get(line[:1])
        output.line(output.styled(safe, colour, sys.stdout) if colour else safe)


def _tell(output: Output, done: Repaired, changes: str, *, written: bool) -> None:
    if output.json:
        output.object(
            {
                "file": str(done.file.path),
                "written": written,
                "diff": changes,
                "made": [_as_json(finding) for finding in done.made],
                "left": [{**_as_json(left.finding), "why": left.why} for left in done.left],
            }
        )
        return
    from aimusicverse.cli.safe_text import one_line

    for left in done.left:
        output.warning(f"{left.finding.field}: {left.finding.message} Not mended: {left.why}")
    if written:
        output.note(one_line(f"{done.file.path}: {_count(len(done.made))} made."))
        output.next_step("amv release check")
    elif not done.left:
        output.note("Nothing can be mended by itself; amv release check tells what else there is.")


def _count(number: int) -> str:
    return "1 change" if number == 1 else f"{number} changes"


def _as_json(finding: Any) -> dict[str, Any]:
    repair = finding.repair
    return {"rule": finding.rule, "field": finding.field, "before": repair.before, "after": repair.after}
