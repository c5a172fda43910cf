"""Mistakes that a type checker finds, with the codes of its complaints at the ends of lines. Never run."""

from __future__ import annotations

import httpx

from aimusicverse import AsyncClient, Client, Generation, Page, RawResponse, RequestOptions, Track


def mistakes(client: Client, generation: Generation) -> None:
    client.generation.create(prompt=5)  # E: arg-type
    client.generation.create("lofi", duration="60")  # E: call-arg
    client.generation.create("lofi", tempo_bpm="fast")  # E: arg-type
    client.generation.create()  # E: call-arg
    client.generate("lofi", loud=True)  # E: call-arg
    client.generation.wait(generation, timeout="60")  # E: arg-type
    client.generation.wait(generation, progress=lambda: None)  # E: arg-type, misc
    client.tracks.get(5)  # E: arg-type
    client.tracks.get(generation)  # E: arg-type
    client.tracks.play()  # E: attr-defined
    client.tracks.download("trk_1", 5)  # E: arg-type
    client.raw(client.tracks.get)  # E: call-arg
    client.raw(client.tracks.get, 5)  # E: arg-type
    wrong: RawResponse[Generation] = client.raw(client.tracks.get, "trk_1")  # E: arg-type
    page: Page[Generation] = client.tracks.list().page()  # E: assignment
    track: Track = client.tracks.list()  # E: assignment
    RequestOptions(timeout="5")  # E: arg-type
    RequestOptions(5)  # E: call-arg
    Client(transport="aiohttp")  # E: arg-type
    Client(http_client=httpx.AsyncClient())  # E: arg-type
    AsyncClient(transport="curl")  # E: arg-type
    Client(verify=False)  # E: arg-type
    print(wrong, page, track)


async def forgotten(client: AsyncClient) -> str:
    title = client.tracks.get("trk_1").title  # E: attr-defined
    for track in client.tracks.list():  # E: attr-defined
        print(track)
    client.tracks.delete("trk_1")  # E: unused-coroutine
    return str(title)
