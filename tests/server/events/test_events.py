"""The event log: in the order of commits, streamed by long poll."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx

from tests.server.conftest import Api


def test_a_generation_leaves_its_story(api: Api) -> None:
    ended = api.generate()
    events = api.get("/events").json()["data"]
    assert [event["type"] for event in events] == [
        "generation.started",
        "track.created",
        "generation.completed",
    ]
    assert events[-1]["data"]["id"] == ended["id"]
    assert events[-1]["data"]["tracks"][0]["audio"]["url"].startswith("/api/v1/tracks/")
    assert [event["seq"] for event in events] == sorted(event["seq"] for event in events)


def test_after_goes_on_where_one_stopped(api: Api) -> None:
    api.generate()
    first = api.get("/events?limit=2").json()
    rest = api.get(f"/events?after={first['last_seq']}").json()
    assert len(first["data"]) == 2
    assert len(rest["data"]) == 1
    nothing = api.get(f"/events?after={rest['last_seq']}").json()
    assert (nothing["data"], nothing["last_seq"]) == ([], rest["last_seq"])


def test_one_can_begin_at_the_end_of_the_log(api: Api) -> None:
    assert api.get("/events?after=latest").json() == {"data": [], "last_seq": 0}
    api.generate()
    last = api.get("/events").json()["last_seq"]
    assert api.get("/events?after=latest").json() == {"data": [], "last_seq": last}
    waiting = ThreadPoolExecutor(1).submit(api.get, "/events?after=latest&wait=20")
    while not api.server.services.store.signals._listeners.get("closing"):
        pass  # it has not begun to wait
    api.generate()
    assert waiting.result(20).json()["data"][0]["seq"] == last + 1


def test_one_can_begin_at_a_time(api: Api) -> None:
    api.generate()
    api.advance(timedelta(hours=1))
    then = api.server.services.store.clock.now().isoformat().replace("+00:00", "Z")
    api.generate()
    found = api.get("/events", params={"since": then}).json()["data"]
    assert found == api.get("/events").json()["data"][3:]
    assert api.get("/events", params={"since": then, "after": found[0]["seq"]}).json()["data"] == found[1:]


def test_a_number_that_cannot_be_one_is_refused(api: Api) -> None:
    for after, code in (("-1", "greater_than_equal"), ("newest", "int_parsing"), (2**63, "less_than_equal")):
        [error] = api.get("/events", params={"after": after}).json()["errors"]
        assert (error["field"], error["code"]) == ("query.after", code)


def test_one_event_by_its_id(api: Api) -> None:
    api.generate()
    event = api.get("/events").json()["data"][0]
    assert api.get(f"/events/{event['id']}").json() == event


def test_the_stream_waits_for_news(api: Api) -> None:
    waiting = ThreadPoolExecutor(1).submit(api.get, "/events?wait=20&type=generation.completed")
    api.generate()
    assert [event["type"] for event in waiting.result(20).json()["data"]] == ["generation.completed"]


def test_a_reader_who_follows_the_numbers_misses_nothing(api: Api) -> None:
    seen: list[int] = []
    done = threading.Event()

    def follow() -> None:
        last = 0
        with httpx.Client(headers={"X-API-Key": api.key}, timeout=30) as http:
            while True:
                finished = done.is_set()
                page = http.get(
                    f"{api.server.url}/api/v1/events?after={last}&wait={0 if finished else 1}"
                ).json()
                seen.extend(event["seq"] for event in page["data"])
                last = page["last_seq"]
                if finished and not page["data"]:
                    return

    reader = threading.Thread(target=follow)
    reader.start()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: api.generate(), range(12)))
    done.set()
    reader.join()
    everything = api.get("/events?limit=100").json()["data"]
    assert seen == [event["seq"] for event in everything]


def test_a_stopping_server_answers_those_who_wait(api: Api) -> None:
    waiting = ThreadPoolExecutor(1).submit(api.get, "/events?wait=60")
    while not api.server.services.store.signals._listeners.get("closing"):
        pass
    api.server.close()
    assert waiting.result(10).json()["data"] == []
