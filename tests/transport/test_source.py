from __future__ import annotations

import hashlib
import io
import os

import pytest

from aimusicverse import APIConnectionError, ConfigurationError
from aimusicverse.transport.request import build
from aimusicverse.transport.source import FileSource
from aimusicverse.types.local import Received
from tests.client.test_faults import upload
from tests.transport.peer import Peer, answer, cut

CONTENT = os.urandom(700_000)


class Pipe(io.RawIOBase):
    """Readable once."""

    def __init__(self, content: bytes) -> None:
        self._rest = io.BytesIO(content)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return self._rest.read(min(size, 1000))


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "song.wav"
    path.write_bytes(CONTENT)
    return path


def test_a_path_can_be_read_again_and_again(path):
    source = FileSource(path)
    assert (source.size, source.replayable) == (700_000, True)
    for _ in range(2):
        assert b"".join(source.pieces()) == CONTENT


def test_an_object_is_read_from_where_it_stood(path):
    with path.open("rb") as opened:
        opened.seek(500_000)
        source = FileSource(opened)
        assert source.size == 200_000
        for _ in range(2):
            assert b"".join(source.pieces()) == CONTENT[500_000:]
        assert not opened.closed


def test_what_cannot_seek_needs_a_size_and_is_sent_once(world):
    with pytest.raises(ConfigurationError, match="pass size="):
        FileSource(Pipe(CONTENT))
    with Peer(cut) as peer, pytest.raises(APIConnectionError):
        upload(world, peer.url, build("POST", "/x", source=FileSource(Pipe(CONTENT), size=700_000)))
    assert len(peer.heard) == 1
    assert peer.heard[0].body == CONTENT


@pytest.mark.parametrize("thing", [io.StringIO("text"), 5, None, b"bytes"])
def test_only_what_gives_bytes_can_be_sent(thing):
    with pytest.raises(ConfigurationError, match="opened for bytes"):
        FileSource(thing)


def test_a_missing_file_is_the_systems_own_error_before_anything_is_sent(tmp_path):
    with pytest.raises(FileNotFoundError):
        FileSource(tmp_path / "none")


@pytest.mark.usefixtures("quick_retries")
def test_progress_counts_to_the_end_and_begins_again_with_each_try(any_world, path):
    seen = []
    source = FileSource(path, progress=lambda *at: seen.append(at))
    with Peer(cut, answer(200, b"")) as peer:
        upload(any_world, peer.url, build("POST", "/x", source=source))
    assert seen[-1] == (700_000, 700_000)
    assert [done for done, _ in seen].count(700_000) == 2


@pytest.mark.parametrize("error", [OSError(5, "disk"), RuntimeError("theirs"), TimeoutError("theirs")])
def test_what_a_callers_own_code_raises_comes_out_as_it_is(any_world, path, error):
    def stop(done, total):
        raise error

    with Peer(answer(200, b"")) as peer, pytest.raises(type(error)) as caught:
        upload(any_world, peer.url, build("POST", "/x", source=FileSource(path, progress=stop)))
    assert caught.value is error
    assert len(peer.heard) <= 1


def test_a_file_that_shrinks_on_the_way_is_named(any_world, path):
    source = FileSource(path)
    path.write_bytes(b"short")
    with Peer(answer(200, b"")) as peer, pytest.raises(ConfigurationError, match="became shorter"):
        upload(any_world, peer.url, build("POST", "/x", source=source))


def test_a_server_in_dev_mode_counts_what_arrives(any_world, amv_server, path):
    request = build("POST", "/_local/upload", source=FileSource(path), prefix="")
    client = any_world.client(amv_server.url, amv_server.api_key)
    send = client._engine.fetch
    from pydantic import TypeAdapter

    received = any_world(send(request, TypeAdapter(Received), timeout=None, retries=None))
    assert received == Received(size_bytes=700_000, sha256=hashlib.sha256(CONTENT).hexdigest())
