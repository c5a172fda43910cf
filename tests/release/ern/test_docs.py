"""The page about packages lists every check there is."""

from __future__ import annotations

import re
from pathlib import Path

from aimusicverse.release.ern.fault import CHECKS


def test_the_page_lists_every_check() -> None:
    page = (Path(__file__).parents[3] / "docs" / "packages.md").read_text("utf-8")
    assert re.findall(r"^\| `(DX-[A-Z0-9]+)` \|", page, re.MULTILINE) == list(CHECKS)
