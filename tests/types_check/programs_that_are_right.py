"""Typical programs, as users write them: a type checker has nothing to say. Never run."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx

from aimusicverse import (
    APIStatusError,
    AsyncClient,
    Client,
    Generation,
    JobFailedError,
    LocalServer,
    Page,
    RawResponse,
    RequestOptions,
    Secret,
    SeenResponse,
    SentRequest,
    Track,
)


def make_a_song(client: Client) -> Track:
    generation: Generation = client.generation.create("lofi", duration_seconds=60, tags=["rain"], seed=7)
    done = client.generation.wait(generation, timeout=120, progress=lambda now: print(now.progress))
    return done.tracks[0]


def in_one_call(client: Client) -> list[str]:
    return [track.title for track in client.generate("lofi", variants=2, timeout=60).tracks]


def by_object_or_by_id(client: Client, track: Track) -> None:
    client.tracks.get(track)
    client.tracks.get("trk_1")
    client.tracks.delete(track.id, options=RequestOptions(timeout=5, retries=0))


def a_status_of_a_newer_server(generation: Generation) -> bool:
    if generation.status == "remixing":  # enums of answers are open
        return False
    return generation.status == "completed"


def edit_a_plan(client: Client) -> Generation:
    plan = client.generation.plan("lofi")
    edited = plan.model_copy(update={"tempo_bpm": 82})
    return client.generation.create("lofi", plan=edited)


def all_titles(client: Client) -> Iterator[str]:
    for track in client.tracks.list(genre="lofi"):
        yield track.title
    page: Page[Track] = client.tracks.list().page()
    for further in client.tracks.list().pages():
        yield from (track.title for track in further.data)
    print(page.next_cursor)


def files(client: Client, track: Track) -> bytes:
    saved: Path | None = client.tracks.download(track, "song.flac", progress=lambda done, total: None)
    client.tracks.download(track, io.BytesIO(), format="mp3")
    print(saved)
    return client.tracks.audio(track, "wav", bit_depth=16)


def the_answer_behind(client: Client) -> str | None:
    answer: RawResponse[Track] = client.raw(client.tracks.get, "trk_1", options=RequestOptions(timeout=3))
    created = client.raw(client.generation.create, "lofi", seed=7)
    listed: RawResponse[Page[Track]] = client.raw(client.tracks.list().page)
    print(answer.parsed.audio.lufs, created.parsed.id, listed.parsed.data, answer.headers["etag"])
    return answer.request_id


def errors(client: Client) -> str:
    try:
        client.generate("lofi")
    except JobFailedError as failed:
        return str(failed.object)
    except APIStatusError as refused:
        return f"{refused.code} {refused.request_id} {refused.problem.title if refused.problem else ''}"
    return ""


def clients() -> Client:
    def sent(request: SentRequest) -> None:
        print(request.method, request.route)

    def seen(response: SeenResponse) -> None:
        print(response.status, response.seconds)

    Client(Secret("k"), "https://music.example.com", options=RequestOptions(headers={"x-team": "a"}))
    Client(http_client=httpx.Client(), on_request=sent, on_response=seen, wait_for_limit=True)
    Client(transport=httpx.HTTPTransport(), allow_http=True)
    AsyncClient(transport="aiohttp", limits=httpx.Limits(max_connections=10), verify="ca.pem")
    client = Client(timeout=5, max_retries=0).with_options(headers={"x-mine": "1"})
    limit = client.rate_limit
    print(limit.remaining if limit else "no limit")
    return client


def local() -> None:
    with LocalServer() as server, server.client(timeout=5) as client:
        server.faults.add("GET /tracks", status=503, times=2)
        client.tracks.list().page()


async def in_async_code(client: AsyncClient) -> AsyncIterator[str]:
    page = await client.tracks.list(limit=5)
    print(page.next_cursor)
    async for track in client.tracks.list():
        yield track.title
    done = await client.generate("lofi", progress=lambda now: None)
    raw: RawResponse[Track] = await client.raw(client.tracks.get, done.tracks[0])
    yield raw.parsed.title
    async with AsyncClient() as another:
        await another.tracks.download("trk_1", "song.wav")
