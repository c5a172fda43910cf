"""How far a rule goes by what it rests on: what nobody confirmed never blocks, hearsay at its publisher."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from aimusicverse.release import validation
from aimusicverse.release.rules.case import Case
from aimusicverse.release.rules.rule import Evidence, Found
from aimusicverse.release.rules.table import BY_ID
from aimusicverse.release.targets import DISTRIBUTORS, STORES, Scope
from aimusicverse.types.release import Release
from aimusicverse.types.validation import Finding
from tests.release.sound_releases import NOW, SINGLE


def _always(case: Case) -> Iterator[Found]:
    yield Found("title", "x", words={"n": 1})


def told(monkeypatch: pytest.MonkeyPatch, *evidence: Evidence) -> tuple[Finding, Finding]:
    """What an error of DistroKid's is at Spotify, and at DistroKid, by what it rests on."""
    rule = replace(
        BY_ID["ID-ISRC-FMT"],
        scopes=frozenset({Scope.ALL}),
        test=_always,
        evidence=frozenset(evidence),
        publisher=Scope.DISTROKID,
    )
    monkeypatch.setattr(validation, "RULES", (rule,))
    release = Release.model_validate(SINGLE)
    report = validation.validate(release, [STORES["spotify"]], DISTRIBUTORS["distrokid"], now=NOW)
    [store], [distributor] = (target.findings for target in report.targets)
    return store, distributor


def test_what_nobody_confirmed_never_blocks_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for finding in told(monkeypatch, Evidence.UNVERIFIED):
        assert (finding.severity, finding.blocking) == ("warning", False)
        assert finding.message.endswith("(not verified)")


def test_what_third_parties_say_blocks_at_its_publisher_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    store, distributor = told(monkeypatch, Evidence.THIRD_PARTY)
    assert (store.severity, store.blocking) == ("warning", False)
    assert store.message.endswith("(reported by third parties, not confirmed by the store)")
    assert (distributor.severity, distributor.blocking) == ("error", True)


def test_what_a_store_says_itself_blocks_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    found = told(monkeypatch, Evidence.OFFICIAL, Evidence.UNVERIFIED)
    assert [finding.blocking for finding in found] == [True, True]
