"""Messages for tests, of releases that are sound but for some changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from aimusicverse.release.ern.message import new_release_message
from aimusicverse.types.release import Release
from tests.release.package_files import release_files
from tests.release.sound_releases import NOW, SINGLE, changed

#: A release that says everything that a message can tell.
RICH: dict[str, Any] = {
    **SINGLE,
    "title": "Nachtzüge & <Träume>",
    "version": "Deluxe",
    "grid": "A1-2425G-ABC1234002-M",
    "catalog_number": "MO-004",
    "artists": [
        {"name": "Maren Okafor", "isni": "0000 0001 2170 7484", "apple_id": "1419227"},
        {
            "name": "دانا الفردان",
            "roles": ["FeaturedArtist", "Vocalist"],
            "spotify_id": "spotify:artist:0OdUWJ0sBjDrqHygGUXeCF",
        },
    ],
    "contributors": [{"name": "Jonas Weil", "roles": ["Producer", "Glass harp"]}],
    "original_release_date": "2026-11-27",
    "release_at": "2027-01-08T00:00:00+01:00",
    "preorder_at": "2026-12-18T00:00:00+01:00",
    "preorder_tracks": [2],
    "excluded_territories": ["KP", "BY"],
    "ai": {
        "lyrics": "none", "composition": "partly", "vocals": "none", "instruments": "all", "artwork": "all",
    },
    "tracks": [
        {
            "title": "Nachtzug 🚂",
            "version": "Live",
            "isrc": "us-skg-26-00001",
            "iswc": "T-034.524.680-1",
            "writers": [
                {"name": "Maren Okafor", "ipi": "00014107338", "publisher": "Kai Musik GmbH"},
                {"name": "O'Brien \"Ö\" <Li>", "roles": ["Lyricist"], "ipi": "I-000000229-7", "ai": "partly"},
            ],
            "contributors": [{"name": "DJ Ono", "roles": ["Remixer"]}],
            "explicit": "explicit",
            "recording_country": "DE",
            "original_release_date": "2026-11-27",
            "is_cover": True,
            "duration_seconds": 185.0,
        },
        {
            "title": "Träume",
            "isrc": "USSKG2600002",
            "writers": [{"name": "Maren Okafor", "roles": ["Composer"]}],
            "language": "zxx",
            "explicit": "clean",
            "clean_of": "USSKG2600001",
            "duration_seconds": 200.25,
        },
    ],
}  # fmt: skip


def new_message(
    folder: Path,
    release: dict[str, Any] = SINGLE,
    changes: dict[str, Any] | None = None,
    *,
    version: Any = "4.3.2",
    **options: Any,
) -> bytes:
    """The message of a release whose files are real ones in `folder`."""
    parsed = Release.model_validate(changed(release, changes or {}))
    files = release_files(folder, len(parsed.tracks))
    return new_release_message(parsed, files, message_id="M-1", created_at=NOW, version=version, **options)
