"""Events that are made up, to try out who receives them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimusicverse import LocalServer
from aimusicverse.cli.errors import UsageProblem
from aimusicverse.cli.webhooks import assignments
from tests.cli.conftest import Run


@pytest.mark.usefixtures("at_server")
def test_a_sample_is_made_with_the_fields_that_were_set(amv: Run) -> None:
    words = [
        "data.status=failed",
        "data.tempo_bpm=80",
        "data.audio.lufs=-9.5",
        'data.tags=["a"]',
        "data.key=A minor",
    ]
    event = amv(
        "webhooks", "trigger", "track.created", *(w for one in words for w in ("--set", one)), "--json"
    ).data
    assert (event["type"], event["test"]) == ("track.created", True)
    data = event["data"]
    assert (data["status"], data["tempo_bpm"], data["tags"], data["key"]) == ("failed", 80, ["a"], "A minor")
    assert data["audio"]["lufs"] == -9.5
    assert data["audio"]["sample_rate"] == 44100  # the rest is as in the sample
    assert amv("events", "get", event["id"]).data == event


@pytest.mark.usefixtures("at_server")
def test_a_type_that_there_is_not_is_told_with_those_that_there_are(amv: Run) -> None:
    done = amv("webhooks", "trigger", "track.made")
    assert done.code == 2
    assert "there are no events 'track.made'; there are: generation.started, " in done.err


def test_a_live_key_is_told_what_to_do(amv: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with LocalServer(tmp_path / "data"):
        done = amv("webhooks", "trigger", "track.created", "--json")
        assert (done.code, done.error["code"]) == (3, "test_key_needed")
        line = done.error["hint"].partition("(amv ")[2].partition(")")[0]
        monkeypatch.setenv("AMV_API_KEY", amv(*line.split(), "--json").data["key"])
        event = amv("webhooks", "trigger", "track.created", "--json").data
        monkeypatch.delenv("AMV_API_KEY")
        assert amv("events", "get", event["id"]).data["test"] is True  # the same log


def test_without_a_server_none_is_started_just_for_a_sample(amv: Run, tmp_path: Path) -> None:
    done = amv("webhooks", "trigger", "track.created", "--json")
    assert (done.code, done.error["code"]) == (6, "no_server")
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    "text", ["status=failed", "data=3", "data.=3", "data..a=3", "data.a", "", "data.tracks.0.title=x"]
)
def test_a_path_that_cannot_be_one_is_refused(text: str) -> None:
    with pytest.raises(UsageProblem, match="--set"):
        assignments.read([text])


@pytest.mark.parametrize(
    "texts", [["data.a=1", "data.a=2"], ["data.a=1", "data.a.b=2"], ["data.a.b=2", "data.a=1"]]
)
def test_two_that_contradict_each_other_are_refused(texts: list[str]) -> None:
    with pytest.raises(UsageProblem, match="set twice"):
        assignments.read(texts)


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@given(value=_json, text=st.text())
def test_what_is_json_is_json_and_the_rest_is_text(value: Any, text: str) -> None:
    assert assignments.read([f"data.a.b={json.dumps(value)}"]) == {"a": {"b": value}}
    [found] = assignments.read([f"data.a={text}"]).values()
    try:
        assert found == json.loads(text, parse_constant=lambda constant: constant)
    except ValueError:
        assert found == text
