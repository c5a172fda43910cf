"""A Bot API on loopback, as core.telegram.org/bots/api describes it: it keeps what it is sent, holds long
polls, forgets what was confirmed, and plays faults."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKEN = "123456789:AAE-xYz_ThisIsNoRealToken0123456789"
#: For a test that must not wait for ever.
PATIENCE = 30.0


def no(code: int, description: str) -> tuple[int, dict[str, Any]]:
    """A fault: Telegram refuses."""
    return code, {"ok": False, "error_code": code, "description": description}


class BotApi:
    """One bot, and the chats that write to it."""

    def __init__(self) -> None:
        self.url = ""
        self.calls: list[tuple[str, dict[str, Any]]] = []
        #: What was taken, in order.
        self.messages: list[dict[str, Any]] = []
        #: Per method, for its next calls: `drop`, `malformed`, `html`, or (status, body).
        self.faults: dict[str, deque[str | tuple[int, dict[str, Any]]]] = {}
        #: Taken, but the answer never comes.
        self.swallow: Callable[[dict[str, Any]], bool] = lambda message: False
        self.updates: list[dict[str, Any]] = []
        self.changed = threading.Condition()
        self.closing = False
        self._next = 1000

    def fault(self, method: str, *faults: str | tuple[int, dict[str, Any]]) -> None:
        """Play these at the next calls of a method."""
        with self.changed:
            self.faults.setdefault(method, deque()).extend(faults)

    def write(self, chat: int, text: Any, *, kind: str = "private", **sender: str) -> int:
        """Somebody writes to the bot; the update's number."""
        who = sender or {"first_name": "Ann", "username": "ann"}
        message = {"message_id": 1, "date": 0, "chat": {"id": chat, "type": kind, **who}, "text": text}
        return self.update({"message": message})

    def update(self, fields: dict[str, Any]) -> int:
        """Any update."""
        with self.changed:
            number = self._next
            self._next += 1
            self.updates.append({"update_id": number, **fields})
            self.changed.notify_all()
        return number

    def to(self, chat: int) -> list[str]:
        """The texts that a chat got."""
        return [one["text"] for one in self.messages if one["chat_id"] == chat]

    def wait_for(self, met: Callable[[], Any], what: str = "it") -> None:
        """Until that holds."""
        with self.changed:
            assert self.changed.wait_for(met, timeout=PATIENCE), f"{what} did not come; sent: {self.messages}"

    def answer(self, method: str, body: dict[str, Any]) -> tuple[int, Any]:
        """What the API says."""
        if method == "getMe":
            me = {"id": 123456789, "is_bot": True, "first_name": "amv", "username": "amv_test_bot"}
            return 200, {"ok": True, "result": me}
        if method == "setMyCommands":
            return 200, {"ok": True, "result": True}
        if method == "sendMessage":
            with self.changed:
                self.messages.append(body)
                self.changed.notify_all()
            return 200, {"ok": True, "result": {"message_id": len(self.messages)}}
        if method == "getUpdates":
            return 200, {"ok": True, "result": self._held(body["offset"], body["timeout"])}
        return no(404, "Not Found")

    def _held(self, offset: int, timeout: float) -> list[dict[str, Any]]:
        end = time.monotonic() + timeout
        with self.changed:
            self.updates = [one for one in self.updates if one["update_id"] >= offset]
            while not self.updates and not self.closing and (left := end - time.monotonic()) > 0:
                self.changed.wait(left)
            return list(self.updates)


@contextmanager
def bot_api() -> Iterator[BotApi]:
    """One that runs while the block does."""
    api = BotApi()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            head, _, method = self.path.rpartition("/")
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with api.changed:
                api.calls.append((method, body))
                faults = api.faults.get(method)
                fault = faults.popleft() if faults else None
                api.changed.notify_all()
            if head != f"/bot{TOKEN}":
                self._say(*no(401, "Unauthorized"))
            elif fault == "drop":
                linger = struct.pack("ii", 1, 0)
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                self.close_connection = True
                self.connection.close()
            elif fault == "malformed":
                self._send(200, b'{"ok": tru')
            elif fault == "html":
                self._send(502, b"<html>Bad Gateway</html>")
            elif isinstance(fault, tuple):
                self._say(*fault)
            else:
                answer = api.answer(method, body)
                if method == "sendMessage" and api.swallow(body):
                    with api.changed:
                        api.changed.wait_for(lambda: api.closing, timeout=PATIENCE)
                else:
                    self._say(*answer)

        def _say(self, status: int, said: Any) -> None:
            self._send(status, json.dumps(said).encode())

        def _send(self, status: int, said: bytes) -> None:
            try:
                self.send_response(status)
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)
            except OSError:
                pass  # whoever asked has gone

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    api.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield api
    finally:
        with api.changed:
            api.closing = True
            api.changed.notify_all()
        server.shutdown()
        server.server_close()
        thread.join()
