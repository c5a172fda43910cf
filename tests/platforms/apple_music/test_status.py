"""What Transporter prints of a release is read whatever it is."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimusicverse.platforms.apple_music.status import read_status
from aimusicverse.platforms.base import DeliveryError

_WORDS = st.sampled_from(["Imported", "Upload Failed", "Import Error", "N/A", "US,DE", "", "<&>", "１２"])


@given(st.binary())
def test_any_bytes_are_no_status_or_a_clear_error(content: bytes) -> None:
    for wrapped in (content, b"<itunes_transporter>" + content + b"</itunes_transporter>"):
        with contextlib.suppress(DeliveryError):
            assert read_status(wrapped, "1") is None


@given(_WORDS, _WORDS, _WORDS, _WORDS)
def test_any_words_in_it_are_a_standing(upload: str, on: str, ready: str, plays: str) -> None:
    attribute = {"<": "&lt;", "&": "&amp;", ">": "&gt;"}

    def quoted(text: str) -> str:
        return '"' + "".join(attribute.get(letter, letter) for letter in text) + '"'

    status = read_status(
        f'<itunes_transporter><upload_status vendor_identifier="1"><content_status_info>'
        f"<store_status on_store={quoted(on)} ready_for_store={quoted(ready)}/></content_status_info>"
        f"<upload_status_info status={quoted(upload)}/><plays count={quoted(plays)}/>"
        f"</upload_status></itunes_transporter>".encode(),
        "1",
    )
    assert status is not None
    assert status.found in ("at_work", "ready", "live", "failed")
    assert status.plays is None


@pytest.mark.parametrize(
    "content",
    [
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><itunes_transporter>&a;</itunes_transporter>',
        b"<itunes_transporter>" + b"<a>" * 100_000 + b"</itunes_transporter>",
        b"<itunes_transporter>" + b"x" * 2_000_000 + b"</itunes_transporter>",
        b"no XML at all",
    ],
)
def test_attacks_are_not_understood(content: bytes) -> None:
    with pytest.raises(DeliveryError) as failed:
        read_status(content, "1")
    assert failed.value.problem.code == "store_incomprehensible"
