"""Identifiers: what is wrong with one is found, by its own rule, where it stands."""

from __future__ import annotations

import pytest

from tests.release.bad_releases import Bad
from tests.release.sound_releases import LEFT_OUT

BAD = (
    Bad("ID-ISRC-FMT", "thirteen characters", {"tracks[0].isrc": "USA1224123456"}),
    Bad("ID-ISRC-FMT", "begins with a digit", {"tracks[0].isrc": "1SSKG1912345"}),
    Bad("ID-ISRC-FMT", "letters in the number", {"tracks[0].isrc": "USSKG19123AB"}, stores=("soundcloud",)),
    Bad("ID-ISRC-FMT", "digits that are not ASCII", {"tracks[0].isrc": "USSKG١٩12345"}),
    Bad("ID-ISRC-FMT", "a title instead", {"tracks[0].isrc": "Paper Lanterns"}, via="distrokid"),
    Bad("ID-ISRC-MISSING", "none, at a store", {"tracks[0].isrc": LEFT_OUT}),
    Bad("ID-ISRC-MISSING", "an empty one", {"tracks[0].isrc": ""}, stores=("apple_music",)),
    Bad("ID-ISRC-MISSING", "one track of seven has none", {"tracks[4].isrc": LEFT_OUT}, album=True),
    Bad("ID-ISRC-MISSING-DK", "none, and DistroKid", {"tracks[0].isrc": LEFT_OUT}, "info", via="distrokid"),
    Bad("ID-ISRC-MISSING-SC", "none", {"tracks[0].isrc": LEFT_OUT}, "info", stores=("soundcloud",)),
    Bad("ID-ISRC-DUP", "two tracks share one", {"tracks[4].isrc": "USSKG2600001"}, album=True),
    Bad("ID-ISRC-DUP", "written otherwise", {"tracks[4].isrc": "us-skg-26-00001"}, album=True),
    Bad("ID-ISRC-YEAR", "next year's", {"tracks[0].isrc": "USSKG2700001"}, "warning"),
    Bad("ID-ISRC-NOCHECK", "a prefix of nobody", {"tracks[0].isrc": "QQSKG2600001"}, "info"),
    Bad(
        "ID-ISRC-NOCHECK", "the United Kingdom by its other name", {"tracks[0].isrc": "UKSKG2600001"}, "info"
    ),
    Bad("ID-GTIN-PAD", "a zero in front", {"upc": "0036000291452"}, "info", stores=("soundcloud",)),
    Bad("ID-GTIN", "a wrong check digit", {"upc": "036000291453"}),
    Bad("ID-GTIN", "a wrong check digit of an EAN", {"upc": "4006381333932"}, via="distrokid"),
    Bad("ID-GTIN", "fourteen digits", {"upc": "00036000291452"}, stores=("soundcloud",)),
    Bad("ID-GTIN", "letters", {"upc": "03600029145X"}),
    Bad("ID-GTIN-MISSING", "none", {"upc": LEFT_OUT}),
    Bad("ID-GTIN-MISSING-DK", "none, and a distributor", {"upc": LEFT_OUT}, "info", via="tunecore"),
    Bad("ID-ISWC", "a wrong check digit", {"tracks[0].iswc": "T1234567893"}),
    Bad("ID-ISWC", "no T", {"tracks[0].iswc": "1234567894"}),
    Bad("ID-IPI-NAME", "wrong check digits", {"tracks[0].writers[0].ipi": "00199310287"}),
    Bad("ID-IPI-NAME", "ten digits", {"tracks[0].writers[0].ipi": "0052210040"}),
    Bad("ID-IPI-BASE", "a wrong check digit", {"tracks[0].writers[0].ipi": "I-000000229-8"}),
    Bad("ID-ISNI", "a wrong check character", {"artists[0].isni": "0000000000000010"}),
    Bad("ID-ISNI", "fifteen characters, of a writer", {"tracks[0].writers[0].isni": "000000012170748"}),
    Bad("ID-GRID", "a wrong check character", {"grid": "A1-2425G-ABC1234002-N"}),
    Bad("ID-GRID", "a UPC instead", {"grid": "036000291452"}),
    Bad("ID-DPID", "a wrong check character", {"sender_dpid": "PADPIDA2011072101U"}),
    Bad("ID-DPID-RECIPIENT", "a name", {"recipient_dpid": "Spotify"}),
    Bad("ID-APPLE-ARTIST", "an address", {"artists[0].apple_id": "id1419227"}, stores=("apple_music",)),
    Bad("ID-SPOTIFY-ARTIST", "a name", {"artists[0].spotify_id": "maren"}, "warning"),
    Bad("ID-APPLE-VENDOR", "blanks", {"vendor_id": "my album"}, stores=("apple_music",)),
    Bad(
        "ID-YT-CUSTOM",
        "65 bytes of a catalogue number",
        {"catalog_number": "x" * 65},
        stores=("youtube_music",),
        via="routenote",
    ),
)


@pytest.mark.parametrize("bad", BAD, ids=str)
def test_a_fault_is_found_by_its_rule_and_by_no_other(bad: Bad) -> None:
    bad.check()
