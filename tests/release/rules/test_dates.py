"""Dates, territories and extent: what comes too late, too early or nowhere is found, by its own rule."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from babel import Locale

from aimusicverse.release.release_type import usual_types
from aimusicverse.release.rules import dates, extent, territories
from aimusicverse.release.rules.case import Case
from aimusicverse.release.rules.dates import working_days
from aimusicverse.release.rules.table import BY_ID
from aimusicverse.release.targets import store_of
from aimusicverse.release.territories import COUNTRIES, MEANT, TERRITORIES, WORLDWIDE
from aimusicverse.release.validation import validate
from aimusicverse.types.release import MOST_TRACKS, Release
from aimusicverse.types.validation import Finding
from tests.release.bad_releases import Bad, findings
from tests.release.sound_releases import IMAGE, LEFT_OUT, NOW, SINGLE, changed

#: Read now: a test sees nothing of the AMV_ settings of whoever runs it.
SCHEMAS = os.environ.get("AMV_DDEX_SCHEMAS")
APPLE, SPOTIFY, SOUNDCLOUD = ("apple_music",), ("spotify",), ("soundcloud",)
#: What else is said of a release that comes soon.
SOON = ("D-LEAD-SP", "D-LEAD-AP", "D-LEAD-DK", "D-HOLIDAY", "D-FRIDAY")
#: A year before: what has come out is asked about its ℗ line as well.
LAST_YEAR = {"release_at": "2025-03-07", "p_line": "2025 Maren Okafor", "c_line": "2025 Maren Okafor"}


@dataclass(frozen=True)
class TooMany(Bad):
    """More tracks than the form of a release takes from anybody, so that no text can say it."""

    def findings(self) -> list[Finding]:
        sound = Release.model_validate(SINGLE)
        own = [
            track.model_copy(update={"title": f"Study {n}", "isrc": f"USSKG26{n:05}"})
            for n, track in enumerate(sound.tracks * (MOST_TRACKS + 1), 1)
        ]
        longer = sound.model_copy(update={"tracks": own})
        report = validate(longer, [store_of(name) for name in self.stores], image=IMAGE, now=NOW)
        return [finding for target in report.targets for finding in target.findings]


BAD = (
    Bad("D-ISO", "in words", {"release_at": "8 January 2027"}),
    Bad("D-ISO", "next Friday", {"release_at": "next Friday"}, stores=SOUNDCLOUD),
    Bad("D-ISO", "days and months the American way", {"release_at": "01/08/2027"}, stores=APPLE),
    Bad("D-ISO", "a day that is none", {"release_at": "2027-02-29"}, via="distrokid"),
    Bad("D-ISO", "a time, and nobody knows where", {"release_at": "2027-01-08T18:00"}),
    Bad("D-ISO", "a zone that is none", {"release_at": "2027-01-08T18:00+15:00"}),
    Bad("D-ISO", "the year alone, of the original", {"original_release_date": "2019"}, stores=SOUNDCLOUD),
    Bad("D-ISO", "a time of day of the original, of one track",
        {"tracks[2].original_release_date": "2026-05-17T12:00Z"}, album=True),
    Bad("D-ISO", "a pre-order in words", {"preorder_at": "Christmas", "preorder_tracks": [1]},
        stores=SPOTIFY),
    Bad("D-ISO", "when AI made it, in words", {"ai.made_on": "last week"}),
    Bad("D-ISO-MISSING", "no date", {"release_at": LEFT_OUT}, stores=("ddex",)),
    Bad("D-ISO-MISSING", "an empty date", {"release_at": ""}, also=("D-ISO",)),
    Bad("D-ZONE", "a city without its continent", {"time_zone": "Berlin"}),
    Bad("D-ZONE", "an abbreviation that nobody knows", {"time_zone": "../etc/passwd"}, stores=APPLE),
    Bad("D-TZ", "one moment everywhere", {"release_at": "2027-01-08T18:00+01:00"}, "info"),
    Bad("D-TZ", "a date in a zone", {"time_zone": "Europe/Berlin"}, "info", stores=SOUNDCLOUD),
    Bad("D-PAST", "yesterday's moment", {"release_at": "2026-11-20T00:00Z"}, also=("D-TZ",)),
    Bad("D-PAST", "last year", LAST_YEAR, stores=SOUNDCLOUD),
    Bad("D-PAST", "last year, as soon as possible, and when it came out first is not said",
        {**LAST_YEAR, "as_soon_as_possible": True}),
    Bad("D-LEAD-SP", "in a week less a day", {"release_at": "2026-12-02"}, "warning",
        also=("D-HOLIDAY", "D-FRIDAY")),
    Bad("D-LEAD-SP", "tomorrow", {"release_at": "2026-11-27"}, "warning", via="routenote", also=SOON),
    Bad("D-LEAD-AP", "in three days", {"release_at": "2026-11-29"}, "warning", stores=APPLE, also=SOON),
    Bad("D-LEAD-AP", "within hours", {"release_at": "2026-11-27T06:00Z"}, stores=APPLE,
        also=("D-TZ", "D-HOLIDAY")),
    Bad("D-LEAD-DK", "in three weeks", {"release_at": "2026-12-18"}, "warning", stores=SOUNDCLOUD,
        via="distrokid"),
    Bad("D-LEAD-DK", "in eight days", {"release_at": "2026-12-04"}, "warning", stores=SOUNDCLOUD,
        via="distrokid"),
    Bad("D-LEAD-DK", "over the weekend", {"release_at": "2026-12-01"}, stores=SOUNDCLOUD, via="distrokid",
        also=("D-FRIDAY",)),
    Bad("D-LEAD-YT", "public at once, and its date is to come",
        {"youtube.privacy": "public", "youtube.publish_at": None}, "info", stores=("youtube_music",),
        also=("YT-PRIVACY-LOCKED",)),
    Bad("D-LEAD-YT", "private for ever", {"youtube.publish_at": None}, "info", stores=("youtube_music",)),
    Bad("D-LEAD-SC", "public at once, and its date is to come", {"soundcloud.sharing": "public"}, "info",
        stores=SOUNDCLOUD),
    Bad("D-HOLIDAY", "the week after Thanksgiving", {"release_at": "2026-12-04"}, "warning"),
    Bad("D-HOLIDAY", "the same at Apple", {"release_at": "2026-12-04"}, "warning", stores=APPLE,
        via="tunecore"),
    Bad("D-FRIDAY", "a Saturday", {"release_at": "2027-01-09"}, "info"),
    Bad("D-ORIG", "after the release", {"original_release_date": "2027-02-05"}, stores=SOUNDCLOUD),
    Bad("D-ORIG", "after the release, of one track", {"tracks[6].original_release_date": "2027-01-09"},
        album=True),
    Bad("D-PREORDER", "on the day of the release", {"preorder_at": "2027-01-08", "preorder_tracks": [1]},
        stores=APPLE),
    Bad("D-PREORDER", "after it", {"preorder_at": "2027-02-01", "preorder_tracks": [1]}, stores=APPLE),
    Bad("D-PREORDER", "nothing to hear", {"preorder_at": "2026-12-11"}, stores=APPLE),
    Bad("D-PREORDER", "a track that there is not", {"preorder_at": "2026-12-11", "preorder_tracks": [2, 8]},
        stores=APPLE, album=True),
    Bad("D-PREORDER", "tracks, and no date", {"preorder_tracks": [1]}, stores=APPLE),
    Bad("D-PREORDER", "before nobody knows what", {"preorder_at": "2026-12-11", "preorder_tracks": [1],
        "release_at": LEFT_OUT}, stores=APPLE),
    Bad("TR", "UK", {"territories": ["DE", "UK"]}),
    Bad("TR", "small letters", {"territories": ["de"]}, stores=("ddex",)),
    Bad("TR", "Apple's word in a DDEX message", {"territories": ["WW"]}, stores=("ddex_43",)),
    Bad("TR", "a continent", {"territories": ["Europe"]}, stores=APPLE),
    Bad("TR", "a reserved code excluded", {"excluded_territories": ["EU"]}, stores=APPLE),
    Bad("TR", "nowhere", {"territories": []}),
    Bad("TR", "all of them excluded", {"territories": ["AT"], "excluded_territories": ["AT"]}),
    Bad("TR-EXCL", "Worldwide and Japan", {"territories": ["Worldwide", "JP"]}),
    Bad("TR-EXPLICIT", "explicit, and worldwide", {"explicit": "explicit"}, "info", stores=APPLE),
    Bad("REL-TYPE", "a single of seven", {"type": "single"}, "warning", album=True),
    Bad("REL-TYPE", "an album of one", {"type": "album"}, "warning", stores=SOUNDCLOUD),
    Bad("REL-TYPE", "a single of eleven minutes", {"type": "single"}, "warning",
        audio={"duration_seconds": 660.0}),
    TooMany("REL-MAX", "501 tracks", stores=APPLE),
    Bad("REL-MAX-TUNECORE", "three hours", {}, stores=SOUNDCLOUD, via="tunecore", album=True,
        audio={"duration_seconds": 10_800.0}),
    Bad("REL-IMMUTABLE", "another UPC", {"delivered": {"upc": "4006381333931"}}, stores=APPLE),
    Bad("REL-IMMUTABLE", "no vendor id any more", {"delivered": {"vendor_id": "HARBOUR_1"}}, stores=APPLE),
    Bad("REL-IMMUTABLE", "a track more",
        {"delivered": {"isrcs": [f"USSKG26000{n:02}" for n in range(1, 7)]}}, stores=APPLE, album=True),
)  # fmt: skip


@pytest.mark.parametrize("bad", BAD, ids=str)
def test_a_fault_is_found_by_its_rule_and_by_no_other(bad: Bad) -> None:
    bad.check()


def test_every_rule_of_the_group_has_a_bad_release() -> None:
    rules = (*dates.RULES, *territories.RULES, *extent.RULES)
    assert {rule.id for rule in rules} == {bad.rule for bad in BAD}


def test_more_than_a_hundred_tracks_are_more_than_tunecore_takes() -> None:
    sound = Release.model_validate(SINGLE)
    longer = sound.model_copy(update={"tracks": sound.tracks * 101})
    found = findings(longer.model_dump(exclude_none=True), (), "tunecore")
    assert "REL-MAX-TUNECORE" in {finding.rule for finding in found}


@pytest.mark.parametrize(
    ("release_at", "after"),
    [
        ("8 January 2027", "2027-01-08"),
        ("Fri, January 8th 2027", "2027-01-08"),
        ("08.01.2027", "2027-01-08"),
        ("2027/1/8", "2027-01-08"),
        ("1/8/2027", None),
        ("soon", None),
    ],
)
def test_a_date_in_words_is_told_how_it_is_written(release_at: str, after: str | None) -> None:
    said = findings(changed(SINGLE, {"release_at": release_at}), SOUNDCLOUD)
    (found,) = [finding for finding in said if finding.rule == "D-ISO"]
    assert "2027-01-08" in found.passes
    assert "hyphens" in found.message
    assert (found.repair.after if found.repair else None) == after


def test_a_zone_that_is_nearly_one_is_offered() -> None:
    (found,) = findings(changed(SINGLE, {"time_zone": "Europe/Berln"}), SOUNDCLOUD)
    assert found.repair is not None
    assert found.repair.after == "Europe/Berlin"


def test_uk_is_offered_as_gb() -> None:
    (found,) = findings(changed(SINGLE, {"territories": ["UK"]}), ("ddex",))
    assert found.repair is not None
    assert found.repair.after == "GB"


def test_a_release_as_soon_as_possible_needs_no_date_and_no_time_ahead() -> None:
    soon = changed(SINGLE, {"release_at": LEFT_OUT, "as_soon_as_possible": True})
    assert [f.rule for f in findings(soon, via="distrokid") if f.rule.startswith("D-")] == []


@pytest.mark.parametrize(
    ("first", "until", "days"),
    [
        (date(2026, 11, 26), date(2026, 12, 1), 3),
        (date(2026, 11, 26), date(2026, 12, 2), 4),
        (date(2026, 11, 27), date(2026, 11, 29), 0),
        (date(2026, 11, 28), date(2026, 12, 12), 10),
        (date(2026, 12, 1), date(2026, 11, 1), 0),
    ],
)
def test_working_days_leave_out_the_weekend(first: date, until: date, days: int) -> None:
    assert working_days(first, until) == days


@pytest.mark.parametrize(
    ("durations", "types"),
    [
        ([185.0], ("single",)),
        ([599.0] * 3, ("single",)),
        ([600.0], ("ep",)),
        ([1200.0, 600.0], ("ep",)),
        ([300.0] * 6, ("ep",)),
        ([300.1] * 6, ("album",)),
        ([60.0] * 7, ("album",)),
        ([1801.0], ("album",)),
        ([None], ("single", "ep", "album")),
        ([None] * 4, ("ep", "album")),
        ([600.0, None], ("ep", "album")),
    ],
)
def test_a_type_follows_from_how_many_and_how_long(
    durations: list[float | None], types: tuple[str, ...]
) -> None:
    assert usual_types(durations) == types


def test_territories_are_those_of_the_unicode_list_without_its_own() -> None:
    unicode_has = {code for code in Locale("en").territories if re.fullmatch("[A-Z]{2}", code)}
    no_country = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"}
    assert unicode_has - no_country == TERRITORIES
    assert set(MEANT.values()) <= TERRITORIES | {WORLDWIDE}
    assert not set(MEANT) & TERRITORIES


def test_the_official_schema_takes_every_territory() -> None:
    if not SCHEMAS:
        pytest.skip("AMV_DDEX_SCHEMAS names no folder with the DDEX schemas")
    schema = (Path(SCHEMAS) / "ern432" / "allowed-value-sets.xsd").read_text(encoding="utf-8")
    part = schema[schema.index('name="CurrentTerritoryCode"') :]
    taken = set(re.findall(r'enumeration value="([^"]+)"', part[: part.index("</xs:simpleType>")]))
    assert taken >= COUNTRIES | {WORLDWIDE}
    assert "UK" not in taken


def test_it_is_past_when_the_day_is_over_everywhere() -> None:
    # 11:59 at UTC-12 on the 26th is the last minute of the 26th anywhere.
    parsed = changed(SINGLE, {"release_at": "2026-11-26"})
    for hour, past in ((11, False), (12, True)):
        case = Case(Release.model_validate(parsed), datetime(2026, 11, 27, hour, 59, tzinfo=UTC), frozenset())
        assert bool(list(BY_ID["D-PAST"].test(case))) is past
