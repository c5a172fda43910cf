"""Whatever is sent, the log stays one JSON line per request, and an answer's headers are the server's own."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.server.door.wire import Wire
from tests.server.processes import Program, programs, until

#: What ends lines, moves the cursor, colours, or turns the direction of what is shown.
NASTY = {
    "CR LF": '\r\n{"level": "error", "message": "forged"}\r\n',
    "LF": '\n{"message": "forged"}',
    "CR": "\rforged",
    "NUL": "a\0b",
    "backspaces": "\b\b\b\b",
    "escape": "\x1b[2J\x1b[31mforged\x1b]0;title\x07",
    "C1 escape": "\x9b31mforged",
    "next line": "\x85forged",
    "line separator": "\u2028forged\u2029",
    "bidi override": "\u202egnp.exe\u202d",
    "bidi isolates": "\u2066\u2067\u2068\u2069",
    "marks": "\u200e\u200f\u061c",
    "zero width": "ad\u200b\u200dmin\ufeff",
    "delete": "\x7f\x7f",
    "quotes": '"}, {"message": "forged", "x": "',
    "braces": "{}{{}}%s%(message)s%n",
    "tags": "\U000e0041\U000e0042",
    "half a letter": b"\xff\xfe\xc3".decode("latin-1"),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """`amv serve`, with its log."""
    with (
        pytest.MonkeyPatch.context() as patch,
        programs(tmp_path_factory.mktemp("log") / "server", None) as start,
    ):
        patch.delenv("AMV_DATA_DIR", raising=False)
        program = start("serve", "--port", "0")
        until(program.where)
        until(lambda: program.said("find the key in"))  # the last line that is not about a request
        yield program


def logged(server: Program, send: bytes) -> tuple[list[str], bytes]:
    """The lines that a request leaves in the log, and what was answered."""
    where = until(server.where)
    before = server.log.read_bytes()
    with Wire(where["url"]) as wire:
        wire.send(send.replace(b"HOST", wire.host.encode()))
        answered = wire.rest()
    until(lambda: len(server.log.read_bytes()) > len(before) and server.log.read_bytes().endswith(b"\n"))
    text = server.log.read_bytes()[len(before) :]
    assert text.isascii()
    return text.decode().splitlines(), answered


def check(lines: list[str], answered: bytes) -> None:
    [line] = lines
    found = json.loads(line)
    assert found["logger"] == "aimusicverse.server.access"
    assert found["request_id"].encode() in answered
    assert found["level"] == "info"
    assert not [char for char in line if not " " <= char <= "~"]
    head = answered.partition(b"\r\n\r\n")[0].decode()
    assert "forged" not in head
    assert head.count("x-request-id") == 1


@pytest.mark.parametrize("name", NASTY)
@pytest.mark.parametrize(
    "target",
    ["/{x}", "/api/v1/tracks/{x}", "/api/v1/{x}/y", "/healthz?{x}={x}", "/problems/{x}", "/docs/assets/{x}"],
)
def test_a_path_or_query_is_one_line(server: Program, name: str, target: str) -> None:
    escaped = quote(NASTY[name], safe="")
    request = f"GET {target.format(x=escaped)} HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n\r\n"
    check(*logged(server, request.encode()))


@pytest.mark.parametrize("name", NASTY)
@pytest.mark.parametrize(
    "header",
    ["User-Agent", "X-Request-Id", "X-Forwarded-For", "X-Forwarded-Proto", "Referer", "Origin", "X-API-Key",
     "Idempotency-Key", "Range", "If-None-Match", "Content-Type", "AMV-Client", "traceparent", "Host"],
)  # fmt: skip
def test_a_header_is_one_line_and_comes_not_back(server: Program, name: str, header: str) -> None:
    value = NASTY[name].encode() if name != "half a letter" else b"\xff\xfe\xc3"
    host = b"" if header == "Host" else b"Host: HOST\r\n"
    sent = b"GET /api/v1/tracks HTTP/1.1\r\n" + host + header.encode() + b": " + value
    check(*logged(server, sent + b"\r\nConnection: close\r\n\r\n"))


def test_a_request_id_is_the_servers_own(server: Program) -> None:
    _, answered = logged(
        server, b"GET /healthz HTTP/1.1\r\nHost: HOST\r\nX-Request-Id: mine\r\nConnection: close\r\n\r\n"
    )
    assert b"mine" not in answered
    assert b"x-request-id: req_" in answered


def test_a_title_gets_into_no_header_as_it_is(api_with_titles: list[tuple[str, str]]) -> None:
    for title, disposition in api_with_titles:
        assert disposition.isascii(), title
        assert "\r" not in disposition
        assert "\n" not in disposition


@pytest.fixture
def api_with_titles(tmp_path: Path) -> Iterator[list[tuple[str, str]]]:
    """Titles, and the `Content-Disposition` of the audio that has them."""
    from tests.server.door.conftest import started

    api = started(tmp_path / "titles")
    found = []
    [track] = api.generate()["tracks"]
    for title in NASTY.values():
        changed = api.patch(f"/tracks/{track['id']}", json={"title": title})
        if changed.status_code == 200:
            answer = api.get(f"/tracks/{track['id']}/audio", headers={"Range": "bytes=0-1"})
            found.append((title, answer.headers["content-disposition"]))
    assert found
    yield found
    api.http.close()
    api.server.close()


def test_it_stops_in_order_after_all_that(server: Program) -> None:
    assert server.end(signal.SIGTERM) == 0
