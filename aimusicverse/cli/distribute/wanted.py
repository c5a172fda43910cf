"""What is to be released: made of what the command line names, before a server is asked anything."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from aimusicverse.cli.errors import UsageProblem
from aimusicverse.cli.release import opened

if TYPE_CHECKING:
    from aimusicverse.types.release import Release

_TRACK: Final = re.compile(r"trk_[0-9A-Za-z]{1,36}")


class Wanted(NamedTuple):
    """A release, and where its sound is.

    Args:
        release: as a file or the options say; of a track alone it is made once the track is known (`None`).
        known: what the options and the user's defaults say, in the short form, where no file does.
        sounds: a track of the server (`trk_…`) or a file here for each recording, in order.
        cover: a picture here; `None`: none is named.
        file: the `release.toml`; `None`: there is none.
    """

    release: Release | None
    known: dict[str, Any]
    sounds: list[str | Path]
    cover: Path | None
    file: Path | None


def wanted(sources: Sequence[str], metadata: str | None, said: Mapping[str, Any]) -> Wanted:
    """What the command line means.

    Args:
        sources: tracks and sound files in order; or one release.toml, or a folder that has one.
        metadata: a release.toml; `None`: the one beside the sound, or of this folder, if it is there.
        said: what options say of the release, in the short form.

    Raises:
        UsageProblem: there is no such file, or things contradict each other.
        Unreadable: a release.toml that is none.
    """
    first = Path(sources[0])
    itself = first / opened.NAME if first.is_dir() else first
    if itself.suffix.lower() == ".toml":
        if len(sources) > 1 or metadata is not None:
            raise UsageProblem(f"{itself} names its own sound", hint="Name it alone.")
        return _of_file(itself, None, said)
    sounds = [_sound(source) for source in sources]
    file = Path(metadata) if metadata is not None else _beside(sounds)
    if file is not None:
        return _of_file(file, sounds, said)
    if len(sounds) > 1:
        raise UsageProblem(
            "several tracks need a file that says what they are together",
            hint="amv release init, and then --metadata release.toml",
        )
    today = datetime.now(UTC).astimezone().date()
    return Wanted(None, opened.own_defaults().keys(today) | dict(said), sounds, None, None)


def _beside(sounds: list[str | Path]) -> Path | None:
    """The release.toml where the sound is, or here for a track of the server."""
    first = sounds[0]
    file = (first.parent if isinstance(first, Path) else Path()) / opened.NAME
    return file if file.is_file() else None


def _sound(source: str) -> str | Path:
    if _TRACK.fullmatch(source) and not Path(source).exists():
        return source
    if "\0" in source or not Path(source).is_file():
        raise UsageProblem(
            f"{source!r:.200} is neither a track nor a file",
            hint="A track is trk_… (see: amv tracks list); a file is WAV, FLAC, MP3, AIFF or Ogg.",
        )
    return Path(source)


def _of_file(file: Path, sounds: list[str | Path] | None, said: Mapping[str, Any]) -> Wanted:
    if said:
        options = " and ".join(f"--{name.replace('_', '-').removesuffix('s')}" for name in said)
        raise UsageProblem(
            f"{options}: the release is {file}, which says it all",
            hint=f"Edit {file}, or name another one with --metadata.",
        )
    release = opened.opened(str(file)).value
    folder = file.absolute().parent
    cover = None if release.cover.file is None else _there(folder, release.cover.file, "cover.file")
    if sounds is None:
        sounds = [
            recording.track_id or _there(folder, recording.file, f"tracks[{number}].file")
            for number, recording in enumerate(release.tracks)
        ]
    elif len(sounds) != len(release.tracks):
        raise UsageProblem(
            f"{file} has {len(release.tracks)} tracks, and {len(sounds)} are named",
            hint="Name one for each, in order; or the file alone, if it names its sound.",
        )
    else:
        for sound, recording in zip(sounds, release.tracks, strict=True):
            _same(file, folder, sound, recording.file, recording.track_id)
    return Wanted(release, {}, sounds, cover, file)


def _same(file: Path, folder: Path, sound: str | Path, named: str | None, track_id: str | None) -> None:
    """A release.toml that happens to lie there may be another song's."""
    other = None
    if isinstance(sound, Path) and named is not None and (folder / named).resolve() != sound.resolve():
        other = named
    if isinstance(sound, str) and track_id is not None and track_id != sound:
        other = track_id
    if other is not None:
        raise UsageProblem(
            f"{file} is about {other}, and not about {sound}", hint="Name the right one with --metadata."
        )


def _there(folder: Path, name: str | None, field: str) -> Path:
    if name is None:
        raise UsageProblem(f"{field} is not said", hint="Name the sound, or its track, on the command line.")
    path = folder / name
    if not path.is_file():
        raise UsageProblem(f"{field}: there is no file {path}")
    return path
