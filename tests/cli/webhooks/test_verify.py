"""`amv webhooks verify`: what it says, what it exits with, what it never says."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aimusicverse import webhooks
from tests.cli.conftest import AMV, Result
from tests.cli.test_lazy import loaded
from tests.cli.webhooks.receivers import KEY, SECRET

Given = Callable[..., Result]

NOW = 1_800_000_000
BODY = b'{"type":"track.created","data":{"title":"Caf\xc3\xa9"}}'
OTHER = "whsec_" + base64.b64encode(KEY[::-1]).decode()
JUDGED = ("--secret-env", "SECRET", "--headers", "headers.txt", "--at", str(NOW))


def write_headers(
    body: bytes = BODY, *, secrets: Any = SECRET, timestamp: int = NOW, name: str = "headers.txt"
) -> dict[str, str]:
    headers = webhooks.sign(body, secrets, message_id="msg_1", timestamp=timestamp)
    Path(name).write_text("".join(f"{header}: {value}\n" for header, value in headers.items()))
    return headers


def refused(done: Result, code: int, *told: str) -> None:
    assert (done.code, done.out) == (code, ""), done.err
    assert done.err.startswith("error: ")
    assert "Traceback" not in done.err
    for text in told:
        assert text in done.err


# -- what is accepted ---------------------------------------------------------------------------


def test_a_genuine_message_is_one_line(given: Given) -> None:
    write_headers(timestamp=NOW - 12)
    done = given(BODY, "verify", *JUDGED)
    assert (done.code, done.err) == (0, "")
    assert done.out == f"accepted: msg_1, 12 s old, {len(BODY)} bytes\n"


def test_for_a_program_it_is_an_object(given: Given) -> None:
    write_headers(timestamp=NOW + 12)
    assert given(BODY, "verify", *JUDGED, "--json").data == {
        "accepted": True,
        "id": "msg_1",
        "timestamp": NOW + 12,
        "age_seconds": -12,
        "body_bytes": len(BODY),
    }


def test_its_headers_can_be_options(given: Given) -> None:
    headers = write_headers()
    three = [
        *("--id", "msg_1", "--timestamp", str(NOW), "--signature", headers["webhook-signature"]),
        *("--secret-env", "SECRET", "--at", str(NOW)),
    ]
    assert given(BODY, "verify", *three).code == 0


def test_names_of_svix_are_understood(given: Given) -> None:
    write_headers()
    lines = Path("headers.txt").read_text()
    Path("headers.txt").write_text(lines.replace("webhook-", "svix-"))
    assert given(BODY, "verify", *JUDGED).code == 0


@pytest.mark.parametrize("at", ["2027-01-15T08:00:00Z", "2027-01-15T09:00:00+01:00", "2027-01-15T08:00Z"])
def test_it_is_judged_as_of_any_time(given: Given, at: str) -> None:
    write_headers()
    assert given(BODY, "verify", *JUDGED[:-1], at).code == 0
    assert given(BODY, "verify", *JUDGED[:-2]).code == 9


@pytest.mark.parametrize(
    ("tolerance", "code"), [("3600", 0), ("1h", 0), ("3599", 9), ("0", 9), ("5m", 9), ("59:59", 9)]
)
def test_tolerance_is_inclusive(given: Given, tolerance: str, code: int) -> None:
    write_headers(timestamp=NOW - 3600)
    assert given(BODY, "verify", *JUDGED, "--tolerance", tolerance).code == code


# -- real processes, raw bytes ------------------------------------------------------------------


def verify_process(body: bytes, *words: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [AMV, "webhooks", "verify", *words],
        input=body,
        capture_output=True,
        timeout=60,
        env={**os.environ, **environment},
    )


@pytest.mark.parametrize(
    "body",
    [b"", b"\xef\xbb\xbf" + bytes(range(256)) + b"\xc3\x28\r\n\x04\x1a\n"],
    ids=["none", "all"],
)
def test_the_body_is_the_bytes_that_came_on_standard_input(body: bytes) -> None:
    write_headers(body)
    done = verify_process(body, *JUDGED)
    assert (done.returncode, done.stderr) == (0, b"")
    assert verify_process(body + b"\n", *JUDGED).returncode == 8


def test_a_hundred_megabytes(tmp_path: Path) -> None:
    body = bytes(100_000_000)
    write_headers(body)
    assert verify_process(body, *JUDGED).stdout.endswith(b", 100000000 bytes\n")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--secret-env", "OTHER"), 0),
        (("--at", str(NOW + 301)), 9),
        (("--body", "changed.json"), 8),
        (("--secret-env", "PUBLIC"), 2),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_each_exit_code_of_a_real_process(words: tuple[str, ...], code: int) -> None:
    write_headers()
    Path("changed.json").write_bytes(BODY + b" ")
    done = verify_process(BODY, *JUDGED, *words, OTHER=OTHER, PUBLIC="whpk_" + "A" * 44)
    assert done.returncode == code, done.stderr
    assert bool(done.stdout) is (code == 0)
    assert b"Traceback" not in done.stderr
    assert SECRET.removeprefix("whsec_").encode() not in done.stdout + done.stderr


def test_nothing_is_loaded_that_speaks_to_a_server_or_signs_in() -> None:
    write_headers()
    Path("body").write_bytes(BODY)
    heavy = {"httpx", "pydantic", "keyring", "rich", "json", "asyncio", "ssl", "aimusicverse.client"}
    heavy |= {
        "aimusicverse.types",
        "aimusicverse.transport",
        "aimusicverse.credentials",
        "aimusicverse.local",
    }
    heavy |= {"aimusicverse.webhooks.explanation", "aimusicverse.webhooks.replay"}
    for words in (("verify", *JUDGED), ("sign", "--secret-env", "SECRET", "--id", "msg_1")):
        modules = loaded("webhooks", *words, "--body", "body", SECRET=SECRET)
        assert "aimusicverse.webhooks.signature" in modules
        assert sorted(modules & heavy) == []


# -- what is refused ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ("webhook-id: msg_1\n", "missing_header"),
        ("content-type: text/plain\n", "missing_header"),
        ("{all}webhook-id: msg_1\n", "duplicate_header"),
        ("{all}WEBHOOK-TIMESTAMP: 1\n", "duplicate_header"),
        ("webhook-id: a.b\nwebhook-timestamp: 1\nwebhook-signature: v1,a\n", "malformed_id"),
        ("webhook-id: a\nwebhook-timestamp: 1.5\nwebhook-signature: v1,a\n", "malformed_timestamp"),
        ("webhook-id: a\nwebhook-timestamp: 1800000000\nwebhook-signature: v2,a\n", "no_known_signature"),
        ("webhook-id: a\nwebhook-timestamp: 1800000000\nwebhook-signature: v1,a\n", "wrong_signature"),
        ("webhook-id: a\nwebhook-timestamp: 1800000000\nwebhook-signature: v1,\n v1,a\n", "malformed_header"),
        ("webhook-id: a\nwebhook-timestamp: 1800000000\nwebhook-signature: v1,\u00e9\n", "malformed_header"),
    ],
)
def test_a_reason_is_the_code_of_the_error(given: Given, lines: str, reason: str) -> None:
    write_headers()
    Path("headers.txt").write_text(lines.format(all=Path("headers.txt").read_text()))
    done = given(BODY, "verify", *JUDGED, "--json")
    assert (done.code, done.out, done.error["code"]) == (8, "", reason)
    refused(given(BODY, "verify", *JUDGED), 8)


@pytest.mark.parametrize(("away", "reason"), [(-301, "too_old"), (301, "too_new")])
def test_stale_is_9_and_says_how_to_judge_a_message_that_was_kept(
    given: Given, away: int, reason: str
) -> None:
    write_headers(timestamp=NOW + away)
    refused(given(BODY, "verify", *JUDGED), 9)
    assert given(BODY, "verify", *JUDGED, "--json").error["code"] == reason
    write_headers(timestamp=1_600_000_000)
    refused(given(BODY, "verify", *JUDGED[:-2]), 9, "--at 1600000000")


# -- --explain ----------------------------------------------------------------------------------


def explained(given: Given, body: bytes, *words: str) -> list[str]:
    told = given(body, "verify", *JUDGED, "--explain", "--json", *words)
    assert told.out == ""
    found = told.error["findings"]
    for_people = given(body, "verify", *JUDGED, "--explain", *words)
    assert for_people.code == told.code
    assert [line for line in for_people.err.splitlines() if line.startswith("- ")] == [
        f"- {one['text']}" for one in found
    ]
    return [one["code"] for one in found]


def test_explain_finds_out_what_was_changed(given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    write_headers()
    assert explained(given, BODY + b"\n") == ["trailing_newline"]
    assert explained(given, json.dumps(json.loads(BODY)).encode()) == ["reserialised_body"]
    write_headers(secrets=OTHER)
    monkeypatch.setenv("STAGING", OTHER)
    assert explained(given, BODY) == ["nothing_fits"]
    assert explained(given, BODY, "--other-secret-env", "STAGING") == ["other_endpoint"]
    write_headers(timestamp=NOW * 1000)
    assert explained(given, BODY) == ["millisecond_clock"]


def test_explain_of_a_secret_that_cannot_be_one_is_2_and_still_looks(
    given: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "whsec_not base64"
    signed = f"msg_1.{NOW}.".encode() + BODY
    signature = base64.b64encode(hmac.new(text.encode(), signed, hashlib.sha256).digest()).decode()
    Path("headers.txt").write_text(
        f"webhook-id: msg_1\nwebhook-timestamp: {NOW}\nwebhook-signature: v1,{signature}\n"
    )
    monkeypatch.setenv("SECRET", text)
    done = given(BODY, "verify", *JUDGED, "--explain", "--json")
    assert (done.code, done.error["code"]) == (2, "configuration_error")
    assert [one["code"] for one in done.error["findings"]] == ["unusable_secret", "undecoded_secret"]
    assert "not base64" not in done.err.replace("is not base64", "")


def test_explain_says_nothing_about_what_is_accepted(given: Given) -> None:
    write_headers()
    assert given(BODY, "verify", *JUDGED, "--explain").out.startswith("accepted: msg_1")


# -- where things come from ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stdin", "words"),
    [
        (BODY, ("--headers", "headers.txt")),
        (BODY, ("--headers", "headers.txt", "--body", "-")),
        (b"", ("--headers", "headers.txt", "--body", "body")),
        (None, ("--headers", "-", "--body", "body")),
    ],
    ids=["body", "body as -", "nothing", "headers"],
)
def test_one_thing_comes_from_standard_input(
    given: Given, stdin: bytes | None, words: tuple[str, ...]
) -> None:
    write_headers()
    Path("body").write_bytes(BODY)
    stdin = Path("headers.txt").read_bytes() if stdin is None else stdin
    assert given(stdin, "verify", "--secret-env", "SECRET", "--at", str(NOW), *words).code == 0


@pytest.mark.parametrize("text", [SECRET, SECRET + "\n", "\ufeff" + SECRET + "\r\n", f" {SECRET}\t"])
def test_a_secret_from_a_file_or_standard_input_may_end_in_a_newline(given: Given, text: str) -> None:
    write_headers()
    Path("body").write_bytes(BODY)
    Path("secret").write_text(text)
    judged = ("verify", "--headers", "headers.txt", "--at", str(NOW), "--body", "body")
    assert given(b"", *judged, "--secret-file", "secret").code == 0
    assert given(text.encode(), *judged, "--secret-stdin").code == 0


def test_while_a_secret_rotates_there_are_two(given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEW", OTHER)
    both = ("--secret-env", "SECRET", "--secret-env", "NEW", "--headers", "headers.txt", "--at", str(NOW))
    for secret in (SECRET, OTHER):
        write_headers(secrets=secret)
        assert given(BODY, "verify", *both).code == 0


@pytest.mark.parametrize(
    "words",
    [
        ("--headers", "-"),
        ("--secret-stdin",),
        ("--headers", "-", "--secret-stdin", "--body", "body"),
    ],
)
def test_two_things_from_standard_input_are_refused(given: Given, words: tuple[str, ...]) -> None:
    write_headers()
    Path("body").write_bytes(BODY)
    told = given(BODY, "verify", "--headers", "headers.txt", "--secret-env", "SECRET", *words)
    refused(told, 2, "standard input cannot be")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "there is no secret"),
        (("--secret-env", "NOT_SET"), "NOT_SET is not set"),
        (("--secret-env", "EMPTY"), "EMPTY is empty"),
        (("--secret-env", "A B"), "no name of a variable"),
        (("--secret-env", ""), "no name of a variable"),
        (("--secret-env", "SHORT"), "SHORT: A webhook secret has 5 bytes"),
        (("--secret-env", "PUBLIC"), "PUBLIC: A webhook secret begins with whpk_"),
        (("--secret-file", "none"), "none cannot be read"),
        (("--secret-file", "."), "cannot be read"),
        (("--secret-file", "empty"), "is empty"),
        (("--secret-file", "two"), "more than one line"),
        (("--secret-file", "bytes"), "no text"),
        (("--secret-file", "/dev/zero"), "longer than 1 MiB"),
    ],
)
def test_a_secret_that_is_not_there_is_wrong_usage(
    given: Given, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], told: str
) -> None:
    write_headers()
    monkeypatch.setenv("EMPTY", " ")
    monkeypatch.setenv("SHORT", "whsec_c2hvcnQ=")
    monkeypatch.setenv("PUBLIC", "whpk_" + "A" * 44)
    Path("empty").write_text("\n")
    Path("two").write_text(f"{SECRET}\n{OTHER}\n")
    Path("bytes").write_bytes(b"\xff\xfe")
    done = given(BODY, "verify", "--headers", "headers.txt", *words)
    refused(done, 2, told)
    for secret in ("c2hvcnQ", "A" * 44, OTHER.removeprefix("whsec_")):
        assert secret not in done.err


@pytest.mark.parametrize(
    "words",
    [
        ("--secret-env", SECRET),
        ("--secret-env", SECRET.removeprefix("whsec_")),
        ("--secret-env", "whsec_tooshort"),
        ("--secret-file", SECRET),
        ("--other-secret-env", SECRET, "--secret-env", "SECRET"),
        (SECRET,),
        (f"--secret={SECRET}",),
        ("--secret", SECRET),
    ],
    ids=range(8),
)
def test_a_secret_on_the_command_line_is_refused_and_not_repeated(
    given: Given, words: tuple[str, ...]
) -> None:
    write_headers()
    for more in ((), ("--json",)):
        done = given(BODY, "verify", "--headers", "headers.txt", *words, *more)
        assert (done.code, done.out) == (2, "")
        assert "tooshort" not in done.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "a message has three headers"),
        (("--id", "a", "--timestamp", "1"), "--signature is missing"),
        (("--headers", "headers.txt", "--id", "a"), "contradict"),
        (("--headers", "none.txt"), "none.txt cannot be read: No such file"),
        (("--headers", "/dev/zero"), "longer than 1 MiB"),
        (("--headers", "headers.txt", "--body", "none"), "none cannot be read"),
        (("--headers", "headers.txt", "--body", "."), "cannot be read"),
        (("--headers", "headers.txt", "--at", "yesterday"), "--at"),
        (("--headers", "headers.txt", "--at", "-5"), "--at"),
        (("--headers", "headers.txt", "--at", "1960-01-01T00:00Z"), "--at"),
        (("--headers", "headers.txt", "--at", "9" * 19), "--at"),
        (("--headers", "headers.txt", "--at", "\u0661\u0662"), "--at"),
        (("--headers", "headers.txt", "--tolerance", "-1"), "--tolerance"),
        (("--headers", "headers.txt", "--tolerance", "nan"), "--tolerance"),
        (("--headers", "headers.txt", "--tolerance", "some"), "--tolerance"),
    ],
)
def test_wrong_usage_is_one_line(given: Given, words: tuple[str, ...], told: str) -> None:
    write_headers()
    done = given(BODY, "verify", "--secret-env", "SECRET", *words)
    refused(done, 2, told)
    assert len(done.err.splitlines()) == 1


def test_a_body_without_end_is_refused_and_not_read_to_the_end(
    given: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_headers()
    monkeypatch.setattr("aimusicverse.cli.webhooks.body._LARGEST", 2**21)
    refused(given(BODY, "verify", *JUDGED, "--body", "/dev/zero"), 2, "longer than 2 MiB")


def test_a_person_at_a_terminal_is_told_what_is_waited_for() -> None:
    import pty

    write_headers(b"hello\n")
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [AMV, "webhooks", "verify", *JUDGED],
        stdin=follower,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    os.close(follower)
    try:
        assert process.stderr is not None
        assert process.stderr.readline().startswith(b"The body is read from here: end it with Ctrl-D")
        os.write(leader, b"hello\n\x04")
        out, _ = process.communicate(timeout=30)
    finally:
        process.kill()
        os.close(leader)
    assert out.startswith(b"accepted: msg_1")


def test_the_help_of_the_group_shows_examples() -> None:
    done = subprocess.run([AMV, "webhooks", "--help"], capture_output=True, text=True, check=True)
    for command in ("verify", "sign", "check"):
        assert f"  amv webhooks {command} " in done.stdout
