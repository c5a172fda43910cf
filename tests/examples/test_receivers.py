"""Each receiver that the documentation shows keeps what it promises, on a real server."""

from __future__ import annotations

import base64
import logging
import re
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from aimusicverse import ConfigurationError, webhooks
from tests.examples import receiver_servers as servers
from tests.examples.receiver_servers import FOLDER, Framing, Pairs, Receiver
from tests.redis_server import needs_redis, redis_server

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
NEXT = "whsec_" + base64.b64encode(bytes(range(32, 64))).decode()
BODY = b'{"type":"generation.completed","data":{"id":"gen_1","title":"Caf\xc3\xa9"}}'
FILES = sorted(file.stem for file in FOLDER.glob("*.py"))
LAMBDA_EVENTS = {
    "lambda, HTTP API": servers.event_of_http_api,
    "lambda, HTTP API in base64": servers.event_of_http_api_in_base64,
    "lambda, REST API": servers.event_of_rest_api,
}
KINDS: list[Any] = ["fastapi", "starlette", "flask", "django", "aiohttp"]
KINDS += [pytest.param(kind, marks=needs_redis) for kind in LAMBDA_EVENTS]


@pytest.fixture(scope="module", params=KINDS)
def running(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receiver]:
    kind: str = request.param
    folder = tmp_path_factory.mktemp("receiver")
    secrets = {"WEBHOOK_SECRET": f"{NEXT} {SECRET}"}
    with ExitStack() as stack:
        if kind in LAMBDA_EVENTS:
            url = stack.enter_context(redis_server())
            module = servers.load("lambda_receiver", folder, REDIS_URL=url, **secrets)
            yield servers.on_lambda(module, LAMBDA_EVENTS[kind])
            return
        name = "fastapi_receiver" if kind == "starlette" else f"{kind}_receiver"
        module = servers.load(name, folder, **secrets)
        stack.callback(module.seen.close)
        if kind == "starlette":
            server = servers.asgi(module, servers.starlette_app(module))
        elif kind == "fastapi":
            server = servers.asgi(module, module.app)
        elif kind == "aiohttp":
            server = servers.on_aiohttp(module, module.app)
        else:
            server = servers.wsgi(module, module.application if kind == "django" else module.app)
        yield stack.enter_context(server)


@pytest.fixture
def handled(running: Receiver, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Ids of the events that came to `handle`."""
    ids: list[str] = []
    monkeypatch.setattr(running.module, "handle", lambda event: ids.append(event.id))
    return ids


def signed(body: bytes = BODY, *, secret: str = SECRET, timestamp: int | None = None) -> Pairs:
    """The headers of a message of its own."""
    headers = webhooks.sign(body, secret, message_id=f"evt_{uuid.uuid4().hex}", timestamp=timestamp)
    return [("content-type", "application/json"), *headers.items()]


def id_of(headers: Pairs) -> str:
    return dict(headers)["webhook-id"]


def test_a_message_is_handled_once_however_often_it_comes(running: Receiver, handled: list[str]) -> None:
    headers = signed()
    for _ in range(3):
        assert running.post(BODY, headers).status == 200
    assert handled == [id_of(headers)]


def test_both_secrets_are_good_while_one_replaces_the_other(running: Receiver, handled: list[str]) -> None:
    new, unknown = signed(secret=NEXT), b'{"type":"of.tomorrow"}'
    assert running.post(BODY, new).status == 200
    later = signed(unknown)
    assert running.post(unknown, later).status == 200
    assert handled == [id_of(new), id_of(later)]


def test_what_cannot_be_trusted_is_refused_with_the_reason_alone(
    running: Receiver, handled: list[str]
) -> None:
    other = "whsec_" + base64.b64encode(bytes(32)).decode()
    now = int(time.time())
    cases = [
        (BODY.replace(b"gen_1", b"gen_2"), signed(), "wrong_signature"),
        (BODY + b"\n", signed(), "wrong_signature"),
        (b"", signed(), "wrong_signature"),
        (BODY, signed(secret=other), "wrong_signature"),
        (BODY, signed(timestamp=now - 400), "too_old"),
        (BODY, signed(timestamp=now + 400), "too_new"),
        (BODY, [("content-type", "application/json")], "missing_header"),
        (b"[]", signed(b"[]"), "malformed_event"),
    ]
    for body, headers, reason in cases:
        answer = running.post(body, headers)
        assert (answer.status, answer.text) == (400, reason)
    assert handled == []


@pytest.mark.parametrize("place", [1, 2, 3])
def test_a_header_that_is_there_twice_is_refused(running: Receiver, handled: list[str], place: int) -> None:
    """However its server hands it on: twice, or joined by a comma."""
    headers = signed()
    assert running.post(BODY, [*headers, headers[place]]).status == 400
    assert handled == []


@pytest.mark.parametrize("framing", ["content-length", "chunked"])
def test_what_is_too_large_is_refused_before_all_of_it_was_read(
    running: Receiver, handled: list[str], framing: Framing
) -> None:
    answer = running.post_too_much(signed(), framing)
    # Without a length WSGI leaves it empty (Django), or cuts it at what may be (Flask): so it does not fit.
    assert answer.status == (400 if framing == "chunked" and running.over_wsgi else 413)
    assert handled == []


class Broken(Exception):
    """What a handler raises here."""


def test_when_the_handler_fails_the_sender_may_try_again(
    running: Receiver, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tries: list[str] = []

    def handle(event: Any) -> None:
        tries.append(event.id)
        if len(tries) == 1:
            raise Broken("secret of the house")

    monkeypatch.setattr(running.module, "handle", handle)
    headers = signed()
    with caplog.at_level(logging.ERROR):
        answer = running.post(BODY, headers)
    assert answer.status == 500
    assert "secret of the house" not in answer.text
    deadline = time.monotonic() + 20
    while Broken not in {record.exc_info[0] for record in caplog.records if record.exc_info}:
        assert time.monotonic() < deadline, "a failure that nobody hears of"
        time.sleep(0.01)  # some log it when they have answered
    assert running.post(BODY, headers).status == 200
    assert running.post(BODY, headers).status == 200
    assert tries == [id_of(headers)] * 2


def test_while_one_delivery_is_worked_on_another_is_told_to_come_later(
    running: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    entered, leave, handled = threading.Event(), threading.Event(), []

    def handle(event: Any) -> None:
        handled.append(event.id)
        entered.set()
        assert leave.wait(20)

    monkeypatch.setattr(running.module, "handle", handle)
    headers, first = signed(), []
    thread = threading.Thread(target=lambda: first.append(running.post(BODY, headers).status))
    thread.start()
    try:
        assert entered.wait(20)
        assert running.post(BODY, headers).status == 409
    finally:
        leave.set()
        thread.join(20)
    assert first == [200]
    assert running.post(BODY, headers).status == 200
    assert handled == [id_of(headers)]


@pytest.mark.parametrize("file", FILES)
def test_without_a_secret_it_does_not_start(file: str, tmp_path: Any) -> None:
    redis = {"REDIS_URL": "redis://127.0.0.1:1"}
    with pytest.raises(KeyError, match="WEBHOOK_SECRET"):
        servers.load(file, tmp_path, "none", **redis)
    for wrong in ("", "whsec_short", "whpk_" + SECRET[6:]):
        with pytest.raises(ConfigurationError):
            servers.load(file, tmp_path, "wrong", WEBHOOK_SECRET=wrong, **redis)


def test_each_is_run_here_and_shown_on_its_page() -> None:
    page = (FOLDER.parent.parent / "docs" / "receiving-webhooks.md").read_text("utf-8")
    shown = re.findall(r'^--8<-- "examples/receivers/(\w+)\.py"$', page, re.M)
    run = {"lambda_receiver", *(f"{kind}_receiver" for kind in KINDS[:5])} - {"starlette_receiver"}
    assert sorted(shown) == FILES == sorted(run)
