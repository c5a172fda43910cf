"""What a type checker says to programs that use the package: nothing to right ones, else the mistake."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
RIGHT = HERE / "programs_that_are_right.py"
WRONG = HERE / "programs_that_are_wrong.py"


@pytest.fixture(scope="module")
def complaints() -> dict[str, dict[int, set[str]]]:
    """File → line → codes. One run for both, over the cache that `mypy` fills anyway."""
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", str(RIGHT), str(WRONG)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert not done.stderr
    found: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for line in done.stdout.splitlines():
        match = re.fullmatch(r"(.+?):(\d+): error: .*\[([\w-]+)\]", line)
        if match:
            found[Path(match[1]).name][int(match[2])].add(match[3])
    return found


@pytest.mark.long
def test_right_programs_pass(complaints):
    assert dict(complaints.get(RIGHT.name, {})) == {}


@pytest.mark.long
def test_each_mistake_is_found_at_its_line(complaints):
    expected = {
        number: set(match[1].split(", "))
        for number, line in enumerate(WRONG.read_text("utf-8").splitlines(), 1)
        if (match := re.search(r"# E: (.+)$", line))
    }
    assert dict(complaints[WRONG.name]) == expected
