"""What is sent about a distribution."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from aimusicverse.errors import ConfigurationError
from aimusicverse.resources.moment import moment
from aimusicverse.resources.naming import id_of, ids_of
from aimusicverse.resources.unchanged import Keep, Unchanged
from aimusicverse.secret import Secret

if TYPE_CHECKING:
    from aimusicverse.types.artwork import Artwork
    from aimusicverse.types.release import Release
    from aimusicverse.types.track import Track

    #: A release by its model, or as a dict in its long or short form.
    AnyRelease = Release | Mapping[str, Any]
    Tracks = Track | str | Iterable[Track | str]

_NAME = re.compile(r"[a-z0-9][a-z0-9_]{0,99}")


def several(names: str | Iterable[str]) -> list[str]:
    """One name, or several, as a list."""
    return [names] if isinstance(names, str) else list(names)


def platform_name(platform: str) -> str:
    """A platform's name, safe to be put into a path.

    Raises:
        ConfigurationError: it can be none, such as `../` or an empty text.
    """
    if not isinstance(platform, str) or not _NAME.fullmatch(platform):
        raise ConfigurationError(f"{platform!r:.60} is no platform; platforms look like spotify")
    return platform


def plain_release(metadata: AnyRelease) -> dict[str, Any]:
    """A release as it is sent: what was said of it, and nothing else."""
    if not isinstance(metadata, Mapping):
        metadata = metadata.model_dump(mode="json", exclude_unset=True)
    return dict(metadata)


def about(
    metadata: AnyRelease, platforms: str | Iterable[str], via: str | None, tracks: Tracks
) -> dict[str, Any]:
    """A release, and where it is to go."""
    body: dict[str, Any] = {"metadata": plain_release(metadata), "platforms": several(platforms)}
    if via is not None:
        body["via"] = via
    if ids := ids_of(tracks):
        body["track_ids"] = ids
    return body


def all_tracks(track: Track | str | None, tracks: Tracks) -> list[str]:
    """The ids of what `track=` or `tracks=` names.

    Raises:
        ConfigurationError: both do.
    """
    ids = ids_of(tracks)
    if track is None:
        return ids
    if ids:
        raise ConfigurationError("track= and tracks= exclude each other: a release has the one or the others")
    return [id_of(track)]


def changes(
    *,
    metadata: AnyRelease | Unchanged,
    platforms: str | Iterable[str] | Unchanged,
    release_at: datetime | str | Unchanged | None,
    artwork: Artwork | str | Unchanged | None,
) -> dict[str, Any]:
    """What was given of these."""
    body: dict[str, Any] = {}
    if not isinstance(metadata, Keep):
        body["metadata"] = plain_release(metadata)
    if not isinstance(platforms, Keep):
        body["platforms"] = several(platforms)
    if not isinstance(release_at, Keep):
        body["release_at"] = moment(release_at)
    if not isinstance(artwork, Keep):
        body["artwork_id"] = None if artwork is None else id_of(artwork)
    return body


def plain_settings(settings: Mapping[str, str | Secret]) -> dict[str, str]:
    """The settings of an account as they are sent."""
    return {
        name: value.get_secret_value() if isinstance(value, Secret) else value
        for name, value in settings.items()
    }
