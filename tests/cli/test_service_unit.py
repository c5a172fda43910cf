"""A unit of systemd that runs the server: what it says is what systemd understands."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from aimusicverse.cli import service_unit
from tests.cli.conftest import Run


@pytest.fixture(autouse=True)
def _own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def test_it_is_printed_with_the_options_and_says_what_to_do(amv: Run, tmp_path: Path) -> None:
    done = amv("serve", "--service", "--port", "9000", "--data-dir", str(tmp_path / "a b"), "--no-jobs")
    assert done.code == 0
    (command,) = [line for line in done.out.splitlines() if line.startswith("ExecStart=")]
    assert command.endswith(f' serve --port 9000 --data-dir "{tmp_path / "a b"}" --no-jobs')
    assert "loginctl enable-linger" in done.err
    assert not service_unit.place().exists()


def test_it_is_written_where_systemd_looks_and_again_over_itself(amv: Run, tmp_path: Path) -> None:
    assert amv("serve", "--service", "--write").code == 0
    done = amv("serve", "--service", "--write", "--port", "9001")
    place = tmp_path / "config/systemd/user/aimusicverse.service"
    assert (done.code, done.out.strip()) == (0, str(place))
    assert "--port 9001" in place.read_text()
    assert "daemon-reload" in done.err


def test_somebody_elses_unit_is_left_alone(amv: Run) -> None:
    place = service_unit.place()
    place.parent.mkdir(parents=True)
    place.write_text("[Unit]\n")
    done = amv("serve", "--service", "--write")
    assert done.code == 2
    assert "was not written by" in done.err
    assert place.read_text() == "[Unit]\n"


def test_write_goes_with_service(amv: Run) -> None:
    assert amv("serve", "--write").code == 2


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd-analyze")
def test_systemd_understands_it(tmp_path: Path) -> None:
    odd = tmp_path / 'a "b" 100% $HOME \\ c'
    unit = tmp_path / service_unit.NAME
    unit.write_text(service_unit.unit(["--data-dir", str(odd), "--port", "9000"]))
    judged = subprocess.run(
        ["systemd-analyze", "verify", "--user", "--man=no", str(unit)], capture_output=True, text=True
    )
    ours = [line for line in judged.stderr.splitlines() if service_unit.NAME in line]
    assert not ours, judged.stderr
