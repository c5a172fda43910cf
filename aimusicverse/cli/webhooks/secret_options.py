"""Where a webhook's secret comes from: the environment, a file, standard input. Never the command line, which
other users of a machine can read.
"""

from __future__ import annotations

import os
from typing import Annotated

import typer

from aimusicverse.cli.errors import UsageProblem
from aimusicverse.cli.input_files import STDIN, read_bytes
from aimusicverse.errors import ConfigurationError
from aimusicverse.secret import Secret
from aimusicverse.webhooks.keys import keys_of

Env = Annotated[
    list[str] | None,
    typer.Option(
        "--secret-env", metavar="NAME", help="The variable that has the secret; repeatable while it rotates."
    ),
]
File = Annotated[
    list[str] | None,
    typer.Option("--secret-file", metavar="FILE", help="A file that has the secret and nothing else."),
]
Stdin = Annotated[
    bool, typer.Option("--secret-stdin", help="Standard input has the secret; the body is in --body.")
]

_LARGEST = 2**20
_LONGEST_NAME = 100


def read(env: list[str] | None, file: list[str] | None, stdin: bool) -> dict[str, Secret]:
    """Where each secret came from → the secret, whatever it may be worth.

    Raises:
        UsageProblem: there is none, or a place that has none.
    """
    found = {f"--secret-env {_named(name)}": _of_environment(name) for name in env or ()}
    for name in file or ():
        _refuse_a_secret(name, "--secret-file takes the name of a file")
        found[f"--secret-file {name}"] = _of_bytes(
            read_bytes(name, "--secret-file", most=_LARGEST), f"--secret-file: {name}"
        )
    if stdin:
        found["--secret-stdin"] = _of_bytes(
            read_bytes(STDIN, "--secret-stdin", most=_LARGEST), "--secret-stdin: standard input"
        )
    if not found:
        raise UsageProblem(
            "there is no secret to judge by or to sign with",
            hint="Name the variable that has it: --secret-env WEBHOOK_SECRET",
        )
    return found


def usable(secrets: dict[str, Secret]) -> list[Secret]:
    """The secrets themselves.

    Raises:
        ConfigurationError: one cannot be one. It is told where it came from, and not shown.
    """
    for place, secret in secrets.items():
        try:
            keys_of(secret)
        except ConfigurationError as error:
            raise ConfigurationError(f"{place}: {error}") from None
    return list(secrets.values())


def _of_environment(name: str) -> Secret:
    text = os.environ.get(name)
    if text is None:
        raise UsageProblem(f"--secret-env: the variable {name} is not set")
    if not text.strip():
        raise UsageProblem(f"--secret-env: the variable {name} is empty")
    return Secret(text.strip())


def _of_bytes(data: bytes, place: str) -> Secret:
    """Without the newline that editors and `echo` put behind it."""
    try:
        text = data.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise UsageProblem(f"{place} is no text, and so no secret") from None
    if not text:
        raise UsageProblem(f"{place} is empty")
    if len(text.splitlines()) > 1:
        raise UsageProblem(
            f"{place} has more than one line", hint="Keep each secret in a file of its own, and name all."
        )
    return Secret(text)


def _named(name: str) -> str:
    """The name of a variable, if it is none that had better not be repeated."""
    _refuse_a_secret(name, "--secret-env takes the name of a variable")
    if not (name.isascii() and name.isidentifier() and len(name) <= _LONGEST_NAME):
        raise UsageProblem("--secret-env: what it was given is no name of a variable")
    return name


def _refuse_a_secret(text: str, rule: str) -> None:
    try:
        keys_of(text)
    except ConfigurationError:
        if not text.startswith(("whsec_", "whsk_")):
            return
    raise UsageProblem(
        f"{rule}, and got what looks like the secret itself",
        hint="It may be in your shell's history now: rotate it.",
    )
