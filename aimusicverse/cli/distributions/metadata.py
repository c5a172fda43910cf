"""A release file as it is sent to a server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from aimusicverse.cli.release import opened

if TYPE_CHECKING:
    from aimusicverse.cli.output import Output

Tracks = Annotated[
    list[str] | None,
    typer.Option(
        "--track", metavar="ID", help="A track of yours for each of the release, in order; repeatable."
    ),
]


def of_file(name: str, output: Output) -> dict[str, Any]:
    """What the file says, without paths of files: the server reads none of them.

    Raises:
        Unreadable: it is no release.
    """
    metadata = opened.opened(name).value.model_dump(mode="json", exclude_unset=True)
    parts = [*metadata["tracks"], metadata.get("cover", {})]
    files = [part.pop("file") for part in parts if "file" in part]
    if any(files):
        output.note("Files are not sent: amv release check looks into them, here.")
    return metadata
