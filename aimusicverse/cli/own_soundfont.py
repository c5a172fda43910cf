"""`--soundfont`: for the server that a command starts for itself. No path ever goes to another one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from aimusicverse.cli.errors import UsageProblem

if TYPE_CHECKING:
    from aimusicverse.client import Client
    from aimusicverse.engines.soundfont import Soundfont


def asked(file: str) -> Soundfont:
    """The soundfont, which a server that is started from now on in this process plays by.

    Raises:
        UsageProblem: it cannot be used.
    """
    from aimusicverse.engines.soundfont import Soundfont, SoundfontError

    try:
        found = Soundfont.of(Path(file))
    except SoundfontError as error:
        raise UsageProblem(f"--soundfont: {error}") from None
    os.environ["AMV_SOUNDFONT"] = str(found.path)
    return found


def require(client: Client, soundfont: Soundfont) -> None:
    """See that the server plays by it.

    Raises:
        UsageProblem: it is one that runs already, and plays by something else.
    """
    playing = [engine.soundfont.sha256 for engine in client.generation.engines() if engine.soundfont]
    if soundfont.sha256 not in playing:
        raise UsageProblem(
            f"--soundfont: the server that runs already does not play by {soundfont.name}",
            hint="Stop it, or start it with AMV_SOUNDFONT set to that file.",
        )
