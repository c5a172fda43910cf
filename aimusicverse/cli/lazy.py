"""A group that lists its commands from a table and imports one only when it is run or completed."""

from __future__ import annotations

from importlib import import_module
from typing import Any, ClassVar, NamedTuple

import typer
from typer.core import TyperCommand

from aimusicverse.cli.command import Group


class Entry(NamedTuple):
    """Where a command lives, and the line about it, which a test holds equal to its own."""

    module: str
    help: str
    panel: str


class LazyGroup(Group):
    """`table` names the commands; each module holds a Typer called `app`."""

    table: ClassVar[dict[str, Entry]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._loaded: set[str] = set()
        for name, entry in self.table.items():  # stubs feed --help, completion and "did you mean"
            self.commands[name] = TyperCommand(
                name, short_help=entry.help, help=entry.help, rich_help_panel=entry.panel
            )

    def load(self, name: str) -> None:
        """Put the command itself in the place of its stub."""
        if name in self.table and name not in self._loaded:
            command: Any = typer.main.get_command(import_module(self.table[name].module).app)
            command.name = name
            self.commands[name] = command
            self._loaded.add(name)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The one hook that invoking and completing both go through."""
        if args:
            self.load(args[0])
        return super().resolve_command(ctx, args)
