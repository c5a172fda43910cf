"""Transporter, by a stand-in program: what it is given, what its words mean, that it ends when it must."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimusicverse.platforms.apple_music.connector import AppleMusic
from aimusicverse.platforms.apple_music.transporter import Transporter, trouble
from aimusicverse.platforms.base import DeliveryError, Surroundings
from aimusicverse.secret import Secret
from tests.platforms.apple_music.delivering import UPC, Apple, Connected, Killed

PASSWORD = "correct horse battery"
#: Does what the file `play` beside it says, and notes what it was given.
_PROGRAM = """
import json, os, shutil, subprocess, sys, time
from pathlib import Path

here = Path(__file__).parent
mode = sys.argv[sys.argv.index("-m") + 1]
given = {"arguments": sys.argv[1:], "environment": dict(os.environ), "pid": os.getpid()}
with (here / "given").open("a") as notes:
    notes.write(json.dumps(given) + "\\n")
play = json.loads((here / "play").read_text()).get(mode, {})
if "-f" in sys.argv and not play.get("code"):
    package = Path(sys.argv[sys.argv.index("-f") + 1])
    shutil.copytree(package, here / "received" / package.name, dirs_exist_ok=True)
if play.get("hangs"):
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    (here / "child").write_text(str(child.pid))
    time.sleep(600)
print(play.get("says", ""), flush=True)
sys.exit(play.get("code", 0))
"""


class Apple2:
    """Apple's end of a Transporter."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        (folder / "transporter.py").write_text(_PROGRAM)
        self.plays()

    def plays(self, **modes: dict[str, object]) -> None:
        (self.folder / "play").write_text(json.dumps(modes))

    @property
    def command(self) -> tuple[str, ...]:
        return (sys.executable, str(self.folder / "transporter.py"), "-t", "DAV")

    def given(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in (self.folder / "given").read_text().splitlines()]


@pytest.fixture
def end(tmp_path: Path) -> Apple2:
    return Apple2(tmp_path / "transporter")


def connector(end: Apple2, **settings: str) -> AppleMusic:
    account = Connected({"provider": "Lanterns", "username": "maren"} | settings, password=PASSWORD)
    return AppleMusic("apple_music", account, Surroundings(transporter=end.command))


def told(status: str = "Imported", created: str = "2026-11-26 12:00:00", **store: str) -> dict[str, object]:
    content = " ".join(f'{name}="{places}"' for name, places in store.items())
    inner = f"<content_status_info><store_status {content}/></content_status_info>" if store else ""
    return {
        "says": f'[2026] <main> INFO: done\n<?xml version="1.0" encoding="UTF-8"?><itunes_transporter>'
        f'<upload_status vendor_identifier="{UPC}">{inner}'
        f'<upload_status_info created="{created}" status="{status}"/></upload_status>'
        "</itunes_transporter>\nbye"
    }


def test_it_is_given_the_package_and_the_account_but_no_password_among_arguments(
    apple: Apple, end: Apple2, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AMV_MASTER_KEY", "the server's own")
    end.plays(status=told())
    standing = connector(end).deliver(apple.parcel(mode="live"), apple.journal())
    assert standing.stands == "processing"
    upload, status = end.given()
    assert upload["arguments"][:4] == ["-t", "DAV", "-m", "upload"]  # type: ignore[index]
    for call in (upload, status):
        arguments, environment = call["arguments"], call["environment"]
        assert isinstance(arguments, list)
        assert isinstance(environment, dict)
        assert arguments[arguments.index("-u") + 1] == "maren"
        assert arguments[arguments.index("-p") + 1] == "@env:ITMS_TRANSPORTER_PASSWORD"
        assert arguments[arguments.index("-s") + 1] == "Lanterns"
        assert PASSWORD not in " ".join(arguments)
        assert environment["ITMS_TRANSPORTER_PASSWORD"] == PASSWORD
        assert not [name for name in environment if name.startswith("AMV_")]
    assert (end.folder / "received" / f"{UPC}.itmsp" / "metadata.xml").exists()


@pytest.mark.parametrize(
    ("status", "stands"),
    [
        (told(), "processing"),
        (told(on_store="N/A", ready_for_store="US,DE", not_on_store="N/A"), "ready"),
        (told(on_store="US", ready_for_store="DE", not_on_store="N/A"), "live"),
        (told(on_store="N/A", ready_for_store="N/A", not_on_store="US"), "failed"),
        (told("Import Error"), "failed"),
        (told("Upload Failed"), "failed"),
        ({"says": "<itunes_transporter></itunes_transporter>"}, "processing"),
    ],
)
def test_its_status_says_how_it_stands(
    apple: Apple, end: Apple2, status: dict[str, object], stands: str
) -> None:
    end.plays(status=status)
    journal = apple.journal()
    connector(end).deliver(apple.parcel(release_at=None, mode="live"), journal)
    assert connector(end).look(journal).stands == stands


def test_the_status_of_an_earlier_upload_is_not_that_of_the_update(apple: Apple, end: Apple2) -> None:
    end.plays(status=told("Import Error", "2026-11-26 12:00:00"))
    journal = apple.journal()
    assert connector(end).deliver(apple.parcel(mode="live"), journal).stands == "failed"
    edited = apple.parcel({"title": "Lanterns"}, revision=2, release_at=None, mode="live")
    assert connector(end).deliver(edited, journal).stands == "processing"
    end.plays(status=told("Imported", "2026-11-26 12:05:00", on_store="US"))
    assert connector(end).look(journal).stands == "live"


@pytest.mark.parametrize(
    ("says", "code", "kind"),
    [
        ('[x] <main> ERROR: ERROR ITMS-4020: "no preorder of tracks"', "apple_package_not_valid", "metadata"),
        ("[x] <main> ERROR: Unable to authenticate the package: 1.itmsp", "account_refused", "auth"),
        ("[x] <main> ERROR: Your password was entered incorrectly. (-20101)", "account_refused", "auth"),
        ("[x] <C> ERROR: An exception has occurred: timeout", "apple_transporter_failed", "transient"),
        ("", "apple_transporter_failed", "transient"),
    ],
)  # fmt: skip
def test_what_it_says_at_its_end_decides_what_is_done(
    apple: Apple, end: Apple2, says: str, code: str, kind: str
) -> None:
    end.plays(upload={"says": f"{says}\n{PASSWORD} of maren", "code": 1})
    with pytest.raises(DeliveryError) as failed:
        connector(end).deliver(apple.parcel(mode="live"), apple.journal())
    problem = failed.value.problem
    assert (problem.code, problem.kind) == (code, kind)
    assert PASSWORD not in repr(problem)


def test_a_password_that_it_prints_is_not_told(apple: Apple, end: Apple2) -> None:
    end.plays(upload={"says": f"<main> ERROR: login maren:{PASSWORD} refused", "code": 1})
    with pytest.raises(DeliveryError) as failed:
        connector(end).deliver(apple.parcel(mode="live"), apple.journal())
    assert "refused" in failed.value.problem.message
    assert PASSWORD not in failed.value.problem.message
    assert PASSWORD not in repr(connector(end)) + repr(failed.value)


def test_after_a_failure_the_same_upload_is_tried_again(apple: Apple, end: Apple2) -> None:
    end.plays(upload={"code": 1})
    journal = apple.journal()
    with pytest.raises(DeliveryError):
        connector(end).deliver(apple.parcel(mode="live"), journal)
    end.plays(status=told())
    connector(end).deliver(apple.parcel(mode="live"), journal)
    connector(end).deliver(apple.parcel(mode="live"), journal)
    calls = [one["arguments"] for one in end.given()]
    assert [call[3] for call in calls] == ["upload", "upload", "status", "status"]  # type: ignore[index]


def test_cancelled_it_is_ended_with_what_it_has_started(apple: Apple, end: Apple2) -> None:
    end.plays(upload={"hangs": True})
    journal = apple.journal()
    journal.again(6, after_writing=True)  # a note, two parts of the package, and then beats
    with pytest.raises(Killed):
        connector(end).deliver(apple.parcel(mode="live"), journal)
    for pid in (int(str(end.given()[0]["pid"])), int((end.folder / "child").read_text())):
        _wait_for_the_end_of(pid)


def test_a_program_that_is_not_there_is_the_servers_trouble(apple: Apple, end: Apple2) -> None:
    account = Connected({"provider": "Lanterns", "username": "maren"}, password=PASSWORD)
    nowhere = AppleMusic("apple_music", account, Surroundings(transporter=("/nowhere/iTMSTransporter",)))
    with pytest.raises(DeliveryError) as failed:
        nowhere.deliver(apple.parcel(mode="live"), apple.journal())
    assert (failed.value.problem.code, failed.value.problem.kind) == ("program_missing", "setup")
    assert "AMV_TRANSPORTER" in (failed.value.problem.hint or "")


def test_without_a_password_it_goes_by_the_folder_where_there_is_one(apple: Apple, end: Apple2) -> None:
    account = Connected({"provider": "Lanterns"})
    both = Surroundings(transporter=end.command, delivery_root=apple.folder / "out")
    standing = AppleMusic("apple_music", account, both).deliver(apple.parcel(mode="live"), apple.journal())
    assert standing.stands == "action_required"
    alone = AppleMusic("apple_music", account, Surroundings(transporter=end.command))
    with pytest.raises(DeliveryError) as refused:
        alone.deliver(apple.parcel(mode="live"), apple.journal())
    assert refused.value.problem.code == "settings_wrong"


@pytest.mark.parametrize("username", ["-m", "--help", "a\0b", "a\nb", " maren"])
def test_a_username_is_no_option_of_the_program(apple: Apple, end: Apple2, username: str) -> None:
    with pytest.raises(DeliveryError) as refused:
        connector(end, username=username).deliver(apple.parcel(mode="live"), apple.journal())
    assert refused.value.problem.code == "settings_wrong"
    assert not (end.folder / "given").exists()


def test_much_output_costs_little_memory(end: Apple2) -> None:
    program = end.folder / "loud.py"
    program.write_text("import sys\nfor _ in range(400): sys.stdout.write('x' * 100_000)\nprint('the end')")
    loud = Transporter((sys.executable, str(program)), "maren", Secret(PASSWORD), "Lanterns")
    output = loud.status(UPC, lambda: None)
    assert len(output) <= 2_000_000
    assert output.endswith(b"the end\n")


@given(st.text(), st.integers(0, 255))
def test_any_last_words_are_some_trouble(output: str, code: int) -> None:
    problem = trouble(code, output).problem
    assert problem.message
    assert len(problem.message) < 700


def _wait_for_the_end_of(pid: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        if Path(f"/proc/{pid}/stat").exists() and Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z":
            return  # it has ended, and nobody has asked how
        time.sleep(0.05)
    raise AssertionError(f"{pid} still runs")
