"""`amv release where` and `amv release quote`: without a server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run

RELEASE = """
title = "Paper Lanterns"
artist = "Maren Okafor"
language = "zxx"
composers = ["Maren Okafor"]

[ai]
composition = "all"
instruments = "all"
"""


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "config"
    folder.mkdir()
    monkeypatch.setenv("AMV_CONFIG_DIR", str(folder))
    return folder


def verdicts(amv: Run, *words: str) -> dict[str, str]:
    done = amv("release", "where", *words, "--json")
    assert done.code == 0, done.err
    return {place["outlet"]: place["verdict"] for place in done.data["data"]}


def error(amv: Run, *words: str) -> dict[str, Any]:
    done = amv("release", *words, "--json")
    assert (done.code, done.out) == (2, ""), done.out
    found: dict[str, Any] = json.loads(done.err)
    return found


def test_answers_in_words_say_who_takes_it(amv: Run) -> None:
    found = verdicts(amv, "--ai", "composition=all,instruments=all", "--instrumental")
    assert (found["cd_baby"], found["tunecore"], found["distrokid"]) == (
        "refuses",
        "refuses",
        "takes_with_disclosure",
    )
    assert set(verdicts(amv, "--ai", "composition=none,instruments=none", "--instrumental").values()) == {
        "takes"
    }


def test_the_release_of_the_folder_is_taken_without_being_named(amv: Run) -> None:
    Path("release.toml").write_text(RELEASE, "utf-8")
    assert verdicts(amv)["cd_baby"] == "refuses"
    assert verdicts(amv, "release.toml") == verdicts(amv)
    spotify = next(
        one for one in amv("release", "where", "--json").data["data"] if one["outlet"] == "spotify"
    )
    assert spotify["missing"] == ["ISRC of 1 of 1 tracks", "UPC or EAN"]


def test_in_a_pipe_each_is_a_row_with_its_date_and_whether_it_is_verified(amv: Run) -> None:
    rows = [line.split("\t") for line in amv("release", "where", "--to", "spotify").out.splitlines()]
    assert rows[0][:4] == ["Spotify", "not known", "store", "2026-11-22"]
    distrokid = next(row for row in rows if row[0] == "DistroKid")
    assert distrokid[2:4] == ["spotify", "2026-11-22, not verified"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("where", "--to", "tidal"), "tidal"),
        (("where", "--ai", "music=all"), "music=all"),
        (("where", "--ai", "vocals=some"), "vocals=some"),
        (("where", "--ai", "vocals=all,vocals=none"), "two answers"),
        (("where", "no.toml"), "no.toml"),
        (("where", "x.toml", "--ai", "vocals=all"), "contradict"),
        (("quote",), "nobody is named who brings it"),
        (("quote", "--via", "nobody"), "--via"),
        (("quote", "--via", "distrokid", "--plan", "gold"), "--plan"),
        (("quote", "--via", "distrokid", "--extra", "pony"), "--extra"),
        (("quote", "--via", "distrokid", "--years", "0"), "--years"),
        (("quote", "--via", "distrokid", "--tracks", "501"), "--tracks"),
        (("quote", "--via", "distrokid", "--revenue", "much"), "--revenue"),
        (("quote", "--via", "distrokid", "--revenue", "-5"), "--revenue"),
        (("quote", "--to", "tidal"), "--to"),
        (("quote", "--via", "distrokid", "--prices", "no.toml"), "no.toml"),
    ],
)
def test_wrong_words_are_told_apart(amv: Run, words: tuple[str, ...], said: str) -> None:
    told = error(amv, *words)
    assert said in f"{told['message']} {told['hint']}"


def test_a_quote_in_a_pipe_is_a_row_a_price_and_one_a_total(amv: Run) -> None:
    done = amv(
        "release", "quote", "--via", "distrokid", "--tracks", "2", "--years", "3", "--extra", "discovery_pack"
    )
    rows = [line.split("\t") for line in done.out.splitlines()]
    assert [row[:4] for row in rows] == [
        [
            "DistroKid Musician",
            "a year × 3",
            "68.97 USD to 74.97 USD".replace(" USD to", " to"),
            "not verified",
        ],
        ["Discovery Pack", "a song and year × 6", "5.94 USD", ""],
        ["total", "3 years", "74.91 to 80.91 USD", "not verified"],
    ]
    assert "2026-11-22" in rows[0][4]
    assert "look before you pay" in done.err


def test_that_answers_are_missing_is_said_once(amv: Run) -> None:
    words = ("release", "where", "--ai", "vocals=none")
    assert amv(*words).err.count("not said of everything") == 1
    all_said = ("release", "where", "--ai", "composition=all,instruments=all", "--instrumental")
    assert "not said of everything" not in amv(*all_said).err


def test_what_is_not_known_is_never_nothing(amv: Run) -> None:
    done = amv("release", "quote", "--via", "routenote", "--plan", "premium", "--tracks", "1")
    assert ["RouteNote, each year", "a release and year", "not known"] in [
        line.split("\t")[:3] for line in done.out.splitlines()
    ]
    assert "in no total" in done.err
    nothing = amv("release", "quote", "--via", "landr", "--tracks", "1")
    assert (nothing.code, nothing.out) == (0, "")
    assert "No price of landr is known" in nothing.err


def test_prices_of_ones_own_take_the_place_of_ours(amv: Run, config: Path) -> None:
    row = (
        '[[price]]\nvia = "distrokid"\nplan = "musician"\nlabel = "My plan"\nper = "year"\n'
        'amount = "19.99"\ncurrency = "EUR"\nas_of = 2026-11-20\n'
    )
    Path("mine.toml").write_text(row, "utf-8")
    words = ("release", "quote", "--via", "distrokid", "--tracks", "1", "--json")
    assert amv(*words, "--prices", "mine.toml").data["totals"] == [
        {"currency": "EUR", "lowest": "19.99", "highest": "19.99"}
    ]
    assert amv(*words).data["totals"][0]["currency"] == "USD"
    (config / "prices.toml").write_text(row.replace("19.99", "18.00"), "utf-8")
    assert amv(*words).data["totals"][0]["lowest"] == "18.00"
    (config / "prices.toml").write_text(row.replace('"19.99"', "19.99"), "utf-8")
    broken = amv(*words)
    assert (broken.code, broken.error["code"]) == (2, "price_file_invalid")
    assert "line 6: amount: decimal text in quotes" in broken.error["message"]


def test_the_distributor_of_the_defaults_is_meant_when_none_is_named(amv: Run, config: Path) -> None:
    (config / "release-defaults.toml").write_text('distributor = "cd_baby"\n', "utf-8")
    assert amv("release", "quote", "--tracks", "1", "--json").data["via"] == "cd_baby"
    by_oneself = amv(
        "release", "quote", "--via", "none", "--to", "soundcloud", "--tracks", "1", "--json"
    ).data
    assert (by_oneself["via"], by_oneself["complete"]) == (None, False)
