"""Files and standard input that a command reads: whole, with an end, and each standard input once."""

from __future__ import annotations

import sys
from pathlib import Path

from aimusicverse.cli.errors import UsageProblem

#: What stands for standard input.
STDIN = "-"


def read_bytes(name: str, option: str, *, most: int) -> bytes:
    """What a file holds, or standard input for `-`. What has no end, like /dev/zero, is not read to the end.

    Raises:
        UsageProblem: it cannot be read, or is longer than `most` bytes.
    """
    try:
        data = _beginning(name, most + 1)
    except OSError as error:
        raise UsageProblem(f"{option}: {name} cannot be read: {error.strerror}") from None
    if len(data) > most:
        raise UsageProblem(f"{option}: {name} is longer than {most // 2**20} MiB")
    return data


def _beginning(name: str, length: int) -> bytes:
    if name == STDIN:
        return sys.stdin.buffer.read(length)
    with Path(name).open("rb") as file:
        return file.read(length)


def one_reader_of_stdin(readers: dict[str, bool], *, hint: str) -> None:
    """See to it that of what may come from standard input at most one thing does.

    Args:
        readers: what it is (`the body`) → whether it is to come from there.
        hint: the way out.

    Raises:
        UsageProblem: several are.
    """
    those = [what for what, wanted in readers.items() if wanted]
    if len(those) > 1:
        raise UsageProblem(f"standard input cannot be {' and '.join(those)} at once", hint=hint)
