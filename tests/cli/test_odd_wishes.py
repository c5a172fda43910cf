"""Impossible wishes at the terminal: wrong usage, in words that name the field; no traceback, no file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from aimusicverse import LocalServer
from tests.cli.conftest import Run

PLAN: dict[str, Any] = {
    "genre": "pop", "tempo_bpm": 120, "key": "C major", "duration_seconds": 6, "instruments": ["piano"],
    "sections": [{"name": "a", "bars": 2, "energy": 0.5}], "seed": 1,
}  # fmt: skip


@pytest.fixture(scope="module")
def studio() -> Iterator[LocalServer]:
    with LocalServer() as server:
        yield server


@pytest.fixture(autouse=True)
def at_the_studio(studio: LocalServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """`amv` talks to a server whose engine is the studio."""
    monkeypatch.setenv("AMV_BASE_URL", studio.url)
    monkeypatch.setenv("AMV_API_KEY", studio.api_key)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"tempo_bpm": float("nan")}, "tempo_bpm"),
        ({"sections": [{"name": "a", "bars": -4}]}, "bars"),
        ({"sections": [{"name": "a", "bars": 256}] * 64}, "16384 bars"),
        ({"instruments": ["kazoo"]}, "kazoo"),
        ({"genre": "polka"}, "polka"),
        ({"engine": "moog"}, "not an engine of this server"),
        ({"time_signature": "7/8"}, "7/8"),
    ],
)
def test_an_impossible_plan_is_wrong_usage_and_says_why(
    amv: Run, changes: dict[str, Any], words: str
) -> None:
    Path("plan.json").write_text(json.dumps({**PLAN, **changes}))
    done = amv("generate", "x", "--plan", "plan.json", "-o", "song.wav")
    assert done.code == 2, done.err
    assert words in done.err
    assert "Traceback" not in done.err
    assert [path.name for path in Path().iterdir()] == ["plan.json"]


@pytest.mark.parametrize(
    "words",
    [
        ["--tempo", "nan"], ["--tempo", "39"], ["--tempo", "1e308"], ["--tempo", "fast"], ["-d", "4"],
        ["-d", "601"], ["-d", "inf"], ["--key", "H minor"], ["--key", ""], ["--seed", "-1"],
        ["--seed", "9" * 400],
    ],
    ids=" ".join,
)  # fmt: skip
def test_an_impossible_option_is_wrong_usage(amv: Run, words: list[str]) -> None:
    done = amv("generate", "x", "--plan-only", *words)
    assert (done.code, done.out) == (2, "")
    assert done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize("prompt", ["", " ", "a\x07", "x" * 501])
def test_a_prompt_that_is_none_is_wrong_usage(amv: Run, prompt: str) -> None:
    done = amv("generate", prompt, "--plan-only")
    assert done.code == 2
    assert "PROMPT" in done.err


def test_a_contradiction_is_a_warning_with_the_plan(amv: Run) -> None:
    done = amv("generate", "60 bpm, 180 bpm, 🎵, \u202eh\u200bouse", "--plan-only", "--json")
    assert done.code == 0
    assert (done.data["tempo_bpm"], done.data["genre"]) == (60, "house")
    assert [warning["code"] for warning in done.data["warnings"]] == ["contradiction"]
