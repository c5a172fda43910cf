"""How long the tests take on both databases, against SQLite alone.

python -m benchmarks.suite_on_both                        the whole suite, twice: it takes a while
python -m benchmarks.suite_on_both -n 0 tests/server      with other arguments for pytest; -n 2 by default

Exit 1 when it takes more than 1.6 times as long, or when a test fails.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.table import Row, as_table

BAR = 1.6
#: Nothing listens there, so the tests on PostgreSQL are left out (tests/conftest.py).
_NOWHERE = "postgresql://postgres@127.0.0.1:1/none"
#: pytest's own: there were no tests to run.
_NO_TESTS = 5


def seconds(arguments: Sequence[str], **environment: str) -> float:
    """What a run of pytest takes.

    Raises:
        RuntimeError: it did not pass, so its time says nothing; with its last lines.
    """
    kept = {name: value for name, value in os.environ.items() if name != "CI" and "COV" not in name}
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *arguments],
        env=kept | environment,
        cwd=Path(__file__).resolve().parent.parent,
        capture_output=True,
        text=True,
    )
    taken = time.perf_counter() - began
    if done.returncode:
        why = "there was nothing to run" if done.returncode == _NO_TESTS else "it did not pass"
        raise RuntimeError(f"{why}:\n" + "\n".join(done.stdout.splitlines()[-15:]) + done.stderr)
    print(f"{taken:.1f} s: {done.stdout.strip().splitlines()[-1]}", file=sys.stderr, flush=True)
    return taken


def main(arguments: Sequence[str]) -> int:
    """Measure, and print the table."""
    chosen = list(arguments) or ["-n", "2"]
    try:
        alone = seconds(chosen, AMV_TEST_POSTGRES=_NOWHERE)
        both = seconds(chosen)
    except RuntimeError as error:
        print(error, file=sys.stderr)
        return 1
    note = f"{both:.0f} s against {alone:.0f} s"
    row = Row("tests on both databases, × those on SQLite alone", both / alone, BAR, note=note)
    print(as_table([row]))
    return 0 if row.passed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
