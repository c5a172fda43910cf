"""Batches: whole or not there, whatever happens while one is written."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from aimusicverse.release.batch import Delivery, batch_name, release_folder, write_batch
from aimusicverse.release.copying import UNFINISHED
from aimusicverse.release.ern.checks import check
from aimusicverse.release.ern.message import new_release_message, takedown_message
from aimusicverse.release.package_error import CannotPackage
from aimusicverse.types.release import Release
from tests.release.ern.schemas import complaints
from tests.release.package_files import release_files
from tests.release.sound_releases import ALBUM, LEFT_OUT, NOW, SINGLE, changed

NAME = "20261126120000000"


def delivery(folder: Path, release: dict[str, Any] = SINGLE) -> Delivery:
    """A new release with its files."""
    parsed = Release.model_validate(release)
    files = release_files(folder, len(parsed.tracks))
    message = new_release_message(parsed, files, message_id="M-1", created_at=NOW)
    return Delivery(parsed, message, files)


def content(folder: Path) -> dict[str, bytes]:
    """All files in a folder, by their paths."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_batch_has_message_files_and_its_end(tmp_path: Path) -> None:
    batch = write_batch(tmp_path / "out", [delivery(tmp_path / "in", ALBUM)], at=NOW)
    assert batch == tmp_path / "out" / NAME
    files = content(batch)
    assert sorted(files) == sorted(
        [f"036000291452/resources/A{number}.flac" for number in range(1, 8)]
        + ["036000291452/036000291452.xml", "036000291452/resources/cover.jpg", f"BatchComplete_{NAME}.xml"]
    )
    assert NAME.encode() in files[f"BatchComplete_{NAME}.xml"]
    message = files["036000291452/036000291452.xml"]
    assert complaints(message, "4.3.2") == []
    assert check(message, batch / "036000291452") == []


def test_nothing_else_is_left_beside_it(tmp_path: Path) -> None:
    write_batch(tmp_path / "out", [delivery(tmp_path / "in")], at=NOW)
    assert [path.name for path in (tmp_path / "out").iterdir()] == [NAME]


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    one = delivery(tmp_path / "in", ALBUM)
    first = content(write_batch(tmp_path / "a", [one], at=NOW))
    assert content(write_batch(tmp_path / "b", [one], at=NOW)) == first


def test_several_releases_go_into_one_batch(tmp_path: Path) -> None:
    other = changed(SINGLE, {"upc": LEFT_OUT, "grid": "A1-2425G-ABC1234002-M"})
    deliveries = [delivery(tmp_path / "1"), delivery(tmp_path / "2", other)]
    batch = write_batch(tmp_path / "out", deliveries, at=NOW)
    assert {path.name for path in batch.iterdir() if path.is_dir()} == {"036000291452", "A12425GABC1234002M"}


def test_a_takedown_brings_a_message_alone(tmp_path: Path) -> None:
    release = Release.model_validate(SINGLE)
    message = takedown_message(release, ends_at=NOW, message_id="2", thread_id="1", created_at=NOW)
    batch = write_batch(tmp_path / "out", [Delivery(release, message)], at=NOW)
    assert sorted(content(batch)) == ["036000291452/036000291452.xml", f"BatchComplete_{NAME}.xml"]


def test_the_name_is_the_time_in_utc() -> None:
    at = datetime(2026, 11, 26, 1, 2, 3, 45_999, tzinfo=timezone(timedelta(hours=2)))
    assert batch_name(at) == "20261125230203045"
    with pytest.raises(ValueError, match="no time zone"):
        batch_name(datetime(2026, 1, 1))


@pytest.mark.parametrize("upc", ["../../x", "/etc", "", "a\x00b", "CON.txt", "0" * 40])
def test_no_upc_leads_out_of_the_batch(upc: str) -> None:
    with pytest.raises(CannotPackage, match="cannot be the name of a folder"):
        release_folder(Release.model_validate(changed(SINGLE, {"upc": upc})))


def test_two_deliveries_of_one_release_are_refused(tmp_path: Path) -> None:
    one = delivery(tmp_path / "in")
    with pytest.raises(CannotPackage, match="two deliveries"):
        write_batch(tmp_path / "out", [one, one], at=NOW)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("empty", [True, False])
def test_a_folder_that_is_there_is_left_as_it_is(tmp_path: Path, empty: bool) -> None:
    before = tmp_path / "out" / NAME
    before.mkdir(parents=True)
    if not empty:
        (before / "note.txt").write_text("mine")
    with pytest.raises(CannotPackage, match="it is there already"):
        write_batch(tmp_path / "out", [delivery(tmp_path / "in")], at=NOW)
    assert content(before) == ({} if empty else {"note.txt": b"mine"})
    assert [path.name for path in (tmp_path / "out").iterdir()] == [NAME]


def test_a_dangling_link_by_that_name_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    link = tmp_path / "out" / NAME
    link.symlink_to(tmp_path / "nowhere")
    with pytest.raises(CannotPackage, match="it is there already"):
        write_batch(tmp_path / "out", [delivery(tmp_path / "in")], at=NOW)
    assert link.is_symlink()


def test_a_file_that_changed_since_is_not_delivered(tmp_path: Path) -> None:
    one = delivery(tmp_path / "in")
    assert one.files is not None
    path = one.files.tracks[0].path
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    with pytest.raises(CannotPackage, match="it has changed since"):
        write_batch(tmp_path / "out", [one], at=NOW)
    assert list((tmp_path / "out").iterdir()) == []


def test_a_file_that_is_gone_is_named(tmp_path: Path) -> None:
    one = delivery(tmp_path / "in")
    (tmp_path / "in" / "front.jpg").unlink()
    with pytest.raises(CannotPackage, match=r"front\.jpg: it could not be copied: No such file"):
        write_batch(tmp_path / "out", [one], at=NOW)
    assert list((tmp_path / "out").iterdir()) == []


def test_a_message_with_a_fault_is_not_delivered(tmp_path: Path) -> None:
    one = delivery(tmp_path / "in")
    bad = Delivery(one.release, one.message.replace(b"USSKG2600001</ISRC>", b"USSKG260001</ISRC>"), one.files)
    with pytest.raises(CannotPackage, match="DX-ISRC"):
        write_batch(tmp_path / "out", [bad], at=NOW)
    assert list((tmp_path / "out").iterdir()) == []


def test_a_message_about_another_release_is_not_delivered(tmp_path: Path) -> None:
    one = delivery(tmp_path / "in")
    other = Release.model_validate(changed(SINGLE, {"upc": "4006381333931"}))
    with pytest.raises(CannotPackage, match="it is not about 4006381333931"):
        write_batch(tmp_path / "out", [Delivery(other, one.message, one.files)], at=NOW)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(CannotPackage, match="out: "):
        write_batch(tmp_path / "out", [delivery(tmp_path / "in")], at=NOW)


@pytest.mark.parametrize("stop_after", [0, 1, 3, 6, 8, 9])
def test_a_run_that_is_killed_leaves_nothing_that_looks_complete(tmp_path: Path, stop_after: int) -> None:
    """Killed after so many files; the second try, with nothing cleared up, succeeds."""
    script = textwrap.dedent(
        f"""
        import sys, time
        from pathlib import Path
        import aimusicverse.release.batch as batch
        from tests.release.sound_releases import ALBUM, NOW
        from tests.release.test_batch import delivery
        written = 0
        def stopping(real):
            def write(*arguments):
                global written
                if written == {stop_after}:
                    print("now", flush=True)
                    time.sleep(60)
                written += 1
                return real(*arguments)
            return write
        folder = Path(sys.argv[1])
        one = delivery(folder / "in", ALBUM)
        batch.copy_checked = stopping(batch.copy_checked)
        batch.write_whole = stopping(batch.write_whole)
        batch.write_batch(folder / "out", [one], at=NOW)
        """
    )
    child = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True, cwd=Path.cwd()
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "now\n"
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    child.stdout.close()
    left = list((tmp_path / "out").iterdir())
    assert left
    assert all(path.name.startswith(UNFINISHED) for path in left)
    assert not list((tmp_path / "out").rglob("BatchComplete*"))
    again = write_batch(tmp_path / "out", [delivery(tmp_path / "in", ALBUM)], at=NOW)
    assert (again / f"BatchComplete_{NAME}.xml").stat().st_size > 0


def test_a_batch_is_not_seen_before_it_is_whole(tmp_path: Path) -> None:
    """Whoever looks all the time sees no folder of that name, or a whole one."""
    watcher = textwrap.dedent(
        """
        import sys, pathlib
        batch = pathlib.Path(sys.argv[1])
        print("looking", flush=True)
        while not batch.exists():
            pass
        print(len([path for path in batch.rglob("*") if path.is_file()]))
        """
    )
    one = delivery(tmp_path / "in", ALBUM)
    child = subprocess.Popen(
        [sys.executable, "-c", watcher, str(tmp_path / "out" / NAME)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "looking\n"
    time.sleep(0.05)
    write_batch(tmp_path / "out", [one], at=NOW)
    assert child.stdout.readline() == "10\n"
    child.wait()
    child.stdout.close()
