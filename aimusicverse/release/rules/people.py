"""Artists, contributors and writers: who must be named, and how."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from aimusicverse.release.ai_tools import is_tool
from aimusicverse.release.display import full_title, name_key
from aimusicverse.release.emoji import emoji_in, without_emoji
from aimusicverse.release.identifiers import is_ipi_base, is_ipi_name
from aimusicverse.release.names import (
    generic_artist,
    is_nobody,
    is_traditional,
    looks_like_group,
    should_have_two_words,
)
from aimusicverse.release.remixes import remixer_named
from aimusicverse.release.roles import (
    ALSO_CALLED,
    CONTRIBUTOR_ROLES,
    DISPLAY_ARTIST_ROLES,
    DISPLAY_ARTIST_ROLES_OF_432,
    is_producer,
    nearest_role,
)
from aimusicverse.release.rules.case import Case, Track
from aimusicverse.release.rules.rule import Evidence, Found, Group, Rule
from aimusicverse.release.rules.titles import advertising, cleaned, is_blank, is_broken
from aimusicverse.release.targets import Scope
from aimusicverse.types.release import Contributor, Writer

_APPLE_GUIDE: Final = "help.apple.com/itc/musicstyleguide"
_SPOTIFY_GUIDE: Final = "support.spotify.com/artists, metadata guidelines"
_BOTH: Final = frozenset({Scope.APPLE, Scope.SPOTIFY})
_VARIOUS: Final = "various artists"

_GUEST: Final = re.compile(r"\s(?:feat\.?|ft\.?|featuring)\s", re.IGNORECASE)
_SEVERAL: Final = re.compile(r"[,;]|\s&\s|\s[xX×]\s|\svs\.?\s|\s/\s|、|،", re.IGNORECASE)
#: `Henry Ward, Jr.` is one.
_SUFFIXES: Final = re.compile(r",\s*(?:jr|sr|ii|iii|iv|md|m\.d|phd|ph\.d|esq)\.?$", re.IGNORECASE)
_IN_BRACKETS: Final = re.compile(r"[(\[]([^()\[\]]+)[)\]]")
_ANY_MIX: Final = re.compile(
    r"mix|edit|rework|dub|version|bootleg|flip|ремикс|リミックス|리믹스", re.IGNORECASE
)
_COVER_WORDS: Final = re.compile(
    r"\b(?:cover(?: version)?|originally (?:performed )?by|made famous by|in the style of|tribute to)\b",
    re.IGNORECASE,
)


def _people(case: Case) -> Iterator[tuple[str, Contributor]]:
    """Every artist and contributor, and where he is written."""
    for place, person in enumerate(case.release.artists):
        yield f"artists[{place}]", person
    for place, person in enumerate(case.release.contributors):
        yield f"contributors[{place}]", person
    for track in case.tracks:
        for place, person in enumerate(track.recording.artists):
            yield f"tracks[{track.index}].artists[{place}]", person
        for place, person in enumerate(track.recording.contributors):
            yield f"tracks[{track.index}].contributors[{place}]", person


def _writers(case: Case) -> Iterator[tuple[str, Writer, Track]]:
    for track in case.tracks:
        for place, writer in enumerate(track.writers):
            yield f"tracks[{track.index}].writers[{place}]", writer, track


def _main(people: list[Contributor]) -> list[str]:
    return [person.name for person in people if "MainArtist" in person.roles and person.name]


def _one(case: Case) -> Iterator[Found]:
    named = [(path, person.name, person.name) for path, person in _people(case) if not person.is_group]
    for path, writer, _ in _writers(case):
        # Two writers are often joined by a bare slash; N/A is for another rule.
        if not is_nobody(writer.name):
            named.append((path, writer.name, writer.name.replace("/", " / ")))
    for path, name, judged in named:
        if _GUEST.search(judged):
            yield Found(f"{path}.name", name, words={"how": "names a guest, too"})
        elif _SEVERAL.search(_SUFFIXES.sub("", judged)):
            yield Found(f"{path}.name", name, words={"how": "looks like several"}, severity="warning")


def _main_artist(case: Case) -> Iterator[Found]:
    if not _main(case.release.artists):
        yield Found("artists", words={"what": "The release"})
    for track in case.tracks:
        if track.recording.artists and not _main(track.recording.artists):
            yield Found(f"tracks[{track.index}].artists", words={"what": f"Track {track.number}"})


def _generic(case: Case) -> Iterator[Found]:
    for path, person in _people(case):
        how = generic_artist(person.name)
        if how is not None:
            yield Found(f"{path}.name", person.name, severity=None if how == "surely" else "warning")


def _various(case: Case) -> Iterator[Found]:
    release = case.release
    is_album = release.type == "album" or (release.type is None and len(release.tracks) > 6)
    is_single = release.type == "single" or (release.type is None and len(release.tracks) <= 3)
    main = {name_key(name) for name in _main(release.artists)}
    of_tracks = [{name_key(name) for name in _main(track.artists)} for track in case.tracks]
    everybody = set().union(*of_tracks) - {_VARIOUS}
    if _VARIOUS in main:
        if is_single:
            yield Found("artists", "Various Artists", words={"why": "a single has its own artists"})
        elif len(everybody) < 4 and all(track.recording.artists for track in case.tracks):
            why = f"its tracks have {len(everybody)} main artists, and Various Artists begins with four"
            yield Found("artists", "Various Artists", words={"why": why})
        for track in case.tracks:
            if not track.recording.artists:
                why = f"track {track.number} names no artists of its own"
                yield Found(f"tracks[{track.index}].artists", words={"why": why})
    elif is_album and main and len(everybody) >= 4:
        often = max(sum(name in names for names in of_tracks) for name in main)
        if len(main) >= 4 or 2 * often < len(of_tracks):
            why = f"an album of {len(everybody)} main artists is by Various Artists"
            yield Found("artists", ", ".join(_main(release.artists)), words={"why": why})
    for track in case.tracks:
        for place, person in enumerate(track.recording.artists):
            if name_key(person.name) == _VARIOUS:
                why = "a track has artists with names"
                yield Found(f"tracks[{track.index}].artists[{place}].name", person.name, words={"why": why})


def _characters(case: Case) -> Iterator[Found]:
    named = [(path, person.name) for path, person in _people(case)]
    named += [(path, writer.name) for path, writer, _ in _writers(case)]
    for path, name in named:
        where = f"{path}.name"
        if is_blank(name):
            yield Found(where, name, words={"what": "nothing that can be read"})
        elif any(map(is_broken, name)):
            yield Found(where, name, words={"what": "control characters"}, instead=cleaned(name))
        elif found := emoji_in(name):
            what = f"emoji: {' '.join(found)}"
            yield Found(where, name, words={"what": what}, instead=without_emoji(name) or None)
        elif (address := advertising(name)) is not None:
            yield Found(where, name, words={"what": f"the address or handle {address!r}"})


def _credits(track: Track) -> list[str]:
    """Roles of everybody who wrote something of it."""
    roles = [role for writer in track.writers for role in writer.roles if writer.name]
    return roles + [role for person in track.contributors for role in person.roles]


def _composer(case: Case) -> Iterator[Found]:
    for track in case.tracks:
        roles = set(_credits(track))
        where = f"tracks[{track.index}].writers"
        if roles.isdisjoint({"Composer", "ComposerLyricist"}):
            yield Found(where, words={"n": track.number, "what": "composer"})
        if not track.is_instrumental and roles.isdisjoint(
            {"Lyricist", "ComposerLyricist", "Author", "Librettist"}
        ):
            yield Found(where, words={"n": track.number, "what": "lyricist, though somebody sings"})


def _composer_name(case: Case) -> Iterator[Found]:
    groups = {name_key(person.name) for _, person in _people(case) if person.is_group}
    for path, writer, track in _writers(case):
        name = writer.name
        if is_blank(name) or is_traditional(name):
            continue
        tool = track.ai.tool
        if is_tool(name) or (tool and name_key(tool) == name_key(name)):
            why = "is a tool; credit the human author, and name the tool in the AI disclosure"
        elif is_nobody(name):
            why = "is nobody's name"
        elif any(sign.isdigit() for sign in name):
            why = "holds digits"
        elif name_key(name) in groups or looks_like_group(name):
            why = "is a group, a company or a stage name"
        elif (
            len(name.split()) < 2
            and should_have_two_words(name, case.release.metadata_language)
            # Who is registered under one name has it legally.
            and not (writer.ipi and (is_ipi_name(writer.ipi) or is_ipi_base(writer.ipi)))
        ):
            why = "is one word, and no first and last name"
        else:
            continue
        yield Found(f"{path}.name", name, words={"why": why})


def _producer(case: Case) -> Iterator[Found]:
    for track in case.tracks:
        people = [*track.contributors, *track.artists]
        if not any(is_producer(role) for person in people for role in person.roles):
            yield Found(f"tracks[{track.index}].contributors", words={"n": track.number})


def _role(case: Case) -> Iterator[Found]:
    known = CONTRIBUTOR_ROLES | ALSO_CALLED.keys()
    shown = DISPLAY_ARTIST_ROLES - (
        DISPLAY_ARTIST_ROLES_OF_432 if case.goes_to(Scope.ERN_43) else frozenset()
    )
    people = [(path, person.roles) for path, person in _people(case)]
    people += [(path, writer.roles) for path, writer, _ in _writers(case)]
    for path, roles in people:
        # As a contributor everybody may have any role; a main artist is no contributor only.
        allowed = known | shown if "contributors" not in path else known | {"FeaturedArtist"}
        for place, role in enumerate(roles):
            if role in allowed:
                continue
            near: str | None = nearest_role(role)
            why = f"is no role that we know, so a message has it as UserDefined; the nearest is {near}"
            if near == role or near not in allowed:
                near, why = None, "is a role of `artists`: contributors have others, or are listed there"
                if "contributors" not in path:
                    why = "is no role of this form of message"
            yield Found(f"{path}.roles[{place}]", role, words={"why": why}, instead=near)


def _roles_by_name(track: Track) -> dict[str, tuple[str, set[str]]]:
    """Of everybody on a track: as written, and all roles."""
    roles: dict[str, tuple[str, set[str]]] = {}
    for person in (*track.artists, *track.contributors):
        roles.setdefault(name_key(person.name), (person.name, set()))[1].update(person.roles)
    return roles


def _conflict(case: Case) -> Iterator[Found]:
    for track in case.tracks:
        for name, roles in _roles_by_name(track).values():
            if "MainArtist" in roles:
                for other in ("FeaturedArtist", "Remixer"):
                    if other in roles:
                        words = {"n": track.number, "other": other}
                        yield Found(f"tracks[{track.index}].artists", name, words=words)


def _remix(case: Case) -> Iterator[Found]:
    for track in case.tracks:
        recording = track.recording
        roles = _roles_by_name(track)
        places = [(f"tracks[{track.index}].version", recording.version)] if recording.version else []
        places += [(f"tracks[{track.index}].title", text) for text in _IN_BRACKETS.findall(recording.title)]
        for path, text in places:
            who = remixer_named(text.strip("()[] "))
            if who is None:
                continue
            remixers = [who] if name_key(who) in roles else re.split(r"\s+(?:&|x|and|vs\.?)\s+|,\s+", who)
            for name in remixers:
                has = roles.get(name_key(name), ("", set()))[1]
                if has.isdisjoint({"Remixer", "MainArtist"}):
                    why = f"{name!r} is not credited with the role Remixer"
                    yield Found(path, text, words={"why": why})
        shown = full_title(recording.title, recording.version)
        own = recording.contributors if len(case.tracks) > 1 else track.contributors
        for person in (*recording.artists, *own):
            is_named = name_key(person.name) in name_key(shown)
            if "Remixer" in person.roles and not is_named and not _ANY_MIX.search(shown):
                why = f"{person.name!r} is credited as Remixer, but neither title nor version says so"
                yield Found(f"tracks[{track.index}].version", recording.version, words={"why": why})


def _cover(case: Case) -> Iterator[Found]:
    for track in case.tracks:
        where = f"tracks[{track.index}]"
        shown = full_title(track.recording.title, track.recording.version)
        named = _COVER_WORDS.search(shown)
        if not track.recording.is_cover:
            if named is not None and named.start() > 0 and named[0].lower() != "cover":
                words = {"n": track.number, "why": f"its title says {named[0]!r}, but is_cover is not set"}
                yield Found(f"{where}.title", shown, words=words)
            continue
        main = {name_key(name) for name in _main(track.artists)}
        performers = [writer.name for writer in track.writers if name_key(writer.name) in main]
        if named is not None:
            words = {
                "n": track.number,
                "why": f"its title says {named[0]!r}; the artist of the original stays out",
            }
            yield Found(f"{where}.title", shown, words=words)
        elif performers:
            why = f"{performers[0]!r} performs it and is credited as its writer"
            yield Found(f"{where}.writers", performers[0], words={"n": track.number, "why": why})
        else:
            why = "it needs a mechanical licence in some countries (the USA) that no store gets for you"
            yield Found(f"{where}.is_cover", "true", words={"n": track.number, "why": why}, severity="info")


def _art_track(case: Case) -> Iterator[Found]:
    for track in case.tracks:
        shown = [one for one in track.artists if {"MainArtist", "FeaturedArtist"} & {*one.roles}]
        if len(shown) > 4:
            yield Found(f"tracks[{track.index}].artists", words={"n": track.number, "count": len(shown)})


def _levels(case: Case) -> Iterator[Found]:
    if not all(track.recording.artists for track in case.tracks):
        return
    on_tracks: defaultdict[str, int] = defaultdict(int)
    written: dict[str, str] = {}
    for track in case.tracks:
        for name in dict.fromkeys(_main(track.artists)):
            on_tracks[name_key(name)] += 1
            written.setdefault(name_key(name), name)
    of_release = {name_key(name): name for name in _main(case.release.artists)}
    if _VARIOUS in of_release or not of_release:
        return
    for key, name in of_release.items():
        if key not in on_tracks:
            yield Found(
                "artists", name, words={"why": f"{name!r} is on the release, but on none of its tracks"}
            )
    for key, count in on_tracks.items():
        if count == len(case.tracks) and key not in of_release:
            name = written[key]
            yield Found("artists", name, words={"why": f"{name!r} is on every track, but not on the release"})


RULES: Final = (
    Rule(
        id="A-ONE",
        group=Group.PEOPLE,
        scopes=frozenset({Scope.ALL}),
        severity="error",
        field="artists[].name",
        test=_one,
        message="{value!r} {how}: one person or group a field.",
        passes="one name; for a group whose name looks like several, is_group = true",
        fix="Split it, with a role for each; or set is_group = true.",
        example="Maren Okafor",
        source=f"{_APPLE_GUIDE}; {_SPOTIFY_GUIDE}",
        evidence=frozenset({Evidence.OFFICIAL}),
    ),
    Rule(
        id="A-MAIN",
        group=Group.PEOPLE,
        scopes=frozenset({Scope.ALL}),
        severity="error",
        field="artists",
        test=_main_artist,
        message="{what} has no main artist.",
        passes="at least one artist with the role MainArtist",
        fix='Give a name: artist = "…", or the role MainArtist to one of the artists.',
        example='artist = "Maren Okafor"',
        source="providersupport.spotify.com, step 1 and 3; itunespartner.apple.com, music",
        evidence=frozenset({Evidence.OFFICIAL}),
        term="main-artist",
    ),
    Rule(
        id="A-GENERIC",
        group=Group.PEOPLE,
        scopes=_BOTH,
        severity="error",
        field="artists[].name",
        test=_generic,
        message="{value!r} is no name of an artist.",
        passes="a name by which people can find this artist and no other",
        fix="Give the artist's own name.",
        example="Maren Okafor",
        source=f"{_APPLE_GUIDE}; {_SPOTIFY_GUIDE}; names made of search terms: aimusicverse",
        evidence=frozenset({Evidence.OFFICIAL, Evidence.OWN}),
    ),
    Rule(
        id="A-VARIOUS",
        group=Group.PEOPLE,
        scopes=frozenset({Scope.APPLE}),
        severity="error",
        field="artists",
        test=_various,
        message="Various Artists: {why}.",
        passes="Various Artists for an album of four main artists and more; each track names its own",
        fix="Name the artists of each track; and Various Artists for the album where there are four or more.",
        example="Various Artists",
        source=_APPLE_GUIDE,
        evidence=frozenset({Evidence.OFFICIAL}),
        term="main-artist",
    ),
    Rule(
        id="A-CHARS",
        group=Group.PEOPLE,
        scopes=frozenset({Scope.ALL}),
        severity="error",
        field="artists[].name",
        test=_characters,
        message="The name {value!r} holds {what}.",
        passes="a name of letters, digits and punctuation, in any script",
        fix="Leave it out. Links and handles belong on the artist's page.",
        example="Maren Okafor",
        source=_APPLE_GUIDE,
        evidence=frozenset({Evidence.OFFICIAL}),
    ),
    Rule(
        id="A-COMPOSER",
        group=Group.PEOPLE,
        scopes=frozenset({Scope.SPOTIFY, Scope.APPLE, Scope.ERN, Scope.DISTROKID}),
        severity="error",
        field="tracks[].writers",
        test=_composer,
        message="Track {n} has no {what}.",
        passes="a Composer, and where somebody sings a Lyricist; ComposerLyricist is both",
        fix='Name who wrote it: composers = ["First Last"]. If nobody sings: language = "zxx".',
        example='composers = ["Maren Okafor"]',
        source=_SPOTIFY_GUIDE,
        evidence=frozenset({Evidence.OFFICIAL}),
        term="writer",
    ),
    Rule(
        id="A-COMPOSER-NAME",
        group=Group.PEOPLE,
        scopes=frozenset({Scope.SPOTIFY, Scope.APPLE, Scope.DISTROKID}),
        severity="error",
        field="tracks[].writers[].name",
        test=_composer_name,
        message="The writer {value!r} {why}.",
        passes="a person's legal first and last name; a single one with the IPI that it is registered under",
        fix="Give the legal name of the human author.",
        example="Maren Okafor",
        source="LANDR support 16196788845591; help pages of Ingrooves, Werdimedia, Apprise",
        evidence=frozenset({Evidence.THIRD_PARTY}),
        term="writer",
    ),
    Rule(
        id="A-PRODUCER",
        group=Group.PEOPLE,
        scopes=frozenset({Scope.SPOTIFY}),
        severity="warning",
        field="tracks[].contributors",
        test=_producer,
        message="Track {n} names no producer.",
        passes="a contributor with the role Producer",
        fix="Free [[tracks.contributors]] and its two lines from their #, and name who produced it, as "
        'roles = ["Producer"]; it may be the artist.',
        example='contributors = [{ name = "Jonas Weil", roles = ["Producer"] }]',
        source=f"{_SPOTIFY_GUIDE}; some distributors require it",
        evidence=frozenset({Evidence.OFFICIAL, Evidence.THIRD_PARTY}),
    ),
    Rule(
        id="A-ROLE-AVS",
        group=Group.PEOPLE,
        scopes=frozenset({Scope.ERN}),
        severity="warning",
        field="contributors[].roles",
        test=_role,
        message="{value!r} {why}.",
        passes="a role of DDEX's list, such as Producer, Mixer, Vocalist, Musician; else UserDefined",
        fix="Take the offered one, or UserDefined; a main artist or guest belongs to `artists`.",
        example="Remixer",
        source="DDEX allowed value sets of ERN 4.3 and 4.3.2",
        evidence=frozenset({Evidence.VERIFIED}),
    ),
    Rule(
        id="A-PROD-CONFLICT",
        group=Group.PEOPLE,
        scopes=frozenset({Scope.APPLE}),
        severity="error",
        field="tracks[].artists",
        test=_conflict,
        message="{value!r} is MainArtist and {other} of track {n}.",
        passes="one of these roles on one track",
        fix="Take one of the two away: a remixer and a guest are no main artists.",
        example=None,
        source=f"{_APPLE_GUIDE}; distributors' help pages",
        evidence=frozenset({Evidence.OFFICIAL, Evidence.THIRD_PARTY}),
        term="main-artist",
    ),
    Rule(
        id="A-REMIX",
        group=Group.PEOPLE,
        scopes=_BOTH,
        severity="error",
        field="tracks[].version",
        test=_remix,
        message="Remix: {why}.",
        passes="`X Remix` as version, and X as contributor with the role Remixer",
        fix="Credit the remixer, or name the remix in the version.",
        example="Jonas Weil Remix",
        source=_APPLE_GUIDE,
        evidence=frozenset({Evidence.OFFICIAL}),
        term="version",
    ),
    Rule(
        id="A-COVER",
        group=Group.PEOPLE,
        scopes=frozenset({Scope.ALL}),
        severity="warning",
        field="tracks[].is_cover",
        test=_cover,
        message="Track {n} is a cover: {why}.",
        passes="the original's writers as writers, the performer as artist, no original artist in the title",
        fix="Credit who wrote the song, and keep the licence with your files.",
        example=None,
        source="support.distrokid.com",
        evidence=frozenset({Evidence.THIRD_PARTY}),
        term="cover-version",
    ),
    Rule(
        id="A-ART-TRACK-4",
        group=Group.PEOPLE,
        scopes=frozenset({Scope.YOUTUBE_PARTNER}),
        severity="info",
        field="tracks[].artists",
        test=_art_track,
        message="Track {n} has {count} artists; YouTube's art track shows four.",
        passes="any number; four are shown",
        fix="Nothing, or put those first who should be seen.",
        example=None,
        source="support.google.com/youtube/answer/3503737",
        evidence=frozenset({Evidence.OFFICIAL}),
    ),
    Rule(
        id="A-ARTIST-COUNT-RELEASE",
        group=Group.PEOPLE,
        scopes=frozenset({Scope.SPOTIFY}),
        severity="warning",
        field="artists",
        test=_levels,
        message="{why}.",
        passes="roles on the release and on its tracks that agree",
        fix="Name main artists on both levels.",
        example=None,
        source=_SPOTIFY_GUIDE,
        evidence=frozenset({Evidence.OFFICIAL}),
        term="main-artist",
    ),
)
