"""A user's test that generates, waits and asserts, over the fixtures of the pytest plugin."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from statistics import median
from xml.etree import ElementTree

from benchmarks.processes import PYTHON, environment
from benchmarks.table import Row

TESTS = 12
_FILE = f"""
import pytest

@pytest.mark.parametrize("number", range({TESTS}))
def test_a_song(amv_client, number):
    done = amv_client.generate(f"lofi {{number}}", duration_seconds=10)
    assert done.tracks[0].duration_seconds == 10
    assert len(amv_client.tracks.list().page().data) == 1
"""


def measure() -> list[Row]:
    """Milliseconds of each test after the first, its fixtures included."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "test_song.py").write_text(_FILE)
        report = folder / "report.xml"
        command = [*PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}"]
        subprocess.run(
            [*command, *_plugin(), str(folder)],
            cwd=folder,
            env=environment(),
            check=True,
            capture_output=True,
        )
        cases = ElementTree.parse(report).getroot().iter("testcase")  # our own file
        taken = [float(case.attrib["time"]) * 1000 for case in cases]
    first, *others = taken
    return [
        Row(
            "a test that generates, waits, asserts, ms each after the first",
            median(others),
            150,
            note=f"the slowest {max(others):.0f} ms; the first, with the server's start, {first:.0f} ms",
        )
    ]


def _plugin() -> list[str]:
    """Nothing where the package is installed with its entry point."""
    from importlib.metadata import entry_points

    found = any(entry.name == "aimusicverse" for entry in entry_points(group="pytest11"))
    return [] if found else ["-p", "aimusicverse.testing.plugin"]
