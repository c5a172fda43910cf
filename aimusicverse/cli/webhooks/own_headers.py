"""Headers that an endpoint wants to be sent along. Secrets come from the environment, or a file."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from typing import Annotated

import typer

from aimusicverse.cli.errors import UsageProblem
from aimusicverse.cli.webhooks import header_lines
from aimusicverse.secret import Secret

Plain = Annotated[
    list[str] | None,
    typer.Option(
        "--header",
        metavar="TEXT",
        help="To be sent along: 'X-Team: music', or @FILE with such lines; repeatable.",
    ),
]
FromEnvironment = Annotated[
    list[str] | None,
    typer.Option(
        "--header-env",
        metavar="HEADER=NAME",
        help="A header whose value is a secret: Authorization=NAME takes it from that variable.",
    ),
]

_SECRET = re.compile(r"auth|cookie|credential|key|passw|secret|session|token", re.IGNORECASE)
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")


def read(plain: Sequence[str] | None, from_environment: Sequence[str] | None) -> dict[str, Secret] | None:
    """Names and values; None if no option said anything.

    Raises:
        UsageProblem: it is no header, one that is there twice, a secret that stands on the command line, or a
            variable that is not set. Values are not repeated.
    """
    if not plain and not from_environment:
        return None
    for text in plain or ():
        header = None if text.startswith("@") else header_lines.pair(text)
        if header is not None and _SECRET.search(header[0]):
            raise UsageProblem(
                f"--header: the value of {header[0]} may be a secret, and other users of this machine can "
                "read command lines",
                hint=f"Use --header-env {header[0]}=NAME, or a file: --header @FILE",
            )
    pairs = [(name, Secret(value)) for name, value in header_lines.given(plain or ())]
    pairs += [_from_environment(text) for text in from_environment or ()]
    found: dict[str, Secret] = {}
    for name, value in pairs:
        if name.lower() in map(str.lower, found):
            raise UsageProblem(f"--header: {name} is there twice")
        found[name] = value
    return found


def _from_environment(text: str) -> tuple[str, Secret]:
    header, equals, variable = text.partition("=")
    if not header or not equals or not _VARIABLE.fullmatch(variable):
        raise UsageProblem(
            "--header-env takes a header and the name of a variable", hint="Such as: Authorization=HOOK_AUTH"
        )
    value = os.environ.get(variable)
    if not value:
        raise UsageProblem(
            f"--header-env: the variable {variable} is {'empty' if value == '' else 'not set'}"
        )
    return header.strip(), Secret(value)
