"""The programs of a machine that play a sound file, and which of them is to do it."""

from __future__ import annotations

import os
import shlex
import shutil
from dataclasses import dataclass
from pathlib import Path

from aimusicverse.cli import exits
from aimusicverse.cli.errors import CommandError, UsageProblem

SETTING = "AMV_PLAYER"
_ALL = ("wav", "flac", "mp3")


@dataclass(frozen=True, slots=True)
class Player:
    """A program that plays a file and ends with it.

    Attributes:
        command: its words; the file's name comes after them.
        formats: what it plays, best first.
    """

    command: tuple[str, ...]
    formats: tuple[str, ...] = _ALL

    @property
    def name(self) -> str:
        """What people call it."""
        return Path(self.command[0]).name

    def format_for(self, asked: str | None, offered: list[str]) -> str | None:
        """The format to play a track in.

        Args:
            asked: what `--format` said.
            offered: what the track can be had in.
        """
        return next((f for f in self.formats if f in offered and asked in (None, f)), None)


#: Those that are looked for, in this order: first those that show what they play and take keys.
KNOWN = (
    Player(("mpv", "--no-video")),
    Player(("ffplay", "-nodisp", "-autoexit", "-hide_banner", "-loglevel", "warning")),
    Player(("cvlc", "--play-and-exit", "--quiet")),
    Player(("afplay",)),  # macOS
    Player(("pw-play",), ("wav", "flac")),  # PipeWire
    Player(("paplay",), ("wav", "flac")),  # PulseAudio
    Player(("aplay", "-q"), ("wav",)),  # ALSA
    Player(("mpg123", "-q"), ("mp3",)),
    Player(("play", "-q")),  # SoX
)


class NoPlayer(CommandError):
    """Nothing on this machine plays it."""

    def __init__(self, message: str) -> None:
        super().__init__(
            message,
            exit_code=exits.FAILED,
            code="player_missing",
            hint=f"Install one of them, name another with --player or {SETTING}, or use --browser.",
        )


def candidates(named: str | None, format: str | None) -> list[Player]:
    """Who could play a file: the player that is named, else all that are installed, best first.

    Args:
        named: what `--player` said; else `AMV_PLAYER` counts.
        format: what `--format` said: who does not play that is left out.

    Raises:
        UsageProblem: the one that is named is not there, or does not play the format.
        NoPlayer: there is none; it says what was looked for.
    """
    setting = "--player" if named is not None else SETTING
    words = named if named is not None else os.environ.get(SETTING, "").strip() or None
    if words is not None:
        return [_named(words, setting, format)]
    found = [player for player in KNOWN if shutil.which(player.command[0])]
    if able := [player for player in found if format in (None, *player.formats)]:
        return able
    tried = ", ".join(
        f"{player.name} (plays no {format})" if player in found else player.name for player in KNOWN
    )
    raise NoPlayer(f"no player was found; tried {tried}")


def choose(players: list[Player], format: str | None, offered: list[str]) -> tuple[Player, str]:
    """The first that can play a track, and in which format.

    Args:
        players: as of `candidates`.
        format: what `--format` said.
        offered: what the track can be had in.

    Raises:
        UsageProblem: the track cannot be had in the format that was asked for.
        NoPlayer: none of them plays what it can be had in.
    """
    if format is not None and format not in offered:
        raise UsageProblem(
            f"this track cannot be had as {format}", hint=f"Formats of it: {', '.join(offered)}."
        )
    for player in players:
        if (chosen := player.format_for(format, offered)) is not None:
            return player, chosen
    names = ", ".join(player.name for player in players)
    raise NoPlayer(f"{names} cannot play this track, which can be had as {', '.join(offered)}")


def _named(words: str, setting: str, format: str | None) -> Player:
    """A command line that somebody wrote. Of a program that we know, alone, the usual options are added."""
    try:
        command = tuple(shlex.split(words))
    except ValueError:
        raise UsageProblem(f"{setting}: a quotation mark is not closed in {words}") from None
    if not command or not shutil.which(command[0]):
        raise UsageProblem(
            f"{setting}: there is no program {command[0] if command else repr(words)}",
            hint="It is looked for as a shell does: by its name in PATH, or by its path.",
        )
    like = next((one for one in KNOWN if one.name == Path(command[0]).stem), None)
    if like is None:
        return Player(command)
    if format not in (None, *like.formats):
        raise UsageProblem(f"{setting}: {like.name} plays no {format}", hint=f"It plays {like.formats[0]}.")
    return Player(command if len(command) > 1 else (command[0], *like.command[1:]), like.formats)
