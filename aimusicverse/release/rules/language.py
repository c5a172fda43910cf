"""Languages of titles and vocals, and what is explicit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from aimusicverse.release.profanity import profanity_in
from aimusicverse.release.rules.case import Case
from aimusicverse.release.rules.inherited import said
from aimusicverse.release.rules.rule import Evidence, Found, Group, Rule
from aimusicverse.release.targets import Scope

#: As ERN's schemas have it (`LanguageAndScriptCode`): BCP 47 without its rarer parts.
_FORM: Final = re.compile(
    r"[a-zA-Z]{2,3}(-[a-zA-Z]+)?(-[a-zA-Z]{2}|-[0-9]{3})?(-[a-zA-Z][a-zA-Z0-9]{4}[a-zA-Z0-9]*)?", re.ASCII
)
#: What most releases have: valid by IANA's registry, which a test asks.
_OFTEN: Final = frozenset("en de fr es pt it nl sv da no fi pl cs tr ru uk el he ar hi ja ko zh zxx".split())
#: Codes of countries that are taken for languages, and the language that is meant.
COUNTRIES_FOR_LANGUAGES: Final[dict[str, str]] = {
    "jp": "ja", "cn": "zh", "gr": "el", "se": "sv", "cz": "cs", "dk": "da", "ua": "uk",
}  # fmt: skip
#: Names of languages that people write instead of a tag.
_BY_NAME: Final[dict[str, str]] = {
    "english": "en", "german": "de", "deutsch": "de", "french": "fr", "français": "fr", "spanish": "es",
    "español": "es", "italian": "it", "italiano": "it", "portuguese": "pt", "português": "pt",
    "japanese": "ja", "chinese": "zh", "korean": "ko", "russian": "ru", "none": "zxx",
    "instrumental": "zxx",
}  # fmt: skip
#: The words alone, in brackets or after a dash at the end: a title such as `Clean` or `Come Clean` is one.
_MARKED: Final = re.compile(
    r"(?i)\s*(?:[(\[]\s*(?:explicit|clean)(?:\s+(?:version|edit|lyrics))?\s*[)\]]"
    r"|\s[-–—]\s*(?:explicit|clean)(?:\s+(?:version|edit))?$)"
)
_MARK: Final = re.compile(r"(?i)\s*(?:explicit|clean)(?:\s+(?:version|edit|lyrics))?\s*")


def _is_tag(tag: str) -> bool:
    if tag in _OFTEN:
        return True
    if _FORM.fullmatch(tag) is None:
        return False
    import langcodes  # its tables take a tenth of a second to load, and most releases need none of them

    return langcodes.tag_is_valid(tag)


def _meant(tag: str) -> str | None:
    """What is meant by a wrong tag, where that is beyond doubt."""
    plain = tag.casefold().strip()
    if (named := _BY_NAME.get(plain) or COUNTRIES_FOR_LANGUAGES.get(plain)) is not None:
        return named
    hyphened = tag.strip().replace("_", "-")
    return hyphened if _is_tag(hyphened) else None


def _of_metadata(case: Case) -> Iterator[Found]:
    tag = case.release.metadata_language
    if not _is_tag(tag):
        yield Found("metadata_language", tag, instead=_meant(tag))


def _of_vocals(case: Case) -> Iterator[Found]:
    for part in said(case, "language"):
        if part.value is None:
            yield Found(part.field, words={"why": f"Nobody says in which language {part.of} is sung"})
        elif not _is_tag(part.value):
            why = f"{part.value!r}, the language of the vocals of {part.of}, is no language tag"
            yield Found(part.field, part.value, words={"why": why}, instead=_meant(part.value))


def _countries(case: Case) -> Iterator[Found]:
    tags = [("metadata_language", case.release.metadata_language)]
    tags += [(part.field, part.value) for part in said(case, "language") if part.value]
    for path, tag in tags:
        language = COUNTRIES_FOR_LANGUAGES.get(tag.casefold())
        if language is not None:
            # What is a language by itself (se: Northern Sami) may be meant.
            instead = None if _is_tag(tag) else language
            yield Found(path, tag, words={"language": language}, instead=instead)


def _unflagged(case: Case) -> Iterator[Found]:
    for part in said(case, "explicit"):
        if part.value is None:
            yield Found(part.field, words={"of": part.of})


def _explicit_release(case: Case) -> Iterator[Found]:
    explicit = [track.number for track in case.tracks if track.recording.explicit == "explicit"]
    state = case.release.explicit
    if explicit and state is not None and state != "explicit":
        # Tracks that say nothing would become explicit with it.
        instead = "explicit" if all(track.recording.explicit for track in case.tracks) else None
        yield Found("explicit", state, words={"n": explicit[0]}, instead=instead)


def _clean_of_nothing(case: Case) -> Iterator[Found]:
    for track in case.tracks:
        if track.explicit == "clean" and not track.recording.clean_of:
            yield Found(f"tracks[{track.index}].clean_of", words={"n": track.number})


def _marked_title(case: Case) -> Iterator[Found]:
    parts = [("", case.release.title, case.release.version)]
    parts += [(f"tracks[{t.index}].", t.recording.title, t.recording.version) for t in case.tracks]
    for where, title, version in parts:
        if _MARKED.search(title):
            yield Found(f"{where}title", title, instead=" ".join(_MARKED.sub("", title).split()) or None)
        if version and _MARK.fullmatch(version):
            yield Found(f"{where}version", version)


def _lyrics(case: Case) -> Iterator[Found]:
    for track in case.tracks:
        lyrics = track.recording.lyrics
        if not lyrics or track.explicit == "explicit":
            continue
        if word := profanity_in(lyrics, track.language or "en"):
            # The release's own state is that of all tracks.
            path = track.path("explicit") if len(case.tracks) == 1 else f"tracks[{track.index}].explicit"
            yield Found(path, track.explicit, words={"n": track.number, "word": word})


def _advisory(case: Case) -> Iterator[Found]:
    bears = case.release.cover.parental_advisory
    if bears and not any(state == "explicit" for state in (case.release.explicit, *_states(case))):
        yield Found("cover.parental_advisory", "true")


def _states(case: Case) -> Iterator[str | None]:
    for track in case.tracks:
        yield track.explicit


_DDEX: Final = "DDEX ERN 4.3 and 4.3.2, LanguageAndScriptCode; BCP 47; IANA language subtag registry"
_OFFICIAL: Final = frozenset({Evidence.OFFICIAL})

RULES: Final = (
    Rule(
        id="L-META",
        group=Group.LANGUAGE,
        scopes=frozenset({Scope.ALL}),
        severity="error",
        field="metadata_language",
        test=_of_metadata,
        message="{value!r}, the language of titles and names, is no language tag.",
        passes="two or three letters of ISO 639, with script or region if need be: en, pt-BR, yue-Hant",
        fix="Set metadata_language to the tag of the language that titles are written in.",
        example='metadata_language = "en"',
        source=_DDEX,
        evidence=frozenset({Evidence.VERIFIED}),
        term="language",
    ),
    Rule(
        id="L-AUDIO",
        group=Group.LANGUAGE,
        scopes=frozenset({Scope.SPOTIFY, Scope.APPLE, Scope.ERN}),
        severity="error",
        field="language",
        test=_of_vocals,
        message="{why}.",
        passes="the tag of the language that is sung, like en or pt-BR; zxx where nobody sings",
        fix="Set language, of the release or of the track. An instrumental is zxx.",
        example='language = "zxx"',
        source="ISO 639-2; public code that builds music5.3 metadata",
        evidence=frozenset({Evidence.OFFICIAL, Evidence.CODE}),
        term="language",
    ),
    Rule(
        id="L-REGION",
        group=Group.LANGUAGE,
        scopes=frozenset({Scope.ALL}),
        severity="info",
        field="metadata_language",
        test=_countries,
        message="{value!r} is a country; its language is {language!r}.",
        passes="{language}; or {value}, if you mean the language of that code (se: Northern Sami)",
        fix="Write {language}.",
        example='language = "ja"',
        source="ISO 639-1 and ISO 3166-1",
        evidence=_OFFICIAL,
        term="language",
    ),
    Rule(
        id="X-FLAG",
        group=Group.LANGUAGE,
        scopes=frozenset({Scope.ALL}),
        severity="error",
        field="explicit",
        test=_unflagged,
        message="Nobody says whether {of} is explicit.",
        passes="explicit, clean (an edited version of an explicit recording) or none",
        fix='Set explicit = "none" where there is nothing to warn of; an instrumental is none.',
        example='explicit = "none"',
        source="itunespartner.apple.com, explicit content; DDEX ParentalWarningType",
        evidence=frozenset({Evidence.OFFICIAL, Evidence.VERIFIED}),
        term="explicit",
    ),
    Rule(
        id="X-ALBUM",
        group=Group.LANGUAGE,
        scopes=frozenset({Scope.APPLE, Scope.ERN}),
        severity="error",
        field="explicit",
        test=_explicit_release,
        message="Track {n} is explicit, and the release says {value!r}.",
        passes="explicit, as soon as one track is; or nothing: then it is as its tracks are",
        fix='Set explicit = "explicit" of the release, and of each other track what it is.',
        example='explicit = "explicit"',
        source="itunespartner.apple.com, explicit content",
        evidence=_OFFICIAL,
        term="explicit",
    ),
    Rule(
        id="X-CLEAN",
        group=Group.LANGUAGE,
        scopes=frozenset({Scope.APPLE}),
        severity="error",
        field="tracks[].clean_of",
        test=_clean_of_nothing,
        message="Track {n} is called clean, and of no explicit version.",
        passes='the ISRC of the explicit version that it cleans; or explicit = "none"',
        fix='Set clean_of to that ISRC. A song that never was explicit is "none", not "clean".',
        example='clean_of = "USSKG2600001"',
        source="itunespartner.apple.com, explicit content",
        evidence=_OFFICIAL,
        term="explicit",
    ),
    Rule(
        id="X-TITLE",
        group=Group.LANGUAGE,
        scopes=frozenset({Scope.APPLE}),
        severity="error",
        field="title",
        test=_marked_title,
        message="{value!r} says in words whether it is explicit.",
        passes="the title alone: the store shows the mark by itself",
        fix="Take the words out, and set explicit instead.",
        example="Paper Lanterns",
        source="help.apple.com/itc/musicstyleguide",
        evidence=_OFFICIAL,
        term="explicit",
    ),
    Rule(
        id="X-LYRICS",
        group=Group.LANGUAGE,
        scopes=frozenset({Scope.ALL}),
        severity="warning",
        field="tracks[].explicit",
        test=_lyrics,
        message="The lyrics of track {n} say {word!r}, and it is not called explicit.",
        passes="explicit; or lyrics as they are sung in the clean version",
        fix='Set explicit = "explicit" of the track, if that is sung.',
        example='explicit = "explicit"',
        source="aimusicverse: a short list of words for en, de, fr, es, pt and it",
        evidence=frozenset({Evidence.OWN}),
        term="explicit",
    ),
    Rule(
        id="X-ART",
        group=Group.LANGUAGE,
        scopes=frozenset({Scope.APPLE}),
        severity="error",
        field="cover.parental_advisory",
        test=_advisory,
        message="The cover bears the Parental Advisory mark, and nothing on it is explicit.",
        passes="a cover without the mark; or an explicit release",
        fix="Take the mark off the picture, or call explicit what is.",
        example="parental_advisory = false",
        source="itunespartner.apple.com, artwork",
        evidence=_OFFICIAL,
        term="explicit",
    ),
)
