"""Write the sync twins (`_sync/`) of what is written by hand in `_async/`.

python scripts/unasync.py            writes them
python scripts/unasync.py --check    fails when one is stale, or when a substitution is never used
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("aimusicverse/transport", "aimusicverse/resources")
HEADER = "# Generated from {source} by scripts/unasync.py: edit there.\n"

#: The one table: what is async, and what it is in the other world. In this order.
SUBSTITUTIONS: tuple[tuple[str, str], ...] = (
    (r"    def __await__\(self\)(?:.*\n)+?\n", ""),
    (
        r"`await` gives the first page, `async for` all of them",
        "`.page()` gives the first page, `for` all items",
    ),
    (r"\.aiter_bytes\b", ".iter_bytes"),
    (r"\bhandle_async_request\b", "handle_request"),
    (r"\baclose\b", "close"),
    (r"\basync_sleep\b", "sleep"),
    (r"\bseam_async\b", "seam_sync"),
    (r"\b_async\b", "_sync"),
    (r"\bAwaitable\[(\w+)\]", r"\1"),
    (r"\bAwaitable, ", ""),
    (r"\basync (def|for|with)\b", r"\1"),
    (r"\bawait ", ""),
    (r"__aiter__", "__iter__"),
    (r"\bAsync([A-Z])", r"\1"),
)


def to_sync(text: str, used: set[str]) -> str:
    """`text` in the other world; the patterns that matched are added to `used`."""
    for pattern, replacement in SUBSTITUTIONS:
        text, count = re.subn(pattern, replacement, text)
        if count:
            used.add(pattern)
    return text


def formatted(text: str) -> str:
    """`text` with its imports in order, as ruff would leave it."""
    for arguments in (
        ["check", "--fix", "--quiet", "--select", "I,F401", "--config", str(ROOT / "pyproject.toml")],
        ["format", "--quiet", "--config", str(ROOT / "pyproject.toml")],
    ):
        command = [sys.executable, "-m", "ruff", *arguments, "--stdin-filename", "twin.py", "-"]
        text = subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout
    return text


def twins(used: set[str]) -> dict[Path, str]:
    """What each file of each `_sync/` should contain."""
    wanted: dict[Path, str] = {}
    for room in ROOMS:
        for source in sorted((ROOT / room / "_async").glob("*.py")):
            target = ROOT / room / "_sync" / source.name
            header = HEADER.format(source=source.relative_to(ROOT).as_posix())
            wanted[target] = header + formatted(to_sync(source.read_text(encoding="utf-8"), used))
    return wanted


def main(arguments: list[str]) -> int:
    """Exit code 0, or 1 with one line per complaint."""
    used: set[str] = set()
    wanted = twins(used)
    complaints = [f"never used: {pattern}" for pattern, _ in SUBSTITUTIONS if pattern not in used]
    existing = {path for room in ROOMS for path in (ROOT / room / "_sync").glob("*.py")}
    stale = [path for path, text in wanted.items() if path not in existing or path.read_text("utf-8") != text]
    orphans = sorted(existing - wanted.keys())
    if "--check" in arguments:
        complaints += [f"stale: {path.relative_to(ROOT)}" for path in stale]
        complaints += [f"no source: {path.relative_to(ROOT)}" for path in orphans]
    else:
        for path in stale:
            path.parent.mkdir(exist_ok=True)
            path.write_text(wanted[path], encoding="utf-8")
        for path in orphans:
            path.unlink()
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
