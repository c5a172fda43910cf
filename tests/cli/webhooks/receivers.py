"""Receivers on loopback: one that is right, and others that are wrong, each in a way that is met."""

from __future__ import annotations

import hashlib
import hmac
import json
import ssl
import threading
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aimusicverse import webhooks

SECRET = "whsec_" + b64encode(bytes(range(7, 39))).decode()
KEY = b64decode(SECRET.removeprefix("whsec_"))

Headers = list[tuple[str, str]]
#: What to answer; None cuts the connection.
Behaviour = Callable[[Headers, bytes], int | None]


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        server: Any = self.server
        body = self.rfile.read(int(self.headers["content-length"]))
        server.seen.append((self.headers.items(), body))
        try:
            status = server.behaviour(self.headers.items(), body)
        except Exception:  # as every framework does
            status = 500
        if status is None:
            self.close_connection = True
            return
        self.send_response(status)
        self.send_header("content-length", "0")
        if status // 100 == 3:
            self.send_header("location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """A sender that goes away is none."""


@contextmanager
def receiving(behaviour: Behaviour, *, tls: ssl.SSLContext | None = None) -> Iterator[Any]:
    """It answers at `.url` while this lasts, and keeps what came in `.seen`."""
    server: Any = _Server(("127.0.0.1", 0), _Handler)
    server.behaviour, server.seen = behaviour, []
    server.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}/hook"
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def right() -> Behaviour:
    """Judges, remembers what it has seen, and takes JSON only."""
    seen = webhooks.MemoryReplayStore()

    def answer(headers: Headers, body: bytes) -> int:
        if len(body) > 1_000_000:
            return 413
        try:
            message_id = webhooks.verify(body, headers, SECRET)
        except webhooks.WebhookVerificationError:
            return 401
        with seen.claim(message_id):
            try:
                json.loads(body)
            except ValueError:
                return 400
        return 204

    return answer


def lenient(headers: Headers, body: bytes) -> int:
    """Right as well: remembers nothing, has no limit, and parses nothing."""
    try:
        webhooks.verify(body, headers, SECRET)
    except webhooks.WebhookVerificationError:
        return 400
    return 200


def believes_everything(headers: Headers, body: bytes) -> int:
    return 200


def refuses_everything(headers: Headers, body: bytes) -> int:
    return 404


def writes_again(separators: tuple[str, str]) -> Behaviour:
    """Judges JSON that it has parsed and written again."""

    def answer(headers: Headers, body: bytes) -> int:
        try:
            body = json.dumps(json.loads(body), separators=separators).encode()
        except ValueError:
            return 400
        return lenient(headers, body)

    return answer


def looks_at_no_clock(headers: Headers, body: bytes) -> int:
    stamp = _by_name(headers).get("webhook-timestamp", "")
    if not stamp.isdigit():
        return 400
    try:
        webhooks.verify(body, headers, SECRET, now=int(stamp))
    except webhooks.WebhookVerificationError:
        return 400
    return 200


def decodes_first(headers: Headers, body: bytes) -> int:
    return lenient(headers, body.decode().encode())


def falls_over_bad_base64(headers: Headers, body: bytes) -> int:
    for token in _by_name(headers).get("webhook-signature", "v1,").split(" "):
        b64decode(token.split(",")[1], validate=True)
    return lenient(headers, body)


def _by_name(headers: Headers) -> dict[str, str]:
    return {name.lower(): value for name, value in headers}


def _by_hand(headers: Headers, body: bytes, key: bytes, *, tokens: Callable[[str], list[str]]) -> int:
    of = _by_name(headers)
    if not of.get("webhook-id") or not of.get("webhook-timestamp") or not of.get("webhook-signature"):
        return 400
    try:
        webhooks.verify(body, headers, SECRET)
    except webhooks.WebhookVerificationError as error:
        if error.reason not in ("wrong_signature", "no_known_signature"):
            return 400
    signed = f"{of['webhook-id']}.{of['webhook-timestamp']}.".encode() + body
    expected = b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return 200 if expected in tokens(of["webhook-signature"]) else 401


def reads_the_first_signature(headers: Headers, body: bytes) -> int:
    return _by_hand(headers, body, KEY, tokens=lambda text: [text.split(" ")[0].removeprefix("v1,")])


def takes_any_version(headers: Headers, body: bytes) -> int:
    return _by_hand(
        headers, body, KEY, tokens=lambda text: [token.split(",")[-1] for token in text.split(" ")]
    )


def has_no_secret(headers: Headers, body: bytes) -> int:
    """Its setting is missing, and an empty text stands for it."""
    return _by_hand(
        headers, body, b"", tokens=lambda text: [token.removeprefix("v1,") for token in text.split(" ")]
    )


def reads_names_as_written(headers: Headers, body: bytes) -> int:
    return lenient([(name, value) for name, value in headers if name == name.lower()], body)


def knows_one_type(headers: Headers, body: bytes) -> int:
    answer = lenient(headers, body)
    if answer != 200:
        return answer
    try:
        return 200 if json.loads(body)["type"] == "endpoint.test" else 422
    except ValueError:
        return 400


def falls_over_duplicates() -> Behaviour:
    """Its database has a unique index, and nobody looks at the error."""
    seen: set[str] = set()

    def answer(headers: Headers, body: bytes) -> int:
        if (status := lenient(headers, body)) == 200:
            message_id = _by_name(headers)["webhook-id"]
            if message_id in seen:
                return 500
            seen.add(message_id)
        return status

    return answer


def sends_elsewhere(headers: Headers, body: bytes) -> int:
    return 307


def has_had_enough(headers: Headers, body: bytes) -> int:
    return 429


def cuts(headers: Headers, body: bytes) -> None:
    return None


def cuts_what_is_long(headers: Headers, body: bytes) -> int | None:
    return None if len(body) > 1_000_000 else lenient(headers, body)
