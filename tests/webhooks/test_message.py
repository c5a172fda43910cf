"""The bytes of a message."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aimusicverse.webhooks.message import LARGEST, body_of

AT = datetime(2026, 3, 14, 9, 26, 53, 589_793, UTC)
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
)
VALUES = st.recursive(SCALARS, lambda one: st.lists(one) | st.dictionaries(st.text(), one), max_leaves=4)
DATA = st.dictionaries(st.text(), VALUES, max_size=3)
few = settings(max_examples=30)


def told(data: dict[str, Any], *, test: bool = False) -> dict[str, Any]:
    """What a receiver reads."""
    body = body_of("evt_1", "track.updated", AT, data, test=test)
    assert len(body) <= LARGEST
    found: dict[str, Any] = json.loads(body.decode())
    return found


@few
@given(data=DATA)
def test_a_receiver_reads_what_happened(data: dict[str, Any]) -> None:
    assert told(data) == {"type": "track.updated", "timestamp": "2026-03-14T09:26:53.589Z", "data": data}


@few
@given(data=DATA, test=st.booleans())
def test_the_bytes_are_the_same_each_time_also_after_the_database_had_them(
    data: dict[str, Any], test: bool
) -> None:
    once = body_of("evt_1", "track.updated", AT, data, test=test)
    kept = json.loads(json.dumps(data))
    assert body_of("evt_1", "track.updated", AT, kept, test=test) == once


def test_what_is_only_tried_out_says_so_and_nothing_else_does() -> None:
    assert told({}, test=True)["test"] is True
    assert "test" not in told({})
    assert told({"lyrics": "x" * LARGEST}, test=True)["test"] is True


@pytest.mark.parametrize(
    "data",
    [
        pytest.param({"id": "trk_1", "lyrics": "x" * LARGEST}, id="long text"),
        pytest.param({"id": "trk_1", "lyrics": "夜" * (LARGEST // 3)}, id="long in bytes, not in characters"),
        pytest.param({"id": "trk_1", "tags": ["x"] * LARGEST}, id="a long list"),
    ],
)
def test_of_an_object_that_is_too_large_there_is_its_id_and_the_events(data: dict[str, Any]) -> None:
    assert told(data)["data"] == {"id": "trk_1", "truncated": True, "event_id": "evt_1"}


@pytest.mark.parametrize("identifier", ["x" * LARGEST, ["x"] * LARGEST, {"x": "y" * LARGEST}])
def test_an_id_that_is_itself_too_large_is_left_out(identifier: Any) -> None:
    assert told({"id": identifier})["data"] == {"id": None, "truncated": True, "event_id": "evt_1"}


def test_one_that_just_fits_is_whole() -> None:
    around = len(body_of("evt_1", "track.updated", AT, {"x": ""}))
    whole = {"x": "y" * (LARGEST - around)}
    assert told(whole)["data"] == whole
    assert told({"x": whole["x"] + "y"})["data"]["truncated"] is True
