"""Genres, as each store takes them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from aimusicverse.release.apple_genres import APPLE_GENRES, GENRE_FORM, STOREFRONT_GENRES, apple_genre_of
from aimusicverse.release.rules.case import Case
from aimusicverse.release.rules.rule import Evidence, Found, Group, Rule
from aimusicverse.release.targets import Scope

_APPLE: Final = "genres.apple_music"
_SEPARATED: Final = re.compile(r"\s*[,;|]\s*")
_KARAOKE_TITLE: Final = re.compile(r"(?i)\bkaraoke\b")


def _apple_code(case: Case) -> str | None:
    """Of the release: as written, or as its genre in words stands for."""
    written = case.release.genres.get("apple_music")
    return written or apple_genre_of(case.release.genre or "")


def _apple(case: Case) -> Iterator[Found]:
    code = case.release.genres.get("apple_music")
    if not code:
        if _apple_code(case) is None:
            genre = f": {case.release.genre!r} is none of Apple's" if case.release.genre else ""
            yield Found(_APPLE, words={"why": f"The release has no genre of Apple's list{genre}"})
    elif not GENRE_FORM.fullmatch(code):
        yield Found(
            _APPLE,
            code,
            words={"why": f"{code!r} is no code of Apple's genres"},
            instead=apple_genre_of(code),
        )
    elif code not in APPLE_GENRES:
        why = f"{code!r} is not on our copy of Apple's list of top genres, which may be stale"
        yield Found(_APPLE, code, words={"why": why}, severity="warning", instead=apple_genre_of(code))


def _storefront(case: Case) -> Iterator[Found]:
    number = case.release.genres.get("apple_music")
    if number in STOREFRONT_GENRES:
        code = STOREFRONT_GENRES[number]
        yield Found(_APPLE, number, words={"code": code}, instead=code)


def _ern(case: Case) -> Iterator[Found]:
    if not (case.release.genre or "").strip():
        yield Found("genre")


def _soundcloud(case: Case) -> Iterator[Found]:
    path = "genres.soundcloud" if case.release.genres.get("soundcloud") else "genre"
    genre = case.release.genres.get("soundcloud") or case.release.genre or ""
    first, *others = [part for part in _SEPARATED.split(genre) if part] or [""]
    if others and case.distributor is None:
        yield Found(path, genre, words={"first": first, "others": ", ".join(others)})


def _youtube(case: Case) -> Iterator[Found]:
    genre = case.release.genres.get("youtube_music")
    tags = {tag.casefold() for tag in case.release.youtube.tags}
    if genre and genre.casefold() not in tags:
        yield Found("genres.youtube_music", genre)


def _restricted(case: Case) -> Iterator[Found]:
    code = _apple_code(case) or ""
    path = _APPLE if case.release.genres.get("apple_music") else "genre"
    named = [
        track
        for track in case.tracks
        if _KARAOKE_TITLE.search(f"{track.recording.title} {track.recording.version or ''}")
    ]
    if code == "KARAOKE-00" and len(named) < len(case.tracks):
        lacking = next(track for track in case.tracks if track not in named)
        why = f"The genre is karaoke, and track {lacking.number} is not called Karaoke Version"
        yield Found(f"tracks[{lacking.index}].version", lacking.recording.version, words={"why": why})
    elif named and code != "KARAOKE-00":
        yield Found(
            path, code or None, words={"why": f"Track {named[0].number} is karaoke, and the genre is not"}
        )
    elif code == "SOUNDTRACK-00":
        why = "Soundtrack is for music of a film, series, game or play that exists"
        yield Found(path, code, words={"why": why})
    elif code == "CLASSICAL-00":
        why = "Classical music follows a guide of its own (composer as primary artist, works and movements)"
        yield Found(path, code, words={"why": f"{why}, which these rules do not cover"})


RULES: Final = (
    Rule(
        id="G-AP",
        group=Group.LANGUAGE,
        scopes=frozenset({Scope.APPLE}),
        severity="error",
        field=_APPLE,
        test=_apple,
        message="{why}.",
        passes="a code of Apple's list, like POP-00; or a genre in words that is on it",
        fix="Set genre to the nearest one of Apple's (amv release rules genre names all), like "
        'genre = "Pop"; or keep yours, and write Apple\'s code under [genres]: apple_music = "POP-00".',
        example='genre = "Pop"',
        source="daddykev/stardust-distro (MIT), a copy of Apple's list labelled 5.3.9",
        evidence=frozenset({Evidence.CODE}),
        term="genre",
    ),
    Rule(
        id="G-AP-STOREFRONT",
        group=Group.LANGUAGE,
        scopes=frozenset({Scope.APPLE}),
        severity="info",
        field=_APPLE,
        test=_storefront,
        message="{value} is the number of a genre in Apple's shop, for search alone; its code is {code}.",
        passes="{code}",
        fix="Write {code}.",
        example='genres = { apple_music = "POP-00" }',
        source="distributors' copies of Apple's genre appendix",
        evidence=frozenset({Evidence.THIRD_PARTY}),
        term="genre",
    ),
    Rule(
        id="G-DX",
        group=Group.LANGUAGE,
        scopes=frozenset({Scope.ERN}),
        severity="error",
        field="genre",
        test=_ern,
        message="The release has no genre.",
        passes="any genre in words",
        fix="Set genre.",
        example='genre = "Pop"',
        source="DDEX ERN 4.3 Genre/GenreText; ERN 4.3.2 DisplayGenre/GenreText",
        evidence=frozenset({Evidence.VERIFIED}),
        term="genre",
    ),
    Rule(
        id="G-SC",
        group=Group.LANGUAGE,
        scopes=frozenset({Scope.SOUNDCLOUD}),
        severity="info",
        field="genre",
        test=_soundcloud,
        message="SoundCloud takes one genre: {first}. Others become tags: {others}.",
        passes="one genre",
        fix="Nothing; or name the one for SoundCloud under genres.soundcloud.",
        example='genres = { soundcloud = "Pop" }',
        source="SoundCloud's OpenAPI description, July 2026",
        evidence=frozenset({Evidence.OFFICIAL}),
        term="genre",
    ),
    Rule(
        id="G-YT",
        group=Group.LANGUAGE,
        scopes=frozenset({Scope.YOUTUBE}),
        severity="info",
        field="genres.youtube_music",
        test=_youtube,
        message="YouTube has no field for the genre {value!r}: the category is Music, and that is all.",
        passes="the genre among youtube.tags",
        fix="Add {value} to youtube.tags, if people should find it so.",
        example='tags = ["Pop"]',
        source="developers.google.com/youtube/v3, videos: snippet.categoryId",
        evidence=frozenset({Evidence.OFFICIAL}),
        term="genre",
    ),
    Rule(
        id="G-RESTRICT",
        group=Group.LANGUAGE,
        scopes=frozenset({Scope.APPLE}),
        severity="warning",
        field=_APPLE,
        test=_restricted,
        message="{why}.",
        passes="Karaoke with Karaoke Version in each title and only then; Soundtrack of a real production",
        fix="Take the genre that fits, or the version that does. For classical music read Apple's guide.",
        example='version = "Karaoke Version"',
        source="SonoSuite, validator article; Symphonic, capitalisation page",
        evidence=frozenset({Evidence.THIRD_PARTY}),
        term="genre",
    ),
)
