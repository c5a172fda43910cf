"""`amv webhooks check` tells receivers apart: the right ones, and each wrong one by what it does wrong."""

from __future__ import annotations

import json
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import junitparser
import pytest

from aimusicverse.webhooks.receiver_cases import CASES
from tests.cli.conftest import AMV, Result, Run, running
from tests.cli.webhooks import receivers
from tests.cli.webhooks.receivers import SECRET, Behaviour, receiving

NAMES = [case.name for case in CASES]
FORGED = [case.name for case in CASES if case.expected == ("refuse",)]
GENUINE = [case.name for case in CASES if case.expected[0] == "accept"]


def secretless(done: Result, *files: Path) -> Result:
    for text in (done.out, done.err, *(file.read_text() for file in files)):
        assert SECRET.removeprefix("whsec_") not in text
    return done


def checked(amv: Run, url: str, *words: str) -> Result:
    return secretless(amv("webhooks", "check", url, "--secret-env", "SECRET", "--slow", "0.05", *words))


def verdicts(amv: Run, behaviour: Behaviour, *words: str) -> dict[str, str]:
    """What is wrong, by case."""
    with receiving(behaviour) as receiver:
        done = checked(amv, receiver.url, "--json", *words)
    told = done.data
    wrong = {one["case"]: one["verdict"] for one in told["cases"] if one["verdict"] != "right"}
    assert done.code == (1 if wrong else 0)
    assert (told["wrong"], told["right"]) == (len(wrong), len(told["cases"]) - len(wrong))
    return wrong


def all_of(names: list[str], code: str) -> dict[str, str]:
    return dict.fromkeys(names, code)


@pytest.mark.parametrize("behaviour", [receivers.right(), receivers.lenient], ids=["right", "lenient"])
def test_nothing_is_wrong_with_a_receiver_that_is_right(amv: Run, behaviour: Behaviour) -> None:
    assert verdicts(amv, behaviour) == {}


@pytest.mark.parametrize(
    ("behaviour", "wrong"),
    [
        (receivers.believes_everything, all_of(FORGED, "accepted_forged")),
        (receivers.refuses_everything, all_of(GENUINE, "refused_genuine")),
        (
            receivers.writes_again((",", ":")),  # as JavaScript does
            {"odd-spacing": "refused_genuine", "respaced": "accepted_forged"},
        ),
        (
            receivers.writes_again((", ", ": ")),  # as Python does
            all_of(GENUINE, "refused_genuine"),
        ),
        (receivers.looks_at_no_clock, all_of(["stale", "future"], "accepted_forged")),
        (receivers.decodes_first, all_of(["not-utf8", "forged-not-utf8"], "crashed")),
        (
            receivers.falls_over_bad_base64,
            all_of(["malformed-signature", "non-ascii-signature"], "crashed"),
        ),
        (
            receivers.reads_the_first_signature,
            all_of(["rotated", "newer-version"], "refused_genuine"),
        ),
        (receivers.takes_any_version, {"unknown-version": "accepted_forged"}),
        (
            receivers.has_no_secret,
            all_of(GENUINE, "refused_genuine") | {"empty-key": "accepted_forged"},
        ),
        (receivers.reads_names_as_written, {"header-case": "refused_genuine"}),
        (receivers.knows_one_type, {"unknown-type": "refused_genuine"}),
        (receivers.falls_over_duplicates(), {"replayed": "crashed"}),
        (receivers.sends_elsewhere, all_of(NAMES, "unclear")),
        (receivers.has_had_enough, all_of(NAMES, "unclear")),
        (receivers.cuts, all_of([name for name in NAMES if name != "oversized"], "cut")),
        (receivers.cuts_what_is_long, {}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_is_wrong_with_each_is_told(amv: Run, behaviour: Behaviour, wrong: dict[str, str]) -> None:
    assert verdicts(amv, behaviour) == wrong


# -- time ---------------------------------------------------------------------------------------


def test_a_receiver_that_hangs_is_told_within_the_time_for_a_case(amv: Run) -> None:
    over = threading.Event()

    def hangs(headers: receivers.Headers, body: bytes) -> int:
        over.wait(30)
        return 200

    with receiving(hangs) as receiver:
        done = checked(amv, receiver.url, "--only", "valid", "--only", "stale", "--timeout", "0.2", "--json")
        over.set()
    assert done.code == 1
    assert [one["verdict"] for one in done.data["cases"]] == ["timed_out", "timed_out"]
    assert all(0.2 <= one["seconds"] < 5 for one in done.data["cases"])


@pytest.fixture
def trickling() -> Iterator[str]:
    """An answer that goes on, a byte at a time, for as long as anybody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 9000\r\n\r\n")
                try:
                    while True:
                        connection.sendall(b"x")
                        time.sleep(0.02)
                except OSError:
                    return

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/hook"
        thread.join()


def test_an_answer_that_trickles_in_does_not_stretch_the_time(amv: Run, trickling: str) -> None:
    done = checked(amv, trickling, "--only", "valid", "--timeout", "0.3", "--json")
    assert done.data["cases"][0]["verdict"] == "timed_out"
    assert done.data["cases"][0]["seconds"] < 5


def test_what_is_left_when_the_time_for_all_is_over_is_told_and_is_not_right(amv: Run) -> None:
    over = threading.Event()

    def hangs(headers: receivers.Headers, body: bytes) -> int:
        over.wait(30)
        return 200

    with receiving(hangs) as receiver:
        done = checked(amv, receiver.url, "--total-timeout", "0.3", "--json")
        over.set()
    assert done.code == 1
    told = [one["verdict"] for one in done.data["cases"]]
    assert told == ["timed_out"] + ["not_run"] * (len(NAMES) - 1)


def test_a_slow_message_takes_its_time_and_a_receiver_that_waits_is_right(amv: Run) -> None:
    with receiving(receivers.lenient) as receiver:
        done = amv(
            *("webhooks", "check", receiver.url, "--secret-env", "SECRET", "--json"),
            *("--only", "slow", "--slow", "0.3", "--timeout", "0.25"),
        )
    (slow,) = done.data["cases"]
    assert (done.code, slow["verdict"]) == (0, "right")
    assert slow["seconds"] >= 0.3


def test_each_case_is_a_line_as_soon_as_it_is_known() -> None:
    go_on = threading.Event()

    def waits(headers: receivers.Headers, body: bytes) -> int:
        if len(receiver.seen) > 1:
            go_on.wait(30)
        return receivers.lenient(headers, body)

    words = ("webhooks", "check", "--secret-env", "SECRET", "--only", "valid", "--only", "stale")
    with receiving(waits) as receiver, running(*words, receiver.url) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ok\tvalid\taccepted (200)\n"
        assert not go_on.is_set()
        go_on.set()
        assert process.stdout.readline() == b"ok\tstale\trefused (400)\n"
        assert process.wait(30) == 0


# -- who is there -------------------------------------------------------------------------------


def test_a_receiver_that_cannot_be_reached_is_6_and_leaves_a_report(amv: Run, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    report = tmp_path / "report.xml"
    url = f"http://127.0.0.1:{port}/hook"
    done = checked(amv, url, "--junit", str(report))
    assert (done.code, done.out) == (6, "")
    assert done.err.startswith(f"error: {url} took no connection ([Errno 111] Connection refused).")
    assert len(done.err.splitlines()) == 1
    (error,) = ElementTree.parse(report).iter("error")
    assert error.get("type") == "unreachable"
    with_json = checked(amv, url, "--json")
    assert (with_json.out, with_json.error["code"], with_json.error["retryable"]) == ("", "unreachable", True)


def test_a_name_without_an_address_cannot_be_reached(amv: Run) -> None:
    assert checked(amv, "http://nobody.invalid/hook").code == 6


def test_a_receiver_that_a_message_kills_is_told_from_one_that_was_never_there(amv: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve_one() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                server.close()
                connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

        thread = threading.Thread(target=serve_one)
        thread.start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}/hook"
        done = checked(amv, url, "--only", "valid", "--only", "stale", "--json")
        thread.join()
    assert done.code == 1
    assert [one["verdict"] for one in done.data["cases"]] == ["right", "unreachable"]


def test_no_redirect_is_followed_and_the_advice_says_so(amv: Run) -> None:
    with receiving(receivers.sends_elsewhere) as receiver:
        done = checked(amv, receiver.url, "--only", "valid")
        assert len(receiver.seen) == 1
    assert done.code == 1
    assert "redirects are not followed" in done.err


def test_no_proxy_of_the_environment_is_asked(amv: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with receiving(receivers.lenient) as receiver:
        assert checked(amv, receiver.url, "--only", "valid").code == 0


def test_what_is_no_http_is_told_and_not_repeated(amv: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def greet() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(f"220 {SECRET} ESMTP\r\n\r\n".encode())

        thread = threading.Thread(target=greet)
        thread.start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}/hook"
        done = checked(amv, url, "--only", "valid", "--json")
        thread.join()
    (case,) = done.data["cases"]
    assert (done.code, case["verdict"]) == (1, "cut")
    assert case["did"] == "closed the connection without an answer (what came back is no HTTP)"


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    if shutil.which("openssl") is None:
        pytest.skip("needs the program openssl to make a certificate")
    key, pem = tmp_path / "key.pem", tmp_path / "certificate.pem"
    request = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=127.0.0.1"
    name = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", pem]
    subprocess.run(["openssl", *request.split(), *name], check=True, capture_output=True)
    return pem


def test_a_certificate_is_judged_by_those_that_the_environment_names(
    amv: Run, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, certificate.with_name("key.pem"))
    with receiving(receivers.lenient, tls=tls) as receiver:
        stranger = checked(amv, receiver.url, "--only", "valid")
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        known = checked(amv, receiver.url, "--only", "valid")
    assert (stranger.code, known.code) == (6, 0)
    assert "CERTIFICATE_VERIFY_FAILED" in stranger.err


def test_advice_is_given_when_even_a_genuine_message_is_not_accepted(amv: Run) -> None:
    with receiving(receivers.refuses_everything) as receiver:
        done = checked(amv, receiver.url, "--only", "valid", "--only", "stale")
    assert done.out.splitlines()[0].startswith("WRONG\tvalid\trefused (404)\thas to accept (2xx) a genuine")
    assert done.out.splitlines()[1] == "ok\tstale\trefused (404)"
    assert "is that the receiver's path" in done.err


# -- what is sent -------------------------------------------------------------------------------


def test_event_data_and_headers_are_those_that_were_asked_for(amv: Run) -> None:
    Path("data.json").write_text('{"id": "gen_1"}')
    Path("headers.txt").write_text("Authorization: Bearer staging-token\n")
    words = ("--event", "generation.completed", "--data", "data.json", "--only", "valid")
    more = ("--header", "X-Branch: main", "--header", "@headers.txt")
    with receiving(receivers.lenient) as receiver:
        done = checked(amv, receiver.url, *words, *more, "--json")
        ((headers, body),) = receiver.seen
    assert done.code == 0
    assert json.loads(body)["type"] == "generation.completed"
    assert json.loads(body)["data"] == {"id": "gen_1"}
    sent = dict(headers)
    assert sent["X-Branch"] == "main"
    assert sent["Authorization"] == "Bearer staging-token"
    assert sent["content-type"] == "application/json"
    assert sent["user-agent"].startswith("amv-webhooks-check/")
    assert "staging-token" not in done.out + done.err


def test_an_address_is_shown_without_what_its_query_says(amv: Run, tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    with receiving(receivers.refuses_everything) as receiver:
        done = checked(amv, f"{receiver.url}?token=hidden", "--json", "--junit", str(report))
        assert receiver.seen
    assert "hidden" not in done.out + done.err + report.read_text()
    assert done.data["url"] == f"{receiver.url}?…"


@pytest.mark.parametrize("words", [("--secret-file", "secret.txt"), ("--secret-stdin",)])
def test_the_secret_comes_from_a_file_or_from_standard_input(words: tuple[str, ...]) -> None:
    Path("secret.txt").write_text(SECRET + "\n")
    with receiving(receivers.lenient) as receiver:
        done = subprocess.run(
            [AMV, "webhooks", "check", receiver.url, "--only", "valid", *words],
            input=SECRET.encode(),
            capture_output=True,
            timeout=30,
        )
    assert done.returncode == 0, done.stderr


def test_quiet_leaves_what_is_wrong(amv: Run) -> None:
    with receiving(receivers.looks_at_no_clock) as receiver:
        done = checked(amv, receiver.url, "--quiet")
    assert [line.split("\t")[1] for line in done.out.splitlines()] == ["stale", "future"]
    assert done.err == ""


# -- the report ---------------------------------------------------------------------------------


def test_a_report_is_read_by_what_reads_junit(amv: Run, tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    with receiving(receivers.looks_at_no_clock) as receiver:
        done = checked(amv, receiver.url, "--junit", str(report), "--skip", "slow")
    secretless(done, report)
    document = junitparser.JUnitXml.fromfile(str(report))
    assert (document.tests, document.failures, document.errors) == (len(NAMES) - 1, 2, 0)
    (suite,) = document
    assert [case.name for case in suite] == [name for name in NAMES if name != "slow"]
    failed = {case.name: case.result[0] for case in suite if case.result}
    assert set(failed) == {"stale", "future"}
    assert isinstance(failed["stale"], junitparser.Failure)
    assert failed["stale"].type == "accepted_forged"
    assert failed["stale"].message.startswith("accepted (200): has to refuse (4xx)")


def test_what_gets_no_answer_is_an_error_of_the_report_and_no_failure(amv: Run, tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    with receiving(receivers.cuts) as receiver:
        checked(amv, receiver.url, "--junit", str(report), "--only", "valid", "--only", "stale")
    document = junitparser.JUnitXml.fromfile(str(report))
    assert (document.tests, document.failures, document.errors) == (2, 0, 2)


# -- wrong usage --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--only", "vaild"], "there is no case vaild"),
        (["--skip", "valid", "--only", "valid"], "leave no case"),
        (["--timeout", "0"], "--timeout"),
        (["--timeout", "soon"], "--timeout"),
        (["--total-timeout", "-1"], "--total-timeout"),
        (["--slow", "0"], "--slow"),
        (["--event", " "], "--event"),
        (["--data", "none.json"], "--data"),
        (["--data", "bad.json"], "--data"),
        (["--data", "nan.json"], "--data"),
        (["--header", "no header"], "--header"),
        (["--header", "Webhook-Id: mine"], "--header"),
        (["--header", "Content-Length: 5"], "--header"),
        (["--header", "X-A: a\r\nX-B: b"], "--header"),
        (["--header", "X-A: \u00e9"], "--header"),
        (["--header", "@none.txt"], "--header"),
        (["--junit", "nowhere/report.xml"], "nowhere"),
        (["--junit", "."], "folder"),
        (["--junit", ""], "--junit"),
        (["--secret-file", "secret.txt"], "one secret"),
        (["--secret-stdin", "--data", "-"], "standard input"),
    ],
)
def test_wrong_usage_is_told_before_anything_is_sent(amv: Run, words: list[str], told: str) -> None:
    Path("bad.json").write_text("{")
    Path("nan.json").write_text("NaN")
    Path("secret.txt").write_text(SECRET)
    with receiving(receivers.lenient) as receiver:
        done = checked(amv, receiver.url, *words)
        assert receiver.seen == []
    assert (done.code, done.out) == (2, "")
    assert told in done.err
    assert len(done.err.splitlines()) == 1


@pytest.mark.parametrize(
    "url",
    ["", "hook", "ftp://h/x", "http://", "http://h:x/", "http://h:99999/", "http://a b/", "http://[::1/"],
)
def test_an_address_that_is_none(amv: Run, url: str) -> None:
    done = checked(amv, url)
    assert (done.code, done.out) == (2, "")
    assert "URL" in done.err


def test_an_address_with_a_password_is_refused_and_not_repeated(amv: Run) -> None:
    done = checked(amv, "http://me:hunter2@127.0.0.1/hook")
    assert done.code == 2
    assert "hunter2" not in done.err


def test_a_secret_that_cannot_be_one_is_wrong_usage(amv: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHORT", "whsec_c2hvcnQ=")
    done: Any = amv("webhooks", "check", "http://127.0.0.1:9/", "--secret-env", "SHORT", "--json")
    assert (done.code, done.error["code"]) == (2, "configuration_error")
    assert "c2hvcnQ" not in done.err


def test_the_documentation_lists_the_cases_as_they_are() -> None:
    page = Path(__file__).parents[3] / "docs" / "webhooks-in-ci.md"
    rows = [
        line.strip("| \n").split(" | ") for line in page.read_text().splitlines() if line.startswith("| `")
    ]
    assert rows == [[f"`{case.name}`", case.sent, ", ".join(case.expected)] for case in CASES]
    assert f"{len(CASES)} cases" in page.read_text()
