"""What a quote counts, and what a file of prices may say."""

from __future__ import annotations

import tomllib
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimusicverse.release import price_table
from aimusicverse.release.price_table import Price, PriceFileError, Prices, bundled, known, parsed, read
from aimusicverse.release.pricing import Unpriced, made_with_ai, quote
from aimusicverse.release.release_type import release_type
from aimusicverse.release.targets import DISTRIBUTORS
from aimusicverse.types.quote import Quote
from aimusicverse.types.release import Release
from tests.release.sound_releases import ALBUM, SINGLE, changed

ROW = {
    "via": '"landr"', "label": '"LANDR"', "per": '"year"', "amount": '"12.00"', "currency": '"USD"',
    "source": '"their page"', "as_of": "2026-11-01", "evidence": '"official"', "verified": "true",
}  # fmt: skip


def release(of: dict[str, Any] = SINGLE, **more: Any) -> Release:
    return Release.model_validate({**of, **more})


def told(via: str | None, of: dict[str, Any] = SINGLE, **asked: Any) -> Quote:
    return quote(release(of), via, prices=asked.pop("prices", bundled()), **asked)


def text(**changes: str | None) -> str:
    values = {**ROW, **changes}
    lines = [f"{key} = {value}" for key, value in values.items() if value is not None]
    return "\n".join(["# mine", "", "[[price]]", *lines, ""])


# -- the table --------------------------------------------------------------------------------------


def test_every_price_has_a_source_a_date_and_is_verified_only_where_a_page_of_theirs_says_it() -> None:
    rows = bundled().rows
    assert len(rows) > 15
    for row in rows:
        assert row.source.strip()
        assert row.verified == (row.source == "DistroKid's own page")
        assert row.via in DISTRIBUTORS or row.via == "soundcloud"


def test_the_published_prices_are_those_of_the_table() -> None:
    amounts = {(row.via, row.plan or row.extra, row.per): str(row.amount) for row in bundled().rows}
    assert amounts["distrokid", "discovery_pack", "song_year"] == "0.99"
    assert amounts["distrokid", "store_maximizer", "release_year"] == "7.95"
    assert amounts["distrokid", "youtube_content_id", "release_year"] == "4.95"
    assert amounts["unitedmasters", "select", "year"] == "59.99"
    assert amounts["awal", None, "revenue"] == "15"
    assert amounts["soundcloud", None, "year"] == "None"


@pytest.mark.parametrize("via", [*DISTRIBUTORS, None])
@pytest.mark.parametrize("of", [SINGLE, ALBUM], ids=["single", "album"])
def test_every_distributor_has_a_quote_that_says_how_sure_it_is(via: str | None, of: dict[str, Any]) -> None:
    found = told(via, of, stores=["spotify", "soundcloud"])
    assert found.verified is False
    assert found.notes
    if not found.lines:
        assert not found.complete
    assert found.complete == all(line.lowest is not None for line in found.lines) or not found.complete


# -- what is counted --------------------------------------------------------------------------------


def test_years_songs_and_releases_are_counted_apart() -> None:
    found = told("distrokid", ALBUM, years=3, extras=["discovery_pack", "youtube_content_id"])
    assert [(line.times, line.lowest) for line in found.lines] == [
        (3, Decimal("68.97")),
        (21, Decimal("20.79")),
        (3, Decimal("14.85")),
    ]


def test_sources_that_do_not_agree_give_a_range() -> None:
    line = told("tunecore").lines[0]
    assert (line.lowest, line.highest) == (Decimal("24.99"), Decimal("29.99"))
    assert [price.amount for price in line.sources] == [Decimal("24.99"), Decimal("29.99")]


def test_a_price_that_only_begins_somewhere_has_no_end() -> None:
    found = told("ditto")
    assert (found.totals[0].lowest, found.totals[0].highest) == (Decimal("19.00"), None)
    assert found.complete


def test_a_commission_is_taken_of_the_revenue_to_the_cent_and_halves_go_up() -> None:
    assert told("routenote", expected_revenue="0.10").lines[0].lowest == Decimal("0.02")
    assert told("awal", expected_revenue=Decimal("1000000.01")).lines[0].lowest == Decimal("150000.00")
    without = told("routenote")
    assert (without.lines[0].lowest, without.complete) == (None, False)
    assert any("what you expect" in note for note in without.notes)


def test_the_type_of_the_release_chooses_the_price() -> None:
    assert told("cd_baby").totals[0].lowest == Decimal("9.99")
    assert told("cd_baby", ALBUM).totals[0].lowest == Decimal("14.99")
    assert told("distrokid", extras=["leave_a_legacy"]).complete
    assert not told("distrokid", ALBUM, extras=["leave_a_legacy"]).complete


def test_what_a_machine_made_chooses_the_price_and_what_is_not_said_gives_both() -> None:
    by_ai = {"lyrics": "none", "composition": "all", "vocals": "none", "instruments": "none"}
    assert told("once", {**SINGLE, "ai": by_ai}).totals[0].highest == Decimal("2.00")
    assert told("once").totals[0].highest == Decimal("1.00")
    unsaid = told("once", {**SINGLE, "ai": {}})
    assert (unsaid.totals[0].lowest, unsaid.totals[0].highest) == (Decimal("1.00"), Decimal("2.00"))
    assert [made_with_ai(release(ai=ai)) for ai in (by_ai, SINGLE["ai"], {}, {"vocals": "none"})] == [
        True,
        False,
        None,
        None,
    ]


def test_answers_of_every_track_say_it_as_well_as_those_of_the_release() -> None:
    nowhere = {"lyrics": "none", "composition": "none", "vocals": "none", "instruments": "none"}
    by_track = changed(SINGLE, {"ai": {}, "tracks[0].ai": nowhere})
    assert made_with_ai(Release.model_validate(by_track)) is False
    unsung = changed(SINGLE, {"ai": {"composition": "none", "instruments": "none"}, "language": "zxx"})
    assert made_with_ai(Release.model_validate(unsung)) is False


@pytest.mark.parametrize(
    ("durations", "kind"),
    [
        ([None], "single"),
        ([200.0] * 3, "single"),
        ([600.0], "ep"),
        ([599.0] * 3, "single"),
        ([200.0] * 4, "ep"),
        ([100.0] * 7, "album"),
        ([900.0, 901.0], "album"),
        ([301.0] * 6, "album"),
    ],
)
def test_what_is_a_single_an_ep_or_an_album(durations: list[float | None], kind: str) -> None:
    tracks = [{"title": f"t{n}", "duration_seconds": length} for n, length in enumerate(durations)]
    untold = Release.model_validate({"title": "x", "tracks": tracks})
    assert release_type(untold, durations) == kind
    assert release_type(untold.model_copy(update={"type": "album"}), durations) == "album"


def test_currencies_are_never_mixed() -> None:
    mixed = Prices((*bundled().of("distrokid"), *parsed(text(via='"distrokid"', currency='"EUR"'), "x").rows))
    totals = told("distrokid", prices=mixed).totals
    assert {total.currency: total.lowest for total in totals} == {
        "USD": Decimal("22.99"),
        "EUR": Decimal("12.00"),
    }


@pytest.mark.parametrize("revenue", [1.5, True, "x", "NaN", "Infinity", "-0.01", "1e13", Decimal("sNaN")])
def test_a_revenue_that_can_be_none_is_refused(revenue: Any) -> None:
    with pytest.raises(Unpriced, match="expected_revenue"):
        told("awal", expected_revenue=revenue)


@pytest.mark.parametrize("years", [0, 101, True, 1.0, "2"])
def test_years_are_a_whole_number(years: Any) -> None:
    with pytest.raises(Unpriced, match="years"):
        told("awal", years=years)


amounts = st.decimals(0, 10_000, places=2).map(lambda amount: str(abs(amount)))


@given(
    st.lists(st.tuples(amounts, st.sampled_from(["year", "release", "release_year", "song", "song_year"]))),
    st.integers(1, 100),
    st.integers(1, 30),
)
def test_a_total_is_the_sum_of_its_lines_and_every_line_price_times_how_often(
    rows: list[tuple[str, str]], years: int, songs: int
) -> None:
    table = Prices(
        tuple(
            Price(
                via="landr", label=f"row {n}", per=per, amount=Decimal(amount), currency="USD", source="x",
                as_of=bundled().rows[0].as_of, evidence="own", verified=True,
            )
            for n, (amount, per) in enumerate(rows)
        )
    )  # fmt: skip
    of = {**SINGLE, "tracks": [{"title": f"t{n}"} for n in range(songs)]}
    found = told("landr", of, years=years, prices=table)
    often = {"year": years, "release": 1, "release_year": years, "song": songs, "song_year": songs * years}
    expected = sum((Decimal(amount) * often[per] for amount, per in rows), Decimal(0))
    assert sum((total.lowest for total in found.totals), Decimal(0)) == expected
    assert all(total.lowest == total.highest for total in found.totals)
    assert Quote.model_validate_json(found.model_dump_json()) == found


# -- a file of one's own ----------------------------------------------------------------------------


def test_what_a_file_says_of_a_plan_or_extra_replaces_all_that_we_say_of_it() -> None:
    own = parsed(text(via='"distrokid"', plan='"musician"', amount='"20"'), "x", own=True)
    table = bundled().overlaid(own)
    line = told("distrokid", prices=table).lines[0]
    assert (line.lowest, line.highest, line.verified) == (Decimal("20.00"), Decimal("20.00"), True)
    assert table.of("tunecore") == bundled().of("tunecore")
    assert [row.extra for row in table.of("distrokid") if row.extra] == [
        row.extra for row in bundled().of("distrokid") if row.extra
    ]


def test_a_user_need_not_name_himself_as_the_source() -> None:
    row = parsed(text(source=None, evidence=None, verified=None), "mine.toml", own=True).rows[0]
    assert (row.source, row.evidence, row.verified) == ("your own file, mine.toml", "own", True)
    with pytest.raises(PriceFileError, match="source: it is missing"):
        parsed(text(source=None), "x")


def test_the_file_of_the_config_folder_counts_if_it_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AMV_CONFIG_DIR", str(tmp_path))
    assert known() is bundled()
    (tmp_path / "prices.toml").write_text(text(), "utf-8-sig")
    assert known().of("landr")[0].amount == Decimal("12.00")


@pytest.mark.parametrize(
    ("changes", "line", "key"),
    [
        ({"amount": "12.00"}, 7, "amount"),
        ({"amount": '"12,00"'}, 7, "amount"),
        ({"amount": '"-1"'}, 7, "amount"),
        ({"amount": '"1e3"'}, 7, "amount"),
        ({"amount": '"١٢"'}, 7, "amount"),
        ({"amount": None}, 3, "amount"),
        ({"percent": '"5"'}, 13, "percent"),
        ({"per": '"revenue"'}, 7, "amount"),
        ({"per": '"revenue"', "amount": None, "percent": '"101"'}, 12, "percent"),
        ({"per": '"month"'}, 6, "per"),
        ({"currency": '"$"'}, 8, "currency"),
        ({"as_of": '"yesterday"'}, 10, "as_of"),
        ({"as_of": "2026-11-01T00:00:00Z"}, 10, "as_of"),
        ({"verified": '"yes"'}, 12, "verified"),
        ({"evidence": '"rumour"'}, 11, "evidence"),
        ({"via": '"DistroKid Inc."'}, 4, "via"),
        ({"via": "7"}, 4, "via"),
        ({"label": '""'}, 5, "label"),
        ({"label": '"a\\nb"'}, 5, "label"),
        ({"only": '["lp"]'}, 13, "only"),
        ({"only": '"single"'}, 13, "only"),
        ({"ai": "1"}, 13, "ai"),
        ({"plan": '"a"', "extra": '"b"'}, 14, "extra"),
        ({"prize": '"1"'}, 13, "prize"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_key(changes: dict[str, str | None], line: int, key: str) -> None:
    with pytest.raises(PriceFileError) as caught:
        parsed(text(**changes), "mine.toml", own=False)
    assert (caught.value.line, caught.value.key) == (line, key)
    assert f"mine.toml, line {line}: {key}: " in str(caught.value)


def test_the_line_is_that_of_the_second_row_when_the_second_is_wrong() -> None:
    with pytest.raises(PriceFileError) as caught:
        parsed(text() + text(per='"moon"'), "x")
    assert caught.value.line == 18


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[[price]\n", "line 1"),
        (b"price = 1\n", "price: rows begin with"),
        (b"price = [1]\n", "price: rows begin with"),
        (b"[price]\nvia = 'x'\n", "price: rows begin with"),
        (b"# x\nprices = 1\n", "line 2: prices: there is no such key"),
        (b"\n\n\xff", "line 3: it is not UTF-8"),
        (b"a = " + b"[" * 100_000, "nested too deep"),
        (b"x" * (2**20 + 1), "larger than 1 MiB"),
    ],
)
def test_what_is_no_file_of_prices_is_refused_with_its_name(
    tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(content)
    with pytest.raises(PriceFileError) as caught:
        read(path)
    assert str(caught.value).startswith(str(path))
    assert said in str(caught.value)


def test_a_file_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    for path in (tmp_path / "none.toml", tmp_path):
        with pytest.raises(PriceFileError, match="cannot be read"):
            read(path)


@given(st.text(max_size=300))
def test_no_text_at_all_does_worse_than_being_refused(anything: str) -> None:
    with suppress(PriceFileError):
        assert parsed(anything, "x").rows == ()
        assert set(tomllib.loads(anything)) <= {"price"}


def test_the_bundled_file_is_read_once() -> None:
    assert price_table.bundled() is price_table.bundled()
