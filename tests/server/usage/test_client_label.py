"""A `User-Agent` is anybody's text: of it only a short harmless name comes through."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimusicverse.server.ids import new_id
from aimusicverse.server.security import key_format
from aimusicverse.server.usage.client_label import LONGEST, label_of, name_of, version_of
from aimusicverse.transport.settings import COMMON_HEADERS


@pytest.mark.parametrize(
    ("agent", "label"),
    [
        (b"aimusicverse/0.4.0 python/3.11.2", "aimusicverse/0.4.0"),
        (b"curl/8.5.0", "curl/8.5.0"),
        (b"python-httpx/0.28.1", "python-httpx/0.28.1"),
        (b"Go-http-client/2.0", "Go-http-client/2.0"),
        (b"Wget", "Wget"),
        (b"PostmanRuntime/7.36.0", "PostmanRuntime/7.36.0"),
        (b"kube-probe/1.29+", "kube-probe/1.29+"),
        (b"okhttp/4.12.0 (Android)", "okhttp/4.12.0"),
        (b"Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/128.0", "browser"),
        (b"", "none"),
    ],
)
def test_a_program_is_told_by_its_name_and_version(agent: bytes, label: str) -> None:
    assert label_of(agent) == label


@pytest.mark.parametrize(
    "agent",
    [
        b"'; DROP TABLE usage; --",
        b"curl/8.5.0'; DROP TABLE usage; --",
        b"curl/8.5.0\r\nX-Evil: 1",
        b"curl/\x1b[2J",
        b"\x00",
        b"\xff\xfe",
        b"x" * 10_000,
        b"curl/" + b"9" * 10_000,
        "aimusicverse‮/1.0".encode(),
        b"{{7*7}}",
        b"../../etc/passwd",
        b"-rf",
    ],
)
def test_what_is_no_name_is_other(agent: bytes) -> None:
    assert label_of(agent) == "other"


@given(st.binary(max_size=200))
def test_no_text_whatever_gets_through_but_letters_digits_and_a_few_signs(agent: bytes) -> None:
    label = label_of(agent)
    assert len(label) <= LONGEST
    assert re.fullmatch(r"[A-Za-z][A-Za-z0-9.+-]*(/[0-9][0-9A-Za-z.+-]*)?", label)


@given(st.sampled_from(("{}", "curl/{}", "curl {}", "{}/1.0", "aimusicverse/1 {}")))
def test_a_key_that_is_sent_as_user_agent_is_not_written_down(form: str) -> None:
    key = key_format.mint(new_id("key"), "live")[0].get_secret_value()
    label = label_of(form.format(key).encode())
    assert not any(part and part in label for part in key.split("_")[2:])


def test_this_sdk_is_known_by_its_name() -> None:
    label = label_of(COMMON_HEADERS["user-agent"].encode())
    assert name_of(label) == "aimusicverse"
    assert re.fullmatch(r"\d+\.\d+\.\d+.*", version_of(label) or "")
    assert version_of("curl") is None
