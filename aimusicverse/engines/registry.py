"""The engines there are, by name."""

from __future__ import annotations

from pathlib import Path

from aimusicverse.engines.base import Engine
from aimusicverse.engines.soundfont import Soundfont, SoundfontError
from aimusicverse.engines.studio.engine import StudioEngine
from aimusicverse.errors import ConfigurationError

DEFAULT = "studio"

_ENGINES: dict[str, Engine] = {"studio": StudioEngine()}


class UnknownEngine(KeyError):
    """No engine has that name; the message lists those there are."""

    def __str__(self) -> str:
        return str(self.args[0])


def get(name: str | None = None) -> Engine:
    """The engine of that name; the default one for `None`.

    Raises:
        UnknownEngine: there is none.
    """
    try:
        return _ENGINES[name or DEFAULT]
    except KeyError:
        raise UnknownEngine(f"no engine {name!r}; there are {', '.join(_ENGINES)}") from None


def all(soundfont: str = "") -> list[Engine]:  # noqa: A001 - read as `registry.all()`
    """All engines, the default one first.

    Args:
        soundfont: a file, SF2 or SF3, which the studio then plays by. Empty: none.

    Raises:
        ConfigurationError: that file cannot be used.
    """
    if not soundfont:
        return list(_ENGINES.values())
    try:
        studio = StudioEngine(Soundfont.of(Path(soundfont)))
    except SoundfontError as error:
        raise ConfigurationError(f"AMV_SOUNDFONT: {error}") from None
    return list({**_ENGINES, "studio": studio}.values())
