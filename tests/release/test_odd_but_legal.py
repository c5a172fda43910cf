"""What is odd is legal: releases from everywhere, in every script, that no rule may stop."""

from __future__ import annotations

import time
import unicodedata
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from aimusicverse.release.rules.case import Case
from aimusicverse.release.rules.rule import Group
from aimusicverse.release.rules.table import BY_ID, RULES
from aimusicverse.release.targets import DISTRIBUTORS, STORES, Scope
from aimusicverse.release.validation import validate
from aimusicverse.types.release import Contributor, Release, Writer
from tests.release.bad_releases import findings
from tests.release.sound_releases import NOW, SINGLE, changed

EVERYWHERE = tuple(STORES)
T, V, W = "tracks[0].title", "tracks[0].version", "tracks[0].writers[0].name"
WORDS = {Group.IDENTIFIERS, Group.TITLES, Group.PEOPLE}


@dataclass(frozen=True)
class Odd:
    """One oddity.

    Args:
        oddity: in words: the name of the test.
        changes: to the sound single, by path.
        title: of the release and its track.
        artist: who performs it.
        language: of titles and names.
        hints: rules that may say something that does not stop it; none: nobody says anything.
    """

    oddity: str
    changes: dict[str, Any] = field(default_factory=dict)
    title: str | None = None
    artist: str | None = None
    language: str | None = None
    hints: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return self.oddity

    @property
    def release(self) -> dict[str, Any]:
        """All of it."""
        changes: dict[str, Any] = {}
        if self.title is not None:
            changes |= {"title": self.title, "tracks[0].title": self.title}
        if self.artist is not None:
            changes["artists[0].name"] = self.artist
        if self.language is not None:
            changes["metadata_language"] = self.language
        return changed(SINGLE, {**changes, **self.changes})


_THIRTY = "ABCDEFGHIJKLMNOPQRSTUVWYZÄÖÜÑØ"


def _hints(*rules: str) -> frozenset[str]:
    return frozenset(rules)


def _group(name: str) -> dict[str, Any]:
    return {"artists[0]": {"name": name, "is_group": True}}


def _tracks(*titles: str) -> dict[str, Any]:
    return {
        "tracks": [
            {
                "title": title,
                "isrc": f"USSKG26{number:05}",
                "writers": [{"name": "Maren Okafor"}],
                "duration_seconds": 120.0 + number % 60,
            }
            for number, title in enumerate(titles)
        ]
    }


def _guests(*names: str) -> dict[str, Any]:
    return {
        "tracks[0].artists": [
            {"name": "Maren Okafor"},
            *({"name": name, "roles": ["FeaturedArtist"]} for name in names),
        ]
    }


ODD = (
    # Scripts
    Odd("Arabic, from right to left", title="ليالي بيروت", artist="ليلى حداد", language="ar"),
    Odd("Hebrew, from right to left", title="אורות של נייר", artist="נועה לוי", language="he"),
    Odd("Hebrew with marks for its vowels", title="שִׁיר הַשָּׁלוֹם", artist="נֹעַה", language="he"),
    Odd("Persian with a character between that joins nothing", title="می‌خواهم", artist="سارا", language="fa"),
    Odd("Urdu", title="کاغذی چراغ", artist="عابدہ", language="ur"),
    Odd("marks of direction", title="\u200fשיר\u200f", artist="נועה לוי", language="he"),
    Odd("Thai, which has no blanks", title="โคมกระดาษในคืนฝนตก", artist="สมหญิง", language="th"),
    Odd("Devanagari", title="कागज़ की लालटेन", artist="अनन्या शर्मा", language="hi"),
    Odd("Tamil", title="காகித விளக்கு", artist="கவிதா", language="ta"),
    Odd("Bengali", title="কাগজের লণ্ঠন", artist="মৌসুমী", language="bn"),
    Odd("Amharic", title="የወረቀት ፋኖስ", artist="ተስፋዬ", language="am"),
    Odd("Georgian, small letters to a machine", title="ქაღალდის ფარნები", artist="ნინო", language="ka"),
    Odd("Armenian", title="Թղթե լապտերներ", artist="Անի Սարգսյան", language="hy"),
    Odd("Japanese", title="紙の灯り", artist="宮崎あおい", language="ja"),
    Odd("Japanese with marks of its own", title="ラブ・ソング〜第1章〜",
        artist="モーニング娘。", language="ja"),
    Odd("Japanese, in capitals", title="LOVE SO SWEET", artist="嵐", language="ja",
        hints=_hints("T-CASE-UPPER")),
    Odd("Korean", title="종이 등불", artist="김민준", language="ko"),
    Odd("Korean and Latin letters together", title="사랑 LOVE", artist="아이유", language="ko"),
    Odd("Chinese", title="纸灯笼", artist="王菲", language="zh-Hans"),
    Odd("Chinese, one character", title="光", artist="李", language="zh-Hant"),
    Odd("Russian", title="Бумажные фонари", artist="Земфира", language="ru"),
    Odd("Greek", title="Χάρτινα φανάρια", artist="Άννα Βίσση", language="el"),
    Odd("Burmese", title="စက္ကူမီးပုံး", artist="ရွှေ", language="my"),
    Odd("Khmer", title="គោមក្រដាស", artist="ស៊ីន ស៊ីសាមុត", language="km"),
    Odd("Cherokee, known to no table here", title="ᏣᎳᎩ", artist="ᏗᎵᏍᏙᏗ", language="chr"),
    Odd("Vietnamese, two marks on a letter", title="Đèn Lồng Giấy", artist="Nguyễn Thị Hằng", language="vi"),
    Odd("Turkish, whose i has its own capital", title="İstanbul Işıkları",
        artist="İlhan Şeşen", language="tr"),
    Odd("French, with blanks of its own", title="Où es-tu\u202f?", artist="Zoé d’Arc", language="fr"),
    Odd("Japanese, with a blank of its own", title="紙　灯り", artist="宮崎　葵", language="ja"),
    Odd("accents as characters of their own", title=unicodedata.normalize("NFD", "Été à Orléans"),
        artist=unicodedata.normalize("NFD", "Zoë Müller"), language="fr"),
    # Titles
    Odd("a title of one letter", title="X"),
    Odd("a title of one sign", title="+", artist="Ed Holm"),
    Odd("a title of one digit", title="9"),
    Odd("a year as title", title="1989"),
    Odd("a number with a point", title="22, A Million"),
    Odd("an arithmetic title", title="1 + 1"),
    Odd("dots", title="…"),
    Odd("a question", title="Who? What? Where?"),
    Odd("a self-titled record", title="Maren Okafor"),
    Odd("a feat that is no guest", title="Feat of Strength", hints=_hints("T-FEAT-FMT")),
    Odd("a w/ that may be a guest", title="Soft w/ Me", hints=_hints("T-FEAT-FMT")),
    Odd("a fort", title="Ft. Worth Blues", hints=_hints("T-FEAT-FMT")),
    Odd("feet", title="Six ft Under", hints=_hints("T-FEAT-FMT", "T-CASE-EN")),
    Odd("with somebody who is nobody", title="Come Dance (with Me)"),
    Odd("with strings", title="Paper Lanterns (With Strings)"),
    Odd("defeat, which ends in feat", title="Defeat. The End"),
    Odd("a place after an at", title="Live @ the Harbour", hints=_hints("T-SYMBOL")),
    Odd("a service that is a word", title="Tidal Wave"),
    Odd("a box that is Pandora's", title="Pandora's Box"),
    Odd("live that is a verb", title="Live Your Life"),
    Odd("a mix that is a tape", title="Mixtape"),
    Odd("a track that is one of a train", title="Track of My Tears"),
    Odd("an exclusive that is a word", title="Mutually Exclusive"),
    Odd("an official that is a person", title="The Official"),
    Odd("part of a title", title="The Best Part"),
    Odd("a volume that is loud", title="Volume 11"),
    Odd("a slash within a word", title="AC/DC Days"),
    Odd("halves", title="1/2 Moon"),
    Odd("typographer's quotes", title="“Heroes” and ‘Villains’"),
    Odd("straight quotes", title='The "Hero"', hints=_hints("T-SYMBOL")),
    Odd("an apostrophe in front", title="'Til the Cows Come Home"),
    Odd("apostrophes within", title="Rock ’n’ Roll Ain’t Noise"),
    Odd("a brand with a capital within", title="iPhone of the World"),
    Odd("an abbreviation with points", title="U.S.A."),
    Odd("an abbreviation in the middle", title="R.O.C.K. in the U.S.A."),
    Odd("a number in front of a small word", title="4 in the Morning"),
    Odd("a Greek letter", title="Δ"),
    Odd("a Roman number", title="XVIII"),
    Odd("an ellipsis in the middle", title="Wait… What?"),
    Odd("an adverb that is no preposition", title="Turn Up the Radio"),
    Odd("small words in a French name", title="La Belle Dame sans Merci", language="fr"),
    Odd("a name in French, with capitals of its own", title="Anne de Bretagne", language="fr"),
    Odd("German nouns", title="Die Gedanken sind frei", language="de"),
    Odd("Spanish marks in front", title="¿Dónde Estás, Corazón?", language="es"),
    Odd("capitals that are meant", {"intentional_styling": True}, "HUMBLE.", hints=_hints("T-CASE-UPPER")),
    Odd("small letters that are meant", {"intentional_styling": True}, "thank u, next",
        hints=_hints("T-CASE-UPPER")),
    Odd("a long title", title="The Ballad of the Lantern Maker Who Went Down to the Sea and Back",
        hints=_hints("T-LEN-YT")),
    Odd("a very long title, shorter as a video's", {"youtube.title": "Maren Okafor - Ballad"},
        "The Ballad of " + "the Lantern Maker and " * 8 + "the Sea", hints=_hints("T-LEN-SC")),
    Odd("signs of music and money", title="♪ Dollar $ign ♫"),
    Odd("stars that are text", title="☆ Star ★"),
    Odd("a sign of registration", title="Coke® Summer™"),
    Odd("mathematics", title="√2 ≠ ∞"),
    # Names
    Odd("a band that sounds like search terms", artist="White Noise"),
    Odd("a radio", artist="Radio Radio"),
    Odd("a slash in a band", artist="AC/DC"),
    Odd("a mononym", artist="Maren"),
    Odd("one letter as name", artist="M"),
    Odd("digits as name", artist="070"),
    Odd("a name of signs", artist="!!!"),
    Odd("a dollar in a name", artist="A$H Okafor"),
    Odd("dots in a name", artist="will.o.wisp"),
    Odd("van", artist="Ludwig van der Berg"),
    Odd("de la", artist="Ana de la Cruz y Ortega"),
    Odd("ibn", artist="Yusuf ibn al-Rashid"),
    Odd("O' and Mc", artist="Sinéad O'Brien-McKay"),
    Odd("d'", artist="Jean-Luc d’Artagnan"),
    Odd("junior", artist="Henry Ward, Jr."),
    Odd("small letters", artist="k.d. lang-holm"),
    Odd("an and in a band", _group("Florence and the Lanterns")),
    Odd("an ampersand in a band", _group("Simon & Garth")),
    Odd("commas in a band", _group("Earth, Wood & Wire")),
    Odd("an x in a band", _group("Brothers x Sisters")),
    Odd("a band and the word band", _group("The Band of Nine")),
    Odd("a band with band names", _group("Tyler, the Maker")),
    Odd("a very long name", artist="Maria " + "Guadalupe " * 5 + "Ortega", hints=_hints("T-LEN-YT")),
    Odd("a guest who is credited, and not in the title", _guests("Anna Bell")),
    Odd("a guest in the title", {
        **_guests("Anna Bell"), "tracks[0].title": "Paper Lanterns (feat. Anna Bell)",
    }, hints=_hints("T-FEAT-ROLE")),
    Odd("three guests", {
        **_guests("Anna Bell", "Tom Ray", "Bo Lind"),
        "tracks[0].title": "Lanterns (feat. Anna Bell, Tom Ray & Bo Lind)",
    }, hints=_hints("T-FEAT-ROLE")),
    Odd("a band as guest", {
        "tracks[0].artists": [
            {"name": "Maren Okafor"},
            {"name": "Simon & Garth", "roles": ["FeaturedArtist"], "is_group": True},
        ],
        "tracks[0].title": "Paper Lanterns (feat. Simon & Garth)",
    }, hints=_hints("T-FEAT-ROLE")),
    Odd("six main artists", {"artists": [{"name": f"{letter}. Holm"} for letter in "ABCDEF"]},
        hints=_hints("A-ART-TRACK-4")),
    # Versions, tracks
    Odd("a version", {"version": "Live", "tracks[0].version": "Live"}),
    Odd("a version with a place", {"tracks[0].version": "Live at the Harbour, 2024"}),
    Odd("brackets that are no version", title="(Everything I Do) For You"),
    Odd("two brackets", {"tracks[0].version": "Acoustic"}, "Lanterns (of Paper)", hints=_hints("T-CASE-EN")),
    Odd("a remix by somebody credited", {
        "tracks[0].version": "Anna Bell Remix",
        "tracks[0].contributors": [{"name": "Anna Bell", "roles": ["Remixer"]}],
    }),
    Odd("an instrumental", {
        "language": "zxx", "tracks[0].version": "Instrumental",
        "tracks[0].writers": [{"name": "Maren Okafor", "roles": ["Composer"]}],
    }),
    Odd("a traditional song", {"tracks[0].writers": [{"name": "Traditional"}]}),
    Odd("thirty writers", {
        "tracks[0].writers": [{"name": f"Anna Bell {c}."} for c in _THIRTY],
    }),
    Odd("an EAN with a zero in front", {"upc": "0036000291452"}, hints=_hints("ID-GTIN-PAD")),
    Odd("an ISRC of the USA that begins with QZ", {"tracks[0].isrc": "QZES12345678"}),
    Odd("an ISRC with a prefix that is not known here", {"tracks[0].isrc": "QQABC2600001"},
        hints=_hints("ID-ISRC-NOCHECK")),
    Odd("an ISRC as it is printed", {"tracks[0].isrc": "ISRC US-SKG-26-00001"}),
    Odd("titles that are numbers", _tracks("1", "2", "3", "4", "5", "6", "7")),
    Odd("500 tracks", _tracks(*(f"Étude No. {number}" for number in range(1, 501)))),
)  # fmt: skip


@pytest.mark.parametrize("via", [None, "distrokid"], ids=["direct", "distrokid"])
@pytest.mark.parametrize("odd", ODD, ids=str)
def test_an_oddity_is_stopped_nowhere_and_what_is_said_of_it_is_known(odd: Odd, via: str | None) -> None:
    found = findings(odd.release, EVERYWHERE, via)
    assert [one.message for one in found if one.severity == "error"] == []
    # Other subjects may have hints of their own, as to so many tracks.
    assert {one.rule for one in found if BY_ID[one.rule].group in WORDS} <= odd.hints


@pytest.mark.parametrize("odd", [odd for odd in ODD if odd.hints], ids=str)
def test_a_hint_that_is_listed_is_given_somewhere(odd: Odd) -> None:
    said = {
        one.rule for via in (None, "distrokid", "tunecore") for one in findings(odd.release, EVERYWHERE, via)
    }
    assert odd.hints <= said


TEXT = st.text(st.characters(exclude_categories=()), max_size=40)
PIECES = st.lists(
    st.sampled_from(
        [
            "Paper", "Lanterns", "(feat. ", "ft. ", ")", "[", "]", " - ", "Live", " Remix", "Pt. 2",
            "Single", "&",
            ", ", " / ", "https://", "@", ".com", "{value}", "{0}", "%s", "🏮", "\u200d", "\ud83c", "\udfee",
            "\x00", "\n", "\u202e", "שיר", "𝓟", "Å", "ß", "ŉ", "İ", "Maren Okafor", "\ue0000\ue001",
        ]
    ),
    max_size=8,
).map("".join)  # fmt: skip
ANYTHING = TEXT | PIECES


@given(title=ANYTHING, version=ANYTHING, name=ANYTHING, writer=ANYTHING, role=ANYTHING, language=ANYTHING)
def test_no_text_whatever_makes_the_rules_fail(
    title: str, version: str, name: str, writer: str, role: str, language: str
) -> None:
    release = Release.model_validate(SINGLE)
    people = [Contributor.model_construct(name=name, roles=["MainArtist", role], is_group=False)]
    track = release.tracks[0].model_copy(
        update={
            "title": title,
            "version": version,
            "artists": people,
            "contributors": people,
            "writers": [Writer.model_construct(name=writer, roles=[role])],
            "isrc": title,
            "is_cover": True,
        }
    )
    # Lone surrogates do not come through the form, but may through a program: past its check, therefore.
    odd = release.model_copy(
        update={
            "title": title,
            "version": version,
            "artists": people,
            "upc": name,
            "vendor_id": name,
            "catalog_number": name,
            "metadata_language": language,
            "tracks": [track, track],
        }
    )
    for via in (None, DISTRIBUTORS["distrokid"]):
        report = validate(odd, STORES.values(), via, now=NOW)
        for target in report.targets:
            for one in target.findings:
                assert one.message
                assert one.passes
                assert one.fix


@given(ANYTHING)
def test_a_form_takes_any_text_or_says_what_is_wrong_with_it(title: str) -> None:
    given_form = changed(SINGLE, {"title": title})
    if any("\ud800" <= sign <= "\udfff" for sign in title):
        with pytest.raises(ValidationError, match="title"):
            Release.model_validate(given_form)
    else:
        assert Release.model_validate(given_form).title.strip() == title.strip()


@pytest.mark.parametrize("piece", ["(feat. a", "/a ", " - ", "(Vol "])
def test_a_title_four_times_as_long_takes_about_four_times_the_work(piece: str) -> None:
    """And not sixteen times: no pattern goes back over all of it from each of its places."""
    scopes = frozenset(Scope)
    took = []
    for length in (4_000, 16_000):
        text = "A" + piece * (length // len(piece))
        odd = changed(SINGLE, {"title": text, T: text, V: text, W: text})
        case = Case(Release.model_validate(odd), NOW, scopes)
        began = time.process_time()
        for rule in RULES:
            if rule.group in WORDS:
                assert len(list(rule.test(case))) < 10
        took.append(time.process_time() - began)
    assert took[1] < 8 * took[0] + 0.2
