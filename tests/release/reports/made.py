"""A bad release as a file, and its report."""

from __future__ import annotations

from pathlib import Path

from aimusicverse.release import toml_form
from aimusicverse.release.targets import distributor_of, store_of
from aimusicverse.release.toml_file import TomlFile, of_content
from aimusicverse.release.validation import validate
from aimusicverse.types.release import Release
from aimusicverse.types.validation import ValidationReport
from tests.release.sound_releases import NOW, SINGLE, changed

STORES = ("spotify", "apple_music")


def made(
    changes: dict[str, object], via: str | None = "distrokid"
) -> tuple[ValidationReport, TomlFile[Release]]:
    """What two stores and a distributor say of the sound single after some changes."""
    release = Release.model_validate(changed(SINGLE, changes))
    file = of_content(Release, Path("music/release.toml"), toml_form.written(release).encode())
    stores = [store_of(name) for name in STORES]
    return validate(file.value, stores, None if via is None else distributor_of(via), now=NOW), file
