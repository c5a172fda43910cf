"""Live, into a folder of the server: for whoever fetches batches there, and sends them on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from aimusicverse.platforms.base import DeliveryError, StoreProblem
from aimusicverse.release.ern.reading import read, text_of
from tests.platforms.ddex.setting import UPC, GivenAccount, World


def account(**settings: str) -> GivenAccount:
    return GivenAccount({"sender_dpid": "PADPIDA2015120100H", **settings})


def deliver(world: World, given: GivenAccount | None, root: Path | None, **changes: Any) -> None:
    world.connector(given, delivery_root=root).deliver(world.parcel(mode="live", **changes), world.notes)


def problem(world: World, given: GivenAccount | None, root: Path | None, **changes: Any) -> StoreProblem:
    with pytest.raises(DeliveryError) as refused:
        deliver(world, given, root, **changes)
    return refused.value.problem


def test_batches_go_below_the_servers_folder(world: World, tmp_path: Path) -> None:
    root = tmp_path / "out"
    deliver(world, account(folder="label/spotify"), root, live_message=True)
    [batch] = (root / "label" / "spotify").iterdir()
    message = read((batch / UPC / f"{UPC}.xml").read_bytes()).root
    assert text_of(message.find("MessageHeader/MessageControlType")) == "LiveMessage"
    assert world.batches() == []


def test_without_a_folder_of_its_own_each_store_has_one(world: World, tmp_path: Path) -> None:
    deliver(world, account(), tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["ddex"]


def test_the_accounts_parties_go_before_those_of_the_release(world: World, tmp_path: Path) -> None:
    given = account(recipient_dpid="PA-DPIDA-2022021109-P", sender_name="Okafor", recipient_name="A Store")
    deliver(world, given, tmp_path / "out")
    header = read(next((tmp_path / "out").rglob(f"{UPC}.xml")).read_bytes()).root.find("MessageHeader")
    assert header is not None
    assert text_of(header.find("MessageSender/PartyId")) == "PADPIDA2015120100H"
    assert text_of(header.find("MessageSender/PartyName/FullName")) == "Okafor"
    assert text_of(header.find("MessageRecipient/PartyId")) == "PADPIDA2022021109P"
    assert text_of(header.find("MessageRecipient/PartyName/FullName")) == "A Store"


def test_spotify_is_the_recipient_of_what_goes_to_spotify(tmp_path: Path) -> None:
    world = World(tmp_path, "spotify")
    deliver(world, account(), tmp_path / "out")
    header = read(next((tmp_path / "out").rglob(f"{UPC}.xml")).read_bytes()).root.find("MessageHeader")
    assert header is not None
    assert text_of(header.find("MessageRecipient/PartyName/FullName")) == "Spotify"
    world.close()


@pytest.mark.parametrize(
    "folder",
    [
        "..",
        "../other",
        "/etc",
        "a/../../b",
        "a/./b",
        "./a",
        "C:\\x",
        "c:x",
        "a\\..\\b",
        "a\nb",
        "a//b",
        "x" * 500,
    ],
)
def test_no_folder_of_a_setting_leads_out(world: World, tmp_path: Path, folder: str) -> None:
    root = tmp_path / "out"
    assert problem(world, account(folder=folder), root).code == "settings_wrong"
    assert not root.exists()


def test_no_link_in_the_servers_folder_is_followed(world: World, tmp_path: Path) -> None:
    root, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    root.mkdir()
    elsewhere.mkdir()
    (root / "label").symlink_to(elsewhere)
    assert problem(world, account(folder="label"), root).code == "ddex_folder_refused"
    assert list(elsewhere.iterdir()) == []


def test_without_a_place_to_go_it_says_what_the_server_lacks(world: World) -> None:
    found = problem(world, account(), None)
    assert (found.code, found.kind) == ("server_not_ready", "setup")
    assert "AMV_DELIVERY_FOLDER" in found.message


def test_without_an_account_nothing_goes_live(world: World, tmp_path: Path) -> None:
    found = problem(world, None, tmp_path / "out")
    assert (found.code, found.kind) == ("account_missing", "auth")


def test_without_a_recipient_nothing_goes_to_an_unknown_one(world: World, tmp_path: Path) -> None:
    found = problem(world, account(), tmp_path / "out", recipient_dpid=None)
    assert (found.code, found.field) == ("package_failed", "recipient_dpid")
