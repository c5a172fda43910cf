"""`amv distribute`: what is shown before, what is asked, what is sent."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest

from aimusicverse import Client
from aimusicverse.server.running import RunningServer
from tests.cli.conftest import Run, running
from tests.cli.screen import terminal
from tests.cli.store_samples import RELEASE, SAID, picture, song


def count(client: Client) -> tuple[int, int]:
    """How many tracks and distributions there are."""
    return len(list(client.tracks.list(limit=100))), len(list(client.distributions.list(limit=100)))


def test_a_dry_run_shows_rules_and_price_and_does_nothing(at_stores: Client, amv: Run, wav: Path) -> None:
    before = count(at_stores)
    Path("release.toml").write_text(RELEASE, "utf-8")
    done = amv("distribute", str(wav), "--to", "soundcloud,spotify", "--via", "distrokid", "--dry-run")
    assert done.code == 0, done.err
    rows = [line.split("\t") for line in done.out.splitlines()]
    assert rows[:4] == [
        ["release", "Paper Lanterns"],
        ["to", "soundcloud, spotify by distrokid"],
        ["mode", "sandbox: nothing is sent; you get a kit, and hand it over yourself"],
        ["when", "as soon as the stores are ready"],
    ]
    assert any(row[0] == "total" and "USD" in row[2] for row in rows)
    assert "Nothing was sent, and nothing uploaded" in done.err
    assert count(at_stores) == before


def test_a_dry_run_as_json_is_all_of_it_in_one_object(at_stores: Client, amv: Run, wav: Path) -> None:
    done = amv(
        "distribute", str(wav), "--to", "soundcloud", "--release-at", "2030-01-04 00:00 Asia/Tokyo",
        "--dry-run", "--json", *SAID,
    )  # fmt: skip
    assert (done.code, done.err) == (0, "")
    assert done.data["release_at"] == "2030-01-04T00:00:00+09:00"
    assert (done.data["mode"], done.data["report"]["blocking"], done.data["track_ids"]) == (
        "sandbox",
        False,
        [],
    )
    assert done.data["quote"]["lines"]


def test_without_a_terminal_nothing_is_asked_and_nothing_uploaded(
    at_stores: Client, amv: Run, wav: Path
) -> None:
    before = count(at_stores)
    done = amv("distribute", str(wav), "--to", "soundcloud", "--json", *SAID)
    assert (done.code, done.out, done.error["code"], done.error["hint"]) == (
        2,
        "",
        "usage_error",
        "Add --yes.",
    )
    assert count(at_stores) == before


def test_what_rules_block_is_not_sent(at_stores: Client, amv: Run, wav: Path) -> None:
    distributions = count(at_stores)[1]
    done = amv("distribute", str(wav), "--to", "soundcloud,spotify", "--yes", "--json", *SAID)
    assert (done.code, done.out, done.error["code"]) == (10, "", "release_refused")
    assert "spotify: tracks[0].isrc" in {item["field"] for item in done.error["errors"]}
    plain = amv("distribute", str(wav), "--to", "spotify", "--yes", *SAID)
    assert (plain.code, plain.out) == (10, "")
    assert plain.err.count("Missing ISRC code") == 1
    assert count(at_stores)[1] == distributions


def test_a_file_is_uploaded_once_and_looked_on_until_it_is_live(
    at_stores: Client, amv: Run, wav: Path, cover: str
) -> None:
    first = amv("distribute", str(wav), "--to", "soundcloud", "--artwork", cover, "--yes", "--watch", *SAID)
    assert first.code == 0, first.err
    assert "was uploaded to the server: trk_" in first.err
    moves = [line.split("\t")[1:4] for line in first.out.splitlines()]
    assert moves[-1] == ["sandbox", "soundcloud", "live"]
    again = amv(
        "distribute", str(wav), "--to", "soundcloud", "--artwork", cover, "--yes", "--watch", "--json", *SAID
    )
    assert (again.code, again.err) == (0, "")
    states = [json.loads(line) for line in again.out.splitlines()]
    assert (states[-1]["status"], states[-1]["mode"]) == ("live", "sandbox")
    assert states[-1]["deliveries"][0]["external_url"]
    [track] = states[-1]["track_ids"]
    assert track in first.err
    shown = amv("tracks", "get", track)
    assert shown.out.count("soundcloud\tsandbox live ") == 2
    assert {place["status"] for place in amv("tracks", "get", track, "--json").data["distributions"]} == {
        "live"
    }


def test_partial_goes_to_those_that_take_it(at_stores: Client, amv: Run, wav: Path, cover: str) -> None:
    done = amv(
        "distribute",
        str(wav),
        "--to",
        "soundcloud,spotify",
        "--partial",
        "--artwork",
        cover,
        "--yes",
        "--watch",
        *SAID,
    )
    assert done.code == 1, done.err
    last = {cells[2]: cells[3] for cells in (line.split("\t") for line in done.out.splitlines())}
    assert last == {"soundcloud": "live", "spotify": "failed"}
    refused = amv("distribute", str(wav), "--to", "spotify", "--partial", "--yes", "--json", *SAID)
    assert (refused.code, refused.error["code"]) == (10, "release_refused")


def test_a_release_file_says_it_all(at_stores: Client, amv: Run, cover: str) -> None:
    Path("album").mkdir()
    song(Path("album/one.wav"), hertz=200)
    Path("album/release.toml").write_text(RELEASE.replace("[genres]", 'file = "one.wav"\n[genres]'), "utf-8")
    told = amv("distribute", "album/one.wav", "--to", "soundcloud", "--title", "Other", "--yes", "--json")
    assert (told.code, "album/release.toml" in told.error["message"]) == (2, True)
    song(Path("album/two.wav"), hertz=300)
    wrong = amv("distribute", "album/two.wav", "--to", "soundcloud", "--yes", "--json")
    assert (wrong.code, "is about one.wav" in wrong.error["message"]) == (2, True)
    done = amv("distribute", "album", "--to", "soundcloud", "--artwork", cover, "--draft", "--yes", "--json")
    assert done.code == 0, done.err
    assert (done.data["status"], done.data["title"]) == ("draft", "Paper Lanterns")
    assert done.data["metadata"]["tracks"][0]["isrc"] == "USSKG2600001"
    at_stores.distributions.connect("soundcloud")
    sent = amv("distributions", "submit", done.data["id"], "--yes", "--json")
    assert sent.data["deliveries"][0]["status"] == "queued"
    assert amv("distributions", "watch", done.data["id"]).code == 0


def test_a_picture_is_uploaded_to_be_the_cover(at_stores: Client, amv: Run, wav: Path) -> None:
    picture(Path("cover.jpg"))
    done = amv(
        "distribute", str(wav), "--to", "soundcloud", "--artwork", "cover.jpg", "--draft", "--yes", "--json",
        *SAID,
    )  # fmt: skip
    assert done.code == 0, done.err
    assert at_stores.artwork.get(done.data["artwork_id"]).source == "uploaded"
    missing = amv("distribute", str(wav), "--to", "soundcloud", "--artwork", "none.jpg", "--dry-run", *SAID)
    assert missing.code == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "--to says where to"),
        (("--to", "tidal"), "no store is called 'tidal'"),
        (("--to", "soundcloud", "--live", "--mode", "sandbox"), "contradict"),
        (("--to", "soundcloud", "--mode", "real"), "neither sandbox nor live"),
        (("--to", "soundcloud", "--draft", "--watch"), "nothing to --watch"),
        (("--to", "soundcloud", "--release-at", "2020-01-01"), "has gone by"),
        (("--to", "soundcloud", "--release-at", "2030-01-01 10:00 Mars/One"), "no time zone"),
        (("--to", "soundcloud", "--release-at", "4.12.2030"), "Write 2030-12-04"),
        (("--to", "soundcloud", "--ai", "vocals=maybe"), "is no answer"),
    ],
)
def test_wrong_usage_says_what_to_write(
    at_stores: Client, amv: Run, wav: Path, words: tuple[str, ...], said: str
) -> None:
    done = amv("distribute", str(wav), "--yes", *words)
    assert done.code == 2
    assert said in done.err


def test_what_is_neither_track_nor_file_is_wrong_usage_and_an_unknown_track_not_found(
    at_stores: Client, amv: Run
) -> None:
    assert amv("distribute", "nowhere.wav", "--to", "soundcloud", "--dry-run").code == 2
    assert amv("distribute", "trk_0", "--to", "soundcloud", "--dry-run").code == 4


def test_live_is_told_loudly_and_refused_to_a_test_key(at_stores: Client, amv: Run, wav: Path) -> None:
    distributions = count(at_stores)[1]
    done = amv("distribute", str(wav), "--to", "soundcloud", "--live", "--yes", *SAID)
    assert done.code == 3, done.err
    assert "LIVE: this goes to real stores, and people will hear it." in done.err
    assert "no account connected" in done.err
    assert count(at_stores)[1] == distributions


def test_without_an_account_there_nothing_goes_to_a_real_store(
    at_stores: Client, amv: Run, wav: Path
) -> None:
    distributions = count(at_stores)[1]
    done = amv("distribute", str(wav), "--to", "soundcloud", "--live", "--yes", "--json", *SAID)
    assert (done.code, done.error["code"]) == (3, "account_missing")
    assert "amv platforms connect soundcloud --live" in done.error["hint"]
    assert count(at_stores)[1] == distributions


def test_a_person_is_asked_and_may_say_no(at_stores: Client, wav: Path) -> None:
    distributions = count(at_stores)[1]
    with terminal("distribute", str(wav), "--to", "soundcloud", *SAID) as screen:
        screen.until("Send 'Lanterns' (soundcloud, sandbox)? [y/N]")
        screen.type("n\n")
        assert screen.end() == 1
    assert "not sent" in screen.shown
    assert count(at_stores)[1] == distributions


def test_a_person_sees_a_table_that_moves(at_stores: Client, wav: Path, cover: str) -> None:
    with terminal(
        "distribute", str(wav), "--to", "soundcloud", "--artwork", cover, "--yes", "--watch", *SAID
    ) as screen:
        assert screen.end(60) == 0
    assert "sandbox" in screen.shown
    assert "live" in screen.shown.rpartition("STORE")[2]
    assert "\x1b[?25h" in screen.raw.decode()  # the cursor is back


def test_ctrl_c_ends_the_looking_and_names_the_line_that_goes_on(
    at_stores: Client, store_server: RunningServer, amv: Run, wav: Path, cover: str
) -> None:
    words = (
        "--to",
        "soundcloud",
        "--release-at",
        "2030-01-04T00:00+09:00",
        "--artwork",
        cover,
        "--yes",
        "--json",
    )
    made = amv("distribute", str(wav), *words, *SAID)
    assert made.code == 0, made.err
    line = ("distributions", "watch", made.data["id"], "--until", "live")
    with running(*line, env={**os.environ}) as process:
        assert process.stdout is not None
        while b"scheduled" not in process.stdout.readline():
            pass
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
        assert process.returncode == 130
    assert f"Go on: amv {' '.join(line)}" in errors.decode()
    assert at_stores.distributions.get(made.data["id"]).status == "scheduled"
    told = amv("distributions", "get", made.data["id"])
    assert "Fri 2030-01-04 00:00 +09:00" in told.out


def test_an_empty_list_of_stores_is_neither_the_usual_ones_nor_all(
    at_stores: Client, amv: Run, wav: Path
) -> None:
    nowhere = amv("distribute", str(wav), "--to", "", "--yes", "--json", *SAID)
    assert (nowhere.code, nowhere.error["message"]) == (2, "--to is empty")
    for command in (["takedown", "--yes"], ["retry"], ["cancel", "--yes"]):
        refused = amv("distributions", command[0], "dst_0", "--at", "", *command[1:], "--json")
        assert (refused.code, refused.error["message"]) == (2, "'' names nothing")


def test_a_distributor_among_the_stores_is_named_as_one(at_stores: Client, amv: Run, wav: Path) -> None:
    refused = amv("distribute", str(wav), "--to", "DistroKid", "--yes", "--json", *SAID)
    assert refused.code == 2
    assert refused.error["hint"].startswith("It is a distributor: --via distrokid. There are: spotify,")


def test_what_is_no_sound_is_named(at_stores: Client, amv: Run) -> None:
    Path("notes.wav").write_text("la la la", "utf-8")
    refused = amv("distribute", "notes.wav", "--to", "soundcloud", "--yes", "--json", *SAID)
    assert (refused.code, refused.error["code"]) == (2, "audio_unreadable")
    assert refused.error["message"].startswith("notes.wav: ")
    assert refused.error["hint"] == "Name a WAV, FLAC, MP3, AIFF or Ogg file that plays."


def test_a_rule_that_asks_for_nothing_says_so_in_a_sentence(at_stores: Client, amv: Run, wav: Path) -> None:
    shown = amv("distribute", str(wav), "--to", "soundcloud", "--dry-run", *SAID).out
    assert "it is optional here. To do: nothing." in shown


def test_other_stores_are_spoken_of_only_where_there_are_some(at_stores: Client, amv: Run, wav: Path) -> None:
    def hint(*words: str) -> str:
        done = amv("distribute", str(wav), "--yes", "--json", *words, *SAID)
        assert done.code == 10
        return str(done.error["hint"])

    assert "--partial" in hint("--to", "soundcloud,spotify")
    assert hint("--to", "spotify") == "Mend it: amv release fix does some of it."
    assert "--partial" not in hint("--to", "soundcloud", "--via", "distrokid")


def test_who_sends_a_song_twice_is_told(at_stores: Client, amv: Run, wav: Path, cover: str) -> None:
    words = (str(wav), "--to", "soundcloud", "--artwork", cover, "--yes", *SAID)
    first = amv("distribute", *words, "--json").data["id"]
    again = next(line for line in amv("distribute", *words).err.splitlines() if line.startswith("again "))
    assert f"soundcloud has it, or gets it: {first} (" in again
    assert amv("distribute", *words, "--json").err == ""


def test_lines_that_name_no_distribution_come_after_its_name(
    at_stores: Client, amv: Run, wav: Path, cover: str
) -> None:
    done = amv("distribute", str(wav), "--to", "soundcloud", "--artwork", cover, "--yes", "--watch", *SAID)
    assert done.code == 0, done.err
    assert f"{next(iter(at_stores.distributions.list())).id} is on its way.\n" in done.err
