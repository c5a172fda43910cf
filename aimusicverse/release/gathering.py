"""Looks into the files that a release names. What is not there or unreadable is told, and stops nothing."""

from __future__ import annotations

import difflib
import os
import stat
import unicodedata
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any, Final, NamedTuple

from aimusicverse.release.facts import AudioFacts, FileProblem, ImageFacts
from aimusicverse.types.release import Release

#: Told the name of a file that was looked into, how many are done, and how many there are.
Progress = Callable[[str, int, int], None]

#: More at once would wait for the same processors, and hold more sound in memory.
_MOST_AT_ONCE: Final = 4


class Gathered(NamedTuple):
    """What is known of a release's files.

    Args:
        audio: by the number of the track; 0 is the first.
        image: of the cover.
        problems: of what could not be looked into.
    """

    audio: dict[int, AudioFacts]
    image: ImageFacts | None
    problems: list[FileProblem]


def facts_of(release: Release, folder: Path, progress: Progress | None = None) -> Gathered:
    """Look into all of them, several at once. A file that several tracks name is looked into once.

    Args:
        release: whose files.
        folder: that their paths are seen from: where `release.toml` is.
        progress: told after each of them, in the thread of the caller.
    """
    tracks: defaultdict[str, list[int]] = defaultdict(list)
    for index, track in enumerate(release.tracks):
        if track.file:
            tracks[track.file].append(index)
    named = len(tracks) + bool(release.cover.file)
    gathered = Gathered({}, None, [])
    with ThreadPoolExecutor(max(1, min(named, os.cpu_count() or 1, _MOST_AT_ONCE))) as pool:
        running = {pool.submit(_sound, folder, name): name for name in tracks}
        cover = pool.submit(_picture, folder, release.cover.file) if release.cover.file else None
        try:
            names: dict[Future[Any], str] = dict(running)
            if cover is not None:
                names[cover] = release.cover.file or ""
            for done, finished in enumerate(as_completed(names), 1):
                if progress is not None:
                    progress(names[finished], done, named)
        except BaseException:  # Ctrl-C: what has not begun is not begun
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    for future, name in running.items():
        facts = future.result()
        for index in tracks[name]:
            if isinstance(facts, FileProblem):
                gathered.problems.append(facts_at(facts, f"tracks[{index}].file"))
            else:
                gathered.audio[index] = facts
    gathered.problems.sort(key=lambda problem: int("".join(filter(str.isdigit, problem.field)) or 0))
    picture = cover.result() if cover else None
    if isinstance(picture, FileProblem):
        gathered.problems.append(picture)
        picture = None
    return gathered._replace(image=picture)


def facts_at(problem: FileProblem, field: str) -> FileProblem:
    """The same, where another field names the file."""
    return FileProblem(field, problem.name, problem.code, problem.message)


def _sound(folder: Path, name: str) -> AudioFacts | FileProblem:
    found = _found(folder, name, "tracks[0].file")
    if isinstance(found, FileProblem):
        return found
    from aimusicverse.audio.errors import AudioError
    from aimusicverse.release.audio_check import look_into

    try:
        return look_into(found)
    except AudioError as error:
        return FileProblem("tracks[0].file", name, error.code, error.message)
    except OSError as error:
        return FileProblem("tracks[0].file", name, "unreadable", _said(error))


def _picture(folder: Path, name: str) -> ImageFacts | FileProblem:
    found = _found(folder, name, "cover.file")
    if isinstance(found, FileProblem):
        return found
    from aimusicverse.release.image_check import MOST_BYTES, ImageError, look_into

    try:
        with found.open("rb") as file:
            content = file.read(MOST_BYTES + 1)  # what is larger is refused, and not read to its end for that
        return look_into(content, found.name)
    except ImageError as error:
        return FileProblem("cover.file", name, error.code, error.message)
    except OSError as error:
        return FileProblem("cover.file", name, "unreadable", _said(error))


def _found(folder: Path, name: str, field: str) -> Path | FileProblem:
    """Where a file is, if there is one that can be opened without waiting for somebody else."""
    path = folder / name
    try:
        kind = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return FileProblem(field, name, "missing", _near(path))
    except ValueError:
        return FileProblem(field, name, "missing", "no file can have this name")
    except OSError as error:
        return FileProblem(field, name, "unreadable", _said(error))
    if stat.S_ISDIR(kind):
        return FileProblem(field, name, "unreadable", "it is a folder")
    if not stat.S_ISREG(kind):
        return FileProblem(field, name, "unreadable", "it is no file, but a device or pipe")
    return path


def _near(path: Path) -> str:
    """What is there instead. A name may look the same and be written with other characters (NFC, NFD)."""
    try:
        names = {_folded(entry.name): entry.name for entry in path.parent.iterdir()}
    except OSError:
        return f"there is no folder {path.parent}"
    close = difflib.get_close_matches(_folded(path.name), names, 1, 0.75)
    return f"did you mean {names[close[0]]!r}?" if close else f"it is not in {path.parent.absolute()}"


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


def _said(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
