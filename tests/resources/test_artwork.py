"""`client.artwork` in both worlds: what it sends, what it waits for, what it says when nothing comes."""

from __future__ import annotations

import io
import json

import pytest
import respx

from aimusicverse import (
    APITimeoutError,
    Artwork,
    ArtworkTemplate,
    ConfigurationError,
    JobFailedError,
    LocalServer,
    NotFoundError,
    Track,
    UnprocessableEntityError,
)
from tests.server.sample_pictures import decoded, sent
from tests.transport.samples import AT, track
from tests.transport.worlds import URL

API = f"{URL}/api/v1"
ARTWORK = {
    "id": "art_1",
    "created_at": AT,
    "updated_at": AT,
    "etag": "1-a",
    "status": "queued",
    "source": "generated",
    "title": "Rain",
}
DONE = {**ARTWORK, "status": "completed", "etag": "3-a", "width": 3000, "height": 3000}
SEEN = Artwork.model_validate(ARTWORK)
TEMPLATE = ArtworkTemplate(id="horizon-calm", style="horizon", mood="calm", description="Hills.")


def posted(route):
    return json.loads(route.calls[-1].request.content)


@respx.mock
def test_what_is_not_wished_is_not_sent_and_objects_stand_for_their_ids(world):
    route = respx.post(f"{API}/artwork").respond(202, json=ARTWORK)
    made = world(world.client().artwork.create(track=Track.model_validate(track()), template=TEMPLATE))
    assert made == SEEN
    assert posted(route) == {"track_id": "trk_1", "template": "horizon-calm", "lettering": False}
    world(world.client().artwork.create(title="Rain", seed=0, lettering=True, generator="stability"))
    assert posted(route) == {"title": "Rain", "seed": 0, "lettering": True, "generator": "stability"}
    assert route.calls[-1].request.headers["idempotency-key"]


@respx.mock
def test_waiting_is_told_each_state_once_and_gives_what_is_done(world):
    states = [ARTWORK, {**ARTWORK, "status": "processing"}, {**ARTWORK, "status": "processing"}, DONE]
    route = respx.get(f"{API}/artwork/art_1").mock(side_effect=[_answer(one) for one in states])
    shown: list[str] = []
    done = world(world.client().artwork.wait("art_1", progress=lambda seen: shown.append(seen.status)))
    assert (done.status, shown) == ("completed", ["queued", "processing", "completed"])
    assert all("wait" in call.request.url.params for call in route.calls)
    assert world(world.client().artwork.wait(done)) is done  # nothing is asked for what is final


def _answer(body):
    import httpx

    return httpx.Response(200, json=body)


@respx.mock
def test_a_failure_is_raised_with_what_to_do_instead_and_impatience_as_itself(world):
    problem = {
        "type": "/problems/x",
        "title": "x",
        "status": 500,
        "code": "artwork_failed",
        "detail": "Take a",
    }
    respx.get(f"{API}/artwork/art_1").respond(json={**ARTWORK, "status": "failed", "problem": problem})
    with pytest.raises(JobFailedError, match="art_1 failed: Take a") as caught:
        world(world.client().artwork.wait(SEEN))
    assert caught.value.object.problem.code == "artwork_failed"
    respx.get(f"{API}/artwork/art_2").respond(json={**ARTWORK, "id": "art_2"})
    with pytest.raises(APITimeoutError, match="art_2 is still queued"):
        world(world.client().artwork.wait("art_2", timeout=0.3))


def test_an_upload_without_a_name_needs_a_title_and_an_id_must_be_one(world):
    client = world.client()
    for image in (b"x", io.BytesIO(b"x")):
        with pytest.raises(ConfigurationError, match="title"):
            world(client.artwork.upload(image))
    with pytest.raises(ConfigurationError, match="no id"):
        world(client.artwork.get("../users"))


def test_the_whole_way_against_a_real_server(tmp_path):
    path = tmp_path / "Rainy night.png"
    path.write_bytes(sent("PNG"))
    with LocalServer() as server, server.client() as client:
        sizes: list[tuple[int, int]] = []
        mine = client.artwork.upload(path, progress=lambda done, whole: sizes.append((done, whole)))
        assert (mine.title, mine.source, sizes[-1][0]) == ("Rainy night", "uploaded", len(sent("PNG")))
        assert client.artwork.upload(sent(), title="x").content_type == "image/jpeg"
        assert client.artwork.upload(io.BytesIO(sent()), title="x").sha256
        drawn = client.artwork.wait(client.artwork.create(title="Rain", template="aura-dark", seed=7))
        assert (drawn.style, drawn.source) == ("aura", "template")
        assert decoded(client.artwork.image(drawn)).size == (3000, 3000)
        assert decoded(client.artwork.image(drawn.id, size=200)).size == (256, 256)
        assert [one.title for one in client.artwork.list()][-1] == "Rainy night"
        assert next(one.id for one in client.artwork.list(status="completed", limit=1)) == drawn.id
        assert "aura-dark" in [one.id for one in client.artwork.templates()]
        with pytest.raises(UnprocessableEntityError):
            client.artwork.upload(b"no picture", title="x")
        with pytest.raises(UnprocessableEntityError):
            client.artwork.create(title="x", style="cubism")
        client.artwork.delete(mine, if_match=mine)
        with pytest.raises(NotFoundError):
            client.artwork.get(mine)
