"""`amv distributions package`: what a person hands over himself."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.context import Context
from aimusicverse.cli.distributions.typed import DistributionId
from aimusicverse.cli.errors import UsageProblem
from aimusicverse.cli.typed import Out

if TYPE_CHECKING:
    from aimusicverse.types import Distribution

app: Final = CommandSet()


@app.command()
def package(
    ctx: Context,
    distribution_id: DistributionId,
    platform: Annotated[str, typer.Argument(metavar="STORE", help="One of its stores: spotify, …")],
    output: Out = None,
) -> None:
    """Save what a person can hand over himself, as a zip.

    It has files for the store, or a kit with a checklist for its form.

    Without -o the file is named after the release and the store, and replaces none.

    Example:
        amv distributions package dst_0mYdJ1x0FzbcL5Vn4zQ spotify -o kit.zip
    """
    from aimusicverse.cli.destination import folder_of, try_out
    from aimusicverse.cli.release.whole_file import create, replace

    if output is not None and (not output or "\0" in output):
        raise UsageProblem("-o needs a name that a file can have")
    if output == "-" and sys.stdout.isatty():
        raise UsageProblem("a zip is not written to a terminal", hint="Name a file: -o kit.zip")
    folder = None if output == "-" else folder_of(output)
    if output not in (None, "-"):
        try_out(Path(str(output)) if folder is None else folder / "kit.zip")
    with ctx.client() as client:
        found = client.distributions.get(distribution_id)
        content = client.distributions.package(found, platform)
    if output == "-":
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    if folder is None:
        path = Path(str(output))
        replace(path, content)
    else:
        path = folder / _name(found, platform)
        create(path, content)
    if ctx.output.json:
        ctx.output.object({"id": found.id, "platform": platform, "mode": found.mode, "files": [str(path)]})
    else:
        ctx.output.line(str(path))
        ctx.output.next_step(f"amv distributions confirm {found.id} --at {platform}")


def _name(found: Distribution, platform: str) -> str:
    from aimusicverse.cli.destination import slug

    sandbox = "" if found.mode == "live" else f"-{found.mode}"
    return f"{slug(found.title, 'release')}-{platform}{sandbox}.zip"
