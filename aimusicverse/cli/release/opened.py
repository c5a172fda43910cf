"""`release.toml` as commands open it, and what is said when it cannot be read."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from aimusicverse.cli import exits
from aimusicverse.cli.errors import CommandError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aimusicverse.release.defaults import ReleaseDefaults
    from aimusicverse.release.toml_file import ReleaseFileError, TomlFile
    from aimusicverse.types.release import Release

NAME = "release.toml"

File = Annotated[str, typer.Argument(metavar="[FILE]", help="The release; release.toml by default.")]


class Unreadable(CommandError):
    """A file that is no release."""

    def __init__(self, error: ReleaseFileError) -> None:
        mistakes = error.mistakes
        one = len(mistakes) == 1
        super().__init__(
            f"{mistakes[0].where(error.path)}: {_what(mistakes[0])}"
            if one
            else f"{error.path} has {len(mistakes)} mistakes",
            exit_code=exits.USAGE,
            code="release_file_invalid",
            hint=mistakes[0].hint if one else None,
        )
        if not one:
            self.fields = [(mistake.where(error.path), mistake.told()) for mistake in mistakes]


def _what(mistake: object) -> str:
    key, message = getattr(mistake, "key", None), getattr(mistake, "message", "")
    return f"{key}: {message}" if key else str(message)


@contextmanager
def told() -> Iterator[None]:
    """What is wrong with a file, told as every error of a command is.

    Raises:
        Unreadable: a file was no release.
    """
    from aimusicverse.release.toml_file import ReleaseFileError

    try:
        yield
    except ReleaseFileError as error:
        raise Unreadable(error) from None


def opened(name: str) -> TomlFile[Release]:
    """The file.

    Raises:
        Unreadable: it is no release.
    """
    from aimusicverse.release.toml_file import load

    with told():
        return load(name)


def own_defaults() -> ReleaseDefaults:
    """What the user says of every release.

    Raises:
        Unreadable: the file is there, and is none.
    """
    from aimusicverse.release.defaults import defaults

    with told():
        return defaults()
