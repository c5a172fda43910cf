"""The secret of this machine, by which events are signed that are forwarded here. It stays the same."""

from __future__ import annotations

import os
import stat
import sys
from contextlib import suppress
from pathlib import Path

from aimusicverse.cli import exits
from aimusicverse.cli.errors import CommandError, OutputProblem
from aimusicverse.errors import ConfigurationError
from aimusicverse.secret import Secret
from aimusicverse.webhooks.keys import keys_of, new_secret

FILE = "listen.secret"
_LONGEST = 200


def local_secret(folder: Path) -> Secret:
    """The one in the data folder; made there by whoever asks first.

    Raises:
        CommandError: others can read it, or it is none any more.
        OutputProblem: it cannot be made.
    """
    path = folder / FILE
    try:
        return _read(path)
    except FileNotFoundError:
        pass
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _make(path)
    except OSError as error:
        raise OutputProblem(
            f"{path} cannot be made: {error.strerror}", hint="Name another folder with AMV_DATA_DIR."
        ) from None
    return _read(path)


def _read(path: Path) -> Secret:
    with path.open("rb") as file:
        found = os.fstat(file.fileno())
        text = file.read(_LONGEST).decode("latin-1").strip()
    if sys.platform != "win32" and (
        found.st_uid not in (0, os.geteuid()) or stat.S_IMODE(found.st_mode) & 0o077
    ):
        raise _unusable(path, "is open to others")
    try:
        keys_of(text)
    except ConfigurationError:
        raise _unusable(path, "holds no secret") from None
    return Secret(text)


def _make(path: Path) -> None:
    """Whole, or not at all; and if another was faster, not at all."""
    draft = path.with_name(f".{FILE}-{os.urandom(6).hex()}")
    number = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(number, "w", encoding="ascii") as file:
            file.write(new_secret().get_secret_value() + "\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()


def _unusable(path: Path, why: str) -> CommandError:
    return CommandError(
        f"{path} {why}",
        exit_code=exits.FAILED,
        code="local_secret_unusable",
        hint="Remove it: the next call makes another, which your receiver has to know.",
    )
