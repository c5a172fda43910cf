"""Every row of the table says all that a person needs, is explained, is on its page, and can be broken."""

from __future__ import annotations

import importlib
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

import tests.release.rules as here
from aimusicverse.release.rules.rule import Group, Rule
from aimusicverse.release.rules.table import BY_ID, RULES
from aimusicverse.release.rules.words import severity, whom
from aimusicverse.release.targets import DISTRIBUTORS, STORES
from aimusicverse.release.terms import TERMS, close_to, term
from tests.release.bad_releases import Bad
from tests.release.rules.without_example import NO_EXAMPLE

ROOT = Path(__file__).parents[3]
PAGES = ROOT / "docs/rules"
#: What can be measured is no text that an example could show.
MEASURED = (Group.AUDIO, Group.ARTWORK)


def all_bad() -> list[Bad]:
    """Every bad release that is written down."""
    found: list[Bad] = []
    for module in pkgutil.iter_modules(here.__path__):
        if module.name != Path(__file__).stem:
            for value in vars(importlib.import_module(f"{here.__name__}.{module.name}")).values():
                rows = value if isinstance(value, tuple | list) else ()
                found += [row for row in rows if isinstance(row, Bad) and row not in found]
    return found


_BROKEN = {bad.rule for bad in all_bad()}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_says_what_is_wrong_what_passes_what_to_do_and_who_says_so(rule: Rule) -> None:
    for text in (rule.message, rule.passes, rule.fix, rule.source):
        assert text.strip() == text
        assert len(text) >= 5
    assert rule.message.endswith((".", "?", "!")), "a sentence"
    assert rule.fix.endswith((".", "?", "!")), "a sentence"
    assert re.fullmatch(r"[A-Z0-9]+(-[A-Z0-9]+)*", rule.id)
    assert rule.evidence
    assert whom(rule)
    assert severity(rule)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_has_an_example_or_a_reason_for_none(rule: Rule) -> None:
    only_tells = rule.severity == "info"
    assert rule.example or only_tells or rule.group in MEASURED or NO_EXAMPLE.get(rule.id)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_concerns_somebody_whom_a_release_can_go_to(rule: Rule) -> None:
    reached = frozenset[object]().union(
        *(store.direct | store.by_distributor for store in STORES.values()),
        *(one.scopes for one in DISTRIBUTORS.values()),
    )
    assert rule.scopes <= reached
    if not isinstance(rule.severity, str):
        assert set(rule.severity) >= rule.scopes


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.term], ids=lambda rule: rule.id)
def test_the_word_that_a_rule_is_about_is_explained(rule: Rule) -> None:
    assert term(str(rule.term)) is not None


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_is_on_the_page_of_its_group_under_its_id(rule: Rule) -> None:
    page = (PAGES / f"{rule.group.value}.md").read_text("utf-8")
    assert f"{{#{rule.id}}}" in page
    assert f"{rule.group.value}.md#{rule.id}" in (PAGES / "index.md").read_text("utf-8")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_has_a_bad_release_that_breaks_it(rule: Rule) -> None:
    assert rule.id in _BROKEN


def test_ids_are_there_once() -> None:
    assert len(BY_ID) == len(RULES)


def test_the_pages_are_as_the_tables_say() -> None:
    script = [sys.executable, str(ROOT / "scripts/write_rules.py"), "--check"]
    done = subprocess.run(script, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("one", TERMS.values(), ids=lambda one: one.id)
def test_a_word_is_explained_under_its_id_its_name_and_every_other_spelling(one: object) -> None:
    assert isinstance(one, type(TERMS["isrc"]))
    for spelling in (one.id, one.name, *one.also, one.id.upper()):
        assert term(spelling) == one, spelling
    assert one.question.endswith("?")
    assert one.says.endswith(".")
    assert f"{{#{one.id}}}" in (PAGES / "terms.md").read_text("utf-8")


def test_a_word_that_is_mistyped_is_guessed() -> None:
    assert close_to("isrcc")[0] == "isrc"
    assert term("nonsense") is None


@pytest.mark.parametrize("word", ["isrc", "upc", "iswc", "ipi", "isni", "grid", "dpid", "p-line", "c-line"])
def test_the_words_that_everybody_asks_for_are_there(word: str) -> None:
    assert word in TERMS


def test_what_people_hit_leads_to_rules_that_there_are() -> None:
    page = (ROOT / "docs/release-troubleshooting.md").read_text()
    links = re.findall(r"\[([A-Z][A-Z0-9-]+)\]\((rules/\w+\.md)(#[^)]*)\)", page)
    assert len(links) == len(re.findall(r"\[[A-Z][A-Z0-9-]+\]\(", page)) > 30
    for rule, file, anchor in links:
        assert anchor == f"#{rule}"
        assert f"{{#{rule}}}" in (ROOT / "docs" / file).read_text(), (rule, file)
    for rule in ("FILE-MISSING", "FILE-UNREADABLE", "FILE-UNKNOWN"):
        assert any(rule == linked for linked, _, _ in links), rule
