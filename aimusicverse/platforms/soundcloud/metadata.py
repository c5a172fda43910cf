"""What SoundCloud is told of a release: fields of its API by their names, from ours."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from aimusicverse.platforms.base import Parcel
from aimusicverse.release.display import full_title
from aimusicverse.release.moments import MomentError, moment_of
from aimusicverse.types.release import Recording, Release

#: A machine tag: SoundCloud keeps it among the tags and gives it back by the API, and does not show it to
#: people ("Machine tags are not revealed to the user on the track pages"). A permalink is not given back as
#: it was sent, and people read descriptions.
MARK: Final = "amv:posting="
_DIGITS: Final = 24


def marks_of(parcel: Parcel) -> tuple[str, ...]:
    """By which each upload of ours is known again, in this try and any later one: one for each track.

    It follows from the sound file, wherever in the release it stands: another master is another upload.
    """
    seen: dict[str, int] = {}
    marks = []
    for file in parcel.files.tracks:
        time = seen[file.facts.sha256] = seen.get(file.facts.sha256, 0) + 1
        words = f"{parcel.distribution_id}/{file.facts.sha256}/{time}".encode()
        marks.append(MARK + hashlib.sha256(words).hexdigest()[:_DIGITS])
    return tuple(marks)


def track_fields(parcel: Parcel, number: int, mark: str) -> dict[str, Any]:
    """Of one track, without its sharing.

    Args:
        parcel: the release.
        number: of the track, from 0.
        mark: see `marks_of`.
    """
    release, recording = parcel.release, parcel.release.tracks[number]
    ours = release.soundcloud
    fields: dict[str, Any] = {
        "title": full_title(recording.title, recording.version),
        "description": ours.description,
        "genre": genre_of(release, recording),
        "tag_list": tag_list([*ours.tags, mark]),
        "label_name": release.label,
        "release": release.catalog_number or release.upc,
        "release_date": release_day(parcel),
        "isrc": _bare(recording.isrc),
        "license": ours.licence or "all-rights-reserved",
        "embeddable_by": ours.embeddable_by,
        "purchase_url": ours.purchase_url,
        "streamable": True,
        "downloadable": False,
        "commentable": True,
    }
    return {name: value for name, value in fields.items() if value not in (None, "")}


def playlist_fields(parcel: Parcel, urns: Iterable[str]) -> dict[str, Any]:
    """Of the playlist of a release with several tracks, without its sharing."""
    release = parcel.release
    ours = release.soundcloud
    fields: dict[str, Any] = {
        "title": full_title(release.title, release.version),
        "description": ours.description,
        "genre": genre_of(release, None),
        "tag_list": tag_list(ours.tags),
        "label_name": release.label,
        "release": release.catalog_number or release.upc,
        "release_date": release_day(parcel),
        "ean": _ean(release.upc),
        "license": ours.licence or "all-rights-reserved",
        "purchase_url": ours.purchase_url,
        "set_type": "album",
        "tracks": [{"urn": urn} for urn in urns],
    }
    return {name: value for name, value in fields.items() if value not in (None, "")}


def form_fields(fields: dict[str, Any]) -> dict[str, str]:
    """The same as fields of a form: `track[title]`."""
    return {
        f"track[{name}]": str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in fields.items()
    }


def tag_list(tags: Iterable[str]) -> str:
    """Separated by blanks; what has a blank itself stands in double quotes."""
    bare = [" ".join(tag.split()) for tag in tags if '"' not in tag]
    return " ".join(f'"{tag}"' if " " in tag else tag for tag in bare if tag)


def genre_of(release: Release, recording: Recording | None) -> str | None:
    """SoundCloud takes any text."""
    return release.genres.get("soundcloud") or (recording.genre if recording else None) or release.genre


def release_day(parcel: Parcel) -> str | None:
    """`yyyy-mm-dd`, as it is where the release was dated."""
    try:
        written = parcel.release.release_at
        if written:
            return moment_of(written, parcel.release.time_zone).day.isoformat()
    except MomentError:
        pass  # its rule tells; the moment itself is known
    return parcel.release_at.date().isoformat() if parcel.release_at else None


def page_of(there: Mapping[str, Any]) -> str | None:
    """Where people find it; `None`: SoundCloud says none, or something that is no address of the web."""
    url = there.get("permalink_url")
    return url if isinstance(url, str) and url.startswith(("https://", "http://")) else None


def created_at(text: object) -> datetime | None:
    """`2019/01/15 15:40:49 +0000`; `None`: not so written."""
    try:
        return datetime.strptime(str(text), "%Y/%m/%d %H:%M:%S %z")
    except ValueError:
        return None


def _bare(isrc: str | None) -> str | None:
    return isrc.replace("-", "").replace(" ", "").upper() if isrc else None


def _ean(upc: str | None) -> str | None:
    digits = "".join(character for character in upc or "" if character.isdigit())
    return digits.zfill(13) if digits else None
