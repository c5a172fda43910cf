from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts" / "unasync.py"


@pytest.fixture
def unasync():
    spec = importlib.util.spec_from_file_location("unasync", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_sync_twins_are_what_the_script_makes_of_the_async_ones():
    done = subprocess.run([sys.executable, str(SCRIPT), "--check"], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_nothing_asynchronous_is_left_in_the_twins():
    for path in ROOT.glob("aimusicverse/*/_sync/*.py"):
        code = path.read_text()
        for word in ("await ", "async ", "Awaitable", "Async", "anext", "aclose"):
            assert word not in code, (path, word)


def test_check_names_stale_and_orphaned_files_and_unused_substitutions(
    unasync, tmp_path, monkeypatch, capsys
):
    room = tmp_path / "room"
    (room / "_async").mkdir(parents=True)
    (room / "_sync").mkdir()
    (room / "_async" / "a.py").write_text("async def f() -> None:\n    await g()\n")
    (room / "_sync" / "orphan.py").write_text("")
    (tmp_path / "pyproject.toml").write_text("")
    monkeypatch.setattr(unasync, "ROOT", tmp_path)
    monkeypatch.setattr(unasync, "ROOMS", ("room",))
    table = ((r"\basync (def)\b", r"\1"), (r"\bawait ", ""), ("nowhere", ""))
    monkeypatch.setattr(unasync, "SUBSTITUTIONS", table)
    assert unasync.main(["--check"]) == 1
    said = capsys.readouterr().err
    assert said.splitlines() == [
        "never used: nowhere",
        "stale: room/_sync/a.py",
        "no source: room/_sync/orphan.py",
    ]
    monkeypatch.setattr(unasync, "SUBSTITUTIONS", table[:2])
    assert unasync.main([]) == 0
    assert (room / "_sync" / "a.py").read_text().endswith("def f() -> None:\n    g()\n")
    assert not (room / "_sync" / "orphan.py").exists()
    assert unasync.main(["--check"]) == 0
