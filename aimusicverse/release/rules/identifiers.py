"""Identifiers: ISRC, UPC/EAN, ISWC, IPI, ISNI, GRid, DPID and the stores' own ids."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Final

from aimusicverse.release import identifiers
from aimusicverse.release.rules.case import Case
from aimusicverse.release.rules.rule import Evidence, Found, Group, Rule
from aimusicverse.release.targets import Scope
from aimusicverse.release.territories import TERRITORIES

_ISRC_AGENCY: Final = "ISRC Handbook; ISRC agency bulletin 2015/01, isrc.ifpi.org"
_ERN_AND_PARTNERS: Final = frozenset({Scope.SPOTIFY, Scope.APPLE, Scope.YOUTUBE_PARTNER, Scope.ERN})
_SPOTIFY_ARTIST: Final = re.compile(
    r"(?:spotify:artist:|https://open\.spotify\.com/(?:intl-\w+/)?artist/)?[0-9A-Za-z]{22}(?:\?.*)?", re.ASCII
)
#: Given out beside the codes of countries: in the USA, in Brazil, and by the international agency.
_SPECIAL_PREFIXES: Final = frozenset("QM QZ QT ZZ TC CP DG BX BC BK FX".split())
_VENDOR_ID: Final = re.compile(r"[A-Za-z0-9_]{1,100}", re.ASCII)


def _isrc_form(case: Case) -> Iterator[Found]:
    for track in case.tracks:
        isrc = track.recording.isrc
        if isrc and not identifiers.is_isrc(isrc):
            yield Found(track.path("isrc"), isrc, words={"n": track.number})


def _isrc_prefix(case: Case) -> Iterator[Found]:
    for track in case.tracks:
        isrc = track.recording.isrc
        if isrc and identifiers.is_isrc(isrc):
            prefix = identifiers.plain_isrc(isrc)[:2]
            if prefix not in TERRITORIES and prefix not in _SPECIAL_PREFIXES:
                yield Found(track.path("isrc"), isrc, words={"prefix": prefix})


def _isrc_missing(case: Case) -> Iterator[Found]:
    if not case.assigns("isrc"):
        yield from _tracks_without_isrc(case)


def _isrc_assigned(case: Case) -> Iterator[Found]:
    if case.assigns("isrc"):
        yield from _tracks_without_isrc(case)


def _tracks_without_isrc(case: Case) -> Iterator[Found]:
    for track in case.tracks:
        if not track.recording.isrc:
            yield Found(track.path("isrc"), words={"n": track.number})


def _isrc_twice(case: Case) -> Iterator[Found]:
    seen: defaultdict[str, list[int]] = defaultdict(list)
    for track in case.tracks:
        if track.recording.isrc:
            seen[identifiers.plain_isrc(track.recording.isrc)].append(track.number)
    for isrc, numbers in seen.items():
        for number in numbers[1:]:
            yield Found(f"tracks[{number - 1}].isrc", isrc, words={"first": numbers[0], "n": number})


def _isrc_year(case: Case) -> Iterator[Found]:
    for track in case.tracks:
        isrc = track.recording.isrc
        if not isrc or not identifiers.is_isrc(isrc):
            continue
        year = int(identifiers.plain_isrc(isrc)[5:7])
        # Two digits: those from 40 on are of the 20th century (ISRC began in 1986, catalogues are older).
        if case.now.year % 100 < year < 40:
            yield Found(track.path("isrc"), isrc, words={"n": track.number, "year": 2000 + year})


def _upc(case: Case) -> Iterator[Found]:
    upc = case.release.upc
    if not upc or identifiers.is_gtin(upc):
        return
    digits = identifiers.plain(upc)
    if digits.isascii() and digits.isdigit() and len(digits) in (12, 13):
        why = f"its check digit is {digits[-1]}, not {identifiers.gtin_check_digit(digits[:-1])}"
    else:
        why = "it is not 12 (UPC) or 13 (EAN) digits"
    yield Found("upc", upc, words={"why": why})


def _upc_padded(case: Case) -> Iterator[Found]:
    upc = case.release.upc
    if upc and identifiers.is_gtin(upc) and len(digits := identifiers.plain(upc)) == 13 and digits[0] == "0":
        yield Found("upc", upc, words={"short": digits[1:]}, instead=digits[1:])


def _upc_missing(case: Case) -> Iterator[Found]:
    if not case.release.upc and not case.release.grid and not case.assigns("upc"):
        yield Found("upc")


def _upc_assigned(case: Case) -> Iterator[Found]:
    if not case.release.upc and case.assigns("upc"):
        yield Found("upc")


def _iswc(case: Case) -> Iterator[Found]:
    for track in case.tracks:
        iswc = track.recording.iswc
        if iswc and not identifiers.is_iswc(iswc):
            yield Found(track.path("iswc"), iswc, words={"n": track.number})


def _ipi(case: Case, *, base: bool) -> Iterator[Found]:
    judge = identifiers.is_ipi_base if base else identifiers.is_ipi_name
    for track in case.tracks:
        for place, writer in enumerate(track.writers):
            if writer.ipi and (identifiers.plain(writer.ipi)[:1] == "I") is base and not judge(writer.ipi):
                yield Found(f"tracks[{track.index}].writers[{place}].ipi", writer.ipi)


def _ipi_name(case: Case) -> Iterator[Found]:
    yield from _ipi(case, base=False)


def _ipi_base(case: Case) -> Iterator[Found]:
    yield from _ipi(case, base=True)


def _of_people(case: Case, name: str) -> Iterator[tuple[str, str]]:
    """An identifier of each person that has one, and where it is written."""
    parts = [("", case.release.artists, "artists"), ("", case.release.contributors, "contributors")]
    for track in case.tracks:
        where = f"tracks[{track.index}]."
        parts += [
            (where, track.recording.artists, "artists"),
            (where, track.recording.contributors, "contributors"),
        ]
    for where, people, kind in parts:
        for place, person in enumerate(people):
            if value := getattr(person, name):
                yield f"{where}{kind}[{place}].{name}", value
    if name == "isni":
        for track in case.tracks:
            for place, writer in enumerate(track.writers):
                if writer.isni:
                    yield f"tracks[{track.index}].writers[{place}].isni", writer.isni


def _isni(case: Case) -> Iterator[Found]:
    for path, value in _of_people(case, "isni"):
        if not identifiers.is_isni(value):
            yield Found(path, value)


def _apple_artist(case: Case) -> Iterator[Found]:
    for path, value in _of_people(case, "apple_id"):
        if not (value.isascii() and value.isdigit()):
            yield Found(path, value)


def _spotify_artist(case: Case) -> Iterator[Found]:
    for path, value in _of_people(case, "spotify_id"):
        if not _SPOTIFY_ARTIST.fullmatch(value):
            yield Found(path, value)


def _of_release(name: str, judge: Callable[[str], bool]) -> Callable[[Case], Iterator[Found]]:
    def test(case: Case) -> Iterator[Found]:
        value = getattr(case.release, name)
        if value and not judge(value):
            yield Found(name, value)

    return test


def _custom_id(case: Case) -> Iterator[Found]:
    for name, most in (("vendor_id", 64), ("catalog_number", 64)):
        value = getattr(case.release, name)
        size = len((value or "").encode("utf-8", "surrogatepass"))
        if size > most:
            yield Found(name, value, words={"bytes": size, "most": most})
    titles = [("title", case.release.title), *((t.path("title"), t.recording.title) for t in case.tracks)]
    for path, title in titles:
        if len(title.encode("utf-8", "surrogatepass")) > 255:
            yield Found(
                path, title, words={"bytes": len(title.encode("utf-8", "surrogatepass")), "most": 255}
            )


RULES: Final = (
    Rule(
        id="ID-ISRC-FMT",
        group=Group.IDENTIFIERS,
        scopes=frozenset({Scope.ALL}),
        severity="error",
        field="tracks[].isrc",
        test=_isrc_form,
        message="ISRC {value!r} of track {n} is malformed.",
        passes="2 letters, 3 letters or digits, 2 digits of the year, 5 digits: 12 in all",
        fix="Copy it again from whoever gave it; an ISRC has no check digit, so it cannot be repaired.",
        example="USSKG1912345",
        source=_ISRC_AGENCY,
        evidence=frozenset({Evidence.OFFICIAL, Evidence.VERIFIED}),
        term="isrc",
    ),
    Rule(
        id="ID-ISRC-NOCHECK",
        group=Group.IDENTIFIERS,
        scopes=frozenset({Scope.ALL}),
        severity="info",
        field="tracks[].isrc",
        test=_isrc_prefix,
        message="ISRC {value} begins with {prefix}, which is neither a country nor a prefix in our table.",
        passes="any prefix that an ISRC agency gave out; there is no check digit that could tell",
        fix="Compare it with what your agency or distributor gave you; if it is the same, leave it.",
        example="USSKG1912345",
        source=_ISRC_AGENCY,
        evidence=frozenset({Evidence.OFFICIAL}),
        term="isrc",
    ),
    Rule(
        id="ID-ISRC-MISSING",
        group=Group.IDENTIFIERS,
        scopes=_ERN_AND_PARTNERS,
        severity="error",
        field="tracks[].isrc",
        test=_isrc_missing,
        message="Missing ISRC code for track {n}.",
        passes="an ISRC of this very recording",
        fix="Ask your national ISRC agency for one, or deliver by a distributor who assigns it (--via).",
        example="USSKG1912345",
        source="providersupport.spotify.com, step 1 and 3; itunespartner.apple.com, music",
        evidence=frozenset({Evidence.OFFICIAL}),
        term="isrc",
    ),
    Rule(
        id="ID-ISRC-MISSING-DK",
        group=Group.IDENTIFIERS,
        scopes=frozenset({Scope.DISTROKID}),
        severity="info",
        field="tracks[].isrc",
        test=_isrc_assigned,
        message="Track {n} has no ISRC: DistroKid will assign one.",
        passes="nothing, or your own ISRC, which needs a higher plan",
        fix="Nothing, unless the recording had an ISRC before: then it must keep it.",
        example=None,
        source="support.distrokid.com",
        evidence=frozenset({Evidence.THIRD_PARTY}),
        publisher=Scope.DISTROKID,
        term="isrc",
    ),
    Rule(
        id="ID-ISRC-MISSING-SC",
        group=Group.IDENTIFIERS,
        scopes=frozenset({Scope.SOUNDCLOUD, Scope.YOUTUBE}),
        severity="info",
        field="tracks[].isrc",
        test=_tracks_without_isrc,
        message="Track {n} has no ISRC; it is optional here.",
        passes="nothing, or an ISRC",
        fix="Nothing.",
        example=None,
        source="SoundCloud's OpenAPI description, July 2026",
        evidence=frozenset({Evidence.OFFICIAL}),
        term="isrc",
    ),
    Rule(
        id="ID-ISRC-DUP",
        group=Group.IDENTIFIERS,
        scopes=frozenset({Scope.ALL}),
        severity="error",
        field="tracks[].isrc",
        test=_isrc_twice,
        message="Tracks {first} and {n} share the ISRC {value}.",
        passes="one ISRC for each recording: a remix, an edit and a live take need their own",
        fix="Give track {n} its own ISRC, or leave it out if your distributor assigns it.",
        example=None,
        source=_ISRC_AGENCY,
        evidence=frozenset({Evidence.OFFICIAL}),
        term="isrc",
    ),
    Rule(
        id="ID-ISRC-YEAR",
        group=Group.IDENTIFIERS,
        scopes=frozenset({Scope.ALL}),
        severity="warning",
        field="tracks[].isrc",
        test=_isrc_year,
        message="ISRC {value} of track {n} was given for {year}, which has not come yet.",
        passes="a year of reference (digits 6 and 7) that is not to come",
        fix="Look whether digits are mixed up.",
        example="USSKG1912345",
        source="aimusicverse: the year of reference is the one of assignment",
        evidence=frozenset({Evidence.OWN}),
        term="isrc",
    ),
    Rule(
        id="ID-GTIN",
        group=Group.IDENTIFIERS,
        scopes=frozenset({Scope.ALL}),
        severity="error",
        field="upc",
        test=_upc,
        message="UPC/EAN {value!r} is wrong: {why}.",
        passes="UPC-A with 12 or EAN-13 with 13 digits, the last of which is the check digit",
        fix="Copy it again from whoever gave it. Do not change the last digit: another one may be wrong.",
        example="036000291452",
        source="GS1 General Specifications 7.9",
        evidence=frozenset({Evidence.VERIFIED}),
        term="upc",
    ),
    Rule(
        id="ID-GTIN-PAD",
        group=Group.IDENTIFIERS,
        scopes=frozenset({Scope.ALL}),
        severity="info",
        field="upc",
        test=_upc_padded,
        message="EAN {value} is the UPC {short} with a zero in front: the same number.",
        passes="either; a form that asks for a UPC wants 12 digits",
        fix="Nothing, unless a form refuses it.",
        example="036000291452",
        source="GS1 General Specifications 7.9",
        evidence=frozenset({Evidence.VERIFIED}),
        term="upc",
    ),
    Rule(
        id="ID-GTIN-MISSING",
        group=Group.IDENTIFIERS,
        scopes=_ERN_AND_PARTNERS,
        severity="error",
        field="upc",
        test=_upc_missing,
        message="Missing UPC/EAN of the release.",
        passes="a UPC, an EAN, or a GRid",
        fix="Get one from GS1 or your label, or deliver by a distributor who assigns it (--via).",
        example="036000291452",
        source="providersupport.spotify.com, step 1",
        evidence=frozenset({Evidence.OFFICIAL}),
        term="upc",
    ),
    Rule(
        id="ID-GTIN-MISSING-DK",
        group=Group.IDENTIFIERS,
        scopes=frozenset({Scope.DISTRIBUTOR}),
        severity="info",
        field="upc",
        test=_upc_assigned,
        message="The release has no UPC/EAN: the distributor assigns one.",
        passes="nothing, or a UPC of your own",
        fix="Nothing, unless the release had one before: then it must keep it.",
        example=None,
        source="support.distrokid.com; ONCE's API description",
        evidence=frozenset({Evidence.OFFICIAL}),
        term="upc",
    ),
    Rule(
        id="ID-ISWC",
        group=Group.IDENTIFIERS,
        scopes=frozenset({Scope.ALL}),
        severity="error",
        field="tracks[].iswc",
        test=_iswc,
        message="ISWC {value!r} of track {n} is wrong.",
        passes="T, nine digits and the check digit; or nothing, as it is optional",
        fix="Copy it again from your collecting society, or leave it out.",
        example="T-034.524.680-1",
        source="ISO 15707; django-music-publisher, validators.py",
        evidence=frozenset({Evidence.VERIFIED}),
        term="iswc",
    ),
    Rule(
        id="ID-IPI-NAME",
        group=Group.IDENTIFIERS,
        scopes=frozenset({Scope.ALL}),
        severity="error",
        field="tracks[].writers[].ipi",
        test=_ipi_name,
        message="IPI name number {value!r} is wrong.",
        passes="11 digits, the last two of which check the others; or nothing, as it is optional",
        fix="Copy it again from your collecting society, with its leading zeros, or leave it out.",
        example="00014107338",
        source="CISAC; django-music-publisher, validators.py",
        evidence=frozenset({Evidence.VERIFIED}),
        term="ipi",
    ),
    Rule(
        id="ID-IPI-BASE",
        group=Group.IDENTIFIERS,
        scopes=frozenset({Scope.ALL}),
        severity="error",
        field="tracks[].writers[].ipi",
        test=_ipi_base,
        message="IPI base number {value!r} is wrong.",
        passes="I, nine digits and the check digit; or nothing, as it is optional",
        fix="Copy it again from your collecting society, or leave it out.",
        example="I-000000229-7",
        source="CISAC; django-music-publisher, validators.py",
        evidence=frozenset({Evidence.VERIFIED}),
        term="ipi",
    ),
    Rule(
        id="ID-ISNI",
        group=Group.IDENTIFIERS,
        scopes=frozenset({Scope.ALL}),
        severity="error",
        field="artists[].isni",
        test=_isni,
        message="ISNI {value!r} is wrong.",
        passes="16 characters, the last of which (0 to 9, X) checks the others; or nothing",
        fix="Look it up at isni.org, or leave it out.",
        example="0000 0001 2170 7484",
        source="ISO 27729; ISO 7064 MOD 11-2; python-stdnum",
        evidence=frozenset({Evidence.VERIFIED}),
        term="isni",
    ),
    Rule(
        id="ID-GRID",
        group=Group.IDENTIFIERS,
        scopes=frozenset({Scope.ALL}),
        severity="error",
        field="grid",
        test=_of_release("grid", identifiers.is_grid),
        message="GRid {value!r} is wrong.",
        passes="18 characters: A1, issuer (5), release (10) and the check character; or nothing",
        fix="Copy it again from whoever gave it, or leave it out and give a UPC.",
        example="A1-2425G-ABC1234002-M",
        source="GRid Standard; ISO 7064 MOD 37,36; python-stdnum",
        evidence=frozenset({Evidence.VERIFIED}),
        term="grid",
    ),
    Rule(
        id="ID-DPID",
        group=Group.IDENTIFIERS,
        scopes=frozenset({Scope.ERN}),
        severity="error",
        field="sender_dpid",
        test=_of_release("sender_dpid", identifiers.is_dpid),
        message="DDEX party id {value!r} is wrong.",
        passes="PADPIDA, ten letters or digits, and the check character",
        fix="Look it up at dpid.ddex.net.",
        example="PADPIDA2011072101T",
        source="DDEX party identification standard; ISO 7064 MOD 37,36. The schema checks its beginning only",
        evidence=frozenset({Evidence.VERIFIED}),
        term="dpid",
    ),
    Rule(
        id="ID-DPID-RECIPIENT",
        group=Group.IDENTIFIERS,
        scopes=frozenset({Scope.ERN}),
        severity="error",
        field="recipient_dpid",
        test=_of_release("recipient_dpid", identifiers.is_dpid),
        message="DDEX party id {value!r} of the recipient is wrong.",
        passes="PADPIDA, ten letters or digits, and the check character",
        fix="Look it up at dpid.ddex.net.",
        example="PADPIDA2013020802I",
        source="DDEX party identification standard; ISO 7064 MOD 37,36. The schema checks its beginning only",
        evidence=frozenset({Evidence.VERIFIED}),
        term="dpid",
    ),
    Rule(
        id="ID-APPLE-ARTIST",
        group=Group.IDENTIFIERS,
        scopes=frozenset({Scope.APPLE}),
        severity="error",
        field="artists[].apple_id",
        test=_apple_artist,
        message="Apple artist id {value!r} is not digits only.",
        passes="digits only, as at the end of the artist's page; or nothing",
        fix="Copy the number from the artist's page at music.apple.com.",
        example="1419227",
        source="public code that builds music5.3 metadata",
        evidence=frozenset({Evidence.CODE}),
    ),
    Rule(
        id="ID-SPOTIFY-ARTIST",
        group=Group.IDENTIFIERS,
        scopes=frozenset({Scope.SPOTIFY}),
        severity="error",
        field="artists[].spotify_id",
        test=_spotify_artist,
        message="Spotify artist id {value!r} is malformed.",
        passes="22 letters and digits, alone, after spotify:artist: or as the page's address; or nothing",
        fix="Copy it from the artist's page: Share, Copy link.",
        example="spotify:artist:4Z8W4fKeB5YxbusRsdQVPb",
        source="as ids look at open.spotify.com",
        evidence=frozenset({Evidence.UNVERIFIED}),
    ),
    Rule(
        id="ID-APPLE-VENDOR",
        group=Group.IDENTIFIERS,
        scopes=frozenset({Scope.APPLE}),
        severity="error",
        field="vendor_id",
        test=_of_release("vendor_id", lambda value: _VENDOR_ID.fullmatch(value) is not None),
        message="Vendor id {value!r} cannot be one.",
        passes="letters, digits and underscores, at most 100; or nothing: then the UPC is taken",
        fix="Choose one that is yours alone; it never changes once delivered.",
        example="ALBUM_2026_001",
        source="itunespartner.apple.com; public code that builds music5.3 metadata",
        evidence=frozenset({Evidence.OFFICIAL, Evidence.CODE}),
    ),
    Rule(
        id="ID-YT-CUSTOM",
        group=Group.IDENTIFIERS,
        scopes=frozenset({Scope.YOUTUBE_PARTNER}),
        severity="error",
        field="title",
        test=_custom_id,
        message="{value!r} has {bytes} bytes.",
        passes="at most {most} bytes as UTF-8",
        fix="Shorten it: letters outside ASCII count two to four.",
        example=None,
        source="support.google.com/youtube, asset metadata reference",
        evidence=frozenset({Evidence.OFFICIAL}),
    ),
)
