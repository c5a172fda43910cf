"""Who signs on learns who died; who lives is left alone."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from aimusicverse.server.jobs.roll import signed_on
from tests.server.processes import ROOT

pytestmark = pytest.mark.skipif(os.name != "posix", reason="a lock says who lives, on POSIX")

SIGN_ON = """
import sys
from pathlib import Path
from aimusicverse.server.jobs.roll import signed_on
with signed_on(Path(sys.argv[1]), lambda dead: None) as name:
    print(name, flush=True)
    sys.stdin.read()
"""


def nobody(dead: Sequence[str]) -> None:
    raise AssertionError(dead)


def test_nobody_died_when_all_signed_off(tmp_path: Path) -> None:
    folder = tmp_path / "workers"
    with signed_on(folder, nobody) as one, signed_on(folder, nobody) as other:
        assert one != other
        assert {path.name for path in folder.iterdir()} == {one, other}
    assert not list(folder.iterdir())


def test_one_that_was_killed_is_named_once_and_one_that_lives_never(tmp_path: Path) -> None:
    folder, buried = tmp_path / "workers", list[str]()
    process = subprocess.Popen(
        [sys.executable, "-c", SIGN_ON, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    with process:
        assert process.stdout is not None
        name = process.stdout.readline().strip()
        with signed_on(folder, nobody):
            process.kill()
            process.wait()
            with signed_on(folder, buried.extend), signed_on(folder, nobody):
                assert buried == [name]


def test_one_that_could_not_be_dealt_with_is_named_again(tmp_path: Path) -> None:
    (tmp_path / "gone").touch()

    def fail(dead: Sequence[str]) -> None:
        raise RuntimeError(*dead)

    for _ in range(2):
        with pytest.raises(RuntimeError, match="gone"), signed_on(tmp_path, fail):
            pass
    buried: list[str] = []
    with signed_on(tmp_path, buried.extend):
        assert buried == ["gone"]
