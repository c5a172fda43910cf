"""What bad input gets: a clear problem with the right code, and nothing half-written."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from aimusicverse.server.cursors import Cursors
from aimusicverse.server.problems import Refusal
from tests.server.conftest import Api

JSON = {"content-type": "application/json"}


@pytest.fixture
def api(shared: Api) -> Api:
    """One server for the whole list: none of it may leave a trace."""
    return shared


def problem(answer: httpx.Response) -> dict[str, Any]:
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["status"] == answer.status_code
    assert body["request_id"] == answer.headers["x-request-id"]
    assert "Traceback" not in answer.text
    return body


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({"prompt": ""}, "prompt", "string_too_short"),
        ({"prompt": "   \n "}, "prompt", "string_too_short"),
        ({"prompt": "x" * 501}, "prompt", "string_too_long"),
        ({"prompt": "bell \x07"}, "prompt", "value_error"),
        ({"prompt": "half a pair \ud800"}, "prompt", "string_unicode"),
        ({}, "prompt", "missing"),
        ({"prompt": 5}, "prompt", "string_type"),
        ({"prompt": "x", "duration_seconds": 0}, "duration_seconds", "greater_than_equal"),
        ({"prompt": "x", "duration_seconds": -1}, "duration_seconds", "greater_than_equal"),
        ({"prompt": "x", "duration_seconds": 601}, "duration_seconds", "less_than_equal"),
        ({"prompt": "x", "duration_seconds": "abc"}, "duration_seconds", "float_parsing"),
        ({"prompt": "x", "tempo_bpm": 39}, "tempo_bpm", "greater_than_equal"),
        ({"prompt": "x", "key": "H minor"}, "key", "value_error"),
        ({"prompt": "x", "seed": -1}, "seed", "greater_than_equal"),
        ({"prompt": "x", "seed": 2**53}, "seed", "less_than_equal"),
        ({"prompt": "x", "variants": 5}, "variants", "less_than_equal"),
        ({"prompt": "x", "title": "a\nb"}, "title", "value_error"),
        ({"prompt": "x", "tags": [""]}, "tags[0]", "string_too_short"),
        ({"prompt": "x", "colour": "blue"}, "colour", "extra_forbidden"),
        ({"prompt": "x", "engine": "moog"}, "engine", "engine_unknown"),
    ],
)
def test_a_bad_field_is_named_with_what_would_pass(
    api: Api, fields: dict[str, Any], field: str, code: str
) -> None:
    before = api.get("/generations").json()["data"]
    answer = api.post("/generate", content=json.dumps(fields), headers=JSON)
    assert answer.status_code == 422
    error = problem(answer)["errors"][0]
    assert (error["field"], error["code"]) == (field, code)
    assert api.get("/generations").json()["data"] == before


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"not json", 400, "malformed_json"),
        (b"", 422, "invalid_request"),
        (b'{"prompt": "x"', 400, "malformed_json"),
        (b"\xff\xfe{", 400, "malformed_json"),
        (b"[" * 10_000, 400, "malformed_json"),
        (b'{"a":' * 10_000, 400, "malformed_json"),
        (b"[]", 422, "invalid_request"),
        (b'{"prompt": "x", "duration_seconds": NaN}', 422, "invalid_request"),
        (b'{"prompt": "x", "duration_seconds": 1e999}', 422, "invalid_request"),
        (b'{"prompt": "x", "seed": ' + b"9" * 5000 + b"}", 400, "malformed_json"),
        (b"x" * 10_000_000, 413, "body_too_large"),
    ],
    ids=[
        "not JSON", "empty", "cut off", "not UTF-8", "nested arrays", "nested objects", "an array",
        "NaN", "infinity", "a number of 5,000 digits", "10 MB",
    ],
)  # fmt: skip
def test_a_body_that_is_not_what_it_should_be(api: Api, body: bytes, status: int, code: str) -> None:
    answer = api.post("/generate", content=body, headers=JSON)
    assert (answer.status_code, problem(answer)["code"]) == (status, code)


def test_a_body_that_hides_its_size_is_stopped_at_the_limit(api: Api) -> None:
    answer = api.post("/generate", content=(b"x" * 65536 for _ in range(100)), headers=JSON)
    assert (answer.status_code, problem(answer)["code"]) == (413, "body_too_large")


def test_a_body_of_another_type_is_refused_by_its_type(api: Api) -> None:
    answer = api.post("/generate", content=b"prompt=x", headers={"content-type": "text/plain"})
    assert (answer.status_code, problem(answer)["code"]) == (415, "unsupported_media_type")


def key_with_another_secret(key: str) -> str:
    from aimusicverse.server.security import key_format

    parsed = key_format.parse(key)
    assert parsed is not None
    return key_format.mint(parsed.id, "live")[0].get_secret_value()


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "api_key_missing"),
        ({"Authorization": "Bearer"}, "api_key_missing"),
        ({"Authorization": "Bearer nonsense"}, "api_key_invalid"),
        ({"Authorization": "Basic dXNlcjpwYXNz"}, "api_key_invalid"),
        ({"X-API-Key": "amv_live_x_y"}, "api_key_invalid"),
        ({"X-API-Key": "\x80\xff"}, "api_key_invalid"),
    ],
)
def test_a_key_that_is_missing_or_wrong(api: Api, headers: dict[str, str], code: str) -> None:
    raw = {name: value.encode("latin-1") for name, value in headers.items()}
    answer = httpx.get(f"{api.server.url}/api/v1/tracks", headers=raw)
    assert (answer.status_code, problem(answer)["code"]) == (401, code)
    assert answer.headers["www-authenticate"] == "Bearer"


def test_a_key_with_a_right_checksum_and_a_wrong_secret_is_refused(api: Api) -> None:
    forged = key_with_another_secret(api.key)
    answer = httpx.get(f"{api.server.url}/api/v1/tracks", headers={"X-API-Key": forged})
    assert (answer.status_code, problem(answer)["code"]) == (401, "api_key_invalid")


def test_either_header_carries_the_key(api: Api) -> None:
    assert httpx.get(f"{api.server.url}/api/v1/tracks", headers={"X-API-Key": api.key}).status_code == 200


def test_a_cursor_of_another_list_is_refused(api: Api) -> None:
    for _ in range(2):
        api.generate()
    cursor = api.get("/generations?limit=1").json()["next_cursor"]
    answer = api.get("/tracks", params={"cursor": cursor})
    assert (answer.status_code, problem(answer)["code"]) == (400, "cursor_invalid")


def test_a_cursor_of_another_filter_is_refused(api: Api) -> None:
    for _ in range(2):
        api.generate()
    cursor = api.get("/tracks?limit=1").json()["next_cursor"]
    answer = api.get("/tracks", params={"cursor": cursor, "genre": "lofi"})
    assert problem(answer)["code"] == "cursor_invalid"


def test_a_cursor_changed_by_hand_is_refused(api: Api) -> None:
    for _ in range(2):
        api.generate()
    cursor = api.get("/tracks?limit=1").json()["next_cursor"]
    for position in range(len(cursor)):
        changed = cursor[:position] + ("A" if cursor[position] != "A" else "B") + cursor[position + 1 :]
        answer = api.get("/tracks", params={"cursor": changed})
        assert problem(answer)["code"] == "cursor_invalid", position
    for junk in ("", "é", "====", "a", "../../etc"):
        assert problem(api.get("/tracks", params={"cursor": junk}))["code"] == "cursor_invalid"


@pytest.mark.parametrize("name", ["cursor", "genre"])
def test_a_nul_character_in_the_query_is_refused(shared: Api, name: str) -> None:
    answer = shared.get("/tracks", params={name: "a\x00b"})
    assert answer.status_code == 422
    assert f"query.{name}" in problem(answer)["detail"]


def test_a_cursor_has_one_spelling() -> None:
    cursors = Cursors(b"k" * 32)
    for last in ("trk_P", "trk_PP", "trk_PPP"):
        cursor = cursors.issue("usr_1", "tracks", {}, last)
        alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        opened = 0
        for letter in alphabet:
            try:
                cursors.open("usr_1", "tracks", {}, cursor[:-1] + letter)
                opened += 1
            except Refusal:
                pass
        assert opened == 1


@pytest.mark.parametrize(
    "path",
    [
        "/generations/gen_unknown",
        "/tracks/trk_unknown",
        "/tracks/trk_unknown/audio",
        "/events/evt_unknown",
        "/generations/" + "x" * 3000,
        "/tracks/%00",
        "/tracks/' OR 1=1 --",
    ],
)
def test_an_unknown_id_is_not_found(api: Api, path: str) -> None:
    answer = api.get(path)
    assert answer.status_code == 404
    assert problem(answer)["code"].endswith("_not_found")


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=abc", "wait=61", "wait=-1"])
def test_a_query_parameter_out_of_bounds_is_named(api: Api, query: str) -> None:
    name = query.partition("=")[0]
    path = "/events" if name == "wait" else "/tracks"
    answer = api.get(f"{path}?{query}")
    assert answer.status_code == 422
    assert problem(answer)["errors"][0]["field"] == f"query.{name}"


def test_an_unknown_audio_format_is_named(api: Api) -> None:
    [track] = api.generate()["tracks"]
    answer = api.get(f"/tracks/{track['id']}/audio?format=ogg")
    assert answer.status_code == 422
    assert problem(answer)["errors"][0]["field"] == "query.format"


def test_an_unknown_route_and_a_wrong_method_are_problems_too(api: Api) -> None:
    assert problem(api.get("/nothing"))["code"] == "route_not_found"
    wrong = api.http.put("/generate")
    assert (wrong.status_code, problem(wrong)["code"]) == (405, "method_not_allowed")
    assert wrong.headers["allow"] == "POST"


@pytest.mark.parametrize(
    ("path", "allow"),
    [
        ("/tracks", "GET, POST"),
        ("/tracks/trk_x", "DELETE, GET, PATCH"),
        ("/tracks/trk_x/audio", "GET, HEAD"),
        ("/playlists/pls_x/tracks", "DELETE, GET, POST, PUT"),
    ],
)
def test_a_wrong_method_is_told_all_that_are_right(api: Api, path: str, allow: str) -> None:
    for method in ("OPTIONS", "PUT" if "PUT" not in allow else "PATCH"):
        answer = api.http.request(method, path)
        assert (answer.status_code, answer.headers["allow"]) == (405, allow)


@pytest.mark.parametrize("key", ["", "x" * 256, "sp ace", "é"])
def test_an_idempotency_key_that_cannot_be_one(api: Api, key: str) -> None:
    answer = api.post("/generate", json={"prompt": "x"}, headers={"Idempotency-Key": key.encode("latin-1")})  # type: ignore[dict-item]
    assert (answer.status_code, problem(answer)["code"]) == (400, "idempotency_key_invalid")


def test_a_problem_never_repeats_a_secret(api: Api) -> None:
    answer = api.get(f"/tracks/{api.key}")
    assert api.key not in answer.text
