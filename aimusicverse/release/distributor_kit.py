"""A kit for a distributor of which no form is known: files, the release, and answers to what anyone asks.

Harbour Lights/
├── 01 Cold Morning.wav, 02 Ferry.wav, …
├── cover.jpg
├── checklist.html, checklist.md      what distributors ask, with answers
├── ai-answers.md                     what is asked about machines
└── release.toml                      the release as it was judged
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from aimusicverse.release.ai_answers import ai_answers
from aimusicverse.release.checklist import as_markdown, as_page
from aimusicverse.release.copying import appearing, copy_checked, write_whole
from aimusicverse.release.display import full_title
from aimusicverse.release.general_form import general_form
from aimusicverse.release.kit import track_names
from aimusicverse.release.package_error import refuse
from aimusicverse.release.prepared_texts import answers_page
from aimusicverse.release.release_files import ReleaseFiles
from aimusicverse.release.rules.case import Track
from aimusicverse.release.targets import DISTRIBUTORS, STORES
from aimusicverse.release.toml_form import written
from aimusicverse.types.outlet import Outlet
from aimusicverse.types.release import Release

_INTRO: Final = (
    "What distributors ask of a release, with the answers of yours. Tick each as you go. The form of this "
    "one was not looked at: answer there what is new."
)


def write_distributor_kit(
    final: Path, release: Release, files: ReleaseFiles, distributor: Outlet, stores: Sequence[Outlet]
) -> Path:
    """Write the kit. It is there as a whole, or not at all.

    Args:
        final: the folder that comes to be.
        release: what is uploaded. What it does not say is marked in the checklist, and is no error.
        files: of each recording, and the cover.
        distributor: who takes it.
        stores: where it is to go.

    Returns:
        `final`.

    Raises:
        CannotPackage: a file that changed or is not there, or a folder of that name that is.
    """
    cover = files.require(len(release.tracks))
    names, cover_file = track_names(release, files), f"cover.{cover.ending}"
    tracks = [
        Track(place, recording, release, files.tracks[place].facts)
        for place, recording in enumerate(release.tracks)
    ]
    title = f"{full_title(release.title, release.version)}: {distributor.name}"
    sections = general_form(release, tracks, names, cover_file, distributor, stores)
    asking = [STORES[store.id] for store in stores if store.id in STORES]
    answers = ai_answers(release, asking, DISTRIBUTORS.get(distributor.id))
    with appearing(final) as unfinished:
        for name, sound in zip(names, files.tracks, strict=True):
            copy_checked(sound.path, unfinished / name, sound.facts)
        copy_checked(cover.path, unfinished / cover_file, cover.facts)
        write_whole(unfinished / "checklist.md", as_markdown(title, _INTRO, sections))
        write_whole(unfinished / "checklist.html", as_page(title, _INTRO, sections))
        write_whole(unfinished / "ai-answers.md", answers_page(release, answers).encode("utf-8", "replace"))
        write_whole(unfinished / "release.toml", _as_toml(_of_the_kit(release, names, cover_file)))
    return final


def _of_the_kit(release: Release, names: Sequence[str], cover: str) -> Release:
    """The release with paths as they are in the kit."""
    copied = release.model_copy(deep=True)
    copied.cover.file = cover
    for track, name in zip(copied.tracks, names, strict=True):
        track.file = name
    return copied


def _as_toml(release: Release) -> bytes:
    try:
        return written(release).encode()
    except ValueError as error:
        raise refuse("metadata", f"{error}.", "Take that character out.") from error
