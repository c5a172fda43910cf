"""A backup brought back, on the same kind of database or the other one, is the same server."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import sqlalchemy as sa

from aimusicverse.errors import ConfigurationError
from aimusicverse.secret import Secret
from aimusicverse.server.backup import contents, making
from aimusicverse.server.backup.archive import Archive, BackupInvalid
from aimusicverse.server.backup.moving import change_schema, move, stamp
from aimusicverse.server.store import schema
from aimusicverse.server.store.errors import NotEmpty, StoreError
from aimusicverse.server.store.tables import event, generation, job, metadata, track, track_text
from aimusicverse.server.store.transaction import Transaction
from tests.server.backup.conftest import back_up, bring_back, place_of, quiet
from tests.server.conftest import Api
from tests.server.databases import DATABASES, postgres_database
from tests.server.quick_engine import QuickEngine
from tests.server.sample_pictures import drawing, encoded, sent
from tests.server.store.s3_stand_in import StandIn

DatabaseOf = Callable[[str], Secret | None]
Start = Callable[..., Api]
_SAID = ("content-type", "content-length", "content-range", "etag", "x-content-sha256", "content-disposition")


class Recorded:
    """A set of calls whose answers must not change."""

    def __init__(self, api: Api) -> None:
        api.generate(prompt="lofi ünïcödé 🎵", title="Größe\u2028 „x“", duration_seconds=5, seed=1)
        api.generate(prompt="house", duration_seconds=6, seed=2, lyrics="la\nla", variants=2)
        gone = api.generate(prompt="lofi", duration_seconds=5, seed=3)["tracks"][0]["id"]
        api.delete(f"/tracks/{gone}")
        api.post("/generate", json={"prompt": "refuse"})
        api.advance(timedelta(hours=2))
        self.once = {"json": {"prompt": "once", "duration_seconds": 5}, "headers": {"Idempotency-Key": "k-1"}}
        first = api.post("/generate", **self.once)
        api.wait(first.json()["id"])
        tracks = api.get("/tracks").json()["data"]
        playlist = f"/playlists/{api.post('/playlists', json={'title': 'Rain'}).json()['id']}"
        api.http.put(f"{playlist}/cover", content=sent())
        # Of these two the first is the same file as the cover.
        artworks = [
            api.http.post("/artwork/upload?title=x", content=content).json()
            for content in (sent(), encoded(drawing(700, 700, seed=3)))
        ]
        api.patch(f"/tracks/{tracks[0]['id']}", json={"artwork_id": artworks[1]["id"]})
        page = api.get("/tracks?limit=2").json()
        events = api.get("/events?limit=3").json()
        link = {"json": {"format": "mp3", "expires_in_seconds": 86400}, "headers": {"Idempotency-Key": "k-2"}}
        made = api.post(f"/tracks/{tracks[0]['id']}/play-url", **link)
        played = urlsplit(made.json()["url"])
        self.play = f"{played.path}?{played.query}"
        one = f"/tracks/{tracks[0]['id']}"
        self.paths: list[tuple[str, dict[str, str]]] = [
            ("/generations", {}),
            ("/generations?limit=2", {}),
            (f"/generations/{first.json()['id']}", {}),
            ("/tracks", {}),
            ("/tracks?genre=lofi", {}),
            (f"/tracks?limit=2&cursor={page['next_cursor']}", {}),
            (one, {}),
            (f"/tracks/{gone}", {}),
            *((f"/tracks/{found['id']}/audio", {}) for found in tracks),
            (f"{one}/audio", {"Range": "bytes=100-5000"}),
            (f"{one}/audio?format=flac", {}),
            (f"{one}/audio?format=mp3", {"Range": "bytes=-100"}),
            (playlist, {}),
            (f"{playlist}/cover", {}),
            ("/artwork", {}),
            *((f"/artwork/{found['id']}/image", {}) for found in artworks),
            (f"/artwork/{artworks[1]['id']}/image?size=256", {}),
            ("/events?limit=100", {}),
            (f"/events?after={events['data'][-1]['seq']}", {}),
            (f"/events/{events['data'][0]['id']}", {}),
        ]
        self.posts = [("/generate", self.once), (f"{one}/play-url", link)]
        self.answers = self.ask(api)

    def ask(self, api: Api) -> list[tuple[str, int, dict[str, str], bytes]]:
        """All calls, and their answers to the byte."""
        got = [(path, api.get(path, headers=headers)) for path, headers in self.paths]
        got += [(path, api.post(path, **request)) for path, request in self.posts]
        got.append((self.play, httpx.get(api.server.url + self.play)))
        return [
            (
                path,
                answer.status_code,
                {n: answer.headers[n] for n in _SAID if n in answer.headers},
                _plain(answer),
            )
            for path, answer in got
        ]


def _plain(answer: httpx.Response) -> bytes:
    """The body; that of a refusal without the number of its call."""
    if answer.status_code < 400:
        return answer.content
    told = answer.json()
    told.pop("request_id", None)
    return json.dumps(told).encode()


@pytest.mark.parametrize("target", DATABASES)
def test_a_restored_server_gives_the_same_answers_to_the_byte(
    start: Start, database_url: Secret | None, database_of: DatabaseOf, tmp_path: Path, target: str
) -> None:
    old_url, new_url = database_url, database_of(target)
    old = start(tmp_path / "old")
    recorded = Recorded(old)
    assert {200, 202, 206, 404} <= {status for _, status, _, _ in recorded.answers}
    made = back_up(tmp_path / "old", old_url, tmp_path / "b.tar")  # while it runs
    assert (made.lost, made.deleted_meanwhile) == ({}, [])
    old.server.close()
    restored = bring_back(tmp_path / "new", new_url, tmp_path / "b.tar")
    assert (restored.rows, restored.missing, restored.master_key) == (made.rows, [], "restored")
    assert (made.covers, restored.covers, restored.recordings) == (1, 1, made.recordings)
    assert (made.artwork, restored.artwork) == (3, 3)  # one with two smaller forms; the other is the cover
    new = start(tmp_path / "new", database_url=new_url)
    assert recorded.ask(new) == recorded.answers
    assert new.server.services.clock.offset == timedelta(hours=2)
    numbers = _numbers(new)
    new.generate(prompt="goes on")
    assert numbers == _numbers(new)[: len(numbers)]
    assert min(_numbers(new)[len(numbers) :]) > max(numbers)


def _numbers(api: Api) -> list[int]:
    store = api.server.services.store
    return [
        row.seq for row in store.read_now(lambda tx: tx.all(sa.select(event.c.seq).order_by(event.c.seq)))
    ]


@pytest.mark.parametrize("target", DATABASES)
def test_a_server_that_moved_gives_the_same_answers_to_the_byte(
    start: Start, database_url: Secret | None, database_of: DatabaseOf, tmp_path: Path, target: str
) -> None:
    old_url, folder = database_url, tmp_path / "server"
    old = start(folder)
    if old_url is None and target == "sqlite":
        old.server.close()
        with place_of(folder, None) as place, pytest.raises(ConfigurationError, match="already"):
            move(place, None, report=quiet)
        return
    recorded = Recorded(old)
    new_url = database_of(target)
    with place_of(folder, old_url) as place, pytest.raises(ConfigurationError, match="held by"):
        move(place, new_url, report=quiet)
    old.server.close()
    with place_of(folder, old_url) as place:
        moved = move(place, new_url, report=quiet)
        assert moved.rows["track"] == 5
        with pytest.raises(NotEmpty):
            move(place, new_url, report=quiet)
    new = start(folder, database_url=new_url)
    assert new.key == old.key
    assert recorded.ask(new) == recorded.answers


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "server"


@pytest.fixture
def backup(api: Api, folder: Path, database_url: Secret | None, tmp_path: Path) -> Path:
    """A backup of a server with one track, which has stopped."""
    api.generate()
    back_up(folder, database_url, tmp_path / "b.tar")
    api.server.close()
    return tmp_path / "b.tar"


def test_a_backup_while_others_write_is_of_one_moment(
    api: Api, folder: Path, database_url: Secret | None, tmp_path: Path
) -> None:
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            api.generate(duration_seconds=5)

    writers = [threading.Thread(target=write) for _ in range(2)]
    for writer in writers:
        writer.start()
    try:
        for number in range(4):
            back_up(folder, database_url, tmp_path / f"{number}.tar")
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    for number in range(4):
        bring_back(tmp_path / f"new{number}", None, tmp_path / f"{number}.tar")
        with place_of(tmp_path / f"new{number}", None) as place, place.database.reading() as connection:
            ready = set(connection.scalars(sa.select(track.c.generation_id)))
            ended = set(
                connection.scalars(sa.select(generation.c.id).where(generation.c.status == "completed"))
            )
            told = connection.scalar(
                sa.select(sa.func.count()).select_from(event).where(event.c.type == "track.created")
            )
            assert ready == ended
            assert told == len(ready)


def test_work_that_ran_is_taken_up_again(
    start: Start, folder: Path, database_url: Secret | None, database_of: DatabaseOf, tmp_path: Path
) -> None:
    engine = QuickEngine()
    engine.held.set()
    api = start(engine=engine)
    created = api.post("/generate", json={"prompt": "x", "duration_seconds": 5}).json()
    assert engine.started.acquire(timeout=10)
    back_up(folder, database_url, tmp_path / "b.tar")
    url = database_of("postgres")
    bring_back(tmp_path / "new", url, tmp_path / "b.tar")
    with place_of(tmp_path / "new", url) as place, place.database.reading() as connection:
        assert list(connection.scalars(sa.select(job.c.lease_until))) == [0.0]
    new = start(tmp_path / "new", database_url=url)
    assert new.wait(created["id"])["status"] == "completed"


def test_rows_that_are_there_stay_unless_they_may_go(
    backup: Path, folder: Path, database_url: Secret | None, start: Start
) -> None:
    api = start()
    second = api.generate()["id"]
    api.server.close()
    with pytest.raises(NotEmpty):
        bring_back(folder, database_url, backup)
    api = start()
    assert api.get(f"/generations/{second}").status_code == 200
    api.server.close()
    bring_back(folder, database_url, backup, replace=True)
    new = start()
    assert new.key == api.key  # it was that of the backup, too
    assert new.get(f"/generations/{second}").status_code == 404
    assert len(new.get("/tracks").json()["data"]) == 1


def test_a_running_server_is_not_restored_over(api: Api, folder: Path, database_url: Secret | None) -> None:
    api.generate()
    back_up(folder, database_url, folder / "b.tar")
    with pytest.raises(ConfigurationError, match="held by"):
        bring_back(folder, database_url, folder / "b.tar", replace=True)
    if database_url is not None:  # from another folder, too
        with pytest.raises(StoreError, match="stop them"):
            bring_back(folder.parent / "other", database_url, folder / "b.tar", replace=True)
    assert api.generate()["status"] == "completed"


def test_what_fails_late_changes_nothing(
    backup: Path, folder: Path, database_url: Secret | None, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "master.key").rename(folder / "old.key")
    api = start() if database_url is None else None  # with another key
    if api is not None:
        api.generate()
        api.server.close()
    key = (folder / "master.key").read_text() if api is not None else None

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("aimusicverse.server.data_folder.DataFolder._write_private", fail)
    with pytest.raises(OSError, match="No space"):
        bring_back(folder, database_url, backup, replace=True)
    monkeypatch.undo()
    assert [file.name for file in folder.glob("master.key*")] == (["master.key"] if key else [])
    if key:
        assert (folder / "master.key").read_text() == key
        assert len(start().get("/tracks").json()["data"]) == 2
    else:
        (folder / "old.key").rename(folder / "master.key")
        assert len(start().get("/tracks").json()["data"]) == 1


def test_a_damaged_database_file_goes_aside_and_comes_back_if_that_fails(
    backup: Path, folder: Path, sqlite_only: None, start: Start, tmp_path: Path
) -> None:
    (folder / "amv.db").write_bytes(b"garbage" * 1000)
    with pytest.raises(StoreError, match="damaged"):
        bring_back(folder, None, backup)
    other = tmp_path / "other.tar"
    other.write_bytes(backup.read_bytes())
    with pytest.raises(ConfigurationError):
        bring_back(folder, None, backup, replace=True, master_key=Secret("A" * 43 + "="))
    assert (folder / "amv.db").read_bytes() == b"garbage" * 1000
    restored = bring_back(folder, None, backup, replace=True)
    assert Path(restored.moved_aside[0]).read_bytes() == b"garbage" * 1000
    assert len(start().get("/tracks").json()["data"]) == 1


def test_an_older_backup_is_brought_up(
    backup: Path, folder: Path, database_url: Secret | None, database_of: DatabaseOf, tmp_path: Path
) -> None:
    with place_of(folder, database_url) as place:
        change_schema(place, "0001")
        assert stamp(place).schema == "0001"
    made = back_up(folder, database_url, tmp_path / "old.tar")
    assert made.schema == "0001"
    for kind in DATABASES:
        url = database_of(kind)
        restored = bring_back(tmp_path / kind, url, tmp_path / "old.tar")
        assert (restored.schema_before, restored.schema) == ("0001", schema.HEAD)
        with place_of(tmp_path / kind, url) as place, place.database.reading() as connection:
            assert connection.scalar(sa.select(sa.func.count()).select_from(metadata.tables["server"])) == 1


def test_the_schema_goes_down_and_up_with_its_rows(
    backup: Path, folder: Path, database_url: Secret | None, start: Start
) -> None:
    with place_of(folder, database_url) as place:
        change_schema(place, "0001")
        with pytest.raises(ConfigurationError, match="no schema"):
            change_schema(place, "base")
    api = start()
    assert len(api.get("/tracks").json()["data"]) == 1
    with place_of(folder, database_url) as place, pytest.raises(ConfigurationError, match="held by"):
        change_schema(place, "0001")


def test_a_recording_that_was_deleted_and_swept_meanwhile_is_said_not_swallowed(
    api: Api, folder: Path, database_url: Secret | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (api.generate(seed=seed)["tracks"][0]["audio"]["sha256"] for seed in (1, 2))
    store, blobs = api.server.services.store, api.server.services.blobs
    put, is_first = contents.pieces, track.c.master_sha256 == first

    def meanwhile(of: Any, sha256: str) -> Any:
        for purged in (
            sa.delete(track_text).where(track_text.c.track_id.in_(sa.select(track.c.id).where(is_first))),
            sa.delete(track).where(is_first),
        ):
            store.write_now(Transaction.execute, purged)
        blobs.path(first).unlink(missing_ok=True)
        blobs.path(second).unlink(missing_ok=True)
        return put(of, sha256)

    monkeypatch.setattr(contents, "pieces", meanwhile)
    made = back_up(folder, database_url, tmp_path / "b.tar")
    assert made.deleted_meanwhile == [first]
    assert made.lost == {second: "missing"}
    monkeypatch.undo()
    restored = bring_back(tmp_path / "new", None, tmp_path / "b.tar")
    assert set(restored.missing) == {first, second}


def test_a_damaged_recording_or_cover_is_left_out_and_named(
    api: Api, folder: Path, database_url: Secret | None, tmp_path: Path
) -> None:
    playlist = api.post("/playlists", json={"title": "x"}).json()["id"]
    cover = api.http.put(f"/playlists/{playlist}/cover", content=sent()).json()["cover"]["sha256"]
    sha256 = api.generate()["tracks"][0]["audio"]["sha256"]
    for blob in (sha256, cover):
        api.server.services.blobs.path(blob).write_bytes(b"RIFF")
    made = back_up(folder, database_url, tmp_path / "b.tar")
    assert made.lost == {sha256: "damaged", cover: "damaged"}
    assert (made.recordings, made.covers) == (0, 0)
    Archive(tmp_path / "b.tar").close()  # whole all the same


def test_a_damaged_recording_that_is_here_is_healed_by_the_backup(
    backup: Path, folder: Path, database_url: Secret | None, start: Start
) -> None:
    [blob] = (folder / "blobs").glob("??/*")
    blob.write_bytes(b"RIFF")
    bring_back(folder, database_url, backup, replace=True)
    api = start()
    [found] = api.get("/tracks").json()["data"]
    assert len(api.get(f"/tracks/{found['id']}/audio").content) == found["audio"]["size_bytes"]


def test_without_audio_the_recordings_that_are_here_serve(
    api: Api, folder: Path, database_url: Secret | None, tmp_path: Path
) -> None:
    sha256 = api.generate()["tracks"][0]["audio"]["sha256"]
    made = back_up(folder, database_url, tmp_path / "b.tar", with_audio=False)
    assert (made.holds_audio, made.recordings) == (False, 0)
    api.server.close()
    assert bring_back(folder, database_url, tmp_path / "b.tar", replace=True).missing == []
    assert bring_back(tmp_path / "new", None, tmp_path / "b.tar").missing == [sha256]


def test_the_file_is_private_and_holds_the_key_unless_told_not_to(
    api: Api, folder: Path, database_url: Secret | None, tmp_path: Path
) -> None:
    key = (folder / "master.key").read_bytes().strip()
    assert back_up(folder, database_url, tmp_path / "with.tar").holds_master_key
    assert not back_up(folder, database_url, tmp_path / "without.tar", with_key=False).holds_master_key
    assert key in (tmp_path / "with.tar").read_bytes()
    assert key not in (tmp_path / "without.tar").read_bytes()
    owner = json.loads((folder / "owner.key").read_text())["api_key"]
    assert owner.encode() not in (tmp_path / "with.tar").read_bytes()
    assert (tmp_path / "with.tar").stat().st_mode & 0o777 == 0o600


def test_master_keys_that_do_not_agree_are_refused(
    backup: Path, folder: Path, database_url: Secret | None, database_of: DatabaseOf, tmp_path: Path
) -> None:
    other = Secret("A" * 43 + "=")
    with pytest.raises(ConfigurationError, match="AMV_MASTER_KEY is not"):
        bring_back(tmp_path / "a", None, backup, master_key=other)
    back_up(folder, database_url, tmp_path / "bare.tar", with_key=False)
    with pytest.raises(ConfigurationError, match="without its master key"):
        bring_back(tmp_path / "b", None, tmp_path / "bare.tar")
    right = Secret((folder / "master.key").read_text().strip())
    bring_back(tmp_path / "c", database_of("postgres"), tmp_path / "bare.tar", master_key=right)
    assert not (tmp_path / "c" / "master.key").exists()
    with place_of(folder, database_url, master_key=other) as place, pytest.raises(ConfigurationError):
        making.make(place, tmp_path / "d.tar", with_audio=True, with_key=True, overwrite=False, report=quiet)
    assert not (tmp_path / "d.tar").exists()


def test_a_lost_master_key_can_be_given_up(
    backup: Path, database_of: DatabaseOf, tmp_path: Path, start: Start
) -> None:
    url = database_of("postgres")
    restored = bring_back(tmp_path / "new", url, backup, with_key=False)
    assert restored.master_key == "left out"
    assert not (tmp_path / "new" / "master.key").exists()
    assert len(start(tmp_path / "new", database_url=url).get("/tracks").json()["data"]) == 1


def test_a_file_of_that_name_stays_unless_it_may_go(
    api: Api, folder: Path, database_url: Secret | None, tmp_path: Path
) -> None:
    target = tmp_path / "b.tar"
    target.write_text("mine")
    with pytest.raises(FileExistsError):
        back_up(folder, database_url, target)
    assert target.read_text() == "mine"
    back_up(folder, database_url, target, overwrite=True)
    Archive(target).close()
    with pytest.raises(FileExistsError, match="no file"):
        back_up(folder, database_url, tmp_path, overwrite=True)


def test_a_failure_half_way_leaves_no_part_of_a_file(
    api: Api, folder: Path, database_url: Secret | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.generate()
    here = tmp_path / "here"
    here.mkdir()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(contents, "pieces", full)
    with pytest.raises(OSError, match="No space"):
        back_up(folder, database_url, here / "b.tar")
    assert list(here.iterdir()) == []


def test_an_empty_place_is_not_backed_up(database_name: str, tmp_path: Path) -> None:
    made = nullcontext() if database_name == "sqlite" else postgres_database()
    with made as url, pytest.raises(StoreError, match="no "):
        back_up(tmp_path / "nothing", url, tmp_path / "b.tar")
    assert list(tmp_path.glob("*.tar")) == []
    assert not (tmp_path / "nothing").exists()


def test_other_rows_than_the_manifest_says_are_refused(
    backup: Path, database_url: Secret | None, database_of: DatabaseOf, tmp_path: Path, monkeypatch: Any
) -> None:
    url = database_of("postgres" if database_url else "sqlite")
    read = Archive._read_manifest

    def other(archive: Archive) -> dict[str, Any]:
        manifest = read(archive)
        manifest["rows"]["track"] += 1
        return manifest

    monkeypatch.setattr(Archive, "_read_manifest", other)
    with pytest.raises(BackupInvalid, match="other rows"):
        bring_back(tmp_path / "new", url, backup)
    monkeypatch.undo()
    assert not (tmp_path / "new" / "amv.db").exists()
    assert not (tmp_path / "new" / "master.key").exists()
    bring_back(tmp_path / "new", url, backup)


def test_recordings_come_out_of_a_bucket_and_into_one(
    start: Start, stand_in: StandIn, bucket: str, tmp_path: Path, sqlite_only: None
) -> None:
    def kept_at(prefix: str) -> dict[str, Any]:
        return {
            "blobs": f"s3://{bucket}/{prefix}",
            "s3_endpoint": stand_in.url,
            "s3_region": "us-east-1",
            "s3_access_key_id": "tester",
            "s3_secret_access_key": Secret("do-not-print-this"),
        }

    api = start(tmp_path / "old", **kept_at("old"))
    found = api.generate()["tracks"][0]
    whole = api.get(f"/tracks/{found['id']}/audio").content
    cover = f"/playlists/{api.post('/playlists', json={'title': 'x'}).json()['id']}/cover"
    api.http.put(cover, content=sent())
    picture = api.get(cover).content
    with place_of(tmp_path / "old", None, **kept_at("old")) as place:
        options = {"with_audio": True, "with_key": True, "overwrite": False, "report": quiet}
        assert making.make(place, tmp_path / "b.tar", **options).recordings == 1
    bring_back(tmp_path / "folder", None, tmp_path / "b.tar")
    restored = bring_back(tmp_path / "new", None, tmp_path / "b.tar", **kept_at("new"))
    assert restored.missing == []
    for again in (start(tmp_path / "folder"), start(tmp_path / "new", **kept_at("new"))):
        assert again.get(f"/tracks/{found['id']}/audio").content == whole
        assert again.get(cover).content == picture
