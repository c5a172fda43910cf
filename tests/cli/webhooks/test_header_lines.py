"""Headers out of files, whoever wrote them; what could be read in two ways is refused."""

from __future__ import annotations

import shutil
import string
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimusicverse import webhooks
from aimusicverse.cli.errors import UsageProblem
from aimusicverse.cli.webhooks.header_lines import Pairs, read
from aimusicverse.errors import WebhookVerificationError
from tests.cli.webhooks import receivers
from tests.cli.webhooks.receivers import SECRET, receiving

PAIRS = [("webhook-id", "msg_1"), ("webhook-timestamp", "1800000000"), ("webhook-signature", "v1,abc=")]
LINES = "webhook-id: msg_1\nwebhook-timestamp: 1800000000\nwebhook-signature: v1,abc=\n"


def of_message(text: str | bytes) -> Pairs:
    """Those of the webhook."""
    data = text.encode() if isinstance(text, str) else text
    return [
        (name.lower(), value) for name, value in read(data, "h.txt") if name.lower().startswith("webhook-")
    ]


def refused(text: str | bytes) -> str:
    with pytest.raises(UsageProblem) as caught:
        of_message(text)
    return caught.value.message


@pytest.mark.parametrize(
    "text",
    [
        LINES,
        LINES.replace("\n", "\r\n"),
        LINES.rstrip(),
        "\n\r\n" + LINES + "\n\n",
        "\ufeff" + LINES,
        LINES.replace("webhook", "Webhook").replace("-id", "-ID"),
        LINES.replace(": ", ":"),
        LINES.replace(": ", ":\t ").replace("\n", " \t\n"),
        "content-type: application/json\n" + LINES + "via: 1.1 HTTP/1\nupgrade: TLS/1.0, HTTP/1.1\n",
        "POST /hook HTTP/1.1\r\nhost: h\r\n" + LINES + "\r\n",
        "POST /hook?a=b HTTP/2\n" + LINES + "\n" + '{"webhook-id: msg_2": 1}\nwebhook-id: msg_3\n',
        ":method: POST\n:path: /hook\n" + LINES,
        "HTTP/1.1 200 OK\r\n" + LINES + "\r\n",
        "HTTP/2 200 \r\n" + LINES,
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n" + LINES,
        "HTTP/1.1 302 Found\r\nlocation: /x\r\n\r\nHTTP/1.1 200 OK\r\n" + LINES + "\r\nHTTP/1.1 is a text",
        "x-folded: a\n b\n\tc\n" + LINES,
    ],
)
def test_what_people_and_programs_write_down(text: str) -> None:
    assert of_message(text.encode()) == PAIRS


def of_curl(mark: str, lines: str) -> str:
    return "".join(f"{mark} {line}\r\n" for line in lines.splitlines())


@pytest.mark.parametrize(
    "text",
    [
        "*   Trying 127.0.0.1:80...\n"
        + of_curl(">", "POST /hook HTTP/1.1\nHost: h\n" + LINES + "\n")
        + "} [13 bytes data]\n"
        + of_curl("<", "HTTP/1.1 204 No Content\nserver: x\n\n")
        + "* Connection #0 left intact\n",
        of_curl(">", "GET /last HTTP/1.1\nHost: h\n\n")
        + of_curl("<", "HTTP/2 200\n" + LINES + "\n")
        + "<html>\n> x",
        "  % Total    % Received\n\r  0     0 --:--:--     0> POST / HTTP/1.1\r\n" + of_curl(">", LINES),
    ],
    ids=["sent", "got", "after the progress"],
)
def test_what_curl_shows(text: str) -> None:
    assert of_message(text) == PAIRS


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
@pytest.mark.parametrize("words", [["-v"], ["-sv"]])
def test_what_curl_itself_writes_is_read(words: list[str], tmp_path: Path) -> None:
    body = b'{"type": "x"}\r\n\xff'
    headers = webhooks.sign(body, SECRET, message_id="msg_1")
    (tmp_path / "headers").write_text("".join(f"{name}: {value}\n" for name, value in headers.items()))
    (tmp_path / "body").write_bytes(body)
    sending = ["-H", "@headers", "--data-binary", "@body", "--noproxy", "*"]
    with receiving(receivers.lenient) as receiver:
        done = subprocess.run(
            ["curl", *words, *sending, receiver.url], cwd=tmp_path, capture_output=True, timeout=30
        )
    assert done.returncode == 0
    assert webhooks.verify(body, read(done.stderr, "h.txt"), SECRET) == "msg_1"


def test_a_header_that_is_there_twice_stays_there_twice() -> None:
    twice = of_message(LINES + "Webhook-Id: msg_2\n")
    assert len(twice) == 4
    with pytest.raises(WebhookVerificationError) as caught:
        webhooks.verify(b"", twice, SECRET)
    assert caught.value.reason == "duplicate_header"


@pytest.mark.parametrize("name", ["webhook-signature", "Webhook-ID", "svix-timestamp"])
@pytest.mark.parametrize("space", [" ", "\t"])
def test_a_value_of_a_webhook_over_several_lines_is_malformed(name: str, space: str) -> None:
    with pytest.raises(WebhookVerificationError, match=name.lower()) as caught:
        of_message(f"x: y\n{name}: v1,abc=\n{space}v1,def=\n")
    assert caught.value.reason == "malformed_header"


@pytest.mark.parametrize(
    "text",
    [
        "POST / HTTP/1.1\n" + LINES + "\nPOST / HTTP/1.1\n" + LINES,
        LINES + "HTTP/1.1 200 OK\n" + LINES,
        of_curl(">", "POST / HTTP/1.1\n" + LINES + "\n") + of_curl("<", "HTTP/1.1 200 OK\n" + LINES + "\n"),
    ],
)
def test_of_two_messages_none_is_chosen(text: str) -> None:
    assert "2 messages" in refused(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no headers"),
        ("\n \n\r\n", "no headers"),
        (LINES + "\nwebhook-id: msg_2\n", "line 5 of h.txt comes after an empty line"),
        (LINES + '\n{"type": "x"}\n', "line 5"),
        ("webhook-id : msg_1\n", "line 1 of h.txt is no header"),
        ("x: y\nwebhook-id\n", "line 2"),
        ('{"webhook-id": "msg_1"}', "line 1"),
        (": empty\n", "line 1"),
        ("webhook id: msg_1\n", "line 1"),
        (" webhook-id: msg_1\n", "line 1 of h.txt goes on with a header that is not there"),
        ("-H 'webhook-id: msg_1'\n", "line 1"),
        (LINES.encode("utf-16"), "UTF-16"),
        (b"\x00\x01\x02", "line 1"),
    ],
)
def test_what_is_no_list_of_headers_is_told_with_its_line(text: str | bytes, told: str) -> None:
    message = refused(text)
    assert told in message
    assert "msg_" not in message  # a line may hold what nobody should see


def test_headers_of_another_scheme_come_through_for_whoever_explains_them() -> None:
    assert read(b"HTTP/1.1 200 OK\nStripe-Signature: t=1\n\nPOST / HTTP/1.1\n", "h.txt") == [
        ("Stripe-Signature", "t=1")
    ]


_NAMES = st.text(string.ascii_letters + string.digits + "-_!#$%&'*+.^`|~", min_size=1, max_size=20)
_VALUES = st.text(st.characters(min_codepoint=0x21, max_codepoint=0xFF, exclude_characters="\x7f\x85\xa0"))
_FORMS = ("plain", "crlf", "raw", "curl >", "curl <")


@given(st.lists(st.tuples(_NAMES, _VALUES), min_size=1), st.sampled_from(_FORMS), st.binary())
def test_any_headers_are_read_as_they_were_written(pairs: Pairs, form: str, body: bytes) -> None:
    lines = [f"{name}: {value}" for name, value in pairs]
    if form == "raw":
        text = "\r\n".join(["POST /hook HTTP/1.1", *lines, "", ""])
        body = b"{" + body  # another message would be one
    elif form.startswith("curl"):
        mark = form[-1]
        start = "POST /hook HTTP/1.1" if mark == ">" else "HTTP/1.1 200 OK"
        text, body = "".join(f"{mark} {line}\r\n" for line in [start, *lines, ""]), b""
    else:
        text, body = ("\r\n" if form == "crlf" else "\n").join(lines), b""
    assert read(text.encode("latin-1") + body, "h.txt") == pairs


@given(st.binary() | st.text().map(str.encode))
def test_whatever_a_file_holds_only_two_errors_come_out(data: bytes) -> None:
    with suppress(UsageProblem, WebhookVerificationError):
        read(data, "h.txt")
