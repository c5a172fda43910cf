"""The stand-in's inbox: each package is taken once, by whoever comes, and what is half is left alone."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from aimusicverse.sandbox.apple import advance, releases
from tests.platforms.apple_music.delivering import UPC, Apple


@pytest.fixture
def apple(tmp_path: Path) -> Apple:
    return Apple(tmp_path)


def put(apple: Apple, deliverer: str = "dst_1", **changes: str) -> Path:
    """A package in the inbox, without a connector."""
    into = apple.folder / "sandbox" / "apple" / "inbox" / deliverer
    into.mkdir(parents=True, exist_ok=True)
    apple.connector().package(apple.parcel(dict(changes)), into)
    return into / f"{UPC}.itmsp"


def test_what_is_not_there_under_its_name_yet_is_left_alone(apple: Apple) -> None:
    package = put(apple)
    unfinished = package.with_name(".unfinished-1")
    package.rename(unfinished)
    apple.advance()
    assert apple.releases() == []
    assert unfinished.exists()


def test_what_was_taken_is_gone_from_the_inbox_and_kept_nowhere(apple: Apple) -> None:
    package = put(apple)
    apple.advance()
    assert not package.exists()
    assert list((apple.folder / "sandbox" / "apple" / "work").iterdir()) == []
    left = [path for path in (apple.folder / "sandbox").rglob("*") if path.suffix in (".flac", ".jpg")]
    assert left == []


def test_many_who_look_at_once_take_each_package_once(apple: Apple) -> None:
    for number in range(6):
        put(apple, f"dst_{number}", title=f"Take {number}")
    threads = [threading.Thread(target=apple.advance) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert apple.the_one().times_received == 6


_ADVANCES = """
import os, shutil, signal, sys
from pathlib import Path
from aimusicverse.sandbox import state
from aimusicverse.sandbox.apple import inbox
from tests.platforms.apple_music.delivering import Apple

where = sys.argv[2]
def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)
if where == "reading":
    inbox.read_package = die
elif where == "clearing":
    shutil.rmtree = die
elif where == "telling":
    inbox._write = die
Apple(Path(sys.argv[1])).advance()
"""


@pytest.mark.parametrize("where", ["reading", "clearing", "telling"])
def test_killed_while_it_takes_one_it_has_taken_one(apple: Apple, where: str) -> None:
    put(apple)
    done = subprocess.run(
        [sys.executable, "-c", _ADVANCES, str(apple.folder), where], check=False, timeout=60
    )
    assert done.returncode == -signal.SIGKILL
    apple.review()
    assert (apple.the_one().times_received, apple.the_one().status) == (1, "ready")
    assert list((apple.folder / "sandbox" / "apple" / "work").iterdir()) == []
    assert (apple.folder / "sandbox" / "apple" / "status" / f"{UPC}.xml").exists()


def test_a_folder_with_a_name_that_is_no_vendor_id_is_refused_and_harms_nothing(apple: Apple) -> None:
    package = put(apple)
    package.rename(package.with_name("not a vendor id.itmsp"))
    (package.parent / ("x" * 250 + ".itmsp")[-255:]).mkdir()
    apple.advance()
    assert {one.status for one in apple.releases()} == {"failed"}
    put(apple)
    apple.review()
    assert "ready" in {one.status for one in apple.releases()}


def test_links_in_the_inbox_are_not_followed(apple: Apple) -> None:
    package = put(apple, "dst_1")
    elsewhere = apple.folder / "elsewhere.itmsp"
    shutil.move(package, elsewhere)
    package.symlink_to(elsewhere, target_is_directory=True)
    (package.parent.parent / "linked").symlink_to(apple.folder, target_is_directory=True)
    apple.advance()
    assert apple.releases() == []
    assert elsewhere.exists()


def test_another_provider_cannot_change_a_release(apple: Apple) -> None:
    put(apple)
    apple.review()
    package = put(apple, "dst_2", title="Mine now")
    metadata = package / "metadata.xml"
    metadata.write_text(metadata.read_text("utf-8").replace(">Sandbox<", ">Other<"), "utf-8")
    apple.advance()
    assert (apple.the_one().title, apple.the_one().account) == ("Paper Lanterns", "Sandbox")


def test_plays_are_the_same_whoever_asks_and_grow_with_the_clock(apple: Apple) -> None:
    put(apple)
    apple.review()
    apple.advance(days=60)
    before = apple.the_one().streams
    assert before > 0
    assert [one.streams for one in releases(apple._store)] == [before]
    apple.advance(hours=1)
    assert apple.the_one().streams > before


def test_folders_of_long_ago_are_cleared_away(apple: Apple) -> None:
    package = put(apple)
    apple.advance()
    assert package.parent.exists()
    os.utime(package.parent, (1, 1))
    advance(apple._store)
    assert not package.parent.exists()
