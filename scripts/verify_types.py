"""Say how much of the public interface has a declared type, as a user's pyright sees it; less than all fails.

python scripts/verify_types.py [WHEEL]      without a wheel, one is built from this checkout

An editable install will not do: pyright finds no `py.typed` in it. So the wheel is installed into a fresh
environment, with the extras whose packages its own types name. Needs npm.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
#: Pinned: what counts as declared differs between versions.
PYRIGHT = "pyright@1.1.414"
EXTRAS = "testing,aiohttp"


def run(*command: str | Path) -> None:
    """Run a program silently. Its errors are shown, and end this one."""
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)


def built(folder: Path) -> Path:
    """A wheel of this checkout."""
    run(sys.executable, "-m", "build", "--wheel", "--outdir", folder, ROOT)
    return next(folder.glob("*.whl"))


def report(wheel: Path, folder: Path) -> dict[str, Any]:
    """pyright's report on an installed wheel."""
    programs = folder / "environment/bin"
    run(sys.executable, "-m", "venv", programs.parent)
    run(programs / "python", "-m", "pip", "install", "-q", f"{wheel}[{EXTRAS}]")
    run("npm", "install", "--silent", "--no-fund", "--no-audit", "--prefix", folder, PYRIGHT)
    pyright = folder / "node_modules/.bin/pyright"
    found = subprocess.run(  # it exits 1 for less than all, and the report says why
        [pyright, "--verifytypes", "aimusicverse", "--ignoreexternal", "--outputjson"],
        stdout=subprocess.PIPE,
        cwd=folder,  # from the checkout it would read that instead
        env={**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"},
    )
    answer: dict[str, Any] = json.loads(found.stdout)
    return answer


def main() -> int:
    """The exit code."""
    if shutil.which("npm") is None:
        print("this needs npm, which fetches pyright: apt-get install npm", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wheel = Path(sys.argv[1]).resolve() if sys.argv[1:] else built(folder)
        answer = report(wheel, folder)
    for trouble in answer["generalDiagnostics"]:
        print(trouble["message"], file=sys.stderr)
    types = answer["typeCompleteness"]
    for symbol in types["symbols"]:
        if symbol["isExported"] and (symbol["isTypeAmbiguous"] or not symbol["isTypeKnown"]):
            why = "; ".join(each["message"].splitlines()[0] for each in symbol["diagnostics"])
            print(symbol["name"], why, sep=": ")
    score = types["completenessScore"]
    counts = types["exportedSymbolCounts"]
    print(f"{score:.2%} of {sum(counts.values())} public names have a declared type")
    return 0 if score == 1 else 1


if __name__ == "__main__":
    sys.exit(main())
