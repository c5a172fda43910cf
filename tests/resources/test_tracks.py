from __future__ import annotations

import hashlib
import io
import json
import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
import respx

from aimusicverse import (
    APIConnectionError,
    ConfigurationError,
    Generation,
    NotFoundError,
    PreconditionFailedError,
    RequestOptions,
    Track,
)
from tests.transport.peer import Peer, answer, cut, hang, problem
from tests.transport.samples import AT, generation, track
from tests.transport.worlds import URL

API = f"{URL}/api/v1"
SOUND = os.urandom(300_000)
SUM = hashlib.sha256(SOUND).hexdigest()
WAV = answer(200, SOUND, of="audio/wav", X_Content_SHA256=SUM)
SHORT = answer(200, SOUND[:100_000], of="audio/wav", claim=300_000)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@respx.mock
def test_delete_answers_with_nothing(world):
    route = respx.delete(f"{API}/tracks/trk_1").respond(204)
    assert world(world.client().tracks.delete("trk_1")) is None
    assert route.called


@respx.mock
def test_a_play_url_is_absolute(world):
    at = "2026-01-31T12:00:00Z"
    route = respx.post(f"{API}/tracks/trk_1/play-url")
    for given in ("/api/v1/play/x?sig=1", f"{URL}/api/v1/play/x?sig=1"):
        route.respond(json={"url": given, "format": "flac", "expires_at": at})
        link = world(world.client().tracks.play_url("trk_1", format="flac", expires_in_seconds=60))
        assert link.url == f"{URL}/api/v1/play/x?sig=1"
    assert route.calls[0].request.content == b'{"format":"flac","expires_in_seconds":60}'


def test_audio_is_bytes_in_the_format_asked_for(world):
    with Peer(WAV) as peer:
        client = world.client(peer.url)
        assert world(client.tracks.audio("trk_1")) == SOUND
        assert world(client.tracks.audio(Track.model_validate(track()), "flac", bit_depth=16)) == SOUND
    assert [heard.target.split("?")[1] for heard in peer.heard] == ["format=wav", "format=flac&bit_depth=16"]
    assert peer.heard[0].headers["accept-encoding"] == "identity"


@pytest.mark.usefixtures("quick_retries")
@pytest.mark.parametrize(
    "trouble", [cut, SHORT, answer(200, SOUND, X_Content_SHA256="0" * 64)], ids=["cut", "short", "damaged"]
)
def test_a_file_that_did_not_arrive_whole_is_fetched_again(world, trouble, tmp_path):
    to = tmp_path / "song.wav"
    with Peer(trouble, WAV) as peer:
        client = world.client(peer.url)
        assert world(client.tracks.download("trk_1", to)) == to
        assert to.read_bytes() == SOUND
    with Peer(trouble, WAV) as peer:
        assert world(world.client(peer.url).tracks.audio("trk_1")) == SOUND
    assert names(tmp_path) == ["amv-data", "song.wav"]


@pytest.mark.usefixtures("quick_retries")
@pytest.mark.parametrize(
    "trouble", [cut, SHORT, answer(200, SOUND, X_Content_SHA256="0" * 64), problem(404, "track_not_found")]
)
def test_a_failed_download_leaves_what_was_there(world, trouble, tmp_path):
    to = tmp_path / "song.flac"
    to.write_bytes(b"before")
    with Peer(trouble) as peer, pytest.raises((APIConnectionError, NotFoundError)):
        world(world.client(peer.url).tracks.download("trk_1", str(to)))
    assert to.read_bytes() == b"before"
    assert names(tmp_path) == ["amv-data", "song.flac"]


@pytest.mark.parametrize(("name", "format"), [("a.wav", "wav"), ("a.FLAC", "flac"), ("b.c.mp3", "mp3")])
def test_the_suffix_says_the_format(world, name, format, tmp_path):
    with Peer(answer(200, b"x")) as peer:
        world(world.client(peer.url).tracks.download("trk_1", tmp_path / name))
        world(
            world.client(peer.url).tracks.download("trk_1", tmp_path / "plain", format=format, bit_depth=16)
        )
    assert peer.heard[0].target.endswith(f"?format={format}")
    assert peer.heard[1].target.endswith(f"?format={format}&bit_depth=16")


@pytest.mark.parametrize("name", ["song.ogg", "song", ".wav"])
def test_an_unknown_suffix_is_refused_by_naming_the_known(world, name, tmp_path):
    with pytest.raises(ConfigurationError, match=r"\.wav, \.flac or \.mp3"):
        world(world.client().tracks.download("trk_1", tmp_path / name))


def test_progress_counts_to_the_end(world, tmp_path):
    seen = []
    with Peer(WAV) as peer:
        world(
            world.client(peer.url).tracks.download(
                "trk_1", tmp_path / "a.wav", progress=lambda *at: seen.append(at)
            )
        )
    assert seen[-1] == (300_000, 300_000)
    assert [done for done, _ in seen] == sorted({done for done, _ in seen})


@pytest.mark.parametrize(
    "error", [KeyboardInterrupt, RuntimeError, TimeoutError, OSError(28, "No space left on device")]
)
def test_whatever_ends_a_download_leaves_no_file(error, tmp_path):
    from aimusicverse import Client

    def stop(done, total):
        raise error

    with (
        Peer(WAV) as peer,
        Client("k", peer.url) as client,
        pytest.raises(type(error) if isinstance(error, OSError) else error),
    ):
        client.tracks.download("trk_1", tmp_path / "a.wav", progress=stop)
    assert names(tmp_path) == ["amv-data"]
    assert len(peer.heard) == 1


async def test_a_cancelled_download_leaves_no_file(tmp_path):
    import asyncio

    from aimusicverse import AsyncClient

    begun = asyncio.Event()

    def half(connection, peer):
        connection.sendall(b"HTTP/1.1 200 X\r\nContent-Length: 1000\r\n\r\n" + b"x" * 500)
        hang(connection, peer)

    with Peer(half) as peer:
        async with AsyncClient("k", peer.url) as client:
            call = client.tracks.download("trk_1", tmp_path / "a.wav", progress=lambda *at: begun.set())
            task = asyncio.create_task(call)
            await asyncio.wait_for(begun.wait(), 5)
            assert len(names(tmp_path)) == 2
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
    assert names(tmp_path) == ["amv-data"]


def test_a_path_that_cannot_be_written_is_the_systems_own_error(world, tmp_path):
    folder = tmp_path / "folder.wav"
    folder.mkdir()
    with Peer(WAV) as peer:
        client = world.client(peer.url)
        with pytest.raises(FileNotFoundError):
            world(client.tracks.download("trk_1", tmp_path / "missing" / "a.wav"))
        with pytest.raises(IsADirectoryError):
            world(client.tracks.download("trk_1", folder))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_the_systems_own_error(world):
    with Peer(WAV) as peer, pytest.raises(OSError, match="No space left"):
        world(world.client(peer.url).tracks.download("trk_1", "/dev/full", format="wav"))
    assert stat.S_ISCHR(Path("/dev/full").stat().st_mode)
    assert len(peer.heard) == 1


def test_a_device_is_written_to_and_not_replaced(world):
    with Peer(WAV) as peer:
        assert world(world.client(peer.url).tracks.download("trk_1", os.devnull, format="wav")) == Path(
            os.devnull
        )
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)


def test_a_file_appears_with_the_users_own_mode_and_through_a_link(world, tmp_path):
    there = tmp_path / "there"
    there.mkdir()
    link = tmp_path / "link.wav"
    link.symlink_to(there / "real.wav")
    before = os.umask(0o022)
    try:
        with Peer(WAV) as peer:
            assert world(world.client(peer.url).tracks.download("trk_1", link)) == link
    finally:
        os.umask(before)
    assert link.is_symlink()
    assert (there / "real.wav").read_bytes() == SOUND
    assert stat.S_IMODE((there / "real.wav").stat().st_mode) == 0o644
    assert names(there) == ["real.wav"]


class Slow(io.RawIOBase):
    def __init__(self):
        self.got = bytearray()

    def writable(self):
        return True

    def write(self, data):
        taken = bytes(data)[:7000]
        self.got += taken
        return len(taken)


@pytest.mark.usefixtures("quick_retries")
def test_a_file_object_gets_every_byte_once_and_stays_open(world):
    for sink, got in ((io.BytesIO(), lambda s: s.getvalue()), (Slow(), lambda s: bytes(s.got))):
        with Peer(cut, WAV) as peer:
            assert world(world.client(peer.url).tracks.download("trk_1", sink)) is None
        assert got(sink) == SOUND
        assert not sink.closed


@pytest.mark.usefixtures("quick_retries")
def test_what_went_into_a_file_object_is_not_sent_there_again(world):
    sink = io.BytesIO()
    with Peer(SHORT, WAV) as peer, pytest.raises(APIConnectionError):
        world(world.client(peer.url).tracks.download("trk_1", sink))
    assert len(peer.heard) == 1
    assert SOUND.startswith(sink.getvalue())


@pytest.mark.parametrize("to", [io.StringIO(), None, 5, object()])
def test_a_target_takes_bytes(world, to):
    with pytest.raises(ConfigurationError, match="opened for bytes"):
        world(world.client().tracks.download("trk_1", to))


def test_a_file_may_take_longer_than_a_call_but_not_be_silent_for_longer(world, tmp_path):
    def slowly(connection, peer):
        connection.sendall(b"HTTP/1.1 200 X\r\nContent-Length: 6\r\n\r\n")
        for _ in range(6):
            peer.ending.wait(0.06)
            connection.sendall(b"x")

    with Peer(slowly) as peer:
        client = world.client(peer.url, timeout=0.3, max_retries=0)
        world(client.tracks.download("trk_1", tmp_path / "a.wav"))
        with pytest.raises(APIConnectionError):
            world(client.tracks.download("trk_1", tmp_path / "a.wav", options=RequestOptions(timeout=0.15)))
    with Peer(hang) as peer, pytest.raises(APIConnectionError):
        world(
            world.client(peer.url, timeout=0.15, max_retries=0).tracks.download("trk_1", tmp_path / "b.wav")
        )


@respx.mock
def test_update_sends_what_is_given_and_nothing_else(world):
    route = respx.patch(f"{API}/tracks/trk_1").respond(json=track(title="b", version=2))
    tracks = world.client().tracks
    assert world(tracks.update("trk_1", title="b", artist=None, tags=("x",))).version == 2
    world(tracks.update(Track.model_validate(track()), lyrics="la", if_match="2-a"))
    world(tracks.update("trk_1"))
    sent = [(call.request.content, call.request.headers.get("if-match")) for call in route.calls]
    assert sent == [
        (b'{"title":"b","artist":null,"tags":["x"]}', None),
        (b'{"lyrics":"la"}', "2-a"),
        (b"{}", None),
    ]


@respx.mock
def test_a_change_that_came_too_late_is_an_error_of_its_own(world):
    respx.patch(f"{API}/tracks/trk_1").respond(
        412, json={"code": "version_conflict", "status": 412, "title": "x"}
    )
    with pytest.raises(PreconditionFailedError):
        world(world.client().tracks.update("trk_1", title="b", if_match="1-a"))


@respx.mock
def test_restore_gives_the_track(world):
    respx.post(f"{API}/tracks/trk_1/restore").respond(json=track())
    assert world(world.client().tracks.restore("trk_1")).id == "trk_1"


@respx.mock
def test_list_sends_what_is_asked_for(world):
    route = respx.get(f"{API}/tracks").respond(json={"data": [track()], "next_cursor": None})
    at = datetime(2026, 1, 31, 12, tzinfo=UTC)
    pager = world.client().tracks.list(q='a "b"', status="deleted", created_after=at, sort="-title", limit=5)
    assert [one.id for one in world(pager.page()).data] == ["trk_1"]
    assert dict(route.calls[0].request.url.params) == {
        "q": 'a "b"',
        "status": "deleted",
        "created_after": "2026-01-31T12:00:00+00:00",
        "sort": "-title",
        "limit": "5",
    }


def test_a_time_without_a_zone_is_refused(world):
    with pytest.raises(ConfigurationError, match="zone"):
        world.client().tracks.list(created_before=datetime(2026, 1, 31))


KEPT = answer(201, json.dumps(track(title="song")).encode())


def test_upload_sends_a_path_as_it_is_named_after_it(world, tmp_path):
    (tmp_path / "song.flac").write_bytes(SOUND)
    seen = []
    with Peer(KEPT) as peer:
        client = world.client(peer.url)
        kept = world(
            client.tracks.upload(
                tmp_path / "song.flac", artist="Ada", tags=["a", "b c"], progress=lambda *at: seen.append(at)
            )
        )
    assert kept.title == "song"
    [heard] = peer.heard
    assert heard.target == "/api/v1/tracks?title=song&artist=Ada&tag=a&tag=b+c"
    assert heard.headers["content-type"] == "audio/flac"
    assert heard.headers["content-length"] == str(len(SOUND))
    assert heard.headers["idempotency-key"]
    assert seen[-1] == (len(SOUND), len(SOUND))


def test_upload_takes_bytes_and_files(world, tmp_path):
    with Peer(KEPT, KEPT) as peer, io.BytesIO(b"skipped" + SOUND) as file:
        file.seek(7)
        client = world.client(peer.url)
        world(client.tracks.upload(SOUND, title="a"))
        world(client.tracks.upload(file, title="b"))
        assert not file.closed
    lengths = [heard.headers["content-length"] for heard in peer.heard]
    assert lengths == [str(len(SOUND))] * 2


def test_upload_of_what_has_no_name_needs_a_title(world):
    with pytest.raises(ConfigurationError, match="title"):
        world(world.client().tracks.upload(SOUND))


@pytest.mark.usefixtures("quick_retries")
def test_a_lost_upload_is_sent_again_from_its_beginning_under_the_same_key(world, tmp_path):
    (tmp_path / "song.wav").write_bytes(SOUND)
    running = problem(409, "idempotency_in_progress")
    seen = []
    with Peer(problem(503, "store_unavailable"), running, KEPT) as peer:
        client = world.client(peer.url)
        world(client.tracks.upload(tmp_path / "song.wav", progress=lambda done, _: seen.append(done)))
    assert len({heard.headers["idempotency-key"] for heard in peer.heard}) == 1
    assert len(peer.heard) == 3
    assert seen.count(len(SOUND)) == 3


@respx.mock
def test_distributions_tell_where_a_track_stands(world):
    place = {"distribution_id": "dst_1", "platform": "spotify", "mode": "live", "status": "live"}
    place |= {"external_url": "https://open.spotify.com/track/1", "updated_at": AT}
    route = respx.get(f"{API}/tracks/trk_1/distributions").respond(
        json={"data": [place], "next_cursor": None}
    )
    [found] = world.items(world.client().tracks.distributions("trk_1", limit=5))
    assert (found.platform, found.status, found.external_url) == ("spotify", "live", place["external_url"])
    assert route.calls.last.request.url.params["limit"] == "5"


@respx.mock
def test_a_section_is_named_by_its_number_and_its_take_only_if_one_is_wanted(world):
    route = respx.post(f"{API}/tracks/trk_1/sections/2/regenerate").respond(202, json=generation())
    client = world.client()
    made = world(client.tracks.regenerate_section("trk_1", 2))
    assert isinstance(made, Generation)
    world(client.tracks.regenerate_section(Track.model_validate(track()), 2, take=0))
    assert [json.loads(call.request.content) for call in route.calls] == [{}, {"take": 0}]
