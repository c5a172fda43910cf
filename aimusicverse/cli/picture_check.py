"""`amv artwork check`: what stores would say of a picture. No server, no sign-in."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aimusicverse.cli import exits
from aimusicverse.cli.context import Context
from aimusicverse.cli.errors import CommandError, UsageProblem
from aimusicverse.cli.release.destinations import named
from aimusicverse.cli.typed import Out

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aimusicverse.cli.output import Output
    from aimusicverse.release.facts import ImageFacts
    from aimusicverse.release.picture_repair import Repaired
    from aimusicverse.release.targets import Distributor, Store
    from aimusicverse.types.artwork import ArtworkCheck


def _targets(incomplete: str) -> list[str]:
    from aimusicverse.release.targets import DISTRIBUTORS, STORES

    *before, last = incomplete.split(",")
    return [",".join([*before, one]) for one in (*STORES, *DISTRIBUTORS) if one.startswith(last)]


def check(
    ctx: Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="A picture; - reads standard input.")],
    to: Annotated[
        list[str] | None,
        typer.Option(
            "--to",
            metavar="NAMES",
            autocompletion=_targets,
            help="Stores and distributors; repeatable. By default spotify,apple_music,soundcloud,distrokid.",
        ),
    ] = None,
    repair: Annotated[
        bool, typer.Option("--repair", help="Make a cover of it that all stores take; needs -o.")
    ] = False,
    output: Out = None,
) -> None:
    """Judge a picture as stores and distributors would: 0 if nothing blocks, else 10. No server is needed.

    With --repair, a JPEG of 3000 × 3000 is written where -o says, and that one is judged. What is no picture
    is wrong usage (2).

    Example:
        amv artwork check cover.png --to apple_music,distrokid
        amv artwork check cover.png --repair -o cover.jpg
    """
    from aimusicverse.cli import cover_file

    if repair != (output is not None):
        raise UsageProblem("--repair and -o need each other", hint="--repair -o cover.jpg")
    if output == "-" and ctx.output.json:
        raise UsageProblem("-o - and --json both write to standard output")
    targets = _meant(to)
    if output is not None:
        cover_file.check(output)
        _spare(file, output)
    _require()
    name = "standard input" if file == "-" else Path(file).name
    content = _content(file)
    done, path = None, None
    if output is not None:
        done = _repaired(content, name)
        path = cover_file.write(done.content, output, title=Path(name).stem)
        content, name = done.content, "cover.jpg" if path is None else path.name
    _report(ctx.output, file, path, done, _facts(content, name), targets)


def _meant(to: Sequence[str] | None) -> Sequence[Store | Distributor]:
    """Who is asked.

    Raises:
        UsageProblem: no such store or distributor.
    """
    from aimusicverse.release.picture_checks import TARGETS
    from aimusicverse.release.targets import DISTRIBUTORS, STORES

    known: dict[str, Store | Distributor] = {**STORES, **DISTRIBUTORS}
    return [known[name] for name in named(to, known, "store or distributor", "--to")] or TARGETS


def _spare(file: str, output: str) -> None:
    """Refuse to write the cover over the picture that it is made of: what is cut off is nowhere else."""
    try:
        same = output != "-" and file != "-" and Path(output).samefile(file)
    except OSError:  # one of them is not there
        return
    if same:
        raise UsageProblem(
            f"{output} is the picture itself", hint="Give the cover another name: -o cover.jpg"
        )


def _require() -> None:
    missing = [name for name, package in (("numpy", "numpy"), ("Pillow", "PIL")) if not find_spec(package)]
    if missing:
        raise CommandError(
            f"looking into a picture needs {', '.join(missing)}, which is not installed",
            exit_code=exits.FAILED,
            code="missing_extra",
            hint="Install it: pip install 'aimusicverse[release]'",
        )


def _content(file: str) -> bytes:
    from aimusicverse.cli.input_files import read_bytes
    from aimusicverse.release.image_check import MOST_BYTES

    return read_bytes(file, "FILE", most=MOST_BYTES)


def _repaired(content: bytes, name: str) -> Repaired:
    from aimusicverse.release.image_check import ImageError
    from aimusicverse.release.picture_repair import repaired

    try:
        return repaired(content, name)
    except ImageError as error:
        raise CommandError(error.message, exit_code=exits.USAGE, code=f"image_{error.code}") from None


def _facts(content: bytes, name: str) -> ImageFacts:
    from aimusicverse.release.image_check import ImageError, look_into

    try:
        return look_into(content, name)
    except ImageError as error:
        raise CommandError(error.message, exit_code=exits.USAGE, code=f"image_{error.code}") from None


def _report(
    output: Output,
    file: str,
    written: Path | None,
    done: Repaired | None,
    facts: ImageFacts,
    targets: Sequence[Store | Distributor],
) -> None:
    """Tell what was done and what is said of it.

    Raises:
        Exit: something blocks.
    """
    from aimusicverse.release.picture_checks import picture_checks

    checks = picture_checks(facts, targets)
    blocking = any(one.blocking for one in checks)
    if output.json:
        answer: dict[str, Any] = {
            "file": file,
            "targets": [target.id for target in targets],
            "blocking": blocking,
            "checks": [one.model_dump(mode="json") for one in checks],
        }
        if done is not None:
            answer["repaired"] = {"file": str(written), "done": list(done.done)}
        output.object(answer)
    else:
        _tell(output, written, done, facts, checks, [target.id for target in targets])
    if blocking:
        raise typer.Exit(exits.RELEASE_REFUSED)


def _tell(
    output: Output,
    written: Path | None,
    done: Repaired | None,
    facts: ImageFacts,
    checks: Sequence[ArtworkCheck],
    targets: Sequence[str],
) -> None:
    """In lines. Where the cover itself goes to standard output, they go to standard error."""
    from aimusicverse.cli.check_view import all_well, line
    from aimusicverse.cli.safe_text import one_line

    say = output.note if done is not None and written is None else output.line
    if done is not None and written is not None:
        say(one_line(str(written)))
    for what in () if done is None else done.done or ("nothing had to be changed",):
        say(one_line(f"done: {what}"))
    size = f"{facts.width} × {facts.height} pixels, {facts.size_bytes:,} bytes"
    say(one_line(f"{facts.name}: {facts.kind.upper()}, {size}"))
    for one in checks:
        say(one_line(line(one)))
    if not checks:
        say(all_well(targets))
