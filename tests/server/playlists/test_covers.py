"""A playlist's cover over a real socket: set, read, replaced, removed, and its blob let go."""

from __future__ import annotations

import errno
import hashlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from aimusicverse.server.job_side import sweep_blobs
from tests.server.conftest import Api
from tests.server.playlists.test_playlists import refused
from tests.server.sample_pictures import KINDS, decoded, encoded, noise, sent
from tests.server.security.keys import another_owner, by, create_key


@pytest.fixture
def api(shared: Api) -> Api:
    """One server for all: each test has a playlist of its own."""
    return shared


@pytest.fixture
def path(api: Api) -> str:
    """Of a playlist without a cover."""
    return f"/playlists/{api.post('/playlists', json={'title': 'Rainy “nights”'}).json()['id']}"


def put(api: Api, path: str, content: Any = None, **headers: str) -> httpx.Response:
    headers = {"Content-Type": "image/jpeg", **headers}
    return api.http.put(f"{path}/cover", content=sent() if content is None else content, headers=headers)


def covers_told(api: Api) -> list[Any]:
    """What the log says of covers, in order."""
    events: list[Any] = []
    while True:
        page = api.get(f"/events?limit=100&after={events[-1]['seq'] if events else 0}").json()["data"]
        events += page
        if len(page) < 100:
            return [one["data"].get("cover") for one in events if one["type"] == "playlist.updated"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_cover_is_shown_with_its_playlist_and_given_as_a_file(api: Api, path: str, kind: str) -> None:
    before = api.get(path).json()
    assert before["cover"] is None
    answer = put(api, path, sent(kind))
    assert answer.status_code == 200, answer.text
    playlist = answer.json()
    assert (playlist["etag"] != before["etag"], answer.headers["etag"]) == (True, f'"{playlist["etag"]}"')
    assert playlist == api.get(path).json() == api.get("/playlists?limit=1").json()["data"][0]
    cover = playlist["cover"]
    assert (cover["content_type"], cover["width"], cover["height"]) == (f"image/{kind.lower()}", 96, 64)
    assert covers_told(api)[-1] == cover
    assert api.server.url + cover["url"] == f"{api.http.base_url}{path[1:]}/cover"

    file = httpx.get(api.server.url + cover["url"], headers={"X-API-Key": api.key})
    assert (file.status_code, file.headers["content-type"]) == (200, cover["content_type"])
    assert hashlib.sha256(file.content).hexdigest() == cover["sha256"] == file.headers["x-content-sha256"]
    assert len(file.content) == cover["size_bytes"]
    assert decoded(file.content).size == (96, 64)
    assert file.headers["cache-control"] == "private, no-cache"
    assert file.headers["content-disposition"].endswith(
        f"%9Cnights%E2%80%9D.{'jpg' if kind == 'JPEG' else kind.lower()}"
    )


def test_who_has_it_already_is_not_sent_it_again(api: Api, path: str) -> None:
    cover = put(api, path).json()["cover"]
    etag = api.get(f"{path}/cover").headers["etag"]
    assert etag == f'"{cover["sha256"]}"'
    known = api.get(f"{path}/cover", headers={"If-None-Match": etag})
    assert (known.status_code, known.content, known.headers["etag"]) == (304, b"", etag)
    put(api, path, sent(seed=2))
    assert api.get(f"{path}/cover", headers={"If-None-Match": etag}).status_code == 200
    head = api.http.head(f"{path}/cover")
    assert (head.status_code, head.content) == (200, b"")
    part = api.get(f"{path}/cover", headers={"Range": "bytes=0-2"})
    assert (part.status_code, part.content) == (206, b"\xff\xd8\xff")


def test_another_one_takes_its_place_and_the_same_one_changes_nothing(api: Api, path: str) -> None:
    first = put(api, path).json()
    second = put(api, path, sent("PNG")).json()
    assert (second["cover"]["sha256"] != first["cover"]["sha256"], second["etag"] != first["etag"]) == (
        True,
        True,
    )
    told = len(covers_told(api))
    # Sent again, because the answer was lost: also by one who says what he saw before.
    for headers in ({}, {"If-Match": first["etag"]}):
        assert put(api, path, sent("PNG"), **headers).json() == second
    assert len(covers_told(api)) == told
    changed = api.patch(path, json={"title": "Sunny days"}).json()
    assert changed["cover"] == second["cover"]


def test_it_can_be_removed_and_removing_it_twice_is_removing_it(api: Api, path: str) -> None:
    refused(api.get(f"{path}/cover"), 404, "cover_not_found")
    put(api, path)
    removed = api.delete(f"{path}/cover")
    assert (removed.status_code, removed.json()["cover"]) == (200, None)
    assert removed.headers["etag"] == f'"{removed.json()["etag"]}"'
    told = covers_told(api)
    assert told[-1] is None
    assert api.delete(f"{path}/cover").json() == removed.json()
    assert covers_told(api) == told
    refused(api.get(f"{path}/cover"), 404, "cover_not_found")


def test_an_edit_of_what_changed_meanwhile_is_refused(api: Api, path: str) -> None:
    seen = api.get(path).json()["etag"]
    now = put(api, path, **{"If-Match": seen}).json()
    stale = {"If-Match": seen}
    refused(put(api, path, sent(seed=2), **stale), 412, "version_conflict")
    refused(api.delete(f"{path}/cover", headers=stale), 412, "version_conflict")
    assert api.get(path).json() == now
    assert api.delete(f"{path}/cover", headers={"If-Match": now["etag"]}).status_code == 200


def test_of_two_at_once_who_saw_the_same_one_wins(api: Api, path: str) -> None:
    seen = api.get(path).json()["etag"]
    answers: list[httpx.Response] = []
    together = threading.Barrier(2)

    def edit(seed: int) -> None:
        with by(api, api.key) as http:
            together.wait()
            answers.append(http.put(f"{path}/cover", content=sent(seed=seed), headers={"If-Match": seen}))

    editors = [threading.Thread(target=edit, args=(seed,)) for seed in (1, 2)]
    for editor in editors:
        editor.start()
    for editor in editors:
        editor.join()
    assert sorted(answer.status_code for answer in answers) == [200, 412]
    [won] = [answer for answer in answers if answer.status_code == 200]
    assert api.get(path).json() == won.json()


def test_nobody_else_sees_sets_or_removes_it(api: Api, path: str) -> None:
    put(api, path)
    with by(api, another_owner(api)) as other:
        for answer in (
            other.get(f"{path}/cover"),
            other.put(f"{path}/cover", content=sent(seed=2)),
            other.delete(f"{path}/cover"),
        ):
            refused(answer, 404, "playlist_not_found")
    with by(api, create_key(api, scopes=("playlists:read",))) as reader:
        assert reader.get(f"{path}/cover").status_code == 200
        refused(reader.put(f"{path}/cover", content=sent(seed=2)), 403, "scope_missing")
        refused(reader.delete(f"{path}/cover"), 403, "scope_missing")
    with by(api, create_key(api, scopes=("playlists:write",))) as writer:
        refused(writer.get(f"{path}/cover"), 403, "scope_missing")


def test_a_cover_may_be_larger_than_other_bodies(api: Api, path: str) -> None:
    content = encoded(noise(1000, 800), "PNG")
    assert len(content) > 2 * 1024 * 1024
    for sending in (content, (content[at : at + 50_000] for at in range(0, len(content), 50_000))):
        assert put(api, path, sending).json()["cover"]["width"] == 1000


# -- its blob ----------------------------------------------------------------------------------------


@pytest.fixture
def swept(api: Api, monkeypatch: pytest.MonkeyPatch) -> Callable[[], set[str]]:
    """Sweeps as if everything were old; what is left."""
    monkeypatch.setattr("aimusicverse.server.store.blobs.folder.GRACE_SECONDS", -10)

    def sweep() -> set[str]:
        sweep_blobs(api.server.services.store, api.server.services.blobs)
        return {file.name for file in folder(api).glob("??/*")}

    return sweep


def folder(api: Api) -> Path:
    return Path(api.server.services.settings.data_dir / "blobs")


def test_the_sweep_removes_a_cover_that_was_let_go_and_none_that_is_in_use(
    api: Api, path: str, swept: Callable[[], set[str]]
) -> None:
    other = f"/playlists/{api.post('/playlists', json={'title': 'x'}).json()['id']}"
    first = put(api, path, sent(seed=11)).json()["cover"]["sha256"]
    assert put(api, other, sent(seed=11)).json()["cover"]["sha256"] == first
    assert first in swept()
    second = put(api, path, sent(seed=12)).json()["cover"]["sha256"]
    assert swept() >= {first, second}  # the other playlist has the first
    api.delete(other)
    left = swept()
    assert (first in left, second in left) == (False, True)
    assert hashlib.sha256(api.get(f"{path}/cover").content).hexdigest() == second
    api.delete(f"{path}/cover")
    assert second not in swept()
    assert put(api, path, sent(seed=12)).json()["cover"]["sha256"] == second
    assert api.get(f"{path}/cover").status_code == 200


def test_a_cover_that_is_lost_is_said_and_healed_by_sending_it_again(api: Api, path: str) -> None:
    sha256 = put(api, path, sent(seed=13)).json()["cover"]["sha256"]
    (folder(api) / sha256[:2] / sha256).unlink()
    refused(api.get(f"{path}/cover"), 500, "image_lost")
    assert put(api, path, sent(seed=13)).status_code == 200
    assert api.get(f"{path}/cover").status_code == 200


def test_a_full_disk_is_said_and_changes_nothing(
    api: Api, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = api.get(path).json()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(api.server.services.blobs, "prepare", full)
        refused(put(api, path), 507, "storage_full")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        refused(put(api, path), 507, "storage_full")
    assert api.get(path).json() == before
    assert list((folder(api) / "tmp").iterdir()) == []
