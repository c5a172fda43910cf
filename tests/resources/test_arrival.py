"""Downloads that are cut, and go on."""

from __future__ import annotations

import hashlib
import io
import os

import pytest

from aimusicverse import APIConnectionError, RequestOptions
from tests.transport.peer import Peer, answer

SOUND = os.urandom(300_000)
OTHER = os.urandom(300_000)
pytestmark = pytest.mark.usefixtures("quick_retries")


def checksum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def cut_after(count: int, content: bytes = SOUND, etag: str | None = None):
    headers = {"X_Content_SHA256": checksum(content), "ETag": etag or f'"{checksum(content)}"'}
    return answer(200, content[:count], of="audio/wav", claim=len(content), **headers)


def ranged(content: bytes = SOUND, **more: str):
    """What a server with ranges and If-Range answers."""

    def step(connection, peer):
        asked = peer.heard[-1].headers
        etag = f'"{checksum(content)}"'
        headers = {"ETag": etag, "X_Content_SHA256": checksum(content), **more}
        if "range" not in asked or asked.get("if-range") != etag:
            answer(200, content, of="audio/wav", **headers)(connection, peer)
            return
        start = int(asked["range"].removeprefix("bytes=").removesuffix("-"))
        extent = {"Content_Range": f"bytes {start}-{len(content) - 1}/{len(content)}"}
        answer(206, content[start:], of="audio/wav", **{**headers, **extent, **more})(connection, peer)

    return step


def test_after_a_cut_only_the_rest_is_asked_for(any_world, tmp_path):
    to, seen = tmp_path / "song.wav", []
    with Peer(cut_after(100_000), ranged()) as peer:
        client = any_world.client(peer.url)
        any_world(client.tracks.download("trk_1", to, progress=lambda *at: seen.append(at)))
    assert to.read_bytes() == SOUND
    start = int(peer.heard[1].headers["range"].removeprefix("bytes=").removesuffix("-"))
    assert 0 < start <= 100_000
    assert peer.heard[1].headers["if-range"] == f'"{checksum(SOUND)}"'
    done = [at for at, _ in seen]
    assert done == sorted(set(done))
    assert seen[-1] == (300_000, 300_000)


def test_it_goes_on_after_each_of_several_cuts(world, tmp_path):
    def a_little_more(connection, peer):
        start = int(peer.heard[-1].headers["range"].removeprefix("bytes=").removesuffix("-"))
        headers = {"ETag": f'"{checksum(SOUND)}"', "Content_Range": f"bytes {start}-299999/300000"}
        rest = SOUND[start : start + 100_000]
        answer(206, rest, of="audio/wav", claim=300_000 - start, **headers)(connection, peer)

    to = tmp_path / "song.wav"
    with Peer(cut_after(80_000), a_little_more, a_little_more, ranged()) as peer:
        options = RequestOptions(retries=5)
        world(world.client(peer.url).tracks.download("trk_1", to, options=options))
    assert to.read_bytes() == SOUND
    assert len(peer.heard) == 4


def test_content_that_changed_meanwhile_is_fetched_from_the_beginning(world, tmp_path):
    to, seen = tmp_path / "song.wav", []
    with Peer(cut_after(100_000), ranged(OTHER)) as peer:
        client = world.client(peer.url)
        world(client.tracks.download("trk_1", to, progress=lambda *at: seen.append(at[0])))
    assert to.read_bytes() == OTHER
    assert min(seen[i + 1] - seen[i] for i in range(len(seen) - 1)) < 0  # it began again


@pytest.mark.parametrize(
    "wrong",
    [
        {"Content_Range": "bytes 0-299999/300000"},
        {"Content_Range": "bytes 5-9/300000"},
        {"Content_Range": "nonsense"},
        {"ETag": '"another"'},
    ],
)
def test_a_part_that_does_not_fit_is_not_put_together_with_the_first(world, wrong, tmp_path):
    to = tmp_path / "song.wav"
    with Peer(cut_after(100_000), ranged(**wrong), ranged()) as peer:
        world(world.client(peer.url).tracks.download("trk_1", to))
    assert to.read_bytes() == SOUND
    assert "range" not in peer.heard[2].headers


@pytest.mark.parametrize("etag", ['W/"weak"', "", "bare"])
def test_without_a_strong_etag_it_begins_anew(world, etag, tmp_path):
    to = tmp_path / "song.wav"
    with Peer(cut_after(100_000, etag=etag or "-"), ranged()) as peer:
        world(world.client(peer.url).tracks.download("trk_1", to))
    assert to.read_bytes() == SOUND
    assert "range" not in peer.heard[1].headers


def test_the_checksum_is_over_the_whole_and_a_damaged_whole_is_fetched_anew(world, tmp_path):
    to = tmp_path / "song.wav"
    damaged = answer(
        200,
        bytes(100_000),
        of="audio/wav",
        claim=300_000,
        ETag=f'"{checksum(SOUND)}"',
        X_Content_SHA256=checksum(SOUND),
    )
    with Peer(damaged, ranged(), ranged()) as peer:
        world(world.client(peer.url).tracks.download("trk_1", to))
    assert to.read_bytes() == SOUND
    assert ["range" in heard.headers for heard in peer.heard] == [False, True, False]


def test_a_file_object_gets_the_rest_and_every_byte_once(world):
    sink = io.BytesIO()
    with Peer(cut_after(100_000), ranged()) as peer:
        world(world.client(peer.url).tracks.download("trk_1", sink))
    assert sink.getvalue() == SOUND
    assert len(peer.heard) == 2


def test_a_file_object_never_gets_two_files(world):
    sink = io.BytesIO()
    with Peer(cut_after(100_000), ranged(OTHER)) as peer, pytest.raises(APIConnectionError, match="another"):
        world(world.client(peer.url).tracks.download("trk_1", sink))
    assert SOUND.startswith(sink.getvalue())
    assert len(peer.heard) == 2


def test_a_real_server_is_gone_on_with(amv_server, tmp_path):
    with amv_server.client() as client:
        track = client.generate("lofi", duration_seconds=5).tracks[0]
        amv_server.faults.add("GET /tracks/{id}/audio", cut_body_after=50_000)
        seen: list[int] = []
        answers: list[int | None] = []
        watched = amv_server.client(on_response=lambda response: answers.append(response.status))
        with watched:
            watched.tracks.download(track, tmp_path / "a.wav", progress=lambda done, total: seen.append(done))
    assert checksum((tmp_path / "a.wav").read_bytes()) == track.audio.sha256
    assert answers == [200, 206]
    assert seen == sorted(seen)
