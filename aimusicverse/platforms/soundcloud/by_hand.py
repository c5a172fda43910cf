"""A folder for whoever uploads to SoundCloud by himself: the files under plain names, and what to fill in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from aimusicverse.platforms.base import Parcel
from aimusicverse.platforms.soundcloud.metadata import playlist_fields, track_fields
from aimusicverse.release.copying import copy_checked, write_whole
from aimusicverse.release.display import full_title
from aimusicverse.release.file_names import file_name

_STEPS = """\
How to upload “{title}” to SoundCloud yourself
{mode}
1. Sign in at soundcloud.com and open https://soundcloud.com/upload.
2. Choose all sound files of this folder{together}.
3. Set the privacy to private{when}.
4. For each track fill in what fields.json says: title, genre, tags, description, ISRC, label.
5. Set cover.{ending} as the picture.
6. Save. When it is time, make it public.
7. Tell it here: amv distributions confirm {id}
"""


def write_package(parcel: Parcel, into: Path) -> None:
    """Write it. No network.

    Args:
        parcel: the release.
        into: an empty folder.

    Raises:
        CannotPackage: a file is missing, or changed.
    """
    release = parcel.release
    cover = parcel.files.require(len(release.tracks))
    tracks = []
    for number, (recording, sound) in enumerate(zip(release.tracks, parcel.files.tracks, strict=True)):
        title = full_title(recording.title, recording.version)
        name = file_name(f"{number + 1:02} {title}", sound.ending, ascii_only=True)
        copy_checked(sound.path, into / name, sound.facts)
        tracks.append({"file": name, **_set(track_fields(parcel, number, ""))})
    copy_checked(cover.path, into / f"cover.{cover.ending}", cover.facts)
    fields: dict[str, Any] = {"mode": parcel.mode, "tracks": tracks}
    if len(tracks) > 1:
        fields["playlist"] = _set(playlist_fields(parcel, ()))
    write_whole(into / "fields.json", (json.dumps(fields, indent=2, ensure_ascii=False) + "\n").encode())
    when = f", until {parcel.release_at:%Y-%m-%d %H:%M} UTC" if parcel.release_at else ""
    steps = _STEPS.format(
        title=full_title(release.title, release.version),
        mode="(made in the sandbox: a trial)\n" if parcel.mode == "sandbox" else "",
        together=", and let them be one playlist" if len(tracks) > 1 else "",
        when=when,
        ending=cover.ending,
        id=parcel.distribution_id,
    )
    write_whole(into / "how to upload.txt", steps.encode())


def _set(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in ("", [])}
