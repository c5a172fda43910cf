"""DNS rebinding: a page whose name points to this machine must not get through to this server."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from aimusicverse.errors import ConfigurationError
from aimusicverse.server.door.hosts import MalformedHost, TrustedHosts
from aimusicverse.server.settings import Settings
from tests.server.conftest import Api
from tests.server.door.wire import Wire

ELSEWHERE = [
    "evil.example",
    "evil.example:8787",
    "EVIL.example",
    "evil.example.",
    "localhost.evil.example",
    "localhost.evil.example:8787",
    "127.0.0.1.evil.example",
    "127.0.0.1.nip.io",
    "evil.example.localhost.evil.example",
    "notlocalhost",
    "localhost-evil.example",
    "xn--lcalhost-54a",
    "192.0.2.1",
    "192.0.2.1:8787",
    "10.0.0.1",
    "0.0.0.0",
    "[2001:db8::1]",
    "[2001:db8::1]:8787",
    "[::ffff:192.0.2.1]",
    "[::]",
    "169.254.169.254",
]
#: Other spellings of 127.0.0.1, which browsers write out; and what is no host at all.
MALFORMED = [
    "",
    " ",
    "localhost:",
    "localhost:80:80",
    "localhost:99999",
    "localhost:8787/evil.example",
    "localhost@evil.example",
    "evil.example#localhost",
    "localhost, evil.example",
    "localhost evil.example",
    "localhost..",
    ".localhost",
    "[::1",
    "::1",
    "[127.0.0.1]",
    "[localhost]",
    "[::1%25lo]",
    "%6cocalhost",
    "l\u00f6calhost",
]
HERE = [
    "localhost",
    "LOCALHOST",
    "localhost:1",
    "localhost.",
    "127.0.0.1",
    "127.0.0.1:65535",
    "127.1.2.3",
    "[::1]",
    "[::1]:8787",
    "[0:0:0:0:0:0:0:1]",
]


@pytest.mark.parametrize("host", ELSEWHERE)
def test_a_request_for_another_host_is_misdirected(wire: Wire, host: str) -> None:
    wire.request("GET /healthz HTTP/1.1", "Connection: close", host=host)
    answer = wire.answer()
    assert (answer.status, answer.code) == (421, "host_not_allowed")
    assert "AMV_ALLOWED_HOSTS" in answer.problem()["detail"]


@pytest.mark.parametrize("host", MALFORMED)
def test_a_host_that_is_none_is_no_request(wire: Wire, host: str) -> None:
    wire.send(f"GET /healthz HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode("latin-1"))
    answer = wire.answer()
    assert (answer.status, answer.code) == (400, "malformed_http")


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "0x7f.1", "017700000001", "127.1"])
def test_numbers_that_only_some_resolve_to_this_machine_are_not_its_name(wire: Wire, host: str) -> None:
    wire.request("GET /healthz HTTP/1.1", "Connection: close", host=host)
    assert wire.answer().status == 421


@pytest.mark.parametrize("host", HERE)
def test_the_names_of_this_machine_are_answered_to(wire: Wire, host: str) -> None:
    wire.request("GET /healthz HTTP/1.1", "Connection: close", host=host)
    assert wire.answer().status == 200


@pytest.mark.parametrize("path", ["/api/v1/tracks", "/docs", "/openapi.json", "/nowhere", "/_local/clock"])
def test_it_holds_everywhere_and_a_right_key_does_not_help(api: Api, wire: Wire, path: str) -> None:
    wire.request(f"GET {path} HTTP/1.1", f"X-API-Key: {api.key}", "Connection: close", host="evil.example")
    assert wire.answer().code == "host_not_allowed"


@pytest.mark.parametrize(
    "headers",
    [
        ("X-Forwarded-Host: localhost",),
        ("X-Host: localhost", "X-Original-Host: localhost"),
        ("Forwarded: host=localhost",),
    ],
)
def test_no_other_header_stands_for_the_host(wire: Wire, headers: tuple[str, ...]) -> None:
    wire.request("GET /healthz HTTP/1.1", *headers, "Connection: close", host="evil.example")
    assert wire.answer().code == "host_not_allowed"


def test_a_forwarded_host_gets_into_no_link(api: Api) -> None:
    [track] = api.generate()["tracks"]
    forwarded = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    link = api.post(f"/tracks/{track['id']}/play-url", json={"format": "wav"}, headers=forwarded).json()[
        "url"
    ]
    assert link.startswith(api.server.url + "/")


def test_two_hosts_are_none(wire: Wire) -> None:
    wire.request("GET /healthz HTTP/1.1", "Host: evil.example", "Connection: close")
    assert wire.answer().code == "malformed_http"


def test_the_same_host_twice_is_none_either(wire: Wire) -> None:
    wire.request("GET /healthz HTTP/1.1", f"Host: {wire.host}", "Connection: close")
    assert wire.answer().code == "malformed_http"


def test_http_1_1_without_a_host_is_none(wire: Wire) -> None:
    wire.send(b"GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n")
    assert wire.answer().code == "malformed_http"


def test_http_1_0_without_a_host_is_no_browser(wire: Wire) -> None:
    wire.send(b"GET /healthz HTTP/1.0\r\n\r\n")
    assert wire.answer().status == 200


def test_the_host_of_an_absolute_target_counts_and_not_the_header(wire: Wire) -> None:
    wire.request("GET http://evil.example/healthz HTTP/1.1", "Connection: close")
    answer = wire.answer()
    assert answer.status in (404, 421)  # h11 takes it for a path, which nobody has
    assert answer.code in ("route_not_found", "host_not_allowed")


@pytest.mark.parametrize(
    "target", ["http://evil.example@localhost/healthz", "http:///healthz", "//evil.example/x"]
)
def test_a_target_with_two_readings_leads_nowhere(wire: Wire, target: str) -> None:
    wire.request(f"GET {target} HTTP/1.1", "Connection: close")
    assert wire.answer().status in (400, 404)


def test_other_names_can_be_allowed(start: Callable[..., Api]) -> None:
    api = start(
        allowed_hosts="music.example.com, *.Example.NET, 192.0.2.7, [2001:db8::7]",
        public_url="https://public.example.org/",
    )
    for host, status in {
        "music.example.com": 200,
        "music.example.com:443": 200,
        "MUSIC.example.com.": 200,
        "public.example.org": 200,
        "a.example.net": 200,
        "a.b.example.net": 200,
        "192.0.2.7:80": 200,
        "[2001:db8::7]": 200,
        "127.0.0.1": 200,
        "example.net": 421,
        "evilexample.net": 421,
        "example.com": 421,
        "a.music.example.com": 421,
        "music.example.com.evil.example": 421,
        "192.0.2.8": 421,
        "[2001:db8::8]": 421,
    }.items():
        with Wire(api.server.url) as wire:
            wire.request("GET /healthz HTTP/1.1", "Connection: close", host=host)
            assert wire.answer().status == status, host


def test_any_host_can_be_allowed_but_none_that_is_not_one(start: Callable[..., Api]) -> None:
    api = start(allowed_hosts="*")
    for host, status in {"evil.example": 200, "192.0.2.1": 200, "local host": 400}.items():
        with Wire(api.server.url) as wire:
            wire.request("GET /healthz HTTP/1.1", "Connection: close", host=host)
            assert wire.answer().status == status, host


def test_who_listens_everywhere_goes_by_every_address_and_still_by_no_name(start: Callable[..., Api]) -> None:
    api = start(host="0.0.0.0")
    port = api.server.url.rpartition(":")[2]
    for host, status in {"192.0.2.1": 200, "[2001:db8::1]": 200, "0.0.0.0": 200, "evil.example": 421}.items():
        with Wire(f"http://127.0.0.1:{port}") as wire:
            wire.request("GET /healthz HTTP/1.1", "Connection: close", host=f"{host}:{port}")
            assert wire.answer().status == status, host


@pytest.mark.parametrize(
    "value",
    [
        "https://music.example.com",
        "music.example.com:8787",
        "a b",
        "*music.example.com",
        "mus*.com",
        "müsic.example",
        "/",
    ],
)
def test_what_can_be_no_host_cannot_be_allowed(value: str) -> None:
    with pytest.raises(ConfigurationError, match="AMV_ALLOWED_HOSTS"):
        Settings.from_environment({"AMV_ALLOWED_HOSTS": value})


def test_the_spellings_that_are_kept_at_hand_do_not_grow_without_end() -> None:
    hosts = TrustedHosts([])
    for port in range(2000):
        assert hosts.trusts(b"localhost:%d" % port)
    assert len(hosts._known) <= 256
    with pytest.raises(MalformedHost):
        hosts.trusts(b"\xff")
