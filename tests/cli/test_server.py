from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from aimusicverse.server.running import RunningServer
from aimusicverse.server.store import schema
from aimusicverse.types import Generation
from tests.cli.conftest import Result, Run
from tests.cli.test_attacks import _mounted
from tests.server.databases import postgres_database


@pytest.fixture
def here(server: RunningServer, finished: Generation) -> list[str]:
    """The folder of a server that runs and has a track."""
    return ["--data-dir", str(server.services.settings.data_dir)]


@pytest.fixture
def file(amv: Run, here: list[str], tmp_path: Path) -> str:
    """A backup."""
    name = str(tmp_path / "b.tar")
    assert amv("server", "backup", name, *here).code == 0
    return name


def refused(done: Result, code: int, *words: str) -> None:
    assert done.code == code, done.err
    assert done.out == ""
    for word in words:
        assert word in done.err
    assert done.err.splitlines()[-1].startswith("error: ")
    assert "Traceback" not in done.err


def test_a_backup_says_what_it_holds(amv: Run, here: list[str]) -> None:
    done = amv("server", "backup", "b.tar", *here)
    facts = dict(line.split("\t") for line in done.out.splitlines())
    assert facts["file"] == "b.tar"
    assert facts["schema"] == schema.HEAD
    assert facts["master key"] == "inside"
    assert int(facts["recordings"]) >= 1
    assert "keep it as private" in done.err
    assert Path("b.tar").stat().st_mode & 0o777 == 0o600


def test_as_json_with_nothing_else(amv: Run, here: list[str]) -> None:
    done = amv("server", "backup", "b.tar", "--without-audio", "--without-key", "--json", *here)
    assert done.err == ""
    assert (done.data["holds_audio"], done.data["holds_master_key"], done.data["recordings"]) == (
        False,
        False,
        0,
    )
    back = amv("server", "restore", "b.tar", "--without-key", "--json")
    assert back.code == 0
    assert back.data["rows"] == done.data["rows"]
    assert (back.data["master_key"], len(back.data["missing"]) > 0) == ("left out", True)


def test_a_file_that_exists_stays_unless_forced(amv: Run, here: list[str], file: str) -> None:
    refused(amv("server", "backup", file, *here), 2, "exists", "--force")
    assert amv("server", "backup", file, "--force", *here).code == 0


def test_a_backup_comes_back_and_serves(amv: Run, file: str, finished: Generation) -> None:
    done = amv("server", "restore", file)
    assert done.code == 0
    assert "master key\trestored" in done.out
    refused(amv("server", "restore", file), 2, "rows already", "--replace")
    assert amv("server", "restore", file, "--replace", "--quiet").err == ""
    found = amv("tracks", "list", "--json")
    assert finished.tracks[0].id in [track["id"] for track in found.data["data"]]


def test_a_server_that_runs_is_not_restored_over(amv: Run, here: list[str], file: str) -> None:
    for words in (
        ["restore", file, "--replace"],
        ["migrate", "--to", "postgresql://127.0.0.1:1/x"],
        ["schema", "--to", "0001", "--yes"],
    ):
        refused(amv("server", *words, *here), 2, "is held by the server at")


@pytest.mark.parametrize(
    ("content", "reason"), [(b"", "it is empty"), (b"RIFF" * 999, "it is no backup of aimusicverse")]
)
def test_a_file_that_is_no_backup(amv: Run, content: bytes, reason: str) -> None:
    Path("b.tar").write_bytes(content)
    refused(amv("server", "restore", "b.tar"), 2, f"the backup cannot be used: {reason}.")
    done = amv("server", "restore", "b.tar", "--json")
    assert (done.out, done.error["code"]) == ("", "backup_invalid")


def test_a_cut_backup(amv: Run, file: str) -> None:
    whole = Path(file).read_bytes()
    Path("cut.tar").write_bytes(whole[: len(whole) // 2])
    refused(amv("server", "restore", "cut.tar"), 2, "it is cut short")


def test_a_file_that_is_not_there(amv: Run) -> None:
    refused(amv("server", "restore", "none.tar"), 1, "none.tar: No such file")


def test_a_place_without_a_database(amv: Run, tmp_path: Path) -> None:
    for words in (["backup", "b.tar"], ["schema"], ["schema", "--to", "0001"], ["migrate", "--to", "sqlite"]):
        assert amv("server", *words).code in (1, 2)
    refused(amv("server", "backup", "b.tar"), 1, "there is no database", "AMV_DATA_DIR")
    assert not Path("b.tar").exists()
    assert not (tmp_path / "data").exists() or not (tmp_path / "data" / "amv.db").exists()


def test_to_postgresql_and_back_without_a_word_of_the_password(
    amv: Run, file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert amv("server", "restore", file).code == 0
    with postgres_database() as url:
        secret = url.get_secret_value().replace("@", ":hunter2@")
        done = amv("server", "migrate", "--to", secret)
        assert done.code == 0
        assert "AMV_DATABASE_URL" in done.err
        counts = dict(line.split("\t") for line in done.out.splitlines())
        again = amv("server", "migrate", "--to", secret, "--json")
        assert (again.code, again.error["code"]) == (2, "database_not_empty")
        (tmp_path / "data" / "amv.db").unlink()
        monkeypatch.setenv("AMV_DATABASE_URL", secret)
        monkeypatch.setenv("AMV_MIGRATE_TO", "sqlite")
        back = amv("server", "migrate", "--json")
        assert {name: str(count) for name, count in back.data["rows"].items()} == counts
        shown = amv("server", "schema")
        assert f"schema\t{schema.HEAD}" in shown.out
    monkeypatch.setenv("AMV_DATABASE_URL", f"{secret}_gone")
    refused(gone := amv("server", "backup", "c.tar"), 1, "cannot be reached")
    for said in (done, again, back, shown, gone):
        assert "hunter2" not in said.out + said.err


@pytest.mark.parametrize("to", [[], ["--to", "mysql://u:hunter2@h/d"], ["--to", "other.db"]])
def test_a_database_that_cannot_be_one(amv: Run, to: list[str]) -> None:
    done = amv("server", "migrate", *to)
    refused(done, 2, "must be sqlite, or begin with postgresql://")
    assert "hunter2" not in done.err


def test_the_schema_goes_down_only_when_that_was_said(amv: Run, file: str) -> None:
    amv("server", "restore", file)
    assert amv("server", "schema", "--json").data["schema"] == schema.HEAD
    refused(amv("server", "schema", "--to", "0001"), 2, "--yes")
    assert amv("server", "schema", "--to", "0001", "--yes", "--json").data["schema"] == "0001"
    assert amv("server", "schema", "--to", "head", "--json").data["schema"] == schema.HEAD
    refused(amv("server", "schema", "--to", "base", "--yes"), 2, "there is no schema 'base'", "0001")


def test_a_disk_that_fills_up_keeps_the_old_file_and_no_part_of_the_new(
    amv: Run, here: list[str], tmp_path: Path
) -> None:
    mounted = _mounted(tmp_path / "small", "size=64k")
    disk = next(mounted)
    old = disk / "b.tar"
    old.write_bytes(b"old")
    refused(amv("server", "backup", str(old), "--force", *here), 1, "No space left on device")
    assert [file.name for file in disk.iterdir()] == ["b.tar"]
    assert old.read_bytes() == b"old"
    assert next(mounted, None) is None


def test_a_disk_that_fills_up_is_not_restored_to(amv: Run, file: str, tmp_path: Path) -> None:
    mounted = _mounted(tmp_path / "small", "size=200k")
    disk = next(mounted)
    done = amv("server", "restore", file, "--data-dir", str(disk / "data"))
    refused(done, 1)
    assert "No space left" in done.err or "no room left" in done.err
    assert not (disk / "data" / "amv.db").exists()
    assert next(mounted, None) is None


def test_on_a_terminal_going_down_is_asked(amv: Run, file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    amv("server", "restore", file)
    for answer, code, now in (("n\n", 1, schema.HEAD), ("y\n", 0, "0001")):
        monkeypatch.setattr("sys.stdin.isatty", lambda: True)
        monkeypatch.setattr("sys.stdin.readline", lambda answer=answer: answer)
        monkeypatch.setattr("aimusicverse.cli.output.Output.with_person", True)
        assert amv("server", "schema", "--to", "0001").code == code
        monkeypatch.undo()
        monkeypatch.setenv("AMV_DATA_DIR", str(Path(file).parent / "data"))
        assert amv("server", "schema", "--json").data["schema"] == now


def test_a_backup_that_is_interrupted_leaves_nothing(here: list[str], tmp_path: Path) -> None:
    code = (
        "import os, signal, sys; from aimusicverse.server.backup import contents\n"
        "contents.pieces = lambda *_: os.kill(os.getpid(), signal.SIGTERM)\n"
        "from aimusicverse.cli.app import main; sys.exit(main(sys.argv[1:]))"
    )
    (tmp_path / "out").mkdir()
    name = str(tmp_path / "out" / "b.tar")
    words = [sys.executable, "-c", code, "server", "backup", name, "--json", *here]
    done = subprocess.run(words, capture_output=True, timeout=60)
    assert done.returncode == 143, done.stderr
    assert json.loads(done.stderr)["code"] == "terminated"
    assert list((tmp_path / "out").iterdir()) == []
