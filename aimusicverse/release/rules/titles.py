"""Titles and versions: what may not stand in them."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from aimusicverse.release.display import full_title, name_key, youtube_title
from aimusicverse.release.emoji import emoji_in, is_drawn_as_picture, without_emoji
from aimusicverse.release.featuring import Guests, guests_in
from aimusicverse.release.rules.case import Case
from aimusicverse.release.rules.rule import Evidence, Found, Group, Rule, Severity
from aimusicverse.release.targets import Scope
from aimusicverse.types.release import Contributor

_APPLE_GUIDE: Final = "help.apple.com/itc/musicstyleguide"
_SPOTIFY_GUIDE: Final = "support.spotify.com/artists, metadata guidelines"
_BOTH: Final = frozenset({Scope.APPLE, Scope.SPOTIFY})

_URL: Final = re.compile(r"https?://\S*|www\.\S+|(?<![\w.-])[\w.-]*\w\.(?:com|net|org)\b\S*", re.IGNORECASE)
_HANDLE: Final = re.compile(r"(?<!\w)@\w+")
_ADVERTISEMENT: Final = re.compile(
    r"\b(?:out now|available now|pre-?order (?:now|today)|buy now|stream now|listen now|link in bio|"
    r"free download|click here|type beat)\b",
    re.IGNORECASE,
)
_SERVICES: Final = re.compile(
    r"\b(?:spotify|apple music|itunes|youtube(?: music)?|soundcloud|deezer|amazon music|tiktok|audiomack|"
    r"bandcamp|distrokid|tunecore)\b",
    re.IGNORECASE,
)
_SYMBOLS: Final = re.compile(r"[<>|@{};\"=^~\\]")
#: Broken text, control characters, line ends.
_BROKEN: Final = frozenset("\ufeff\ufffd\u2028\u2029")
#: Letters drawn otherwise by code point: mathematical ones, circled, squared, in brackets, small capitals.
_DECORATED: Final = re.compile(
    "[\U0001d400-\U0001d7ff\u2460-\u24ff\U0001f100-\U0001f16b\u1d00-\u1d25\u2070-\u209c\u02b0-\u02b8]"
)
#: Full width is how Japan, Korea and China write; elsewhere it is decoration.
_FULL_WIDTH: Final = re.compile("[\uff01-\uff5e]")
#: Marks stacked on a letter that needs one or two.
_STACKED: Final = re.compile("[\u0300-\u036f]{4,}")

_TRAILING: Final = re.compile(r"\s*(?:[(\[](?P<inside>[^()\[\]]+)[)\]]|\s[-–—]\s(?P<behind>[^()\[\]]+))\s*$")
_VERSION: Final = re.compile(
    r"(?:.*\S\s+)?(?:re-?mix|rmx|radio edit|extended (?:mix|edit|version)|club mix|dub mix|"
    r"acoustic(?: (?:version|mix))?|instrumental(?: (?:version|mix))?|demo(?: version)?|karaoke(?: version)?|"
    r"remaster(?:ed)?(?: (?:19|20)\d\d)?|sped up(?: version)?|slowed(?: down)?(?: (?:\+|&|and) reverb)?)"
    r"|(?:19|20)\d\d remaster(?:ed)?|live|live (?:version|session|at|from|in|on)\b.*",
    re.IGNORECASE,
)
_BANNED: Final = re.compile(
    r"original (?:mix|version)|album version|exclusive(?: version)?|limited edition|digital only|"
    r"official(?: (?:music |lyrics? )?(?:video|audio|visuali[sz]er|version|remix))?|new|best ?seller|"
    r".*\bexclusive|promo(?:tional)?(?: only)?",
    re.IGNORECASE,
)
_EXPLICIT: Final = re.compile(r"(?:explicit|clean)(?: version)?", re.IGNORECASE)
_FORMATS: Final = re.compile(
    r".*\b(?:dolby atmos|spatial audio|24-?bit|hi-?res(?: audio)?|lossless|mp3|wav|flac|hd|4k|8d audio)\b.*",
    re.IGNORECASE,
)
_TWO_CAPITALS: Final = re.compile(r"[A-ZÀ-Þ]\w+(?: [A-ZÀ-Þ]\w+)+")
_NUMBERED: Final = re.compile(r"track\s*(?:no\.?\s*|#\s*)?\d+", re.IGNORECASE)
_NUMBERED_ELSEWHERE: Final = re.compile(
    r"(?:audio track|song|titel|pista|faixa|piste|traccia|spår|трек|no title)\s*#?\d*", re.IGNORECASE
)
_PLACEHOLDERS: Final = frozenset(
    {"untitled", "audio", "intro", "new recording", "new track", "my song", "test"}
)


def _titles(case: Case) -> Iterator[tuple[str, str]]:
    """Each title, and where it is written."""
    yield "title", case.release.title
    for track in case.tracks:
        yield f"tracks[{track.index}].title", track.recording.title


def _words(case: Case) -> Iterator[tuple[str, str]]:
    """Each title and version, and where it is written."""
    yield from _titles(case)
    if case.release.version is not None:
        yield "version", case.release.version
    for track in case.tracks:
        if track.recording.version is not None:
            yield f"tracks[{track.index}].version", track.recording.version


def _titled(case: Case) -> Iterator[tuple[str, str, str | None]]:
    """Where each title is written, the title, and its version."""
    yield "title", case.release.title, case.release.version
    for track in case.tracks:
        yield f"tracks[{track.index}].title", track.recording.title, track.recording.version


def is_broken(sign: str) -> bool:
    """Whether it is a control character, half a character, or a sign of broken text."""
    return sign in _BROKEN or unicodedata.category(sign) in ("Cc", "Cs") or ord(sign) & 0xFFFE == 0xFFFE


def cleaned(text: str) -> str:
    """Without broken characters, and with single blanks (of any kind: French and Japanese have their own)."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    return re.sub(r"\s{2,}", " ", "".join(" " if is_broken(sign) else sign for sign in text)).strip()


def is_blank(text: str) -> bool:
    """Whether nothing of it can be seen."""
    return all(
        unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Mn", "Zs", "Zl", "Zp")
        or sign in "\u3164\u115f\u1160\uffa0"
        for sign in text
    )


def advertising(text: str) -> str | None:
    """An address or handle in a title or name, if there is one."""
    found = _URL.search(text) or _HANDLE.search(text)
    return found[0] if found else None


def _empty(case: Case) -> Iterator[Found]:
    for path, text in _words(case):
        if is_blank(text):
            yield Found(path, text, words={"why": "is empty"})
        elif "\ufffd" in text:
            # What stood there is lost: nothing can be offered.
            yield Found(path, text, words={"why": "holds signs of broken text"})
        elif not text.isprintable() and any(map(is_broken, text)):
            yield Found(path, text, words={"why": "holds control characters"}, instead=cleaned(text))
        elif text != cleaned(text):
            yield Found(path, text, words={"why": "has needless blanks"}, instead=cleaned(text))


def _emoji(case: Case) -> Iterator[Found]:
    for path, text in _words(case):
        found = emoji_in(text)
        if found:
            doubtful = not any(map(is_drawn_as_picture, found))
            yield Found(
                path,
                text,
                words={"emoji": " ".join(found)},
                # Signs like ♥ are text where nobody asks for a picture.
                severity="warning" if doubtful else None,
                instead=without_emoji(text) or None,
            )


def _url(case: Case) -> Iterator[Found]:
    for path, text in _words(case):
        if (what := advertising(text)) is not None:
            yield Found(path, text, words={"what": f"the address or handle {what!r}"})
        elif (found := _ADVERTISEMENT.search(text)) is not None:
            yield Found(path, text, words={"what": f"{found[0]!r}, which advertises"}, severity="warning")
        elif (found := _SERVICES.search(text)) is not None:
            in_version = path.endswith("version") or _stands_in_brackets(text, found)
            yield Found(
                path,
                text,
                words={"what": f"the service {found[0]!r}"},
                # A song may be about one; a version of it may not be named after one.
                severity=None if in_version else "warning",
            )


def _stands_in_brackets(text: str, found: re.Match[str]) -> bool:
    opened = max(text.rfind("(", 0, found.start()), text.rfind("[", 0, found.start()))
    return opened >= 0 and not re.search(r"[)\]]", text[opened : found.start()])


def _symbol(case: Case) -> Iterator[Found]:
    is_wide = case.release.metadata_language[:2] in ("ja", "ko", "zh")
    for path, text in _words(case):
        without_handles = _HANDLE.sub(" ", text)
        signs = sorted(set(_SYMBOLS.findall(without_handles)))
        if signs:
            yield Found(path, text, words={"what": " ".join(signs)}, instead=_with_curly_quotes(text, signs))
        elif _DECORATED.search(text) or (not is_wide and _FULL_WIDTH.search(text)) or _STACKED.search(text):
            plain = _STACKED.sub("", unicodedata.normalize("NFKC", text))
            yield Found(
                path, text, words={"what": "decorated letters"}, instead=plain if plain != text else None
            )


def _with_curly_quotes(text: str, signs: list[str]) -> str | None:
    if signs != ['"'] or text.count('"') % 2:
        return None
    return re.sub(r'"([^"]*)"', "“\\1”", text)


def _angle(case: Case) -> Iterator[Found]:
    texts = list(_words(case))
    if case.goes_to(Scope.YOUTUBE) and case.release.youtube.title:
        texts.append(("youtube.title", case.release.youtube.title))
    for path, text in texts:
        if "<" in text or ">" in text:
            plain = " ".join(re.sub(r"[<>]", " ", text).split())
            yield Found(path, text, instead=plain or None)


def _credited(case: Case, path: str) -> list[Contributor]:
    """Who is credited where a title stands; for the release's, everybody."""
    if path == "title":
        people = [*case.release.artists, *case.release.contributors]
        for track in case.tracks:
            people += [*track.recording.artists, *track.recording.contributors]
        return people
    track = case.tracks[int(path.split("[", 1)[1].split("]", 1)[0])]
    return [*track.artists, *track.contributors]


def _guests(case: Case) -> Iterator[tuple[str, str, Guests, list[Contributor]]]:
    for path, title in _titles(case):
        if not re.search(r"(?i)f(?:ea)?t|w/|with", title):
            continue
        people = _credited(case, path)
        for guests in guests_in(title, [person.name for person in people]):
            yield path, title, guests, people


def _feat_form(case: Case) -> Iterator[Found]:
    for path, title, guests, _ in _guests(case):
        if guests.is_well_formed:
            continue
        severity: Severity | None = None if guests.is_sure else "info"
        what = "names guests as" if guests.is_sure else "may name guests:"
        yield Found(
            path,
            title,
            words={"what": what, "written": guests.written},
            severity=severity,
            instead=guests.instead,
        )


def _feat_role(case: Case) -> Iterator[Found]:
    for path, title, guests, people in _guests(case):
        roles: defaultdict[str, set[str]] = defaultdict(set)
        for person in people:
            roles[name_key(person.name)].update(person.roles)
        # "Come (with Me)" names nobody; two capitals may be a name.
        may_be = guests.word == "with" and _TWO_CAPITALS.fullmatch(guests.names[0])
        if not guests.is_sure and not may_be:
            continue
        for name in guests.names:
            has = roles[name_key(name)]
            if "MainArtist" in has:
                why = f"{name!r} is a main artist, too"
            elif "FeaturedArtist" not in has:
                why = f"{name!r} is not credited with the role FeaturedArtist"
            else:
                continue
            yield Found(path, title, words={"why": why}, severity=None if guests.is_sure else "warning")
        are_credited = all("FeaturedArtist" in roles[name_key(name)] for name in guests.names)
        if case.goes_to(Scope.APPLE) and guests.is_sure and guests.is_well_formed and are_credited:
            yield Found(
                path,
                title,
                words={"why": "Apple adds guests to the title by itself, of their roles"},
                passes="the title without its guests, who have the role FeaturedArtist",
                severity="warning",
                instead=guests.without or None,
            )


def _artist_in_title(case: Case) -> Iterator[Found]:
    for path, title in _titles(case):
        artists = case.release.artists if path == "title" else _credited(case, path)
        for artist in artists:
            if "MainArtist" not in artist.roles or not artist.name:
                continue
            name = re.escape(artist.name)
            found = re.match(rf"{name}(?:\s*[-–—:|]\s+|\s+[-–—:|]\s*)(?=\S)", title, re.IGNORECASE)
            rest = title[found.end() :] if found else None
            if found is None:
                found = re.search(rf"(?<=\S)(?:\s+[-–—|]\s+|\s+by\s+){name}$", title, re.IGNORECASE)
                rest = title[: found.start()] if found else None
            if found is not None:
                yield Found(path, title, words={"artist": artist.name}, instead=rest)
                break


def _trailing(title: str) -> tuple[str, str] | None:
    """The title before its last bracket or dash, and what stands in it or behind it."""
    found = _TRAILING.search(title)
    if found is None or not title[: found.start()].strip():
        return None
    return title[: found.start()].rstrip(), (found["inside"] or found["behind"]).strip()


def _version(case: Case) -> Iterator[Found]:
    for path, title, version in _titled(case):
        if version and version[0] in "([" and version[-1] in ")]":
            yield Found(
                path.removesuffix("title") + "version",
                version,
                words={"why": "has brackets, which stores add themselves"},
                severity="warning",
                instead=version[1:-1].strip() or None,
            )
        parts = _trailing(title)
        if parts is None:
            continue
        before, inside = parts
        if version and name_key(inside) == name_key(version.strip("()[]")):
            why = f"repeats the version {inside!r}"
            yield Found(path, title, words={"why": why}, instead=before)
        elif _VERSION.fullmatch(inside):
            yield Found(
                path,
                title,
                words={"why": f"holds the version {inside!r}, which has a field of its own"},
                passes=f"the title {before!r}, and {inside!r} as version",
                severity="warning",
            )


def _version_banned(case: Case) -> Iterator[Found]:
    for path, title, version in _titled(case):
        places: list[tuple[str, str, str, str | None]] = []
        if (parts := _trailing(title)) is not None:
            places.append((path, title, parts[1], parts[0]))
        if version and (inside := version.strip("()[] ")):
            places.append((path.removesuffix("title") + "version", version, inside, None))
        for where, text, words, before in places:
            is_version = before is None
            # In a title, "Explicit" and "Clean" have a rule of their own.
            if _BANNED.fullmatch(words) or (is_version and _EXPLICIT.fullmatch(words)):
                yield Found(where, text, words={"what": words}, instead=before)
            elif _FORMATS.fullmatch(words):
                yield Found(where, text, words={"what": words}, severity="warning", instead=before)


def _generic(case: Case) -> Iterator[Found]:
    for path, title in _titles(case):
        if _NUMBERED.fullmatch(title) or title.casefold() == "instrumental":
            yield Found(path, title)
        elif _NUMBERED_ELSEWHERE.fullmatch(title) or (path == "title" and title.casefold() in _PLACEHOLDERS):
            yield Found(path, title, severity="warning")


def _twice(case: Case) -> Iterator[Found]:
    seen: dict[str, int] = {}
    for track in case.tracks:
        shown = full_title(track.recording.title, track.recording.version)
        key = name_key(re.sub(r"[\[\]()]", " ", shown))
        first = seen.setdefault(key, track.number)
        if first != track.number:
            yield Found(
                f"tracks[{track.index}].title",
                track.recording.title,
                words={"first": first, "n": track.number},
            )


def _length_youtube(case: Case) -> Iterator[Found]:
    for track in case.tracks:
        title = youtube_title(case.release, track.recording)
        if len(title) > 70:
            is_own = bool(case.release.youtube.title) and len(case.tracks) == 1
            yield Found(
                "youtube.title" if is_own else f"tracks[{track.index}].title",
                title,
                words={"length": len(title)},
                severity=None if len(title) > 100 else "warning",
            )


def _length_soundcloud(case: Case) -> Iterator[Found]:
    for path, title, version in _titled(case):
        shown = full_title(title, version)
        if len(shown) > 100:
            yield Found(path, shown, words={"length": len(shown)})


def _length(case: Case) -> Iterator[Found]:
    for path, title, version in _titled(case):
        shown = full_title(title, version)
        size = len(shown.encode("utf-8", "surrogatepass"))
        if size > 255:
            yield Found(path, shown, words={"bytes": size})


RULES: Final = (
    Rule(
        id="T-EMPTY",
        group=Group.TITLES,
        scopes=frozenset({Scope.ALL}),
        severity="error",
        field="title",
        test=_empty,
        message="{value!r} {why}.",
        passes="a title that can be read, with single blanks and no control characters",
        fix="Write it anew; text that was copied from elsewhere may hold what cannot be seen.",
        example="Paper Lanterns",
        source="aimusicverse: nobody can show such a title",
        evidence=frozenset({Evidence.OWN}),
    ),
    Rule(
        id="T-EMOJI",
        group=Group.TITLES,
        scopes=frozenset({Scope.ALL}),
        severity={Scope.ALL: "warning", Scope.APPLE: "error"},
        field="title",
        test=_emoji,
        message="{value!r} holds emoji: {emoji}.",
        passes="a title of letters, digits and punctuation, in any script",
        fix="Leave them out, or say it in words.",
        example="Paper Lanterns",
        source=_APPLE_GUIDE,
        evidence=frozenset({Evidence.OFFICIAL}),
    ),
    Rule(
        id="T-URL",
        group=Group.TITLES,
        scopes=_BOTH,
        severity="error",
        field="title",
        test=_url,
        message="{value!r} holds {what}.",
        passes="a title without addresses, handles, advertising and names of services",
        fix="Leave it out. Links belong on the artist's page.",
        example="Paper Lanterns",
        source=_APPLE_GUIDE,
        evidence=frozenset({Evidence.OFFICIAL}),
    ),
    Rule(
        id="T-SYMBOL",
        group=Group.TITLES,
        scopes=frozenset({Scope.APPLE, Scope.DISTROKID}),
        severity="warning",
        field="title",
        test=_symbol,
        message="{value!r} holds {what}, which stores may refuse or change.",
        passes='a title without < > | @ ; " = ^ ~, braces, backslashes, and letters that are decoration',
        fix="Leave it out, if it is no part of the name.",
        example="Paper Lanterns",
        source="help pages of corite, Winamp, FreshTunes, Soundrop, Ditto",
        evidence=frozenset({Evidence.THIRD_PARTY}),
    ),
    Rule(
        id="T-ANGLE",
        group=Group.TITLES,
        scopes=frozenset({Scope.YOUTUBE, Scope.SOUNDCLOUD}),
        severity="error",
        field="title",
        test=_angle,
        message="{value!r} holds < or >, which is refused or blanked.",
        passes="a title without < and >",
        fix="Write it in words, or with other signs.",
        example="Paper Lanterns",
        source="developers.google.com/youtube/v3, videos; github.com/soundcloud/api issue 227",
        evidence=frozenset({Evidence.OFFICIAL}),
    ),
    Rule(
        id="T-FEAT-FMT",
        group=Group.TITLES,
        scopes=_BOTH,
        severity="error",
        field="title",
        test=_feat_form,
        message="{value!r} {what} {written!r}.",
        passes="(feat. A), (feat. A & B) or (feat. A, B & C), in small letters; or no guests in the title",
        fix="Write it so, or leave it out and give them the role FeaturedArtist. Leave it if it is no guest.",
        example="Paper Lanterns (feat. Jonas Weil)",
        source=_APPLE_GUIDE,
        evidence=frozenset({Evidence.OFFICIAL}),
        term="featured-artist",
    ),
    Rule(
        id="T-FEAT-ROLE",
        group=Group.TITLES,
        scopes=frozenset({Scope.APPLE, Scope.SPOTIFY, Scope.ERN}),
        severity="error",
        field="title",
        test=_feat_role,
        message="{value!r}: {why}.",
        passes="guests that are credited as FeaturedArtist, and not as MainArtist",
        fix='Add them to the artists of the track, with roles = ["FeaturedArtist"].',
        example=None,
        source=_APPLE_GUIDE,
        evidence=frozenset({Evidence.OFFICIAL}),
        term="featured-artist",
    ),
    Rule(
        id="T-ARTIST-IN-TITLE",
        group=Group.TITLES,
        scopes=_BOTH,
        severity="error",
        field="title",
        test=_artist_in_title,
        message="{value!r} repeats the artist, {artist!r}.",
        passes="the title alone; stores show the artist beside it",
        fix="Leave the artist out. A self-titled release has the bare name.",
        example="Paper Lanterns",
        source=f"{_SPOTIFY_GUIDE}; {_APPLE_GUIDE}",
        evidence=frozenset({Evidence.OFFICIAL}),
    ),
    Rule(
        id="T-VERSION",
        group=Group.TITLES,
        scopes=frozenset({Scope.APPLE, Scope.SPOTIFY, Scope.ERN}),
        severity="error",
        field="version",
        test=_version,
        message="{value!r} {why}.",
        passes="the title in `title`, and the version without brackets in `version`",
        fix="Move the version to its own field.",
        example="Radio Edit",
        source=_APPLE_GUIDE,
        evidence=frozenset({Evidence.OFFICIAL}),
        term="version",
    ),
    Rule(
        id="T-VERSION-BANNED",
        group=Group.TITLES,
        scopes=frozenset({Scope.APPLE}),
        severity="error",
        field="version",
        test=_version_banned,
        message="{value!r} says {what!r}, which is no version but the usual one, or advertises.",
        passes="no version for the usual recording; Radio Edit, Live, Acoustic, X Remix for others",
        fix="Leave it out. Whether it is explicit is said in `explicit`.",
        example="Radio Edit",
        source=f"{_APPLE_GUIDE}; words for formats: Apple's artwork pages, taken to titles by aimusicverse",
        evidence=frozenset({Evidence.OFFICIAL, Evidence.OWN}),
        term="version",
    ),
    Rule(
        id="T-GENERIC",
        group=Group.TITLES,
        scopes=_BOTH,
        severity="error",
        field="title",
        test=_generic,
        message="{value!r} is no title of its own.",
        passes="a title by which people can find it",
        fix="Give it a name.",
        example='title = "Paper Lanterns"',
        source=f"{_APPLE_GUIDE}; words other than Track n and Instrumental by aimusicverse",
        evidence=frozenset({Evidence.OFFICIAL, Evidence.OWN}),
    ),
    Rule(
        id="T-DUP",
        group=Group.TITLES,
        scopes=frozenset({Scope.APPLE, Scope.DISTROKID}),
        severity="error",
        field="tracks[].title",
        test=_twice,
        message="Tracks {first} and {n} have the same title and version, {value!r}.",
        passes="another title, or a version that tells them apart",
        fix="Give track {n} a version, like Live, or take it out.",
        example=None,
        source=f"{_APPLE_GUIDE}, 3.10",
        evidence=frozenset({Evidence.OFFICIAL}),
        term="version",
    ),
    Rule(
        id="T-LEN-YT",
        group=Group.TITLES,
        scopes=frozenset({Scope.YOUTUBE}),
        severity="error",
        field="tracks[].title",
        test=_length_youtube,
        message="The title of the video, {value!r}, has {length} characters.",
        passes="at most 100 characters, the artist included; above 70 it is cut where it is shown",
        fix="Set `youtube.title` to a shorter one, or shorten the title.",
        example=None,
        source="developers.google.com/youtube/v3, videos: snippet.title",
        evidence=frozenset({Evidence.OFFICIAL}),
    ),
    Rule(
        id="T-LEN-SC",
        group=Group.TITLES,
        scopes=frozenset({Scope.SOUNDCLOUD}),
        severity="warning",
        field="title",
        test=_length_soundcloud,
        message="{value!r} has {length} characters (not verified: SoundCloud documents no limit).",
        passes="at most 100 characters",
        fix="Shorten it, or try.",
        example=None,
        source="github.com/soundcloud/api issue 375: above 54",
        evidence=frozenset({Evidence.UNVERIFIED}),
    ),
    Rule(
        id="T-LEN-GEN",
        group=Group.TITLES,
        scopes=_BOTH,
        severity="warning",
        field="title",
        test=_length,
        message="{value!r} has {bytes} bytes (not verified: no limit is published).",
        passes="at most 255 bytes as UTF-8",
        fix="Shorten it, or ask your distributor.",
        example=None,
        source="aimusicverse: what databases commonly hold",
        evidence=frozenset({Evidence.UNVERIFIED}),
    ),
)
