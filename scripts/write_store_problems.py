"""Write the page of what can go wrong with stores, from the tables of its codes.

python scripts/write_store_problems.py            write
python scripts/write_store_problems.py --check    exit 1 if the page is stale
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from aimusicverse.platforms.base import ProblemClass
from aimusicverse.platforms.store_code import StoreCode
from aimusicverse.platforms.store_problems import codes

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/store-problems.md"

#: What is done about each kind, in its order.
KINDS: Final[dict[ProblemClass, tuple[str, str]]] = {
    "metadata": (
        "The release has to be changed",
        "`failed`, until you edit and retry.",
    ),
    "policy": ("The store does not want it", "`rejected`. It is not tried again by itself."),
    "auth": ("The account", "`action_required`, after a token was refreshed once."),
    "setup": ("Somebody has to do something first", "`action_required`."),
    "quota": ("An allowance is used up", "It goes on by itself at `next_attempt_at`."),
    "transient": (
        "It passes",
        "It is tried again by itself after 1, 4, 15, 60, 240 and 900 seconds, or as the store asks; then it "
        "is `failed`, and can be retried.",
    ),
    "unknown_outcome": (
        "Nobody knows whether it was taken",
        "The store is looked at before anything is sent again. Where it cannot be: `action_required`.",
    ),
}


def page() -> str:
    """All codes, by what is done about them."""
    parts = []
    for kind, (title, what) in KINDS.items():
        these = [code for code in codes().values() if code.kind == kind]
        parts += [f"## {title}\n\n{what}\n", *map(one, these)]
    return f"""# What can go wrong with stores

A delivery that does not get on has a `problem` with one of these codes, or with that of a
[release rule](rules/index.md). Branch on the code, not on the text. `amv distributions get` shows it with
what to do.

{chr(10).join(parts)}"""


def one(code: StoreCode) -> str:
    """A code."""
    return f"### {code.code} {{#{code.code}}}\n\n**{code.title}.** {code.advice}\n"


def main(arguments: list[str]) -> int:
    """Write, or check."""
    wanted = page()
    if PAGE.exists() and PAGE.read_text("utf-8") == wanted:
        return 0
    if "--check" in arguments:
        print(f"stale: {PAGE.relative_to(ROOT)}; run python scripts/write_store_problems.py", file=sys.stderr)
        return 1
    PAGE.write_text(wanted, "utf-8")
    print(PAGE.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
