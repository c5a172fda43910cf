"""Log lines: one JSON object a line, whatever others sent, and no secret in it."""

from __future__ import annotations

import json
import logging
import re
import sys

import pytest

from aimusicverse.server.log_lines import JsonLines


def line(message: str, **extra: object) -> str:
    record = logging.getLogger("aimusicverse.server").makeRecord(
        "aimusicverse.server", logging.INFO, "file.py", 1, message, (), None, extra=extra
    )
    return JsonLines("api-1").format(record)


def test_a_line_says_when_who_and_what() -> None:
    found = json.loads(line("request", status=200, ms=1.5, route=None))
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", found.pop("time"))
    found.pop("pid")
    assert found == {
        "level": "info",
        "process": "api-1",
        "logger": "aimusicverse.server",
        "message": "request",
        "status": 200,
        "ms": 1.5,
        "route": None,
    }


@pytest.mark.parametrize("text", ["a\nb", "a\r\n{}", "\x1b[31m", "\u2028", "\u202e", "\udc80", "\0"])
def test_what_others_sent_stays_in_its_line(text: str) -> None:
    written = line("request", path=text)
    assert written.isascii()
    assert written.isprintable()
    assert json.loads(written)["path"] == text


def test_what_json_has_no_word_for_is_written_as_text() -> None:
    assert json.loads(line("x", of={1}.__class__, at=object))["of"] == "<class 'set'>"


def test_an_exception_is_in_the_line() -> None:
    try:
        raise ValueError("amv_live_abc_0123456789")
    except ValueError:
        record = logging.makeLogRecord({"msg": "x", "levelname": "ERROR", "exc_info": sys.exc_info()})
    written = JsonLines().format(record)
    assert "ValueError: ***" in json.loads(written)["exception"]


@pytest.mark.parametrize(
    "secret",
    [
        "amv_live_a1_0123456789",
        "amv_test_a1_0123456789",
        "whsec_c2VjcmV0",
        "signature=abc-_9",
        "BEARER tok.en",
        "Bearer tok.en",
    ],
)
def test_no_secret_is_logged(secret: str) -> None:
    assert secret not in line(f"got {secret} here", also=secret)
