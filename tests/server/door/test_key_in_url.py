"""A key in a URL is refused, and nobody keeps it: no log, no problem, no exception, no later layer."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from urllib.parse import quote

import httpx
import pytest

from aimusicverse.server.door.key_in_url import in_url
from aimusicverse.server.log_lines import JsonLines
from tests.server.conftest import Api
from tests.server.door.wire import Wire

KEY = "amv_live_0abcXYZ_" + "s3cretS3cret" * 4 + "X"


def twice(text: str) -> str:
    return quote("".join(f"%{ord(char):02x}" for char in text))


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Iterator[list[str]]:
    """What the server logs meanwhile, as it would be written, without the redactor's help."""
    written: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(JsonLines().format(record) + repr(vars(record)))

    handler, logger = Keep(), logging.getLogger("aimusicverse")
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel("DEBUG")
    yield written
    logger.removeHandler(handler)
    logger.setLevel(before)


@pytest.mark.parametrize(
    "target",
    [
        "/api/v1/tracks?api_key={key}",
        "/api/v1/tracks?limit=1&api_key={key}",
        "/api/v1/tracks?limit=1;API_KEY={key}",
        "/api/v1/tracks?access_token={key}",
        "/api/v1/tracks?key={key}",
        "/api/v1/tracks?X-API-Key={key}",
        "/api/v1/tracks?q={key}",
        "/api/v1/tracks?q=my+key+is+{key}+!",
        "/api/v1/tracks?{key}",
        "/api/v1/tracks?{key}=1",
        "/api/v1/tracks/{key}",
        "/api/v1/tracks/{key}/audio",
        "/api/v1/tracks/x{key}y",
        "/api/v1/{key}",
        "/{key}",
        "/docs?token={key}",
        "/healthz?{key}",
        "/_local/clock?key={key}",
    ],
)
@pytest.mark.parametrize(
    "spelt",
    [str, lambda key: key.replace("_", "%5f"), lambda key: "".join(f"%{ord(c):02X}" for c in key), twice],
    ids=["plain", "some escaped", "all escaped", "escaped twice"],
)
def test_a_key_in_path_or_query_is_refused_and_not_logged(
    api: Api, wire: Wire, lines: list[str], target: str, spelt: object
) -> None:
    assert callable(spelt)
    wire.request(
        f"GET {target.format(key=spelt(KEY))} HTTP/1.1", f"X-API-Key: {api.key}", "Connection: close"
    )
    answer = wire.answer()
    assert (answer.status, answer.code) == (400, "key_in_url")
    told = [*lines, answer.body.decode(), repr(answer.headers)]
    assert any("request" in line for line in lines)
    for text in told:
        assert "s3cretS3cret" not in text
        assert "%73%33" not in text
        assert "%2573" not in text


@pytest.mark.parametrize(
    "name", ["api_key", "apikey", "api-key", "API_KEY", "x-api-key", "access_token", "key", "%6bey"]
)
@pytest.mark.parametrize("value", ["", "=", "=anything", "=of-another-service"])
def test_a_parameter_for_a_key_is_refused_whatever_is_in_it(api: Api, name: str, value: str) -> None:
    for query in (name + value, f"limit=1&{name}{value}", f"{name}{value}&limit=1"):
        answer = api.get(f"/tracks?{query}")
        assert (answer.status_code, answer.json()["code"]) == (400, "key_in_url"), query


def test_it_is_refused_before_any_key_is_looked_at(api: Api) -> None:
    answer = httpx.get(f"{api.server.url}/api/v1/tracks?api_key={api.key}")
    assert answer.json()["code"] == "key_in_url"
    assert "WWW-Authenticate" not in answer.headers


def test_it_says_what_to_do(api: Api) -> None:
    detail = httpx.get(f"{api.server.url}/api/v1/tracks?api_key={api.key}").json()["detail"]
    assert "Authorization" in detail
    assert "replace" in detail


@pytest.mark.parametrize(
    "target",
    [
        "/api/v1/tracks?q=the+key+of+a+minor",
        "/api/v1/tracks?q=amv_live",
        "/api/v1/tracks?q=monkey%3D1",
        "/api/v1/tracks?genre=keys",
        "/api/v1/tracks/trk_amv",
        "/api/v1/tracks/100%25",
    ],
)
def test_words_that_only_resemble_one_pass(api: Api, target: str) -> None:
    assert httpx.get(api.server.url + target, headers={"X-API-Key": api.key}).status_code in (200, 404)


def test_a_play_link_passes(api: Api) -> None:
    [track] = api.generate()["tracks"]
    link = api.post(f"/tracks/{track['id']}/play-url", json={"format": "wav"}).json()["url"]
    assert httpx.get(link).status_code == 200


def test_escapes_without_end_end() -> None:
    assert not in_url("/" + "%25" * 5000, b"q=" + b"%25" * 5000)
