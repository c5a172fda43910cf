"""Artwork over a real socket: asked for, drawn by a worker, waited for, given as a file, deleted."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from datetime import timedelta
from typing import Any

import httpx
import pytest

from aimusicverse.server.tracks import service as tracks
from tests.server.artwork.conftest import asked, drawn, finished, refused, upload
from tests.server.conftest import Api
from tests.server.playlists.test_covers import swept
from tests.server.sample_pictures import decoded, sent
from tests.server.security.keys import another_owner, by, create_key

__all__ = ["swept"]


def image(api: Api, artwork_id: str, **query: Any) -> httpx.Response:
    return api.http.get(f"/artwork/{artwork_id}/image", params=query)


def test_a_picture_is_drawn_as_every_store_takes_it(api: Api, full_size: None) -> None:
    found = drawn(api, mood="calm", key="a minor", artist="The Cats", lettering=True)
    assert (found["width"], found["height"], found["content_type"]) == (3000, 3000, "image/jpeg")
    assert found["size_bytes"] <= 10_000_000
    assert [one["width"] for one in found["thumbnails"]] == [256, 640, 1400]
    assert found["provenance"]["ai"] == "none"
    file = image(api, found["id"])
    assert (file.status_code, file.headers["content-type"]) == (200, "image/jpeg")
    assert hashlib.sha256(file.content).hexdigest() == found["sha256"]
    picture = decoded(file.content)
    assert (picture.size, picture.mode, "progression" in picture.info) == ((3000, 3000), "RGB", False)
    for size, width in ((1, 256), (256, 256), (257, 640), (1400, 1400), (1401, 3000), (10_000, 3000)):
        assert decoded(image(api, found["id"], size=size).content).size == (width, width)


def test_the_answer_comes_at_once_and_the_picture_later(api: Api) -> None:
    waiting = asked(api)
    assert (waiting["status"], waiting["url"], waiting["sha256"]) == ("queued", None, None)
    refused(image(api, waiting["id"]), 409, "artwork_not_ready")
    found = finished(api, waiting["id"])
    assert found["status"] == "completed"
    assert found == api.get(f"/artwork/{found['id']}").json()
    assert found == api.get("/artwork?limit=1").json()["data"][0]
    assert found["etag"] != waiting["etag"]
    file = httpx.get(api.server.url + found["url"], headers={"X-API-Key": api.key})
    assert len(file.content) == found["size_bytes"]
    assert file.headers["content-disposition"] == "inline; filename*=utf-8''Rainy%20night.jpg"
    [small] = found["thumbnails"]
    thumbnail = httpx.get(api.server.url + small["url"], headers={"X-API-Key": api.key})
    assert hashlib.sha256(thumbnail.content).hexdigest() == small["sha256"]
    known = api.get(f"/artwork/{found['id']}/image", headers={"If-None-Match": file.headers["etag"]})
    assert known.status_code == 304


def test_the_same_wish_gives_the_same_file_and_another_seed_another(api: Api) -> None:
    first, again, other = (drawn(api, mood="dark", seed=seed) for seed in (7, 7, 8))
    assert first["sha256"] == again["sha256"] != other["sha256"]
    assert drawn(api, mood="dark", seed=None)["seed"] is not None


def test_a_track_says_everything_and_what_is_said_besides_wins(api: Api) -> None:
    track = api.generate(prompt="lofi", title="Wet streets")["tracks"][0]
    found = drawn(api, title=None, track_id=track["id"])
    assert (found["title"], found["track_id"]) == ("Wet streets", track["id"])
    assert drawn(api, title="Dry", track_id=track["id"])["title"] == "Dry"
    listed = api.get("/artwork", params={"track_id": track["id"]}).json()["data"]
    assert [one["title"] for one in listed] == ["Dry", "Wet streets"]
    assert api.get("/artwork", params={"track_id": track["id"], "status": "failed"}).json()["data"] == []


def test_a_template_needs_no_wishes(api: Api) -> None:
    templates = api.get("/artwork/templates").json()["data"]
    assert templates
    for template in templates[:1]:
        found = drawn(api, template=template["id"])
        assert (found["source"], found["template"]) == ("template", template["id"])


@pytest.mark.parametrize(
    ("wish", "field", "says"),
    [
        ({"title": None}, "title", "without a track"),
        ({"style": "cubism"}, "style", "one of"),
        ({"template": "cubism"}, "template", "one of"),
        ({"style": "aura", "template": "x"}, "template", "leave `style` out"),
        ({"prompt": "a cat"}, "prompt", "generator"),
        ({"key": "H moll"}, "key", "A minor"),
        ({"mood": "\u202egnp"}, "mood", "bidirectional"),
        ({"title": "x" * 201}, "title", "200"),
        ({"seed": -1}, "seed", "greater"),
        ({"track_id": "../x"}, "track_id", "pattern"),
        ({"sise": 1}, "sise", "not permitted"),
    ],
)
def test_a_wish_that_cannot_be_is_refused_by_its_field(
    api: Api, wish: dict[str, Any], field: str, says: str
) -> None:
    before = api.get("/artwork?limit=1").json()
    problem = refused(api.post("/artwork", json={"title": "x", **wish}), 422, "invalid_request")
    assert [error["field"] for error in problem["errors"]] == [field]
    assert says in json.dumps(problem)
    assert api.get("/artwork?limit=1").json() == before


def test_a_track_that_is_not_there_and_a_generator_that_nobody_pays_are_said(api: Api) -> None:
    refused(api.post("/artwork", json={"track_id": "trk_x"}), 404, "track_not_found")
    problem = refused(
        api.post("/artwork", json={"title": "x", "generator": "stability"}), 422, "generator_unknown"
    )
    assert "none" in problem["detail"]


def test_title_in_any_script_is_drawn_and_one_that_cannot_be_written_says_so(api: Api) -> None:
    assert drawn(api, title="夜雨 🌧 ليل", lettering=False)["status"] == "completed"
    found = finished(api, asked(api, title="夜雨 🌧", lettering=True)["id"])
    if found["status"] == "failed":
        assert found["problem"]["code"] == "lettering_impossible"
        assert "POST /artwork/upload" in found["problem"]["detail"]


def test_nobody_else_sees_or_deletes_it(api: Api) -> None:
    found = drawn(api)
    with by(api, another_owner(api)) as other:
        for answer in (
            other.get(f"/artwork/{found['id']}"),
            other.get(f"/artwork/{found['id']}/image"),
            other.delete(f"/artwork/{found['id']}"),
        ):
            refused(answer, 404, "artwork_not_found")
        assert other.get("/artwork").json()["data"] == []
        other_track = other.post("/artwork", json={"track_id": api.generate()["tracks"][0]["id"]})
        refused(other_track, 404, "track_not_found")
    with by(api, create_key(api, scopes=("tracks:read",))) as reader:
        assert reader.get(f"/artwork/{found['id']}/image").status_code == 200
        refused(reader.post("/artwork", json={"title": "x"}), 403, "scope_missing")
        refused(reader.delete(f"/artwork/{found['id']}"), 403, "scope_missing")
    with by(api, create_key(api, scopes=("artwork:write",))) as writer:
        refused(writer.get(f"/artwork/{found['id']}"), 403, "scope_missing")


def test_a_request_sent_twice_under_a_key_draws_once(api: Api) -> None:
    headers = {"Idempotency-Key": f"once-{time.time_ns()}"}
    first, second = (api.post("/artwork", json={"title": "Once"}, headers=headers) for _ in range(2))
    assert first.json() == second.json()
    assert api.get("/artwork?limit=2").json()["data"][1]["id"] != first.json()["id"]


def test_pages_go_back_to_the_first_one_and_a_cursor_belongs_to_its_filters(api: Api) -> None:
    ids = [upload(api, sent(seed=seed)).json()["id"] for seed in (1, 2, 3)]
    page = api.get("/artwork?limit=2").json()
    assert [one["id"] for one in page["data"]] == ids[:0:-1]
    following = api.http.get("/artwork", params={"limit": 2, "cursor": page["next_cursor"]}).json()
    assert following["data"][0]["id"] == ids[0]
    wrong = api.http.get("/artwork", params={"status": "failed", "cursor": page["next_cursor"]})
    refused(wrong, 400, "cursor_invalid")


# -- a track has one ---------------------------------------------------------------------------------


def test_a_track_has_an_artwork_until_that_is_deleted(api: Api) -> None:
    track = api.generate()["tracks"][0]
    assert track["artwork_id"] is None
    artwork = drawn(api, track_id=track["id"])
    changed = api.patch(f"/tracks/{track['id']}", json={"artwork_id": artwork["id"]})
    assert (changed.status_code, changed.json()["artwork_id"]) == (200, artwork["id"])
    assert api.get(f"/tracks/{track['id']}").json() == changed.json()
    assert api.patch(f"/tracks/{track['id']}", json={"title": "New"}).json()["artwork_id"] == artwork["id"]
    told = len(api.event_types())
    assert api.delete(f"/artwork/{artwork['id']}").status_code == 204
    now = api.get(f"/tracks/{track['id']}").json()
    assert (now["artwork_id"], now["version"]) == (None, changed.json()["version"] + 2)
    assert len(api.event_types()) >= min(told + 1, 50)


def test_a_track_takes_no_artwork_that_is_not_there_or_has_no_picture(api: Api) -> None:
    path = f"/tracks/{api.generate()['tracks'][0]['id']}"
    refused(api.patch(path, json={"artwork_id": "art_x"}), 404, "artwork_not_found")
    refused(api.patch(path, json={"artwork_id": "../../x"}), 422, "invalid_request")
    failed = finished(api, asked(api, title="stumble")["id"])
    refused(api.patch(path, json={"artwork_id": failed["id"]}), 409, "artwork_not_ready")
    assert api.patch(path, json={"artwork_id": None}).json()["artwork_id"] is None


def test_an_artwork_outlives_its_track(api: Api) -> None:
    track = api.generate()["tracks"][0]
    artwork = drawn(api, track_id=track["id"])
    api.delete(f"/tracks/{track['id']}")
    api.advance(timedelta(days=31))
    assert api.server.services.store.write_now(tracks.purge) >= 1
    now = api.get(f"/artwork/{artwork['id']}").json()
    assert (now["track_id"], now["sha256"]) == (None, artwork["sha256"])


# -- it goes -----------------------------------------------------------------------------------------


def test_it_is_deleted_with_its_files_and_only_as_it_was_seen(api: Api, swept: Any) -> None:
    found, twin = drawn(api, seed=41), drawn(api, seed=41)
    hashes = {found["sha256"], *(one["sha256"] for one in found["thumbnails"])}
    stale = api.delete(f"/artwork/{found['id']}", headers={"If-Match": "1-1"})
    refused(stale, 412, "version_conflict")
    assert api.delete(f"/artwork/{found['id']}", headers={"If-Match": found["etag"]}).status_code == 204
    refused(api.get(f"/artwork/{found['id']}"), 404, "artwork_not_found")
    refused(api.delete(f"/artwork/{found['id']}"), 404, "artwork_not_found")
    assert hashes <= swept()  # the twin has the same files
    api.delete(f"/artwork/{twin['id']}")
    assert not hashes & swept()


def test_one_that_is_being_drawn_is_deleted_at_once_and_nothing_of_it_stays(api: Api) -> None:
    waiting = asked(api, title="hang")
    while api.get(f"/artwork/{waiting['id']}").json()["status"] != "processing":
        time.sleep(0.02)
    answers: list[httpx.Response] = []
    poll = threading.Thread(target=lambda: answers.append(api.get(f"/artwork/{waiting['id']}?wait=30")))
    poll.start()
    time.sleep(0.1)
    assert api.delete(f"/artwork/{waiting['id']}").status_code == 204
    poll.join(20)
    assert [answer.status_code for answer in answers] == [404]
    assert drawn(api)["status"] == "completed"  # the worker has a hand free


@pytest.mark.parametrize("title", ["die", "stumble"])
def test_after_three_tries_it_has_failed_and_says_what_to_do_instead(api: Api, title: str) -> None:
    found = finished(api, asked(api, title=title)["id"])
    assert (found["status"], found["problem"]["code"]) == ("failed", "artwork_failed")
    for way in ("GET /artwork/templates", "POST /artwork/upload"):
        assert way in found["problem"]["detail"]
    refused(image(api, found["id"]), 409, "artwork_not_ready")


def test_what_a_library_prints_is_no_answer(api: Api) -> None:
    assert drawn(api, title="babble")["status"] == "completed"
