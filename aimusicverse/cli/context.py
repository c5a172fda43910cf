"""What a command is handed: where to print, and whom to talk to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from aimusicverse.cli.output import Output

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from aimusicverse.client import Client

_SETTINGS = "aimusicverse.cli.settings"
_OUTPUT = "aimusicverse.cli.output"


class Settings:
    """The common options, wherever on the line they stood."""

    def __init__(self) -> None:
        self.json = False
        self.quiet = False
        self.no_color = False
        self.base_url: str | None = None

    @classmethod
    def of(cls, ctx: typer.Context) -> Settings:
        """Those of this run; contexts of one run share them."""
        settings: Settings = ctx.meta.setdefault(_SETTINGS, cls())
        return settings


class Context(typer.Context):
    """One run of one command."""

    @property
    def settings(self) -> Settings:
        """The common options."""
        return Settings.of(self)

    @property
    def output(self) -> Output:
        """Where to print."""
        settings = self.settings
        output: Output = self.meta.setdefault(
            _OUTPUT, Output(json=settings.json, quiet=settings.quiet, color=not settings.no_color)
        )
        return output

    def line(self, *words: str) -> str:
        """A command line to type next: at the same server, with the same kind of output."""
        import shlex

        server = ["--base-url", self.settings.base_url] if self.settings.base_url else []
        return shlex.join(["amv", *words, *server, *(["--json"] if self.settings.json else [])])

    def client(self, *, renders: bool = False) -> AbstractContextManager[Client]:
        """A client of the server that is meant; `connection.py` says which that is, and what it is to know
        of a command that `renders`."""
        from aimusicverse.cli.connection import connected

        return connected(base_url=self.settings.base_url, note=self.output.note, renders=renders)

    def show_page(
        self, page: Any, columns: dict[str, Callable[[Any], str]], *, gives_way: str | None = None
    ) -> None:
        """A page of a list: as it came with `--json`, else a row a thing.

        Args:
            page: of the API, or a dict that looks like one.
            columns: heading → its cell.
            gives_way: the heading of the column that is cut where a terminal ends.
        """
        if self.output.json:
            self.output.object(page)
            return
        things = page["data"] if isinstance(page, dict) else page.data
        rows = ([cell(thing) for cell in columns.values()] for thing in things)
        self.output.table(list(columns), rows, gives_way=gives_way)
        more = None if isinstance(page, dict) else getattr(page, "next_cursor", None)
        if more and self.output.with_person:
            self.output.note(f"There are more: --cursor {more}")
