"""`amv distributions`: what is done to a release on its way, one after the other."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from aimusicverse import Client
from aimusicverse.types import Release
from tests.cli.conftest import Run
from tests.cli.screen import terminal
from tests.cli.store_samples import RELEASE, SAID

LATER = "2031-01-03T00:00+09:00"


@pytest.fixture
def scheduled(at_stores: Client, amv: Run, wav: Path, cover: str) -> str:
    """A distribution that SoundCloud holds back for years."""
    words = ("--to", "soundcloud", "--artwork", cover, "--release-at", LATER, "--yes", "--json")
    made = amv("distribute", str(wav), *words, *SAID)
    assert made.code == 0, made.err
    assert amv("distributions", "watch", made.data["id"]).code == 0
    return str(made.data["id"])


def test_it_is_held_let_go_on_and_given_up(at_stores: Client, amv: Run, scheduled: str) -> None:
    assert amv("distributions", "pause", scheduled, "--json").data["status"] == "paused"
    again = amv("distributions", "pause", scheduled, "--json")
    assert (again.code, again.error["code"]) == (1, "distribution_state")
    amv("distributions", "resume", scheduled, "--at", "soundcloud")
    assert amv("distributions", "watch", scheduled).code == 0
    moved = amv("distributions", "update", scheduled, "--release-at", "2031-02-07 00:00 Asia/Tokyo", "--json")
    assert moved.code == 0, moved.err
    assert moved.data["release_at"] == "2031-02-06T15:00:00.000Z"
    assert amv("distributions", "cancel", scheduled).code == 2
    with terminal("distributions", "cancel", scheduled) as screen:
        screen.until(f"({scheduled}, all stores, sandbox)? [y/N]")
        screen.type("n\n")
        assert screen.end() == 1
    assert "left as it is" in screen.shown
    gone = amv("distributions", "cancel", scheduled, "--yes", "--json")
    assert gone.code == 0, gone.err
    kinds = [line.split("\t")[2] for line in amv("distributions", "events", scheduled).out.splitlines()]
    assert {"submitted", "paused", "resumed", "edited"} <= set(kinds)


def test_it_is_listed_by_track_store_status_and_mode(at_stores: Client, amv: Run, scheduled: str) -> None:
    track = at_stores.distributions.get(scheduled).track_ids[0]
    rows = amv("distributions", "list", "--track", track, "--mode", "sandbox").out.splitlines()
    assert [row.split("\t")[:4] for row in rows] == [[scheduled, "Lanterns", "sandbox", "scheduled"]]
    assert amv("distributions", "list", "--track", track, "--status", "live").out == ""
    assert amv("distributions", "list", "--track", track, "--mode", "live").out == ""
    assert amv("distributions", "get", "dst_0", "--json").error["hint"] == "See: amv distributions list"


def test_its_release_comes_out_as_a_file_and_goes_in_again(
    at_stores: Client, amv: Run, scheduled: str
) -> None:
    text = amv("distributions", "get", scheduled, "--toml").out
    Path("mended.toml").write_text(text.replace('title = "Lanterns"', 'title = "Lanterns II"'), "utf-8")
    done = amv("distributions", "update", scheduled, "--metadata", "mended.toml", "--json")
    assert done.code == 0, done.err
    before = at_stores.distributions.get(scheduled)
    assert (before.title, before.revision) == ("Lanterns II", 2)
    assert Release.model_validate(before.metadata).tracks[0].title == "Lanterns II"
    stale = amv("distributions", "update", scheduled, "--set", "label=Own", "--if-match", "old", "--json")
    assert (stale.code, stale.error["code"]) == (1, "version_conflict")
    assert amv("distributions", "update", scheduled).code == 2


def test_a_kit_is_saved_handed_over_and_told_of(at_stores: Client, amv: Run, wav: Path, cover: str) -> None:
    Path("release.toml").write_text(RELEASE, "utf-8")
    words = ("--to", "spotify", "--via", "distrokid", "--artwork", cover, "--yes", "--json")
    made = amv("distribute", str(wav), *words)
    assert made.code == 0, made.err
    one = made.data["id"]
    assert amv("distributions", "watch", one).code == 1
    saved = amv("distributions", "package", one, "spotify")
    assert saved.out == "paper-lanterns-spotify-sandbox.zip\n", saved.err
    with zipfile.ZipFile(io.BytesIO(Path("paper-lanterns-spotify-sandbox.zip").read_bytes())) as kit:
        assert kit.testzip() is None
        assert any(name.endswith(".wav") for name in kit.namelist())
    assert amv("distributions", "package", one, "spotify").code == 2  # it is there already
    assert amv("distributions", "package", one, "spotify", "-o", "kit.zip").code == 0
    handed = amv("distributions", "confirm", one, "--at", "spotify", "--outcome", "processing", "--json")
    assert handed.data["deliveries"][0]["status"] == "processing"
    plain = amv("distributions", "confirm", one, "--url", "http://open.spotify.com/album/1", "--json")
    assert (plain.code, "does not begin with https://" in plain.error["message"]) == (2, True)
    where = "https://open.spotify.com/album/1"
    heard = amv("distributions", "confirm", one, "--url", where, "--json")
    assert (heard.data["status"], heard.data["deliveries"][0]["external_url"]) == ("live", where)
    down = amv("distributions", "takedown", one, "--yes", "--json")
    assert down.code == 0, down.err
    assert amv("distributions", "confirm", one, "--reason", "x").code == 2
