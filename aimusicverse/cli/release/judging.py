"""Judging a release with the files that it names: what `check` and `fix` have in common."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from aimusicverse.cli import exits
from aimusicverse.cli.errors import CommandError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aimusicverse.cli.output import Output
    from aimusicverse.cli.release.destinations import Destinations
    from aimusicverse.release.gathering import Gathered
    from aimusicverse.release.toml_file import TomlFile
    from aimusicverse.types.release import Release
    from aimusicverse.types.validation import ValidationReport


def gathered(file: TomlFile[Release], output: Output, *, look: bool = True) -> Gathered:
    """What is known of the files that `release.toml` names; how far it is, is shown.

    Args:
        file: the release.
        output: where to show it.
        look: whether to look into them at all.

    Raises:
        CommandError: what looks into them is not installed.
    """
    from aimusicverse.release.gathering import Gathered

    return looked_into(file.value, file.path.absolute().parent, output) if look else Gathered({}, None, [])


def looked_into(release: Release, folder: Path, output: Output) -> Gathered:
    """The same of a release whose files are seen from a folder.

    Raises:
        CommandError: what looks into them is not installed.
    """
    from aimusicverse.release.gathering import Gathered, facts_of

    if not (release.cover.file or any(track.file for track in release.tracks)):
        return Gathered({}, None, [])
    missing = [
        name
        for name, package in (("numpy",) * 2, ("soundfile",) * 2, ("Pillow", "PIL"))
        if not find_spec(package)
    ]
    if missing:
        raise CommandError(
            f"looking into sound and picture needs {', '.join(missing)}, which is not installed",
            exit_code=exits.FAILED,
            code="missing_extra",
            hint="Install it: pip install 'aimusicverse[release]', or leave files out: --no-files",
        )
    if len(release.tracks) < 2:  # over before a bar is drawn
        return facts_of(release, folder)
    from aimusicverse.cli.progress import progress

    with progress(output) as shown:
        return facts_of(release, folder, lambda _, done, of: shown.show("looking", done / of))


def judge(where: Destinations, files: Gathered) -> Callable[[TomlFile[Release]], ValidationReport]:
    """What says of a file what the rules say, whatever changes in its text."""
    from aimusicverse.release.validation import validate

    def report(file: TomlFile[Release]) -> ValidationReport:
        return validate(
            file.value, where.stores, where.via, audio=files.audio, image=files.image, problems=files.problems
        )

    return report
