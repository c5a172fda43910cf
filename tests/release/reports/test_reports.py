"""Reports say the same to people and programs: every finding, where it stands, what passes and what to do."""

from __future__ import annotations

import io
import json
import re
from datetime import UTC, datetime
from typing import Any

import junitparser
import pytest

from aimusicverse.release.reports import junit, sarif, text
from aimusicverse.release.reports.told import told
from aimusicverse.release.rules.table import BY_ID, RULES
from aimusicverse.release.targets import DISTRIBUTORS, STORES
from aimusicverse.release.toml_file import TomlFile
from aimusicverse.types.release import Release
from aimusicverse.types.validation import ValidationReport
from tests.release.reports.made import made
from tests.release.sound_releases import LEFT_OUT

BAD = {"tracks[0].isrc": "USA1224123456", "upc": "036000291453", "artists[0].spotify_id": "maren"}
EVIL = {
    "title": "\x1b[2J<b>&\ud7ff\u202e]]>\ufffe",
    "tracks[0].isrc": "]]>\x00\x07<&\ufffe",
    "upc": "\u202e\n1",
}


def as_text(report: ValidationReport, file: TomlFile[Release]) -> str:
    told_lines = text.lines(report, file.value, file="release.toml", line_of=file.line)
    return "\n".join(line.text for line in told_lines)


def test_the_same_finding_at_several_places_is_told_once_with_their_names() -> None:
    report, _ = made(BAD)
    found = {one.finding.rule: one.names for one in told(report)}
    assert found == {
        "ID-ISRC-FMT": "Spotify, Apple Music, DistroKid",
        "ID-GTIN": "Spotify, Apple Music, DistroKid",
        "ID-SPOTIFY-ARTIST": "Spotify",
    }


def test_what_blocks_comes_first() -> None:
    severities = [one.finding.severity for one in told(made(BAD)[0])]
    assert severities == ["error", "error", "warning"]


def test_the_text_has_the_line_the_value_what_passes_what_to_do_and_who_says_so() -> None:
    report, file = made(BAD)
    shown = as_text(report, file)
    line = file.line("tracks[0].isrc")
    assert file.text.split("\n")[line - 1] == 'isrc = "USA1224123456"'
    block = shown[shown.index(f"release.toml:{line}  tracks[0].isrc  [ID-ISRC-FMT]") :].split("\n\n")[0]
    for part in (
        "ISRC 'USA1224123456' of track 1 is malformed.",
        "found:    USA1224123456",
        "passes:   2 letters, 3 letters or digits",
        "fix:      Copy it again",
        "example:  USSKG1912345",
        "at:       Spotify, Apple Music, DistroKid",
        "source:   ISRC Handbook",
        "2026-11-22",
        "more:     amv release rules ID-ISRC-FMT",
    ):
        assert part in block
    assert shown.index("findings block") < shown.index("should be looked at")
    assert "Blocked: Spotify, Apple Music, DistroKid." in shown


def test_a_sound_release_is_told_to_be_one() -> None:
    report, file = made({})
    shown = as_text(report, file)
    assert "Nothing blocks: Spotify, Apple Music, DistroKid." in shown
    assert "[" not in shown


def test_lines_of_words_are_short_and_a_long_value_is_cut() -> None:
    report, file = made({"tracks[0].isrc": "x" * 5_000})
    shown = as_text(report, file)
    found = next(line for line in shown.split("\n") if "found:" in line)
    assert len(found) < 260
    assert found.endswith("(5000 characters)")


#: The parts of the SARIF 2.1.0 schema that our log has: for each object what must be there, and what may.
_SHAPE: dict[str, tuple[set[str], set[str]]] = {
    "log": ({"version", "runs"}, {"$schema"}),
    "run": ({"tool"}, {"results", "invocations", "columnKind", "properties"}),
    "driver": ({"name"}, {"version", "semanticVersion", "rules"}),
    "rule": ({"id"}, {"shortDescription", "fullDescription", "help", "properties"}),
    "result": (
        {"message"},
        {"ruleId", "ruleIndex", "level", "locations", "partialFingerprints", "properties"},
    ),
    "location": (set(), {"physicalLocation", "logicalLocations"}),
    "physical": (set(), {"artifactLocation", "region"}),
}


def shaped(kind: str, value: dict[str, Any]) -> dict[str, Any]:
    must, may = _SHAPE[kind]
    assert must <= set(value) <= must | may, kind
    return value


@pytest.mark.parametrize("changes", [BAD, {}, EVIL, {"upc": LEFT_OUT}], ids=["bad", "sound", "evil", "none"])
def test_sarif_has_the_shape_of_its_schema(changes: dict[str, object]) -> None:
    report, file = made(changes)
    log = json.loads(json.dumps(sarif.document(report, file="my music/release.toml", line_of=file.line)))
    shaped("log", log)
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    shaped("run", run)
    driver = shaped("driver", run["tool"]["driver"])
    assert re.fullmatch(r"\d+\.\d+\.\d+.*", driver["semanticVersion"])
    assert run["invocations"] == [{"executionSuccessful": True}]
    ids = [shaped("rule", rule)["id"] for rule in driver["rules"]]
    assert len(ids) == len(set(ids))
    for rule in driver["rules"]:
        for name in ("shortDescription", "fullDescription", "help"):
            assert rule[name]["text"]
            assert "{" not in rule[name]["text"]
    assert len(run["results"]) == len(told(report))
    for result in run["results"]:
        shaped("result", result)
        assert ids[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in ("none", "note", "warning", "error")
        assert result["message"]["text"]
        (location,) = result["locations"]
        physical = shaped("physical", shaped("location", location)["physicalLocation"])
        assert physical["artifactLocation"]["uri"] == "my%20music/release.toml"
        assert 1 <= physical["region"]["startLine"] <= file.text.count("\n") + 1
        assert all(isinstance(value, str) for value in result["partialFingerprints"].values())


def test_sarif_points_at_the_line_of_the_key() -> None:
    report, file = made(BAD)
    log = sarif.document(report, file="release.toml", line_of=file.line)
    lines = {
        result["ruleId"]: result["locations"][0]["physicalLocation"]["region"]["startLine"]
        for result in log["runs"][0]["results"]
    }
    keys = {rule: file.text.split("\n")[line - 1].split(" = ")[0] for rule, line in lines.items()}
    assert keys == {"ID-ISRC-FMT": "isrc", "ID-GTIN": "upc", "ID-SPOTIFY-ARTIST": "spotify_id"}


@pytest.mark.parametrize("changes", [BAD, {}, EVIL], ids=["bad", "sound", "evil"])
def test_junit_has_a_suite_for_each_target_and_a_case_for_each_rule_that_concerns_it(
    changes: dict[str, object],
) -> None:
    report, file = made(changes)
    content = junit.document(
        report, file="release.toml", line_of=file.line, began=datetime(2026, 11, 26, tzinfo=UTC)
    )
    suites = junitparser.JUnitXml.fromfile(io.BytesIO(content))
    assert [suite.name for suite in suites] == [
        "Spotify by DistroKid",
        "Apple Music by DistroKid",
        "DistroKid",
    ]
    for suite, target in zip(suites, report.targets, strict=True):
        known = STORES.get(target.target)
        scopes = known.by_distributor if known else DISTRIBUTORS[target.target].scopes
        expected = [rule.id for rule in RULES if not scopes.isdisjoint(rule.scopes)]
        assert [case.name for case in suite] == expected
        failed = {case.name for case in suite if not case.is_passed}
        assert failed == {finding.rule for finding in target.findings if finding.blocking}
        assert (suite.tests, suite.failures, suite.errors) == (len(expected), len(failed), 0)
    assert suites.failures == sum(suite.failures for suite in suites)


def test_junit_tells_warnings_without_failing() -> None:
    report, file = made({"artists[0].spotify_id": "maren"})
    content = junit.document(report, file="r.toml", line_of=file.line, began=datetime.now(UTC)).decode()
    assert 'failures="0"' in content
    assert "warning: artists[0].spotify_id: Spotify artist id" in content


def test_every_report_names_every_rule_that_found_something() -> None:
    report, file = made(BAD)
    rules = {finding.rule for target in report.targets for finding in target.findings}
    assert rules <= set(BY_ID)
    shown = as_text(report, file)
    log = json.dumps(sarif.document(report, file="r.toml", line_of=file.line))
    xml = junit.document(report, file="r.toml", line_of=file.line, began=datetime.now(UTC)).decode()
    for rule in rules:
        assert rule in shown
        assert rule in log
        assert rule in xml


def test_sarif_names_a_file_of_this_machine_by_its_address() -> None:
    report, file = made(BAD)
    log = sarif.document(report, file="/my music/release.toml", line_of=file.line)
    place = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "file:///my%20music/release.toml"
