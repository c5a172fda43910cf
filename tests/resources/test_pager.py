from __future__ import annotations

import pytest
import respx

from aimusicverse import APIConnectionError, Page
from tests.transport.samples import event, generation, track
from tests.transport.worlds import URL

API = f"{URL}/api/v1"


@respx.mock
def test_a_list_goes_on_over_its_pages(world):
    second = respx.get(f"{API}/tracks", params={"limit": "2", "genre": "lofi", "cursor": "c+/="}).respond(
        json={"data": [track(3)], "next_cursor": None}
    )
    first = respx.get(f"{API}/tracks", params={"limit": "2", "genre": "lofi"}).respond(
        json={"data": [track(1), track(2)], "next_cursor": "c+/="}
    )
    pager = world.client().tracks.list(genre="lofi", limit=2)
    assert first.call_count == 0
    assert [t.id for t in world.items(pager)] == ["trk_1", "trk_2", "trk_3"]
    assert [t.id for t in world.items(pager)] == ["trk_1", "trk_2", "trk_3"]
    page = world(pager.page())
    assert isinstance(page, Page)
    assert ([t.id for t in page.data], page.next_cursor) == (["trk_1", "trk_2"], "c+/=")
    assert [t.id for t in world(pager.page("c+/=")).data] == ["trk_3"]
    assert (first.call_count, second.call_count) == (3, 3)


@respx.mock
def test_filters_are_sent_and_an_empty_list_is_empty(world):
    route = respx.get(f"{API}/generations").respond(json={"data": [], "next_cursor": None})
    assert world.items(world.client().generation.list(status="failed")) == []
    assert dict(route.calls[0].request.url.params) == {"status": "failed", "limit": "50"}


@respx.mock
def test_an_async_list_can_be_awaited():
    import asyncio

    from aimusicverse import AsyncClient

    respx.get(f"{API}/generations").respond(json={"data": [generation()], "next_cursor": "more"})

    async def first_page():
        async with AsyncClient("k", URL) as client:
            return await client.generation.list()

    page = asyncio.run(first_page())
    assert (page.data[0].id, page.next_cursor) == ("gen_1", "more")


@respx.mock
def test_a_list_that_goes_in_a_circle_ends(world):
    respx.get(f"{API}/tracks").respond(json={"data": [track()], "next_cursor": "same"})
    with pytest.raises(APIConnectionError, match="circle"):
        world.items(world.client().tracks.list())


@respx.mock
def test_events_go_on_after_a_sequence_number(world):
    route = respx.get(f"{API}/events").respond(json={"data": [event(4)], "last_seq": 4})
    page = world(world.client().webhooks.events(after=3, wait=5, type="generation.completed"))
    assert (page.last_seq, page.data[0].data) == (4, {"a": 1})
    assert dict(route.calls[0].request.url.params) == {
        "after": "3",
        "limit": "100",
        "wait": "5",
        "type": "generation.completed",
    }
    respx.get(f"{API}/events/evt_4").respond(json=event(4))
    assert world(world.client().webhooks.event(page.data[0])).seq == 4
