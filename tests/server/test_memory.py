"""How much memory there is: the machine's word, or the container's, whichever is less."""

from __future__ import annotations

from pathlib import Path

import pytest

from aimusicverse.server import memory


@pytest.fixture
def said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("_MEMINFO", "_LIMIT", "_USED"):
        monkeypatch.setattr(memory, name, tmp_path / name)
    return tmp_path


def test_where_nobody_says_it_is_not_known(said: Path) -> None:
    assert memory.free_bytes() is None


def test_the_machine_says_it(said: Path) -> None:
    (said / "_MEMINFO").write_text("MemTotal: 9 kB\nMemAvailable:    2048 kB\n")
    assert memory.free_bytes() == 2 * 2**20


def test_a_container_with_less_says_less_and_one_without_a_limit_nothing(said: Path) -> None:
    (said / "_MEMINFO").write_text("MemAvailable:    2048 kB\n")
    (said / "_LIMIT").write_text("max\n")
    (said / "_USED").write_text("100\n")
    assert memory.free_bytes() == 2 * 2**20
    (said / "_LIMIT").write_text("1000\n")
    assert memory.free_bytes() == 900
    (said / "_USED").write_text("1100\n")
    assert memory.free_bytes() == 0


def test_this_machine_has_some() -> None:
    free = memory.free_bytes()
    assert free is None or free > 0
