"""Words of the trade, explained to whoever meets them for the first time: "What is an ISRC?"."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from functools import cache
from typing import Final

from aimusicverse.release.apple_genres import APPLE_NAMES


@dataclass(frozen=True, slots=True)
class Term:
    """A word.

    Args:
        id: short, as rules name it: `isrc`.
        name: as it is written.
        question: that it answers, a heading.
        says: what it is, who gives it, and what a musician has to do.
        also: other words for it, in small letters.
    """

    id: str
    name: str
    question: str
    says: str
    also: tuple[str, ...] = ()


_ALL: Final = (
    Term(
        "isrc",
        "ISRC",
        "What is an ISRC?",
        "The number of one recording, for ever: 12 characters like USSKG2600001 (prefix, year, "
        "number). Every remix, edit and live take has its own; the same recording keeps its ISRC on "
        "every release and at every distributor. Distributors assign one where you leave it out; "
        "national ISRC agencies give prefixes to labels. It has no check digit, so a mistyped one "
        "looks right: copy it.",
    ),
    Term(
        "upc",
        "UPC / EAN",
        "What is a UPC?",
        "The number of a release (the product), as in a bar code: UPC has 12 digits, EAN 13; the last "
        "one checks the others. Distributors assign one where you leave it out. A re-release that "
        "should keep its streams and playlists keeps its UPC.",
        (
            "ean",
            "gtin",
            "icpn",
            "barcode",
            "bar code",
        ),
    ),
    Term(
        "iswc",
        "ISWC",
        "What is an ISWC?",
        "The number of a song as it is written (words and music), not of a recording: T and ten "
        "digits, like T-034.524.680-1. Your collecting society gives it when you register the song. "
        "Optional everywhere.",
    ),
    Term(
        "ipi",
        "IPI",
        "What is an IPI number?",
        "The number of a songwriter or publisher at collecting societies: 11 digits (name number), or "
        "I and ten digits (base number). You get it when you join one. Optional.",
        (
            "ipi number",
            "cae",
        ),
    ),
    Term(
        "isni",
        "ISNI",
        "What is an ISNI?",
        "The number of a person or band in public: 16 characters, the last of which may be an X. It "
        "tells artists of the same name apart. Look for yours at isni.org. Optional.",
    ),
    Term(
        "grid",
        "GRid",
        "What is a GRid?",
        "A number of a digital release, 18 characters that begin with A1; hardly used. A UPC does instead.",
    ),
    Term(
        "dpid",
        "DPID",
        "What is a DDEX party id?",
        "The number of a company that sends or receives DDEX messages: PADPIDA and eleven characters. "
        "Only who delivers to stores without a distributor needs one; dpid.ddex.net gives them.",
        ("ddex party id",),
    ),
    Term(
        "p-line",
        "P line (℗)",
        "What is a P line?",
        "Who owns the recording, with the year of its first release: `2026 Maren Okafor`. Not a tool, "
        "and not a store: a person or company.",
        (
            "p line",
            "p_line",
            "pline",
            "℗",
        ),
    ),
    Term(
        "c-line",
        "C line (©)",
        "What is a C line?",
        "Who owns cover and texts of the release, with the year: `2026 Maren Okafor`.",
        (
            "c line",
            "c_line",
            "cline",
            "©",
            "copyright",
        ),
    ),
    Term(
        "territory",
        "Territory",
        "What are territories?",
        "Countries in which a release is sold: `Worldwide`, or two letters each (ISO 3166-1): DE, FR, "
        "GB. The United Kingdom is GB.",
        (
            "territories",
            "country",
            "countries",
        ),
    ),
    Term(
        "ddex",
        "DDEX",
        "What is DDEX?",
        "The body of labels, stores and distributors that agrees on messages about music, ERN above all.",
    ),
    Term(
        "ern",
        "ERN",
        "What is ERN?",
        "Electronic Release Notification: the message (XML) by which a distributor tells a store of a "
        "release. Version 4.3.2 alone can say what a machine made.",
        (
            "ern 4.3",
            "ern 4.3.2",
        ),
    ),
    Term(
        "via",
        "Via",
        "What does --via mean?",
        "The distributor who brings the release to stores. Spotify and Apple Music take releases from "
        "approved providers only, so there is no way without one; `amv release check --via distrokid` "
        "judges his rules, too.",
        (
            "distributor",
            "aggregator",
            "provider",
        ),
    ),
    Term(
        "explicit",
        "Explicit",
        "What is explicit?",
        "Whether words are not for children: `explicit`, `clean` (a cleaned version of an explicit "
        "song, never merely a harmless one) or `none`. One explicit track makes the release explicit.",
        (
            "clean",
            "parental advisory",
        ),
    ),
    Term(
        "contributor",
        "Contributor",
        "Who is a contributor?",
        "Somebody who is credited: main and featured artists, remixers, producers, players. One name "
        'a field; "A & B" are two, unless it is the name of a band.',
        (
            "artist",
            "main artist",
            "role",
            "roles",
        ),
    ),
    Term(
        "writer",
        "Writer",
        "Who is a writer?",
        "Who wrote words or music: people, by legal first and last names, for they are paid by them. "
        "Never a tool, a band or a stage name.",
        (
            "composer",
            "lyricist",
            "songwriter",
            "composers",
        ),
    ),
    Term(
        "featuring",
        "Featuring",
        "How is a guest credited?",
        "As a contributor with the role FeaturedArtist. In a title stores want `(feat. Name)`, small "
        "and in English.",
        (
            "feat",
            "feat.",
            "featured artist",
        ),
    ),
    Term(
        "version",
        "Version",
        "What is a version?",
        "What sets a recording apart from the original: Remix, Live, Acoustic, Radio Edit. It stands "
        "in a field of its own, and stores put it in brackets behind the title.",
        (
            "remix",
            "title version",
        ),
    ),
    Term(
        "title-case",
        "Title case",
        "What is title case?",
        "English titles have a capital at each word but small ones like of, the, and. Stores correct "
        "titles that shout or whisper, unless the artist wants it so (`intentional_styling`).",
        (
            "capitals",
            "sentence case",
        ),
    ),
    Term(
        "genre",
        "Genre",
        "What are genres for?",
        "A store files a release by them. Each has a list of its own; Apple's codes look like POP-00 "
        f"and stand in `[genres]`. As `genre`, Apple's are: {', '.join(APPLE_NAMES)}.",
        ("genres",),
    ),
    Term(
        "language",
        "Language",
        "What is meant by language?",
        "`language` is that of the vocals, `metadata_language` that of titles and names: two or three "
        "letters (ISO 639), like en, de, ja. `zxx` says that nobody sings. ja, zh, sv: not the "
        "country's jp, cn, se.",
        (
            "zxx",
            "bcp 47",
            "metadata language",
            "language tag",
        ),
    ),
    Term(
        "label",
        "Label",
        "What is a label?",
        "Under whose name it is released. Without one: your artist name, or your name and Records; "
        "never a store's or a major label's.",
    ),
    Term(
        "ai",
        "AI disclosure",
        "What has to be said of AI?",
        "For each aspect (lyrics, composition, vocals, instruments, artwork) whether a machine made "
        "none, part or all of it. Mixing and mastering by machine do not count. A false answer costs "
        "the release; an open one mostly costs nothing. The tool is never credited as artist or "
        "writer.",
        (
            "ai disclosure",
            "generative ai",
            "disclosure",
        ),
    ),
    Term(
        "release-date",
        "Release date",
        "When should a release come out?",
        "Four weeks from now, on a Friday: distributors need days, and playlists are pitched a week "
        "ahead at least. A date without a time begins at midnight in each country.",
        (
            "release date",
            "lead time",
            "release_at",
        ),
    ),
    Term(
        "original-release-date",
        "Original release date",
        "What is the original release date?",
        "The day on which a recording could be heard for the first time anywhere. A re-release keeps it.",
        (
            "original release date",
            "original_release_date",
        ),
    ),
    Term(
        "preorder",
        "Pre-order",
        "What is a pre-order?",
        "People can order an album before it is out, and hear some tracks of it at once.",
        ("pre-order",),
    ),
    Term(
        "release-type",
        "Release type",
        "Is it a single, an EP or an album?",
        "A single has 1 to 3 tracks under 10 minutes each, an EP 4 to 6 tracks up to 30 minutes, an "
        "album 7 or more, or more than 30 minutes.",
        (
            "single",
            "ep",
            "album",
            "type",
        ),
    ),
    Term(
        "cover-art",
        "Cover art",
        "What must a cover be?",
        "A square JPEG of 3000 x 3000 pixels in RGB, with nothing in it but artist and title: no "
        "address, price, logo or blur.",
        (
            "cover",
            "artwork",
            "cover art",
            "picture",
        ),
    ),
    Term(
        "true-peak",
        "True peak",
        "What is true peak?",
        "How high the sound gets between samples, in dBTP (ITU-R BS.1770). Above -1 it may crackle "
        "once a store has coded it.",
        (
            "dbtp",
            "true peak",
            "clipping",
        ),
    ),
    Term(
        "lufs",
        "LUFS",
        "What are LUFS?",
        "How loud music is to an ear (ITU-R BS.1770). Stores turn everything to about -14 LUFS, so "
        "louder is not louder there; it is never a reason to refuse.",
        ("loudness",),
    ),
    Term(
        "master",
        "Master",
        "What is a master file?",
        "The sound file to deliver: WAV or FLAC, 44.1 kHz or more, 16 or 24 bit, stereo; never an MP3 "
        "that was turned into one.",
        (
            "wav",
            "flac",
            "bit depth",
            "sample rate",
            "lossy",
        ),
    ),
    Term(
        "licence",
        "Licence",
        "What licence does music of a generator need?",
        "One that lets you sell it. Free plans of generators often forbid that, and what was made under "
        "one stays so when you pay later. Keep the tool's name, plan, date, prompt and output id: they "
        "stand in `[ai]`.",
        ("license", "commercial use"),
    ),
    Term(
        "vendor-id",
        "Vendor id",
        "What is a vendor id?",
        "Apple's key of a release, which whoever delivers chooses once and never changes.",
        (
            "vendor id",
            "vendor_id",
        ),
    ),
    Term(
        "art-track",
        "Art track",
        "What is an art track?",
        "The still picture with sound by which a release is on YouTube Music. Only distributors and "
        "partners make them; an upload of your own is a video.",
        (
            "art track",
            "content id",
        ),
    ),
    Term(
        "cover-version",
        "Cover version",
        "What is a cover version?",
        "Somebody else's song, performed anew: the original writers are credited, and a licence may "
        "be needed.",
        (
            "cover version",
            "mechanical licence",
        ),
    ),
)

TERMS: Final[dict[str, Term]] = {term.id: term for term in _ALL}


def term(word: str) -> Term | None:
    """The term that a word means, written as `P line`, `p-line` or `p_line`; `None`: none of them."""
    return _by_spelling().get(_plain(word))


def close_to(word: str) -> list[str]:
    """Ids of terms that look like a word."""
    close = difflib.get_close_matches(_plain(word), _by_spelling(), 3, 0.6)
    return list(dict.fromkeys(_by_spelling()[one].id for one in close))


@cache
def _by_spelling() -> dict[str, Term]:
    return {_plain(spelling): one for one in _ALL for spelling in (*one.also, one.name, one.id)}


def _plain(word: str) -> str:
    return " ".join(word.casefold().replace("-", " ").replace("_", " ").split())
