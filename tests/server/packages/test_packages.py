"""Kits and packages as a zip: whole, of one's own releases, and nothing is left of them."""

from __future__ import annotations

import hashlib
import io
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import httpx
import pytest

from aimusicverse.audio import tags
from aimusicverse.audio.tags import Tags
from aimusicverse.server.packages import packing
from aimusicverse.server.packages.zipping import zipped
from aimusicverse.server.running import RunningServer
from aimusicverse.server.settings import Settings
from tests.release.sound_releases import LEFT_OUT, SINGLE, changed
from tests.server.artwork.conftest import upload
from tests.server.conftest import Api
from tests.server.databases import lent_database
from tests.server.processes import until
from tests.server.quick_engine import QuickEngine
from tests.server.sample_pictures import drawing, encoded
from tests.server.security.keys import another_owner
from tests.server.tracks.test_uploads import send, sound


class Shop:
    """A server that delivers nothing, and releases of its owner."""

    def __init__(self, api: Api) -> None:
        self.api = api
        answer = send(api, sound(31.0))
        assert answer.status_code == 201, answer.text
        self.track: str = answer.json()["id"]
        picture = upload(api, encoded(drawing(3000, 3000), "JPEG"))
        assert picture.status_code == 201, picture.text
        self.cover: str = picture.json()["id"]

    def draft(self, *platforms: str, track: str | None = None, **more: Any) -> str:
        metadata = changed(
            SINGLE,
            {
                "release_at": LEFT_OUT,
                "youtube.publish_at": LEFT_OUT,
                "tracks[0].track_id": track or self.track,
                **more.pop("metadata", {}),
            },
        )
        body = {"platforms": platforms, "metadata": metadata, "artwork_id": self.cover, "draft": True, **more}
        answer = self.api.post("/distributions", json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def package(self, distribution_id: str, platform: str, **options: Any) -> httpx.Response:
        return self.api.get(f"/distributions/{distribution_id}/packages/{platform}", **options)

    @property
    def left(self) -> list[Path]:
        """What is in the folder of workspaces."""
        return list((self.api.server.services.settings.data_dir / "blobs" / "tmp").iterdir())


def names(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text[:2000]
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert archive.testzip() is None
    return archive.namelist()


@pytest.fixture(scope="module")
def shop(
    tmp_path_factory: pytest.TempPathFactory,
    database_name: str,
    first_key: Callable[[], AbstractContextManager[None]],
) -> Iterator[Shop]:
    engine = QuickEngine()
    with nullcontext() if database_name == "sqlite" else lent_database() as url:
        settings = Settings.from_environment(
            {}, data_dir=tmp_path_factory.mktemp("server"), port=0, database_url=url, jobs=False
        )
        with first_key():
            server = RunningServer(settings, engines={engine.name: engine})
        api = Api(server, engine)
        yield Shop(api)
        api.http.close()
        api.server.close()


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_a_kit_comes_as_a_zip_and_leaves_nothing_behind(shop: Shop) -> None:
    distribution = shop.draft("spotify", "apple_music", via="distrokid")
    answer = shop.package(distribution, "spotify")
    found = names(answer)
    assert any(name.endswith(".wav") for name in found)
    assert any("cover" in name or name.endswith(".jpg") for name in found)
    assert any("checklist" in name for name in found)
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"].startswith("attachment; filename")
    assert "-distrokid-sandbox.zip" in answer.headers["content-disposition"]
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert not shop.left


def test_a_package_of_a_provider_comes_as_a_zip(shop: Shop) -> None:
    found = names(shop.package(shop.draft("spotify"), "spotify"))
    assert any(name.endswith(".xml") for name in found)
    assert any(name.endswith((".wav", ".flac")) for name in found)


def test_no_package_holds_a_prompt_and_each_says_that_a_machine_made_it(shop: Shop, tmp_path: Path) -> None:
    file = tmp_path / "song.wav"
    file.write_bytes(sound(33.0))
    made = Tags(title="a secret wish", ai_parts="composition", provenance='{"prompt": "a secret wish"}')
    tags.write(file, file, made)
    track = send(shop.api, file.read_bytes()).json()["id"]
    for platform in ("spotify", "apple_music", "soundcloud", "youtube_music"):
        answer = shop.package(shop.draft(platform, track=track), platform)
        archive = zipfile.ZipFile(io.BytesIO(answer.content))
        contents = {name: archive.read(name) for name in archive.namelist()}
        assert not [name for name, content in contents.items() if b"a secret wish" in content]
        sounds = [content for name, content in contents.items() if name.endswith((".wav", ".flac"))]
        assert all(b"composition" in content for content in sounds)
        assert sounds or platform == "youtube_music"
        messages = b"".join(content for name, content in contents.items() if name.endswith(".xml"))
        if messages:  # what they say of a file is true of the one that is sent
            digests = [hash(one).hexdigest() for one in sounds for hash in (hashlib.md5, hashlib.sha256)]
            assert any(digest.encode() in messages for digest in digests)
    assert not shop.left


def test_a_store_with_an_api_has_one_too_for_when_it_is_down(shop: Shop) -> None:
    assert names(shop.package(shop.draft("soundcloud"), "soundcloud"))


def test_what_is_missing_is_named(shop: Shop) -> None:
    distribution = shop.draft("apple_music", mode="live")
    answer = shop.package(distribution, "apple_music")
    assert (answer.status_code, answer.json()["code"]) == (409, "package_impossible")
    assert "amv platforms connect apple_music" in answer.text
    assert not shop.left


def test_a_deleted_track_is_named(shop: Shop) -> None:
    track = send(shop.api, sound(32.0)).json()["id"]
    distribution = shop.draft("spotify", track=track)
    assert shop.api.delete(f"/tracks/{track}").status_code == 204
    answer = shop.package(distribution, "spotify")
    assert (answer.status_code, answer.json()["code"]) == (409, "package_impossible")
    assert not shop.left


def test_a_store_that_it_does_not_go_to_has_none(shop: Shop) -> None:
    distribution = shop.draft("spotify")
    for platform in ("soundcloud", "nowhere", "..%2F..%2Fetc"):
        answer = shop.package(distribution, platform)
        assert (answer.status_code, answer.json()["code"]) in (
            (404, "package_not_found"),
            (404, "route_not_found"),
        )


def test_a_release_of_somebody_else_is_not_found(shop: Shop) -> None:
    headers = {"Authorization": f"Bearer {another_owner(shop.api)}"}
    answer = shop.package(shop.draft("spotify"), "spotify", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (404, "distribution_not_found")


def test_a_title_of_any_letters_names_the_file(shop: Shop) -> None:
    distribution = shop.draft(
        "spotify", metadata={"title": 'Größe / "雨"', "tracks[0].title": 'Größe / "雨"'}
    )
    said = shop.package(distribution, "spotify").headers["content-disposition"]
    assert said.isascii()
    assert "filename*=utf-8''Gr%C3%B6%C3%9Fe" in said
    assert '"' not in said


def test_one_at_a_time_for_each_user_and_too_many_not_at_all(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    distribution = shop.draft("spotify")
    go_on, inside, most = threading.Event(), [0], [0]

    def slow(*given: Any) -> Any:
        inside[0] += 1
        most[0] = max(most[0], inside[0])
        try:
            go_on.wait(30)
            return zipped(*given)
        finally:
            inside[0] -= 1

    monkeypatch.setattr(packing, "zipped", slow)
    answers: list[httpx.Response] = []
    threads = [
        threading.Thread(target=lambda: answers.append(shop.package(distribution, "spotify")))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    until(lambda: len(answers) == 2)  # those that are too many are told at once
    assert {(one.status_code, one.json()["code"]) for one in answers} == {(503, "package_busy")}
    assert answers[0].headers["retry-after"] == "5"
    assert shop.api.get("/tracks").status_code == 200  # the others' calls go on
    go_on.set()
    for thread in threads:
        thread.join()
    assert sorted(one.status_code for one in answers) == [200] * 4 + [503] * 2
    assert most == [1]
    assert not shop.left


def test_whoever_goes_in_the_middle_leaves_nothing_behind(shop: Shop) -> None:
    distribution = shop.draft("spotify")
    shop.package(distribution, "spotify")
    before = open_files()
    for _ in range(3):
        with shop.api.http.stream("GET", f"/distributions/{distribution}/packages/spotify") as answer:
            assert answer.status_code == 200
            next(answer.iter_raw(1000))
    assert shop.package(distribution, "spotify").status_code == 200  # its turn comes
    until(lambda: open_files() <= before + 1)
    assert not shop.left


def test_a_zip_has_no_links_and_no_way_out(tmp_path: Path) -> None:
    folder = tmp_path / "package"
    (folder / "in").mkdir(parents=True)
    (folder / "in" / "a.txt").write_text("a" * 10_000)
    (folder / "b.wav").write_bytes(b"b" * 10_000)
    (folder / "link").symlink_to("/etc/passwd")
    seen: list[int] = []
    with zipped(folder, tmp_path, lambda: seen.append(1)) as file, zipfile.ZipFile(file) as archive:
        assert archive.namelist() == ["b.wav", "in/a.txt"]
        assert archive.getinfo("b.wav").compress_type == zipfile.ZIP_STORED
        assert archive.getinfo("in/a.txt").compress_size < 1000
    assert len(seen) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["package"]


def test_making_a_zip_can_be_given_up(tmp_path: Path) -> None:
    folder = tmp_path / "package"
    folder.mkdir()
    (folder / "a.wav").write_bytes(b"x" * 10)

    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        zipped(folder, tmp_path, stop)
    assert [path.name for path in tmp_path.iterdir()] == ["package"]
