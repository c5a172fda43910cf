"""Sealed text: opened by the same key for the same purpose only."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimusicverse.server.store.sealed import Sealer

MASTER = bytes(32)


@given(st.text())
def test_what_was_sealed_can_be_opened_and_shows_nothing(text: str) -> None:
    sealed = Sealer(MASTER, "answer").seal(text)
    assert Sealer(MASTER, "answer").open(sealed) == text
    assert len(text) < 4 or text not in sealed


@pytest.mark.parametrize("other", [Sealer(MASTER, "secret"), Sealer(bytes(31) + b"x", "answer")])
def test_another_key_or_purpose_opens_nothing(other: Sealer) -> None:
    assert other.open(Sealer(MASTER, "answer").seal("text")) is None


def test_the_same_text_is_sealed_differently_each_time() -> None:
    assert Sealer(MASTER, "answer").seal("a") != Sealer(MASTER, "answer").seal("a")
