"""Pictures that people bring as artwork: judged and drawn anew as covers are, but they may be larger."""

from __future__ import annotations

import errno
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from aimusicverse.server import memory
from aimusicverse.types.artwork_request import MOST_ARTWORK_BYTES
from tests.server.artwork.conftest import Start, refused, upload
from tests.server.conftest import Api
from tests.server.playlists.test_bad_covers import HEIC, SVG, moving, zipped
from tests.server.sample_pictures import (
    KINDS,
    SECRET,
    decoded,
    encoded,
    many_scans,
    noise,
    png,
    sent,
    talkative,
    webp_canvas,
)
from tests.server.tracks.test_uploads import WAV


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_is_an_artwork_and_says_nothing_besides(api: Api, kind: str) -> None:
    answer = upload(api, talkative(kind), title="Mine", artist="Me")
    assert answer.status_code == 201, answer.text
    found = answer.json()
    assert found == api.get(f"/artwork/{found['id']}").json()
    assert (found["status"], found["source"], found["title"], found["artist"]) == (
        "completed", "uploaded", "Mine", "Me",
    )  # fmt: skip
    assert (found["width"], found["height"], found["content_type"]) == (96, 64, f"image/{kind.lower()}")
    assert (found["thumbnails"], found["provenance"]["ai"]) == ([], None)
    file = api.get(f"/artwork/{found['id']}/image").content
    assert SECRET not in file
    assert decoded(file).size == (96, 64)


def test_a_large_one_has_smaller_forms(api: Api) -> None:
    picture = Image.linear_gradient("L").resize((5000, 4500)).convert("RGB")
    found = upload(api, encoded(picture)).json()
    assert (found["width"], found["height"]) == (5000, 4500)  # more than a cover may have
    assert [(one["width"], one["height"]) for one in found["thumbnails"]] == [
        (256, 230), (640, 576), (1400, 1260),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(b"", "image_unreadable", id="nothing"),
        pytest.param(b"Dear diary, " * 1000, "image_unreadable", id="text"),
        pytest.param(SVG, "image_unreadable", id="SVG with a script"),
        pytest.param(WAV, "image_unreadable", id="WAV"),
        pytest.param(zipped(sent()), "image_unreadable", id="ZIP of a picture"),
        pytest.param(HEIC, "image_unsupported", id="HEIC"),
        pytest.param(sent("GIF"), "image_unsupported", id="GIF"),
        pytest.param(moving("PNG"), "image_unsupported", id="PNG that moves"),
        pytest.param(many_scans(60), "image_unsupported", id="JPEG of many scans"),
        pytest.param(sent()[:-200], "image_truncated", id="cut"),
        pytest.param(encoded(Image.new("RGB", (1, 1))), "image_dimensions", id="1 pixel"),
        pytest.param(png(40_000, 40_000), "image_dimensions", id="40,000 pixels"),
        pytest.param(png(10_001, 64), "image_dimensions", id="one too many"),
        pytest.param(webp_canvas(16_000, 16_000), "image_dimensions", id="WebP that promises much"),
    ],
)
def test_what_is_no_picture_for_a_cover_is_none_here(api: Api, content: bytes, code: str) -> None:
    before = api.get("/artwork?limit=1").json()
    refused(upload(api, content), 422, code)
    assert api.get("/artwork?limit=1").json() == before
    assert left_over(api) == []


def left_over(api: Api) -> list[Path]:
    return list((api.server.services.settings.data_dir / "blobs" / "tmp").iterdir())


def test_a_cmyk_picture_that_is_called_a_png_becomes_what_everybody_shows(api: Api) -> None:
    found = upload(api, encoded(Image.new("CMYK", (400, 400), (0, 200, 200, 0)))).json()
    picture = decoded(api.get(f"/artwork/{found['id']}/image").content)
    assert (picture.mode, picture.format) == ("RGB", "JPEG")


def test_one_that_is_larger_than_the_memory_is_refused_before_it_is_read(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "free_bytes", lambda: 100_000_000)
    problem = refused(upload(api, encoded(Image.new("L", (5000, 5000)))), 422, "image_dimensions")
    assert "memory" in problem["detail"]
    assert upload(api, sent()).status_code == 201


def test_too_many_bytes_are_refused_by_their_number(api: Api) -> None:
    def much() -> Iterator[bytes]:
        for _ in range(MOST_ARTWORK_BYTES // 2**20 + 1):
            yield bytes(2**20)

    refused(upload(api, bytes(MOST_ARTWORK_BYTES + 1)), 413, "upload_too_large")
    refused(upload(api, much()), 413, "upload_too_large")


def test_one_may_be_larger_than_other_bodies(api: Api) -> None:
    content = encoded(noise(1600, 1600), "PNG")
    assert len(content) > 7 * 2**20
    assert upload(api, content).json()["width"] == 1600


def test_another_type_is_refused_by_its_name(api: Api) -> None:
    answer = api.http.post(
        "/artwork/upload", params={"title": "x"}, content=b"{}", headers={"Content-Type": "application/json"}
    )
    refused(answer, 415, "unsupported_media_type")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"title": ""}, "query.title"),
        ({"title": "a\nb"}, "query.title"),
        ({"track_id": "x"}, "query.track_id"),
    ],
)
def test_what_is_said_of_it_is_judged(api: Api, query: dict[str, str], field: str) -> None:
    problem = refused(upload(api, sent(), **query), 422, "invalid_request")
    assert [error["field"] for error in problem["errors"]] == [field]


def test_one_for_a_track_of_somebody_else_is_refused(api: Api) -> None:
    refused(upload(api, sent(), track_id="trk_x"), 404, "track_not_found")


def test_sent_again_under_its_key_it_is_one(api: Api) -> None:
    first, again = (upload(api, sent(seed=21), key="art-1") for _ in range(2))
    assert (first.status_code, again.json()) == (201, first.json())
    refused(upload(api, sent(seed=22), key="art-1"), 422, "idempotency_key_reused")
    refused(upload(api, sent(seed=21), key="art-1", title="Other"), 422, "idempotency_key_reused")
    refused(upload(api, sent(), key="no key"), 400, "idempotency_key_invalid")


def test_of_two_at_once_under_one_key_one_is_told_to_wait_or_gets_the_answer_of_the_other(api: Api) -> None:
    answers = []

    def send() -> None:
        answers.append(upload(api, encoded(noise(900, 900), "PNG"), key="art-2"))

    threads = [threading.Thread(target=send) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made = [answer.json()["id"] for answer in answers if answer.status_code == 201]
    others = [answer.json()["code"] for answer in answers if answer.status_code != 201]
    assert len(set(made)) == 1
    assert set(others) <= {"idempotency_in_progress"}


def test_a_full_disk_is_said_and_its_key_is_free_again(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(api.server.services.blobs, "prepare", full)
        refused(upload(api, sent(), key="art-3"), 507, "storage_full")
    assert upload(api, sent(), key="art-3").status_code == 201


def test_there_are_as_many_as_the_server_allows(start: Start) -> None:
    api = start(artwork_limit=2)
    ids = [upload(api, sent(seed=seed)).json()["id"] for seed in (1, 2)]
    refused(upload(api, sent(seed=3)), 409, "too_many_artworks")
    refused(api.post("/artwork", json={"title": "x"}), 409, "too_many_artworks")
    api.delete(f"/artwork/{ids[0]}")
    assert upload(api, sent(seed=3)).status_code == 201
