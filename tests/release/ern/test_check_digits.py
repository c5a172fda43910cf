"""Identifiers of messages, judged as python-stdnum judges them: another's code, an oracle for tests alone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from stdnum import ean, grid, isni, isrc
from stdnum.iso7064 import mod_37_36

from aimusicverse.release.ern.checks import check

_DIGITS = st.text("0123456789", min_size=10, max_size=16)
_CODES = st.text("0123456789ABCXMZ", min_size=9, max_size=18)


def faults(inside: str) -> set[str]:
    """Rules that a message with this in it breaks."""
    root = f'<e:NewReleaseMessage xmlns:e="http://ddex.net/xml/ern/432">{inside}</e:NewReleaseMessage>'
    return {fault.rule for fault in check(root.encode())}


@settings(max_examples=150, deadline=None)
@given(_DIGITS)
def test_a_upc_is_right_or_wrong_as_for_stdnum(body: str) -> None:
    for digits in (body[:11], body[:12]):
        code = digits + ean.calc_check_digit(digits)
        for each in (code, code[:-1] + str((int(code[-1]) + 3) % 10)):
            is_right = "DX-ICPN" not in faults(f"<ICPN>{each}</ICPN>")
            assert is_right == (len(each) in (12, 13) and ean.is_valid(each.zfill(13)))


@settings(max_examples=150, deadline=None)
@given(_CODES)
def test_a_grid_is_right_or_wrong_as_for_stdnum(body: str) -> None:
    code = "A1" + body.ljust(15, "7")[:15]
    for each in (code + mod_37_36.calc_check_digit(code), f"{code}A", f"{code}0"):
        assert ("DX-ID" not in faults(f"<GRid>{each}</GRid>")) == grid.is_valid(each)


@settings(max_examples=150, deadline=None)
@given(_DIGITS)
def test_an_isni_is_right_or_wrong_as_for_stdnum(body: str) -> None:
    for last in "0123456789X":
        code = body.zfill(15)[:15] + last
        assert ("DX-ID" not in faults(f"<ISNI>{code}</ISNI>")) == isni.is_valid(code)


@settings(max_examples=150, deadline=None)
@given(_CODES)
def test_a_party_id_is_right_or_wrong_as_iso_7064_says(body: str) -> None:
    code = "PADPIDA" + body.ljust(10, "3")[:10]
    for each in (code + mod_37_36.calc_check_digit(code), f"{code}A", f"{code}0"):
        assert ("DX-DPID" not in faults(f"<DPID>{each}</DPID>")) == mod_37_36.is_valid(each)


@pytest.mark.parametrize("prefix", ["US", "DE", "GB"])
@settings(max_examples=60, deadline=None)
@given(body=st.text("0123456789ABZ", min_size=8, max_size=12))
def test_an_isrc_is_right_or_wrong_as_for_stdnum(prefix: str, body: str) -> None:
    code = etree.Element("ISRC")
    code.text = prefix + body
    inside = etree.tostring(code).decode()
    recording = (
        "<ResourceList><SoundRecording><SoundRecordingEdition><ResourceId>"
        f"{inside}</ResourceId></SoundRecordingEdition></SoundRecording></ResourceList>"
    )
    assert ("DX-ISRC" not in faults(recording)) == isrc.is_valid(prefix + body)
