"""`metadata.xml` of an Apple package: `music5.3`, of which the schema is not public.

Sources: help.apple.com/itc/musicspec as far as it can be read, and public code that delivers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from lxml import etree

from aimusicverse.release import identifiers
from aimusicverse.release.apple_genres import apple_genre_of
from aimusicverse.release.chosen_territories import chosen_territories
from aimusicverse.release.ern.credits import Credit, artists_of, credits_of
from aimusicverse.release.ern.tree import Element, as_bytes, leaf
from aimusicverse.release.facts import AudioFacts, ImageFacts
from aimusicverse.release.owner_lines import owner_line
from aimusicverse.release.package_error import CannotPackage, Obstacle
from aimusicverse.release.release_files import PictureFile, ReleaseFiles, SoundFile
from aimusicverse.release.rules.case import Track
from aimusicverse.release.start_time import date_of, day, preorder_start, release_start
from aimusicverse.release.territories import APPLE_WORLDWIDE, WORLDWIDE
from aimusicverse.types.release import Contributor, Release

NAMESPACE: Final = "http://apple.com/itunes/importer"
VERSION: Final = "music5.3"
_GENRE: Final = "Set genre to one of Apple's (amv release rules genre), or write its code here, as POP-00."
UNVERIFIED: Final = "not verified against Apple's schema"
_VENDOR_ID: Final = re.compile(r"[A-Za-z0-9_]{1,100}", re.ASCII)
#: Roles whose names at Apple are known. Others are left out, and README.txt says so.
ROLES: Final[dict[str, tuple[str, ...]]] = {
    "MainArtist": ("Performer",),
    "FeaturedArtist": ("Featuring",),
    "Remixer": ("Remixer",),
    "Producer": ("Producer",),
    "StudioProducer": ("Producer",),
    "Composer": ("Composer",),
    "Lyricist": ("Lyricist",),
    "ComposerLyricist": ("Composer", "Lyricist"),
    "Arranger": ("Arranger",),
}


def vendor_id(release: Release) -> str:
    """Apple's id of a release: its own, or its UPC. It can never be changed once delivered.

    Raises:
        CannotPackage: one with other characters than letters, digits and underscores, or none.
    """
    given = release.vendor_id or identifiers.plain(release.upc or "")
    if not _VENDOR_ID.fullmatch(given):
        raise CannotPackage(
            [
                Obstacle(
                    "vendor_id",
                    f"{given!r} is no vendor id.",
                    "Use 1 to 100 letters, digits and underscores, or give a UPC.",
                )
            ]
        )
    return given


def metadata(release: Release, files: ReleaseFiles | None, *, provider: str, now: datetime) -> bytes:
    """`metadata.xml`: the same bytes for the same input.

    Args:
        release: what it is.
        files: of each recording, and the cover; `None`: it is taken down.
        provider: the short name that Apple gave.
        now: for a release that comes out as soon as possible.

    Raises:
        CannotPackage: everything that is missing, or cannot be written.
    """
    facts = [sound.facts for sound in files.tracks] if files else []
    tracks = [
        Track(place, recording, release, facts[place] if facts else None)
        for place, recording in enumerate(release.tracks)
    ]
    _require(release, tracks, provider)
    root = etree.Element(f"{{{NAMESPACE}}}package", {"version": VERSION}, nsmap={None: NAMESPACE})  # type: ignore[dict-item]
    root.addprevious(etree.Comment(f" {UNVERIFIED} "))
    _leaf(root, "language", release.metadata_language, "metadata_language")
    _leaf(root, "provider", provider, "provider")
    _album(_branch(root, "album"), release, tracks, files, now)
    return as_bytes(root.getroottree())  # type: ignore[arg-type]


def _require(release: Release, tracks: list[Track], provider: str) -> None:
    wrong = [] if provider.strip() else [Obstacle("provider", "there is none.", "Write the name Apple gave.")]
    for name, fix in (
        ("title", "Give one."),
        ("upc", "Get one from your label or from GS1."),
        ("label", "Give one; your artist name will do."),
        ("p_line", "Write it as `2026 Owner`."),
        ("c_line", "Write it as `2026 Owner`."),
    ):
        if not str(getattr(release, name) or "").strip():
            wrong.append(Obstacle(name, "Apple asks for it.", fix))
    if _genre_of(release) is None:
        wrong.append(Obstacle("genres.apple_music", "Apple asks for one of its genres.", _GENRE))
    if not artists_of(release):
        wrong.append(Obstacle("artists", "there is none.", "Give one."))
    for track in tracks:
        where = f"tracks[{track.index}]"
        for name, found in (
            ("title", track.recording.title.strip()),
            ("isrc", track.recording.isrc),
            ("p_line", track.p_line),
            ("explicit", track.explicit),
            ("language", track.language),
        ):
            if not found:
                wrong.append(Obstacle(f"{where}.{name}", f"track {track.number} has none.", "Give it."))
    wrong += _territories(release)[2]
    if wrong:
        raise CannotPackage(wrong)


def _album(
    album: Element, release: Release, tracks: list[Track], files: ReleaseFiles | None, now: datetime
) -> None:
    vendor = vendor_id(release)
    begins = date_of(release_start(release, now)).isoformat()
    original = release.original_release_date
    first = day(original, "original_release_date").isoformat() if original else begins
    _leaf(album, "vendor_id", vendor, "vendor_id")
    _leaf(album, "upc", identifiers.plain(release.upc or ""), "upc")
    _title(album, release.title, release.version, "")
    _leaf(album, "original_release_date", first, "original_release_date")
    _leaf(album, "label_name", release.label or "", "label")
    _genre(album, release)
    _leaf(album, "copyright_pline", owner_line(release.p_line or "").text, "p_line")
    _leaf(album, "copyright_cline", owner_line(release.c_line or "").text, "c_line")
    if files and files.cover:
        artwork = _branch(_branch(album, "artwork_files"), "file")
        _file(artwork, cover_name(vendor, files.cover), files.cover.facts)
        _leaf(album, "track_count", str(len(tracks)), "tracks")
    _products(album, release, begins, now, of_a_track=False, cleared=files is not None)
    _artists(album, artists_of(release))
    if files:
        listed = _branch(album, "tracks")
        for track, sound in zip(tracks, files.tracks, strict=True):
            _track(_branch(listed, "track"), release, track, sound, begins, now)


def _track(
    element: Element, release: Release, track: Track, sound: SoundFile, begins: str, now: datetime
) -> None:
    recording, where, vendor = track.recording, f"tracks[{track.index}].", vendor_id(release)
    isrc = identifiers.plain_isrc(recording.isrc or "")
    original = recording.original_release_date
    first = day(original, f"{where}original_release_date").isoformat() if original else begins
    _leaf(element, "vendor_id", f"{vendor}_{isrc}", f"{where}isrc")
    _leaf(element, "isrc", isrc, f"{where}isrc")
    if recording.iswc:
        _leaf(element, "iswc", identifiers.plain(recording.iswc), f"{where}iswc")
    _title(element, recording.title, recording.version, where)
    _leaf(element, "original_release_date", first, f"{where}original_release_date")
    _genre(element, release)
    if release.preorder_at:
        kind = "instant-gratification" if track.number in release.preorder_tracks else "standard"
        _leaf(element, "preorder_type", kind, "preorder_tracks")
    _products(element, release, begins, now, of_a_track=True, cleared=True)
    _leaf(element, "label_name", release.label or "", "label")
    _leaf(element, "copyright_pline", owner_line(track.p_line or "").text, track.path("p_line"))
    _leaf(element, "explicit_content", track.explicit or "none", track.path("explicit"))
    _leaf(element, "volume_number", "1", "tracks")
    _leaf(element, "track_number", str(track.number), "tracks")
    _file(_branch(element, "audio_file"), sound_name(vendor, track.number, sound), sound.facts)
    _artists(element, credits_of(track))
    _leaf(element, "audio_language", track.language or "", track.path("language"))


def _products(
    parent: Element, release: Release, begins: str, now: datetime, *, of_a_track: bool, cleared: bool
) -> None:
    """Where it may be had from when; for all the world but some countries, those are told as not cleared."""
    territories, excluded, _ = _territories(release)
    if not cleared:
        territories, excluded = [WORLDWIDE], []
    places = [(code, cleared) for code in territories or [WORLDWIDE]] + [(code, False) for code in excluded]
    opens = preorder_start(release, release_start(release, now))
    listed = _branch(parent, "products")
    for code, is_cleared in places:
        product = _branch(listed, "product")
        _leaf(product, "territory", APPLE_WORLDWIDE if code == WORLDWIDE else code, "territories")
        if is_cleared and opens is not None and not of_a_track:  # not allowed on tracks (ITMS-4020)
            _leaf(product, "preorder_sales_start_date", date_of(opens).isoformat(), "preorder_at")
        if is_cleared:
            _leaf(product, "sales_start_date", begins, "release_at")
        _leaf(product, "cleared_for_sale", _yes(is_cleared), "territories")
        _leaf(product, "cleared_for_stream", _yes(is_cleared), "territories")
        if is_cleared:
            _leaf(product, "stream_start_date", begins, "release_at")


def _territories(release: Release) -> tuple[list[str], list[str], list[Obstacle]]:
    """Apple's own word for all of them may stand for ours."""
    given = [WORLDWIDE if code == APPLE_WORLDWIDE else code for code in release.territories]
    return chosen_territories(given, release.excluded_territories)


def _artists(parent: Element, people: Iterable[Credit]) -> None:
    """Each person once, with all roles whose names at Apple are known."""
    roles: dict[str, list[str]] = {}
    who: dict[str, Credit] = {}
    for credit in people:
        known = [name for role in (*credit.artist_roles, *credit.roles) for name in ROLES.get(role, ())]
        if known:
            who.setdefault(credit.name, credit)
            roles[credit.name] = list(dict.fromkeys([*roles.get(credit.name, []), *known]))
    listed = _branch(parent, "artists")
    for name, credit in who.items():
        artist = _branch(listed, "artist")
        _leaf(artist, "artist_name", name, f"{credit.field}.name")
        if isinstance(credit.person, Contributor) and credit.person.apple_id:
            _leaf(artist, "apple_id", credit.person.apple_id, f"{credit.field}.apple_id")
        element = _branch(artist, "roles")
        for role in roles[name]:
            _leaf(element, "role", role, f"{credit.field}.roles")
        _leaf(artist, "primary", _yes("Performer" in roles[name]), f"{credit.field}.roles")


def _title(parent: Element, title: str, version: str | None, where: str) -> None:
    _leaf(parent, "title", title, f"{where}title")
    if version:
        _leaf(parent, "title_version", version, f"{where}version")


def _genre_of(release: Release) -> str | None:
    """As the rules have it: Apple's code as it is written, or the one that the genre in words stands for."""
    return release.genres.get("apple_music") or apple_genre_of(release.genre or "")


def _genre(parent: Element, release: Release) -> None:
    code = _genre_of(release)
    assert code is not None  # noqa: S101 - `_require` saw to it
    leaf(_branch(parent, "genres"), f"{{{NAMESPACE}}}genre", "", "genres.apple_music", code=code).text = None


def _file(parent: Element, name: str, facts: AudioFacts | ImageFacts) -> None:
    _leaf(parent, "file_name", name, "file")
    _leaf(parent, "size", str(facts.size_bytes), "file")
    leaf(parent, f"{{{NAMESPACE}}}checksum", facts.md5, "file", type="md5")


def sound_name(vendor: str, number: int, sound: SoundFile) -> str:
    """Of a recording's file: volume 1, and the number of the track."""
    return f"{vendor}_01_{number:03}.{sound.ending}"


def cover_name(vendor: str, cover: PictureFile) -> str:
    """Of the cover's file."""
    return f"{vendor}.{cover.ending}"


def _branch(parent: Element, tag: str) -> Element:
    return etree.SubElement(parent, f"{{{NAMESPACE}}}{tag}")


def _leaf(parent: Element, tag: str, text: str, field: str) -> None:
    leaf(parent, f"{{{NAMESPACE}}}{tag}", text, field)


def _yes(value: bool) -> str:
    return "true" if value else "false"
