"""`amv --help`, against the smallest program that Typer makes."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.processes import AMV, PYTHON, interleaved, median_cpu
from benchmarks.table import Row

ROUNDS = 15
#: How much more than the smallest app our help may cost.
BAR = 1.5

SMALLEST = '''
import typer

app = typer.Typer(rich_markup_mode=None)

@app.command()
def hello(name: str = "you") -> None:
    """Say hello."""
    print(name)

app()
'''


def measure() -> list[Row]:
    """Medians of CPU time of interleaved fresh processes."""
    with tempfile.TemporaryDirectory() as folder:
        smallest = Path(folder) / "smallest.py"
        smallest.write_text(SMALLEST)
        taken = interleaved(
            {
                "peer": [*PYTHON, str(smallest), "--help"],
                "help": [*AMV, "--help"],
                "leaf": [*AMV, "generate", "--help"],
                "version": [*AMV, "--version"],
            },
            rounds=ROUNDS,
        )
    cpu = {name: median_cpu(usages) for name, usages in taken.items()}
    peer = ("smallest Typer app --help", cpu["peer"])
    return [
        Row("amv --help, CPU ms", cpu["help"], BAR * cpu["peer"], peer),
        Row("amv generate --help, CPU ms", cpu["leaf"], BAR * cpu["peer"], peer),
        Row("amv --version, CPU ms", cpu["version"], None, peer),
    ]
