"""Every trouble with a store is explained, once, where answers point to."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from aimusicverse.platforms.store_problems import GENERAL, RETRYABLE, codes, docs_url, general

ROOT = Path(__file__).parents[2]


def test_codes_are_written_as_codes_and_say_what_to_do() -> None:
    for code, known in codes().items():
        assert re.fullmatch(r"[a-z][a-z0-9_]{2,39}", code)
        assert known.code == code
        assert known.title
        assert not known.title.endswith(".")
        assert known.advice.endswith(".")


def test_the_page_of_the_docs_is_as_the_table_says() -> None:
    script = [sys.executable, str(ROOT / "scripts/write_store_problems.py"), "--check"]
    subprocess.run(script, check=True, cwd=ROOT, timeout=60)
    page = (ROOT / "docs/store-problems.md").read_text("utf-8")
    for code in codes():
        assert f"{{#{code}}}" in page


def test_a_problem_has_its_words_from_the_table() -> None:
    problem = general("account_missing")
    assert (problem.kind, problem.message) == ("auth", "No account with this store is connected.")
    assert "amv platforms connect" in (problem.hint or "")
    told = general("store_rejected", "The cover shows a price.", field="cover", hint="Take it off.")
    assert (told.message, told.field, told.hint) == ("The cover shows a price.", "cover", "Take it off.")
    assert docs_url(problem.code) == "/store-problems/account_missing"
    with pytest.raises(KeyError):
        general("no_such_code")


def test_what_only_a_changed_release_mends_is_not_retryable() -> None:
    assert {one.kind for one in GENERAL} - RETRYABLE == {"metadata", "policy"}
