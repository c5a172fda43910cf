"""The receivers of examples/receivers, each on a real server and socket; that of Lambda as AWS calls it."""

from __future__ import annotations

import asyncio
import base64
import http.client
import importlib.util
import select
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

import pytest

FOLDER = Path(__file__).parent.parent.parent / "examples" / "receivers"
LARGEST = 1_000_000
Pairs = list[tuple[str, str]]
Framing = Literal["content-length", "chunked"]


@dataclass
class Answer:
    status: int
    text: str = ""


@dataclass
class Receiver:
    """A receiver that runs."""

    module: ModuleType
    post: Callable[[bytes, Pairs], Answer]
    #: Sends a little more than may be, of a body that is said to be longer, and waits for the answer.
    post_too_much: Callable[[Pairs, Framing], Answer]
    over_wsgi: bool = False


def load(file: str, folder: Path, name: str | None = None, **environment: str) -> ModuleType:
    """A receiver's module, as its server imports it: with its environment, in the folder where it runs."""
    name = name or file
    spec = importlib.util.spec_from_file_location(name, FOLDER / f"{file}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        for variable in ("WEBHOOK_SECRET", "REDIS_URL"):
            patch.delenv(variable, raising=False)
        for variable, value in environment.items():
            patch.setenv(variable, value)
        patch.chdir(folder)
        sys.modules[name] = module  # Django looks for its routes there
        try:
            spec.loader.exec_module(module)
        except BaseException:
            del sys.modules[name]
            raise
    return module


@contextmanager
def _listener() -> Iterator[tuple[socket.socket, int]]:
    """It takes connections from now on, so nobody has to wait for its server."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        yield listener, listener.getsockname()[1]


@contextmanager
def asgi(module: ModuleType, app: Any) -> Iterator[Receiver]:
    """On uvicorn."""
    import uvicorn

    with _listener() as (listener, port):
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield _over_http(module, port)
        finally:
            server.should_exit = True
            thread.join(20)
    assert not thread.is_alive()


@contextmanager
def wsgi(module: ModuleType, app: Any) -> Iterator[Receiver]:
    """On Werkzeug's server, which hands bodies over as they come."""
    from werkzeug.serving import make_server

    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield replace(_over_http(module, server.server_port), over_wsgi=True)
    finally:
        server.shutdown()
        thread.join(20)
        server.server_close()
    assert not thread.is_alive()


@contextmanager
def on_aiohttp(module: ModuleType, app: Any) -> Iterator[Receiver]:
    """On its own server."""
    from aiohttp import web

    over = asyncio.Event()

    async def serve(listener: socket.socket) -> None:
        runner = web.AppRunner(app, shutdown_timeout=1)
        await runner.setup()
        await web.SockSite(runner, listener).start()
        await over.wait()
        await runner.cleanup()

    with _listener() as (listener, port), asyncio.Runner(loop_factory=asyncio.new_event_loop) as loop:
        thread = threading.Thread(target=lambda: loop.run(serve(listener)))
        thread.start()
        try:
            yield _over_http(module, port)
        finally:
            loop.get_loop().call_soon_threadsafe(over.set)
            thread.join(20)
        assert not thread.is_alive()


def _over_http(module: ModuleType, port: int) -> Receiver:
    def post(body: bytes, headers: Pairs) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        try:
            connection.putrequest("POST", "/webhooks")
            for name, value in [*headers, ("content-length", str(len(body)))]:
                connection.putheader(name, value)
            connection.endheaders(body)
            answer = connection.getresponse()
            return Answer(answer.status, answer.read().decode())
        finally:
            connection.close()

    def post_too_much(headers: Pairs, framing: Framing) -> Answer:
        part = bytes(50_000)
        how = ("content-length", "50000000")
        if framing == "chunked":
            part = b"c350\r\n" + part + b"\r\n"
            how = ("transfer-encoding", "chunked")
        head = "".join(f"{name}: {value}\r\n" for name, value in [*headers, ("host", "x"), how])
        with socket.create_connection(("127.0.0.1", port), timeout=20) as wire:
            wire.sendall(f"POST /webhooks HTTP/1.1\r\n{head}\r\n".encode())
            for _ in range(LARGEST // 50_000 + 1):
                if select.select([wire], [], [], 0)[0]:
                    break
                try:
                    wire.sendall(part)
                except ConnectionError:  # it has answered, and listens no longer
                    break
            answer = http.client.HTTPResponse(wire)
            answer.begin()
            return Answer(answer.status)

    return Receiver(module, post, post_too_much)


#: A request as AWS documents it: of an HTTP API or a function URL (payload 2.0), or of a REST API (1.0).
LambdaEvent = Callable[[bytes, Pairs], dict[str, Any]]


def event_of_http_api(body: bytes, headers: Pairs, *, encoded: bool = False) -> dict[str, Any]:
    """Payload 2.0: names in lower case, values of the same name joined by commas."""
    joined: dict[str, str] = {}
    for name, value in headers:
        joined[name.lower()] = f"{joined[name.lower()]},{value}" if name.lower() in joined else value
    return {
        "version": "2.0",
        "routeKey": "POST /webhooks",
        "rawPath": "/webhooks",
        "rawQueryString": "",
        "headers": joined,
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "r3pmxmplak",
            "domainName": "r3pmxmplak.execute-api.us-east-2.amazonaws.com",
            "http": {
                "method": "POST",
                "path": "/webhooks",
                "protocol": "HTTP/1.1",
                "sourceIp": "203.0.113.7",
            },
            "requestId": "JKJaXmPLvHcESHA=",
            "stage": "$default",
            "timeEpoch": 1583798639428,
        },
        "body": base64.b64encode(body).decode() if encoded else body.decode(),
        "isBase64Encoded": encoded,
    }


def event_of_http_api_in_base64(body: bytes, headers: Pairs) -> dict[str, Any]:
    """As a content type that is no text comes."""
    return event_of_http_api(body, headers, encoded=True)


def event_of_rest_api(body: bytes, headers: Pairs) -> dict[str, Any]:
    """Payload 1.0: names as they were sent; all values in `multiValueHeaders`, the last in `headers`."""
    written = [(name.title(), value) for name, value in headers]
    many: dict[str, list[str]] = {}
    for name, value in written:
        many.setdefault(name, []).append(value)
    return {
        "resource": "/webhooks",
        "path": "/webhooks",
        "httpMethod": "POST",
        "headers": dict(written),
        "multiValueHeaders": many,
        "queryStringParameters": None,
        "requestContext": {"accountId": "123456789012", "httpMethod": "POST", "stage": "prod"},
        "body": body.decode() or None,
        "isBase64Encoded": False,
    }


def on_lambda(module: ModuleType, event_of: LambdaEvent) -> Receiver:
    """Called as AWS calls it: an event in, an answer out, both of which are JSON there."""

    def post(body: bytes, headers: Pairs) -> Answer:
        answer = module.handler(event_of(body, headers), None)
        return Answer(answer["statusCode"], answer.get("body", ""))

    return Receiver(module, post, lambda headers, framing: post(bytes(LARGEST + 1), headers))


def starlette_app(module: ModuleType) -> Any:
    """What the page says of Starlette without FastAPI."""
    from starlette.applications import Starlette
    from starlette.routing import Route

    return Starlette(routes=[Route("/webhooks", module.receive, methods=["POST"])])
