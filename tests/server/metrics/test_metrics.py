"""`GET /metrics`: right figures in Prometheus' own words, for those who may read them, and of no user."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_openmetrics
from prometheus_client.parser import text_string_to_metric_families as parse

from aimusicverse.secret import Secret
from aimusicverse.server.store.errors import StoreError
from aimusicverse.server.usage.recorder import Recorder
from tests.server.conftest import Api
from tests.server.security.keys import another_owner
from tests.server.usage.records import request

TOKEN = "a-token-of-its-own"


def scraped(api: Api, **headers: str) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    answer = httpx.get(f"{api.server.url}/metrics", headers=headers)
    assert answer.status_code == 200, answer.text
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in parse(answer.text)
        for sample in family.samples
    }


def value(found: dict[Any, float], name: str, **labels: str) -> float | None:
    """The sum of the samples that have these labels."""
    values = [v for (n, have), v in found.items() if n == name and have >= frozenset(labels.items())]
    return sum(values) if values else None


def test_requests_are_counted_by_route_method_and_status(api: Api) -> None:
    for _ in range(5):
        api.get("/tracks")
    api.get("/tracks/trk_unknown")
    api.get("/nowhere")
    found = scraped(api)
    assert value(found, "amv_requests_total", route="/tracks", method="GET", status="200") == 5
    assert value(found, "amv_requests_total", route="/tracks/{track_id}", status="404") == 1
    assert value(found, "amv_requests_total", route="(no such route)") == 1
    assert value(found, "amv_request_seconds_count", route="/tracks") == 5
    assert value(found, "amv_request_seconds_bucket", route="/tracks", le="+Inf") == 5
    assert 0 < (value(found, "amv_request_seconds_sum", route="/tracks") or 0) < 60
    assert (value(found, "amv_sent_bytes_total", route="/tracks") or 0) > 0


def test_the_histogram_is_that_of_the_requests(api: Api) -> None:
    recorder = api.server.services.usage
    route = "/api/v1/slow"
    for seconds in (0.00005, 0.0015, 0.0015, 0.3, 7, 3_000):
        recorder.take(*request(route=route, seconds=seconds, limited="hour" if seconds == 7 else None))
    found = scraped(api)

    def below(le: str) -> float | None:
        return value(found, "amv_request_seconds_bucket", route="/slow", le=le)

    assert [below(le) for le in ("0.0001", "0.001", "0.002", "0.5", "10", "100", "+Inf")] == [
        1,
        1,
        3,
        4,
        5,
        5,
        6,
    ]
    assert value(found, "amv_request_seconds_sum", route="/slow") == pytest.approx(3_007.30305)
    assert value(found, "amv_rate_limited_total", route="/slow") == 1


def test_jobs_processes_and_queues_are_there(start: Callable[..., Api]) -> None:
    api = start(jobs=False)
    api.post("/generate", json={"prompt": "lofi", "duration_seconds": 5})
    found = scraped(api)
    assert value(found, "amv_jobs", kind="render", state="due") == 1
    assert value(found, "amv_jobs", kind="render", state="running") == 0
    assert value(found, "amv_store_queue", operation="write") == 0
    assert value(found, "amv_database_up") == 1
    assert value(found, "amv_usage_dropped_total") == 0
    assert (value(found, "process_cpu_seconds_total", process="server") or 0) > 0
    assert (value(found, "process_resident_memory_bytes", process="server") or 0) > 10**7


def test_every_sample_says_of_which_process_it_is(api: Api) -> None:
    assert all(("process", "server") in labels for _, labels in scraped(api))


def test_nothing_in_it_is_of_a_user(api: Api) -> None:
    other = another_owner(api)
    for key in (api.key, other):
        httpx.get(
            f"{api.server.url}/api/v1/tracks/secret-words", headers={"X-API-Key": key, "User-Agent": "spy/1"}
        )
    text = httpx.get(f"{api.server.url}/metrics").text
    for hidden in ("usr_", "key_", "amv_live", "amv_test", "secret-words", "spy", "local", "127.0.0.1"):
        assert hidden not in text, hidden


def test_openmetrics_is_spoken_to_those_who_ask_for_it(api: Api) -> None:
    api.get("/tracks")
    accept = "application/openmetrics-text; version=1.0.0"
    answer = httpx.get(f"{api.server.url}/metrics", headers={"Accept": accept})
    assert answer.headers["content-type"].startswith("application/openmetrics-text")
    assert {family.name for family in parse_openmetrics(answer.text)} >= {
        "amv_requests",
        "amv_request_seconds",
    }


def test_it_is_refused_to_who_comes_through_a_proxy_or_a_public_address(start: Callable[..., Api]) -> None:
    api = start()
    for name in ("X-Forwarded-For", "Forwarded"):
        refused = httpx.get(f"{api.server.url}/metrics", headers={name: "192.0.2.7"})
        assert (refused.status_code, refused.json()["code"]) == (403, "metrics_refused")
    api.server.close()
    public = start(public_url="https://music.example.com")
    assert httpx.get(f"{public.server.url}/metrics").status_code == 403


def test_with_a_token_only_who_has_it_may_read_from_wherever(start: Callable[..., Api]) -> None:
    api = start(metrics_token=Secret(TOKEN), public_url="https://music.example.com")
    wrongs: tuple[Any, ...] = (
        {},
        {"Authorization": "Bearer wrong"},
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": f"Bearer {api.key}"},
        {"X-API-Key": TOKEN},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer ümlaut".encode()},
    )
    for wrong in wrongs:
        refused = httpx.get(f"{api.server.url}/metrics", headers=wrong)
        assert (refused.status_code, refused.json()["code"]) == (403, "metrics_refused"), wrong
        assert TOKEN not in refused.text
    assert scraped(api, Authorization=f"Bearer {TOKEN}", **{"X-Forwarded-For": "192.0.2.7"})


def test_while_the_database_is_away_it_still_says_what_the_process_knows(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.get("/tracks")

    async def away(*_: Any, **__: Any) -> None:
        raise StoreError("away")

    def away_now(*_: Any, **__: Any) -> None:
        raise StoreError("away")

    monkeypatch.setattr(api.server.services.store, "read", away)
    monkeypatch.setattr(api.server.services.store, "write_now", away_now)
    found = scraped(api)
    assert value(found, "amv_database_up") == 0
    assert value(found, "amv_requests_total", route="/tracks") == 1
    assert value(found, "amv_jobs") is None
    monkeypatch.undo()


def test_a_server_starts_without_its_library() -> None:
    code = (
        "import sys, aimusicverse.server.app as app; app.application()\n"
        "assert not [m for m in sys.modules if m.startswith('prometheus_client')]"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_recorder_of_another_process_does_not_show_here(api: Api) -> None:
    other = Recorder(api.server.services.store)
    other.take(*request(route="/api/v1/elsewhere"))
    other.flush()
    assert value(scraped(api), "amv_requests_total", route="/elsewhere") is None
