"""A webhook's secret in a file of variables (`.env`), which only its owner can read."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aimusicverse.cli.destination import try_out
from aimusicverse.cli.errors import OutputProblem, UsageProblem
from aimusicverse.cli.input_files import read_bytes

if TYPE_CHECKING:
    from aimusicverse.secret import Secret

#: Under which programs find the secret.
VARIABLE = "WEBHOOK_SECRET"

EnvFile = Annotated[
    str | None,
    typer.Option(
        "--env-file",
        metavar="FILE",
        help=f"Write the secret there, as {VARIABLE}=…, and show it nowhere; other lines stay.",
    ),
]
_LARGEST = 2**20
_LINE = re.compile(rf"^([ \t]*(?:export[ \t]+)?){VARIABLE}[ \t]*=[^\r\n]*", re.MULTILINE)


def place(name: str | None) -> Path | None:
    """Where it goes, tried out before there is a secret to lose.

    Raises:
        UsageProblem: no such file can be there, or what is there is no file of variables.
        OutputProblem: it cannot be written.
    """
    if name is None:
        return None
    if not name or "\0" in name:
        raise UsageProblem("--env-file needs a name that a file can have")
    path = Path(os.path.realpath(name))  # a link goes on pointing where it points
    try_out(path, "--env-file")
    if path.exists():
        if not path.is_file():
            raise UsageProblem(f"--env-file: {name} is no file")
        _text(path)
    return path


def write(path: Path, secret: Secret) -> None:
    """Put the secret in the place of an older one, or below the rest. The file is whole at any time.

    Raises:
        OutputProblem: it cannot be written.
        UsageProblem: what is there now is no file of variables.
    """
    text = _text(path) if path.exists() else ""
    value = f"{VARIABLE}={secret.get_secret_value()}"
    # The base64 of a secret has no character that a shell, or whoever reads such files, takes for another.
    changed, there = _LINE.subn(lambda line: line.group(1) + value, text)
    if not there:
        changed = text + ("\n" if text and not text.endswith("\n") else "") + value + "\n"
    draft = path.with_name(f".{path.name[:100]}-{os.urandom(6).hex()}")
    try:
        number = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(number, "wb") as file:
                file.write(changed.encode())
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise OutputProblem(f"{path} could not be written: {error.strerror}") from None


def _text(path: Path) -> str:
    try:
        return read_bytes(str(path), "--env-file", most=_LARGEST).decode()
    except UnicodeDecodeError:
        raise UsageProblem(f"--env-file: {path} is not UTF-8 text") from None
