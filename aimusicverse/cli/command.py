"""What every command of `amv` shares: the common options, the look of its help, its context.

Nothing here names click: Typer from 0.26 on carries its own, and from 0.29 on it builds a pydantic
adapter for each option on each run, given or not, text or not, which is why `_lighten` exists.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Annotated, Any, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup

from aimusicverse.cli.context import Context, Settings
from aimusicverse.cli.errors import MissingCommand

F = TypeVar("F", bound=Callable[..., Any])

_NO_TEXT = re.compile("[\ud800-\udfff]")


def _setter(name: str) -> Callable[[typer.Context, Any], None]:
    def remember(ctx: typer.Context, value: Any) -> None:
        if value:  # a command's own silence does not undo what was said before it
            setattr(Settings.of(ctx), name, value)

    return remember


def _common(
    json: Annotated[
        bool, typer.Option("--json", callback=_setter("json"), help="Data and errors as JSON.")
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", callback=_setter("quiet"), help="Only data and errors.")
    ] = False,
    no_color: Annotated[
        bool, typer.Option("--no-color", callback=_setter("no_color"), help="No colours; so does NO_COLOR.")
    ] = False,
    base_url: Annotated[
        str | None,
        typer.Option(
            "--base-url",
            metavar="URL",
            callback=_setter("base_url"),
            help="The server to talk to; so does AMV_BASE_URL.",
        ),
    ] = None,
) -> None: ...


@lru_cache(maxsize=1)
def common_options() -> tuple[Any, ...]:
    """The options that every command takes. Typer makes them: its own classes change between versions."""
    probe = typer.Typer(add_completion=False)
    probe.command()(_common)
    options = tuple(typer.main.get_command(probe).params)
    for option in options:
        option.expose_value = False  # they reach a command through its context
    return options


def _lighten(param: Any) -> None:
    """An option that was not given needs no conversion, one that is only being completed none either, and
    text is text already.
    """
    if "process_value" in vars(param):
        return
    convert = param.process_value
    takes_text = _takes_text(param)

    def process_value(ctx: Any, value: Any) -> Any:
        if ctx.resilient_parsing:
            return value
        if value is None and not param.required:
            value = () if param.multiple or param.nargs != 1 else None
        elif not (takes_text and _is_text(value)):
            return convert(ctx, value)
        return param.callback(ctx, param, value) if param.callback else value

    param.process_value = process_value


def _takes_text(param: Any) -> bool:
    """Whether what is given stays as it is. Only Typer from 0.29 on says so, and only there it matters."""
    described = getattr(param, "type_descriptor", None)
    return (
        described is not None
        and described.annotation in (str, list[str])
        and described.parameter_info.parser is None
    )


def _is_text(value: Any) -> bool:
    """Whether nothing has to be said against it; bytes that are no text arrive as lone surrogates."""
    texts = [value] if isinstance(value, str) else value
    return bool(texts) and all(isinstance(text, str) and not _NO_TEXT.search(text) for text in texts)


def _write_paragraphs(text: str, formatter: Any) -> None:
    """Paragraphs are wrapped; indented lines (the examples) stay as they were written."""
    for paragraph in text.strip().split("\n\n") if text else []:
        formatter.write_paragraph()
        lines = paragraph.splitlines()
        while lines and not lines[0].startswith("    "):
            prose = []
            while lines and not lines[0].startswith("    "):
                prose.append(lines.pop(0).strip())
            formatter.write_text(" ".join(prose))
        for line in lines:
            formatter.write(f"{line[2:]}\n")


class _Shared:
    """The half that commands and groups have in common."""

    params: list[Any]
    help: str | None

    def adopt(self) -> None:
        """Take the common options, and make all options light. Doing it twice changes nothing."""
        known = {name for param in self.params for name in param.opts}
        self.params = [*self.params, *(o for o in common_options() if not known & set(o.opts))]
        for param in self.params:
            _lighten(param)

    def get_help_option(self, ctx: Any) -> Any:
        """`--help`, which is made anew at its first use."""
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            _lighten(option)
        return option

    def format_help_text(self, ctx: Any, formatter: Any) -> None:
        _write_paragraphs(self.help or "", formatter)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        common = common_options()
        sections: dict[str, list[tuple[str, str]]] = {"Arguments": [], "Options": [], "Common options": []}
        for param in self.get_params(ctx):  # type: ignore[attr-defined]
            record = param.get_help_record(ctx)
            if record is None:
                continue
            if param.param_type_name == "argument":
                sections["Arguments"].append(record)
            elif param in common or "--help" in param.opts:
                sections["Common options"].append(record)
            else:
                sections["Options"].append(record)
        for title, records in sections.items():
            if records:
                with formatter.section(title):
                    formatter.write_dl(records)


class Command(_Shared, TyperCommand):
    """A command with the common options."""

    context_class: type[Context] = Context

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.adopt()


class Group(_Shared, TyperGroup):
    """A group of commands. Without one of them it shows its help and fails: a script has lost a word."""

    context_class: type[Context] = Context

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "invoke_without_command": True, "no_args_is_help": False})
        self.adopt()

    def list_commands(self, ctx: Any) -> list[str]:
        """In the order of their writing, which is the order of their use."""
        return list(self.commands)

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was named."""
        value = super().invoke(ctx)
        if ctx.invoked_subcommand is None:
            raise MissingCommand(ctx.command_path, ctx.get_help())
        return value

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """The commands by their panels, then the options."""
        panels: dict[str, list[tuple[str, str]]] = {}
        for name, command in self.commands.items():
            panel = getattr(command, "rich_help_panel", None)
            title = panel if isinstance(panel, str) else "Commands"
            panels.setdefault(title, []).append((name, command.get_short_help_str(100)))
        for title, records in panels.items():
            with formatter.section(title):
                formatter.write_dl(records)
        super().format_options(ctx, formatter)


class CommandSet(typer.Typer):
    """A Typer whose commands are ours, plain in look and quiet about locals."""

    def __init__(
        self, *, about: str | None = None, cls: type[Group] = Group, add_completion: bool = False
    ) -> None:
        super().__init__(
            cls=cls,
            help=about,
            add_completion=add_completion,
            rich_markup_mode=None,
            pretty_exceptions_enable=False,
        )

    def command(self, name: str | None = None, **kwargs: Any) -> Callable[[F], F]:
        """As Typer's, with `Command` for the class."""
        kwargs.setdefault("cls", Command)
        return super().command(name, **kwargs)


def group(about: str, *, cls: type[Group] = Group) -> CommandSet:
    """A group of commands, even while it has only one."""
    commands = CommandSet(about=about, cls=cls)
    commands.callback()(_nothing)
    return commands


def _nothing() -> None:
    pass
