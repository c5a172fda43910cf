"""An S3 store for tests: moto's server behind a layer that plays faults and makes objects old.

`python -m tests.server.store.s3_stand_in` prints its port, and ends with its standard input. It is a
process of its own: moto is heavy, and warns in ways that our tests treat as errors.
"""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

BUSY = (
    b'<?xml version="1.0" encoding="UTF-8"?><Error><Code>SlowDown</Code>'
    b"<Message>Please reduce your request rate.</Message></Error>"
)


class StandIn:
    """The test's side: starts the process, tells it what to play."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "tests.server.store.s3_stand_in"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=Path(__file__).parents[3],
        )
        assert self._process.stdout is not None
        self.url = f"http://127.0.0.1:{int(self._process.stdout.readline())}"

    def close(self) -> None:
        self._process.communicate(timeout=20)

    def bucket(self, name: str) -> None:
        """Create a bucket."""
        urllib.request.urlopen(urllib.request.Request(f"{self.url}/{name}", method="PUT")).close()

    def play(self, *, times: int = 1000, method: str = "*", **fault: Any) -> None:
        """A fault for the next calls: `status` and `body`, `delay` in seconds, `cut` after so many bytes."""
        self._tell("faults", {"times": times, "method": method, **fault})

    def well_again(self) -> None:
        """No faults any more."""
        self._tell("clear", {})

    def age(self, bucket: str, key: str, by: timedelta) -> None:
        """Make an object older."""
        self._tell("age", {"bucket": bucket, "key": key, "seconds": by.total_seconds()})

    def replace(self, bucket: str, key: str, content: bytes | None) -> None:
        """Change an object behind everybody's back; `None` removes it."""
        request = urllib.request.Request(
            f"{self.url}/{bucket}/{key}",
            data=content,
            method="DELETE" if content is None else "PUT",
            headers={"Authorization": "AWS nobody:checks"},
        )
        urllib.request.urlopen(request).close()

    def calls(self) -> list[str]:
        """The method and path of every call since the last question."""
        calls: list[str] = self._tell("calls", {})
        return calls

    def users(self) -> set[str]:
        """The access keys of all calls since the last question."""
        return set(self._tell("users", {}))

    def checksum(self, bucket: str, key: str) -> str | None:
        """The SHA-256 (base64) that the last call for an object said that its body has."""
        checksum: str | None = self._tell("checksum", {"bucket": bucket, "key": key})
        return checksum

    def _tell(self, what: str, content: dict[str, Any]) -> Any:
        request = urllib.request.Request(f"{self.url}/_stand_in/{what}", data=json.dumps(content).encode())
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)


class Layer:
    """The process' side: a WSGI application around moto's."""

    def __init__(self, moto: Callable[..., Iterable[bytes]]) -> None:
        self._moto = moto
        self._lock = threading.Lock()
        self._faults: list[dict[str, Any]] = []
        self._calls: list[str] = []
        self._users: set[str] = set()
        self._checksums: dict[str, str | None] = {}

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path.startswith("/_stand_in/"):
            content = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
            answer = self._told(path.rpartition("/")[2], content)
            start("200 OK", [("Content-Type", "application/json")])
            return [json.dumps(answer).encode()]
        self._calls.append(f"{environ['REQUEST_METHOD']} {path}")
        if user := re.search(r"Credential=([^/]+)/", environ.get("HTTP_AUTHORIZATION", "")):
            self._users.add(user.group(1))
        self._checksums[path] = environ.get("HTTP_X_AMZ_CHECKSUM_SHA256")
        fault = self._next(environ["REQUEST_METHOD"])
        if fault is None:
            return self._moto(environ, start)
        time.sleep(fault.get("delay", 0))
        if "cut" in fault:
            return self._cut(environ, fault["cut"])
        if "status" in fault:
            environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            start(f"{fault['status']} fault", [("Content-Type", "application/xml")])
            return [fault.get("body", BUSY.decode()).encode()]
        return self._moto(environ, start)

    def _next(self, method: str) -> dict[str, Any] | None:
        with self._lock:
            for fault in self._faults:
                if fault["times"] and fault["method"] in ("*", method):
                    fault["times"] -= 1
                    return fault
        return None

    def _cut(self, environ: dict[str, Any], after: int) -> Iterable[bytes]:
        """Read or send so many bytes, then reset the connection."""
        connection: socket.socket = environ["werkzeug.socket"]
        if environ["REQUEST_METHOD"] == "PUT":
            environ["wsgi.input"].read(after)
        else:
            parts: list[Any] = []
            body = b"".join(self._moto(environ, lambda *given: parts.extend(given)))
            head = f"HTTP/1.1 {parts[0]}\r\n" + "".join(f"{name}: {value}\r\n" for name, value in parts[1])
            connection.sendall(head.encode() + b"\r\n" + body[:after])
        connection.shutdown(socket.SHUT_RDWR)
        raise ConnectionResetError

    def _told(self, what: str, content: dict[str, Any]) -> Any:
        with self._lock:
            if what == "faults":
                self._faults.append(content)
            elif what == "clear":
                self._faults.clear()
            elif what == "calls":
                calls, self._calls = self._calls, []
                return calls
            elif what == "users":
                users, self._users = self._users, set()
                return sorted(users)
            elif what == "checksum":
                return self._checksums.get(f"/{content['bucket']}/{content['key']}")
            else:
                stored = _stored(content["bucket"], content["key"])
                moment = datetime.now(UTC) - timedelta(seconds=content["seconds"])
                stored.last_modified = moment.replace(tzinfo=None)
        return None


def _stored(bucket: str, key: str) -> Any:
    from moto.core import DEFAULT_ACCOUNT_ID
    from moto.s3.models import s3_backends

    return s3_backends[DEFAULT_ACCOUNT_ID]["aws"].buckets[bucket].keys[key]


def main() -> None:
    from moto.server import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    layer = Layer(DomainDispatcherApplication(create_backend_app))  # type: ignore[no-untyped-call]
    server = make_server("127.0.0.1", 0, layer, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
