"""`amv webhooks sign`: what it prints is accepted by `verify`, and sent by curl."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from aimusicverse import webhooks
from tests.cli.conftest import AMV, Result
from tests.cli.webhooks.receivers import KEY, SECRET

Given = Callable[..., Result]

BODY = b'{"type": "x"}\r\n\xff'


def headers_of(done: Result) -> dict[str, str]:
    assert (done.code, done.err) == (0, "")
    return dict(line.split(": ", 1) for line in done.out.splitlines())


def test_it_prints_the_three_headers_of_a_message(given: Given) -> None:
    done = given(BODY, "sign", "--secret-env", "SECRET", "--id", "msg_1", "--timestamp", "1800000000")
    assert headers_of(done) == webhooks.sign(BODY, SECRET, message_id="msg_1", timestamp=1_800_000_000)


def test_a_program_gets_them_as_an_object(given: Given) -> None:
    words = ("sign", "--secret-env", "SECRET", "--id", "msg_1", "--timestamp", "2027-01-15T08:00:00Z")
    assert given(BODY, *words, "--json").data == webhooks.sign(
        BODY, SECRET, message_id="msg_1", timestamp=1_800_000_000
    )


def test_without_an_id_and_a_time_the_id_is_new_and_the_time_is_now(given: Given) -> None:
    first, second = (headers_of(given(BODY, "sign", "--secret-env", "SECRET")) for _ in range(2))
    assert webhooks.verify(BODY, first, SECRET) != webhooks.verify(BODY, second, SECRET)
    assert re.fullmatch(r"msg_[0-9a-f]{32}", first["webhook-id"])


def test_several_secrets_sign_each(given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    import base64

    other = "whsec_" + base64.b64encode(KEY[::-1]).decode()
    monkeypatch.setenv("NEW", other)
    headers = headers_of(given(BODY, "sign", "--secret-env", "SECRET", "--secret-env", "NEW"))
    assert headers["webhook-signature"].count("v1,") == 2
    for secret in (SECRET, other):
        webhooks.verify(BODY, headers, secret)


def test_real_processes_sign_and_verify_the_same_bytes() -> None:
    Path("body").write_bytes(BODY)
    signed = subprocess.run(
        [AMV, "webhooks", "sign", "--secret-env", "SECRET"], input=BODY, capture_output=True, check=True
    )
    Path("headers").write_bytes(signed.stdout)
    judged = subprocess.run(
        [AMV, "webhooks", "verify", "--secret-stdin", "--headers", "headers", "--body", "body"],
        input=SECRET.encode(),
        capture_output=True,
    )
    assert (judged.returncode, judged.stderr) == (0, b"")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--id", ""), "--id"),
        (("--id", "a.b"), "--id"),
        (("--id", "é"), "--id"),
        (("--id", "x" * 257), "--id"),
        (("--timestamp", "soon"), "--timestamp"),
        (("--timestamp", "-1"), "--timestamp"),
        (("--timestamp", "9" * 5000), "--timestamp"),
        (("--secret-stdin",), "standard input"),
        (("--body", "none"), "cannot be read"),
    ],
)
def test_wrong_usage_is_one_line(given: Given, words: tuple[str, ...], told: str) -> None:
    done = given(BODY, "sign", "--secret-env", "SECRET", *words)
    assert (done.code, done.out) == (2, "")
    assert told in done.err
    assert len(done.err.splitlines()) == 1
