"""What an account needs: what is secret comes from a file, the environment or a person, never from argv."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Final

import typer

from aimusicverse.cli.errors import UsageProblem
from aimusicverse.cli.input_files import read_bytes
from aimusicverse.secret import Secret

if TYPE_CHECKING:
    from aimusicverse.cli.output import Output

Plain = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="NAME=VALUE", help="What is not secret: host=sftp.example.com; repeatable."
    ),
]
FromFile = Annotated[
    list[str] | None,
    typer.Option(
        "--secret-file", metavar="NAME=FILE", help="A secret that a file has: private_key=id_ed25519."
    ),
]
FromEnvironment = Annotated[
    list[str] | None,
    typer.Option("--secret-env", metavar="NAME=VARIABLE", help="A secret that is in that variable."),
]

#: Whose values are not for other users of this machine, who can read command lines.
_SECRET: Final = re.compile(r"auth|credential|key|passw|passphrase|secret|token", re.IGNORECASE)
_VARIABLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
_MOST_BYTES: Final = 10_000

Settings = dict[str, str | Secret]


def given(
    plain: Sequence[str] | None, from_file: Sequence[str] | None, from_environment: Sequence[str] | None
) -> Settings:
    """All that the options say, by name.

    Raises:
        UsageProblem: a secret on the command line, one that is named twice, a file or variable that is not
            there. Values are not repeated.
    """
    found: Settings = {}
    for text in plain or ():
        name, value = _pair(text, "--set")
        if _SECRET.search(name):
            raise UsageProblem(
                f"--set: {name} may be a secret, and other users of this machine can read command lines",
                hint=f"Use --secret-file {name}=FILE or --secret-env {name}=VARIABLE",
            )
        _add(found, name, value)
    for text in from_file or ():
        name, file = _pair(text, "--secret-file")
        content = read_bytes(file, "--secret-file", most=_MOST_BYTES)
        try:
            _add(found, name, Secret(content.decode("utf-8-sig").strip("\r\n")))
        except UnicodeDecodeError:
            raise UsageProblem(f"--secret-file: {file} is no text") from None
    for text in from_environment or ():
        name, variable = _pair(text, "--secret-env")
        if not _VARIABLE.fullmatch(variable):
            raise UsageProblem(
                "--secret-env takes a setting and the name of a variable",
                hint="Such as: password=SFTP_PASSWORD",
            )
        there = os.environ.get(variable)
        if not there:
            raise UsageProblem(
                f"--secret-env: the variable {variable} is {'empty' if there == '' else 'not set'}"
            )
        _add(found, name, Secret(there))
    return found


def completed(found: Settings, fields: Sequence[str], output: Output) -> Settings:
    """With what is still missing, asked of a person; what is missing without one is the server's to say.

    Args:
        found: what was given.
        fields: `connect_fields` of the platform; `?` behind those that may be left out.
        output: where to ask.
    """
    if not (sys.stdin.isatty() and output.with_person) or output.json:
        return found
    for name in (field for field in fields if not field.endswith("?") and field not in found):
        if _SECRET.search(name):
            from getpass import getpass

            if typed := getpass(f"{name} (not shown): ", stream=sys.stderr):
                found[name] = Secret(typed)
        else:
            sys.stderr.write(f"{name}: ")
            sys.stderr.flush()
            if plain := sys.stdin.readline().strip():
                found[name] = plain
    return found


def _pair(text: str, option: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name or not value:
        raise UsageProblem(f"{option} takes a name, = and what it is", hint=f"Such as: {option} host=…")
    return name, value


def _add(found: Settings, name: str, value: str | Secret) -> None:
    if name in found:
        raise UsageProblem(f"{name} is given twice")
    found[name] = value
