"""Live mode with a folder: packages for whoever takes them from there, each there whole or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from lxml import etree

from aimusicverse.platforms.apple_music.connector import AppleMusic
from aimusicverse.platforms.base import DeliveryError, Parcel, Surroundings
from aimusicverse.sandbox.apple.package import read_package
from tests.platforms.apple_music.delivering import UPC, Apple, Connected, Killed
from tests.release.sound_releases import ALBUM

ACCOUNT = Connected({"provider": "Lanterns"})


def live(folder: Path | None, account: Connected | None = ACCOUNT) -> AppleMusic:
    return AppleMusic("apple_music", account, Surroundings(delivery_root=folder))


def parcel(apple: Apple, **changes: str | None) -> Parcel:
    return apple.parcel(dict(changes), mode="live")


def test_the_package_lies_whole_under_its_name_and_a_person_has_to_bring_it(apple: Apple) -> None:
    root, journal = apple.folder / "out", apple.journal()
    standing = live(root).deliver(parcel(apple), journal)
    assert (standing.stands, standing.external_id) == ("action_required", UPC)
    assert standing.problem is not None
    assert standing.problem.code == "apple_package_waits"
    assert f"Lanterns/{UPC}.itmsp" in standing.problem.message
    assert "amv distributions confirm" in (standing.problem.hint or "")
    assert str(root) not in standing.problem.message
    assert [path.name for path in (root / "Lanterns").iterdir()] == [f"{UPC}.itmsp"]
    found = read_package(root / "Lanterns" / f"{UPC}.itmsp")
    assert (found.errors, found.vendor_id, found.provider) == ([], UPC, "Lanterns")


def test_once_a_person_has_it_nobody_is_asked_again_for_five_days(apple: Apple) -> None:
    root, journal = apple.folder / "out", apple.journal()
    live(root).deliver(parcel(apple), journal)
    (root / "Lanterns" / f"{UPC}.itmsp").rename(apple.folder / "taken by an encoding house")
    assert live(root).look(journal).stands == "processing"
    assert live(root).deliver(parcel(apple), journal).stands == "action_required"
    assert list((root / "Lanterns").iterdir()) == []  # the same is not put there again
    apple.clock.move(days=6)
    assert live(root).look(journal).stands == "action_required"


def test_an_update_takes_the_place_of_what_nobody_has_taken_yet(apple: Apple) -> None:
    root, journal = apple.folder / "out", apple.journal()
    live(root).deliver(parcel(apple), journal)
    live(root).deliver(parcel(apple, title="Lanterns"), journal)
    assert [path.name for path in (root / "Lanterns").iterdir()] == [f"{UPC}.itmsp"]
    assert read_package(root / "Lanterns" / f"{UPC}.itmsp").title == "Lanterns"


def test_a_takedown_takes_its_place_too(apple: Apple) -> None:
    root, journal = apple.folder / "out", apple.journal()
    live(root).deliver(parcel(apple), journal)
    standing = live(root).take_down(parcel(apple), journal)
    assert standing.stands == "action_required"
    found = read_package(root / "Lanterns" / f"{UPC}.itmsp")
    assert (found.errors, found.cleared) == ([], False)


def test_killed_anywhere_nothing_half_is_there_and_the_next_try_clears_up(apple: Apple) -> None:
    root = apple.folder / "out"
    for kill_at in range(1, 30):
        journal = apple.journal()
        journal.again(kill_at, after_writing=True)
        try:
            live(root).deliver(apple.parcel(of=ALBUM, mode="live"), journal)
            break
        except Killed:
            pass
        for package in root.glob("*/*.itmsp"):
            assert read_package(package).errors == []
        journal.again()
        live(root).deliver(apple.parcel(of=ALBUM, mode="live"), journal)
        assert [path.name for path in (root / "Lanterns").iterdir()] == [f"{UPC}.itmsp"]
    assert kill_at > 5


def test_two_at_once_leave_one_whole_package(apple: Apple) -> None:
    root = apple.folder / "out"
    parcels = [parcel(apple, title=f"Take {number}") for number in range(4)]
    wrong: list[BaseException] = []

    def deliver(one: Parcel) -> None:
        try:
            live(root).deliver(one, apple.journal())
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=deliver, args=(one,)) for one in parcels]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert [path.name for path in (root / "Lanterns").iterdir()] == [f"{UPC}.itmsp"]
    assert read_package(root / "Lanterns" / f"{UPC}.itmsp").errors == []


#: Delivers in children that kill themselves at their first, second, … note; notes outlive them in a file.
_DELIVERS = """
import json, os, signal, sys
from pathlib import Path
from tests.platforms.apple_music.delivering import Apple, Journal, Killed
from tests.platforms.apple_music.test_folder import live

class Kept(Journal):
    def write(self, **notes):
        self.dies(super().write, **notes)
        kept.write_text(json.dumps(self.notes))

    def progress(self, part):
        self.dies(super().progress, part)

    def dies(self, do, *given, **named):
        try:
            do(*given, **named)
        except Killed:
            if self.after_writing:
                kept.write_text(json.dumps(self.notes))
            os.kill(os.getpid(), signal.SIGKILL)

folder, kept = Path(sys.argv[1]), Path(sys.argv[1]) / "journal.json"
apple = Apple(folder)
parcel, kills = apple.parcel(mode="live"), 0
for step in range(1, 40):
    child = os.fork()
    if child == 0:
        journal = Kept(apple.clock)
        journal.notes = json.loads(kept.read_text()) if kept.exists() else {}
        journal.again(step, after_writing=bool(step % 2))
        live(folder / "out").deliver(parcel, journal)
        os._exit(0)
    if not os.WIFSIGNALED(os.waitpid(child, 0)[1]):
        break
    kills += 1
print(kills)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are killed by forks here")
def test_a_process_that_is_killed_leaves_no_half_package(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _DELIVERS, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert int(done.stdout) >= 3
    [package] = (tmp_path / "out" / "Lanterns").iterdir()
    assert (package.name, read_package(package).errors) == (f"{UPC}.itmsp", [])


@pytest.mark.parametrize("provider", ["../elsewhere", "/etc", "a/b", "", ".", "a\0b", "x" * 101])
def test_a_provider_is_no_path(apple: Apple, provider: str) -> None:
    with pytest.raises(DeliveryError) as refused:
        live(apple.folder / "out", Connected({"provider": provider})).deliver(parcel(apple), apple.journal())
    assert refused.value.problem.code in ("settings_wrong", "account_missing")
    assert not (apple.folder / "out").exists()
    assert not (apple.folder / "elsewhere").exists()


def test_without_an_account_it_is_asked_for(apple: Apple) -> None:
    with pytest.raises(DeliveryError) as refused:
        live(apple.folder / "out", None).deliver(parcel(apple), apple.journal())
    assert (refused.value.problem.code, refused.value.problem.kind) == ("account_missing", "auth")


def test_a_server_with_neither_folder_nor_transporter_says_what_to_set(apple: Apple) -> None:
    with pytest.raises(DeliveryError) as refused:
        live(None).deliver(parcel(apple), apple.journal())
    assert (refused.value.problem.code, refused.value.problem.kind) == ("server_not_ready", "setup")
    assert "AMV_DELIVERY_FOLDER" in (refused.value.problem.hint or "")


def test_a_folder_that_cannot_be_written_is_the_servers_trouble(apple: Apple) -> None:
    (apple.folder / "out").write_text("a file")
    with pytest.raises(DeliveryError) as refused:
        live(apple.folder / "out").deliver(parcel(apple), apple.journal())
    assert refused.value.problem.code == "server_not_ready"
    assert str(apple.folder) not in refused.value.problem.message


def test_a_sound_file_that_changed_since_it_was_judged_is_not_sent(apple: Apple) -> None:
    one = parcel(apple)
    with one.files.tracks[0].path.open("r+b") as sound:
        sound.seek(2000)
        sound.write(b"another song")
    with pytest.raises(DeliveryError) as refused:
        live(apple.folder / "out").deliver(one, apple.journal())
    assert refused.value.problem.code == "package_failed"
    assert str(apple.folder) not in refused.value.problem.message
    assert list((apple.folder / "out").glob("*/*")) == []


def test_the_package_says_that_nobody_verified_it(apple: Apple) -> None:
    live(apple.folder / "out").deliver(parcel(apple), apple.journal())
    package = apple.folder / "out" / "Lanterns" / f"{UPC}.itmsp"
    assert "not verified" in (package / "README.txt").read_text()
    etree.fromstring((package / "metadata.xml").read_bytes())
