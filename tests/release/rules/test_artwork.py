"""Cover art: what is wrong with it is found, by its own rule; what only looks odd is left alone."""

from __future__ import annotations

from typing import Any

import pytest

from aimusicverse.release.earlier import Earlier
from aimusicverse.release.rules.artwork import RULES
from tests.release.bad_releases import ALL_STORES, Bad, findings
from tests.release.sound_releases import LEFT_OUT, SINGLE, changed

_SPOTIFY, _APPLE, _YOUTUBE, _SOUNDCLOUD = ("spotify",), ("apple_music",), ("youtube_music",), ("soundcloud",)


def _with_cover(likeness: str | None, upc: str | None = "4006381333931") -> Earlier:
    return Earlier("Ferry", upc, cover=likeness)


def _says(rule: str, fault: str, *lettering: str, severity: str = "error", **more: Any) -> Bad:
    return Bad(rule, fault, {"cover.lettering": list(lettering), **more}, severity, ALL_STORES)


BAD = (
    Bad("C-SQUARE", "a photograph", image={"width": 4500}, stores=ALL_STORES),
    Bad("C-SQUARE", "one column too many", image={"width": 3001}, via="distrokid"),
    Bad("C-MIN", "1,000 at Apple", image={"width": 1000, "height": 1000}, stores=_APPLE),
    Bad("C-MIN", "600 at Spotify", image={"width": 600, "height": 600}),
    Bad("C-MIN", "one pixel", {}, "error", image={
        "width": 1, "height": 1, "deviation": 0.0, "sharpness": 0.0, "coarse_sharpness": 0.0,
    }, also=("C-BLANK",)),
    Bad("C-MIN", "1,500 anywhere", {}, "warning", ALL_STORES, image={"width": 1500, "height": 1500}),
    Bad("C-MAX", "8,000", {}, "warning", ALL_STORES, image={"width": 8000, "height": 8000}),
    Bad("C-MAX", "12,000", {}, "warning", image={"width": 12_000, "height": 12_000}),
    Bad("C-FMT", "WebP", image={"kind": "webp", "name": "cover.webp"}, stores=_APPLE),
    Bad("C-FMT", "GIF", image={"kind": "gif", "name": "cover.gif"}),
    Bad("C-FMT", "TIFF at Apple", image={"kind": "tiff", "name": "cover.tif"}, stores=_APPLE),
    Bad("C-FMT", "BMP at SoundCloud", image={"kind": "bmp", "name": "cover.bmp"}, stores=_SOUNDCLOUD),
    Bad("C-FMT", "PNG at DistroKid", image={"kind": "png", "name": "cover.png"}, stores=(), via="distrokid"),
    Bad("C-FMT-NAME", "a JPEG called PNG", {}, "warning", ALL_STORES, image={"name": "cover.png"}),
    Bad("C-FMT-NAME", "a PNG called JPEG", {}, "warning", image={"kind": "png", "name": "cover.JPG"}),
    Bad("C-FMT-PROGRESSIVE", "progressive", {}, "info", ALL_STORES, image={"progressive": True}),
    Bad("C-COLOUR", "for print", image={"mode": "CMYK"}, stores=ALL_STORES),
    Bad("C-COLOUR", "greyscale", image={"mode": "L"}),
    Bad("C-COLOUR", "a palette", image={"mode": "P", "kind": "png", "name": "cover.png"}),
    Bad("C-COLOUR", "transparent", image={"mode": "RGBA", "kind": "png", "name": "cover.png"}),
    Bad("C-COLOUR", "16 bits a channel", image={"bits": 16, "kind": "png", "name": "cover.png"}),
    Bad("C-COLOUR", "Adobe RGB", {}, "warning", ALL_STORES, image={"profile": "Adobe RGB (1998)"}),
    Bad("C-COLOUR", "a damaged profile", {}, "warning", image={"profile": "damaged"}),
    Bad("C-SIZE", "12 MB", {}, "warning", image={"size_bytes": 12_000_000}),
    Bad("C-SIZE-YT", "3 MB", {}, "warning", _YOUTUBE, image={"size_bytes": 3_000_000}),
    Bad("C-UPSCALE", "scaled up", {}, "warning", image={"sharpness": 4.0}),
    Bad("C-BLANK", "black", {}, "warning", ALL_STORES, image={
        "deviation": 0.0, "sharpness": 0.0, "coarse_sharpness": 0.0,
    }),
    Bad("C-BLANK", "all but black", {}, "warning", image={"deviation": 1.2}),
    Bad("C-REUSE", "the same", {}, "warning", (), "distrokid", earlier=(_with_cover("a5a5a5a5a5a5a5a5"),)),
    Bad("C-REUSE", "coded anew", {}, "warning", (), "distrokid", earlier=(_with_cover("a5a5a5a5a5a5a5a6"),)),
    Bad("C-RIGHTS", "nobody's", {"cover.rights": LEFT_OUT}, "warning", ALL_STORES),
    Bad("C-RIGHTS", "blanks", {"cover.rights": "  "}, "warning"),
    Bad("C-RIGHTS", "a machine's, which is denied", {"cover.rights": "ai"}, "warning"),
    Bad("C-SC-ART", "not a paid account", {"soundcloud.paid_account": False}, "warning", _SOUNDCLOUD),
    Bad("C-SC-ART", "nobody knows", {"soundcloud.paid_account": LEFT_OUT}, "info", _SOUNDCLOUD),
    Bad("C-TEXT-LOOK", "nobody said", {"cover.lettering": LEFT_OUT}, "info", ALL_STORES),
    _says("C-TEXT", "an address", "Paper Lanterns", "www.marenokafor.com"),
    _says("C-TEXT", "an address alone", "maren.fm"),
    _says("C-TEXT", "a handle", "@marenokafor"),
    _says("C-TEXT", "a hashtag", "#paperlanterns"),
    _says("C-TEXT", "a price", "Paper Lanterns, only $0.99"),
    _says("C-TEXT", "a price in euros", "1,29 €"),
    _says("C-TEXT", "a QR code", "Scan me"),
    _says("C-TEXT", "a barcode", "036000291452"),
    _says("C-TEXT", "an advertisement", "Paper Lanterns OUT NOW"),
    _says("C-TEXT", "another one", "new single"),
    _says("C-TEXT", "a store", "Paper Lanterns", "Listen on Spotify"),
    _says("C-TEXT", "a store, in capitals", "APPLE MUSIC"),
    _says("C-TEXT", "a disc", "CD"),
    _says("C-TEXT", "a record", "Paper Lanterns (Vinyl)"),
    _says("C-TEXT", "a sound format", "Dolby Atmos"),
    _says("C-TEXT", "another one, in full-width letters", "２４-bit"),
    _says("C-TEXT", "an advisory", "Paper Lanterns", "EXPLICIT"),
    _says("C-TEXT-METADATA", "another title", "Paper Lantern", "Maren Okafor", severity="warning"),
    _says("C-TEXT-METADATA", "another artist", "Maren Okafor & Jana Weil", severity="warning"),
    _says("C-TEXT-METADATA", "another script", "紙の灯籠", severity="warning"),
)  # fmt: skip

#: What may be so, whatever it looks like.
LEGAL_PICTURES: dict[str, dict[str, Any]] = {
    "without a profile": {"profile": None},
    "sRGB by its long name": {"profile": "sRGB IEC61966-2.1"},
    "soft, with no edge in it": {"sharpness": 0.3, "coarse_sharpness": 2.7},
    "some thousand pixels more": {"width": 4000, "height": 4000},
    "a longer ending": {"name": "cover.jpeg"},
    "capitals": {"name": "COVER.JPG"},
    "no ending": {"name": "cover"},
    "another script": {"name": "обложка.jpg"},
    "dark": {"deviation": 6.0},
}
LEGAL_WORDS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "title and artist": ({}, ["Paper Lanterns", "Maren Okafor"]),
    "in capitals": ({}, ["PAPER LANTERNS", "MAREN OKAFOR"]),
    "in one line": ({}, ["Maren Okafor - Paper Lanterns"]),
    "broken over lines": ({}, ["Paper", "Lan", "terns"]),
    "without its blank": ({}, ["PaperLanterns"]),
    "the label": ({}, ["Maren Okafor Records"]),
    "an EP": ({}, ["Paper Lanterns EP"]),
    "a title that is a record": ({"title": "Vinyl Nights"}, ["VINYL NIGHTS"]),
    "an artist that is a store": ({"artists": [{"name": "CD Baby"}]}, ["cd baby", "Paper Lanterns"]),
    "a title with a number": ({"title": "24-bit Dreams"}, ["24-bit Dreams"]),
    "the same letters, composed otherwise": ({"title": "Café"}, ["Cafe\u0301"]),
    "a title in Japanese": ({"title": "紙の灯籠"}, ["紙の灯籠"]),
    "a title in Arabic": ({"title": "فوانيس ورقية"}, ["فوانيس ورقية"]),
    "a title in Devanagari": ({"title": "काग़ज़ के दीये"}, ["काग़ज़ के दीये"]),
    "a title of signs": ({"title": "÷"}, ["÷"]),
    "an apostrophe of the other kind": ({"title": "Don't Go"}, ["Don’t Go"]),
    "nothing": ({}, []),
    "an empty string": ({}, [""]),
    "a featured artist": (
        {"artists": [{"name": "Maren Okafor"}, {"name": "Ines", "roles": ["FeaturedArtist"]}]},
        ["Paper Lanterns (feat. Ines)"],
    ),
}


@pytest.mark.parametrize("bad", BAD, ids=str)
def test_a_fault_is_found_by_its_rule_and_by_no_other(bad: Bad) -> None:
    bad.check()


def test_every_rule_has_a_fault_that_it_finds() -> None:
    assert {rule.id for rule in RULES} == {bad.rule for bad in BAD}


@pytest.mark.parametrize("image", LEGAL_PICTURES.values(), ids=LEGAL_PICTURES)
def test_a_picture_that_is_odd_but_legal_is_left_alone(image: dict[str, Any]) -> None:
    assert findings(SINGLE, ALL_STORES, image=image) == []


@pytest.mark.parametrize(("changes", "lettering"), LEGAL_WORDS.values(), ids=LEGAL_WORDS)
def test_words_that_are_title_or_names_are_left_alone(changes: dict[str, Any], lettering: list[str]) -> None:
    release = changed(SINGLE, {**changes, "cover.lettering": lettering})
    assert [found for found in findings(release) if found.rule.startswith("C-TEXT")] == []


def test_spotify_takes_a_tiff() -> None:
    assert findings(SINGLE, _SPOTIFY, image={"kind": "tiff", "name": "cover.tiff"}) == []


def test_a_cover_by_ai_that_is_told_as_such_is_left_alone() -> None:
    release = changed(SINGLE, {"cover.rights": "ai", "ai.artwork": "all"})
    assert [found for found in findings(release) if found.rule == "C-RIGHTS"] == []


def test_the_shorter_side_counts() -> None:
    found = findings(SINGLE, _APPLE, image={"width": 3000, "height": 900})
    assert {finding.rule: finding.severity for finding in found} == {"C-SQUARE": "error", "C-MIN": "error"}


@pytest.mark.parametrize(
    "earlier",
    [_with_cover("5a5a5a5a5a5a5a5a"), _with_cover(None), _with_cover("a5a5a5a5a5a5a5a5", SINGLE["upc"])],
    ids=["another picture", "none is known", "the same release"],
)
def test_a_cover_of_its_own_is_left_alone(earlier: Earlier) -> None:
    assert findings(SINGLE, (), "distrokid", earlier=(earlier,)) == []
