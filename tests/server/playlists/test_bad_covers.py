"""Bad input for a cover, as a list: refused by its name, and the playlist and the disk are as before.

How pictures are judged, cut at every place and changed at random stands in ../test_pictures.py.
"""

from __future__ import annotations

import http.client
import io
import time
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image

from tests.server.conftest import Api
from tests.server.playlists.test_covers import folder, put
from tests.server.playlists.test_playlists import refused
from tests.server.sample_pictures import chunk, drawing, encoded, many_scans, png, sent, webp_canvas
from tests.server.tracks.test_uploads import WAV


@pytest.fixture(scope="module")
def playlist(shared: Api) -> str:
    """The path of a playlist with a cover, which nothing here changes."""
    path = f"/playlists/{shared.post('/playlists', json={'title': 'List'}).json()['id']}"
    assert put(shared, path).status_code == 200
    return path


def zipped(content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("cover.jpg", content)
    return file.getvalue()


def moving(kind: str) -> bytes:
    return encoded(drawing(), kind, save_all=True, append_images=[drawing(seed=2)])


SVG = b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
HEIC = b"\0\0\0\x18ftypheic" + bytes(100)
FLAT = Image.new("L", (4097, 64))


@pytest.mark.parametrize(
    ("content", "code", "says"),
    [
        pytest.param(b"", "image_unreadable", "empty", id="nothing"),
        pytest.param(b"Dear diary, " * 1000, "image_unreadable", "JPEG, PNG or WebP", id="text"),
        pytest.param(b'{"cover": null}', "image_unreadable", "JPEG, PNG or WebP", id="JSON"),
        pytest.param(bytes(100_000), "image_unreadable", "JPEG, PNG or WebP", id="zeros"),
        pytest.param(zipped(sent()), "image_unreadable", "JPEG, PNG or WebP", id="ZIP of a picture"),
        pytest.param(WAV, "image_unreadable", "JPEG, PNG or WebP", id="WAV"),
        pytest.param(SVG, "image_unreadable", "JPEG, PNG or WebP", id="SVG with a script"),
        pytest.param(sent("GIF"), "image_unsupported", "GIF", id="GIF"),
        pytest.param(sent("BMP"), "image_unsupported", "BMP", id="BMP"),
        pytest.param(sent("TIFF"), "image_unsupported", "TIFF", id="TIFF"),
        pytest.param(HEIC, "image_unsupported", "HEIC", id="HEIC"),
        pytest.param(moving("PNG"), "image_unsupported", "moves", id="animated PNG"),
        pytest.param(moving("WEBP"), "image_unsupported", "moves", id="animated WebP"),
        pytest.param(moving("GIF"), "image_unsupported", "GIF", id="animated GIF"),
        pytest.param(sent()[: len(sent()) * 9 // 10], "image_truncated", "whole", id="JPEG without its end"),
        pytest.param(sent("PNG")[:-5], "image_truncated", "whole", id="PNG without its end"),
        pytest.param(sent("WEBP")[:-1], "image_truncated", "whole", id="WebP without its end"),
        pytest.param(b"\xff\xd8\xff\xe0" + b"x" * 99, "image_truncated", "whole", id="head of a JPEG"),
        pytest.param(png(64, 64, chunk(b"IDAT", b"x")), "image_unreadable", "damaged", id="damaged PNG"),
        pytest.param(png(100_000, 100_000), "image_dimensions", "64 to 4,096", id="bomb"),
        pytest.param(webp_canvas(9_000, 9_000), "image_unreadable", "damaged", id="bomb in WebP"),
        pytest.param(many_scans(1000), "image_unsupported", "scans", id="bomb of scans"),
        pytest.param(encoded(FLAT), "image_dimensions", "4097 × 64", id="too wide"),
        pytest.param(encoded(drawing(63, 64)), "image_dimensions", "63 × 64", id="too small"),
    ],
)  # fmt: skip
def test_what_is_no_cover(shared: Api, playlist: str, content: bytes, code: str, says: str) -> None:
    unchanged(shared, playlist, put(shared, playlist, content), 422, code, says)


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("text/plain", 415),
        ("application/json", 415),
        ("application/zip", 415),
        ("audio/wav", 415),
        ("multipart/form-data; boundary=x", 415),
    ],
)
def test_a_type_that_is_no_picture_is_refused_unread(
    shared: Api, playlist: str, kind: str, status: int
) -> None:
    answer = put(shared, playlist, sent(seed=2), **{"Content-Type": kind})
    unchanged(shared, playlist, answer, status, "unsupported_media_type", "file itself")


@pytest.mark.parametrize("kind", ["image/png", "image/*", "IMAGE/JPEG; q=1", "application/octet-stream", ""])
def test_what_it_is_counts_and_not_what_it_is_called(shared: Api, playlist: str, kind: str) -> None:
    answer = put(shared, playlist, **{"Content-Type": kind})
    assert answer.json()["cover"]["content_type"] == "image/jpeg"


def test_too_many_bytes_said_or_not(shared: Api, playlist: str) -> None:
    large = 10 * 2**20 + 1
    pieces = (b"\xff" * 2**16 for _ in range(large // 2**16 + 1))
    unchanged(shared, playlist, put(shared, playlist, pieces), 413, "upload_too_large", "10 MiB")
    target = urlsplit(shared.server.url)
    connection = http.client.HTTPConnection(str(target.hostname), target.port, timeout=10)
    connection.putrequest("PUT", f"/api/v1{playlist}/cover")
    for name, value in (("X-API-Key", shared.key), ("Content-Length", str(large))):
        connection.putheader(name, value)
    connection.endheaders()
    assert connection.getresponse().status == 413  # without a byte of it
    connection.close()
    # All of it at once, as a client does that does not know better.
    unchanged(shared, playlist, put(shared, playlist, bytes(5 * large)), 413, "upload_too_large", "10 MiB")


@pytest.mark.parametrize("given", ["?size=1", "?title=x&title=y"])
def test_a_query_that_means_nothing(shared: Api, playlist: str, given: str) -> None:
    answer = shared.http.put(f"{playlist}/cover{given}", content=sent(seed=2))
    unchanged(shared, playlist, answer, 422, "invalid_request", "no parameter")


@pytest.mark.parametrize("name", ["pls_unknown", "x", "..", "%00", "pls_' OR 1=1 --"])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_playlist_that_is_not_there(shared: Api, method: str, name: str) -> None:
    answer = shared.http.request(
        method, f"/playlists/{name}/cover", content=sent() if method == "PUT" else None
    )
    assert (answer.status_code, answer.json()["code"] in ("playlist_not_found", "route_not_found")) == (
        404,
        True,
    )


def test_a_cover_that_is_cut_on_its_way_leaves_nothing(shared: Api, playlist: str) -> None:
    before = shared.get(playlist).json()
    target = urlsplit(shared.server.url)
    connection = http.client.HTTPConnection(str(target.hostname), target.port, timeout=10)
    connection.putrequest("PUT", f"/api/v1{playlist}/cover")
    connection.putheader("X-API-Key", shared.key)
    connection.putheader("Content-Length", str(len(sent(seed=2))))
    connection.endheaders(sent(seed=2)[:-1])
    while not list((folder(shared) / "tmp").iterdir()):
        time.sleep(0.01)  # it is being saved
    connection.close()
    while list((folder(shared) / "tmp").iterdir()):
        time.sleep(0.01)
    assert shared.get(playlist).json() == before


def unchanged(api: Api, playlist: str, answer: Any, status: int, code: str, says: str) -> None:
    """It is a problem that says so, and nothing is left of it."""
    problem = refused(answer, status, code)
    assert says in problem["detail"]
    assert "Traceback" not in answer.text
    assert list((folder(api) / "tmp").iterdir()) == []
    cover = api.get(playlist).json()["cover"]
    assert api.get(f"{playlist}/cover").headers["x-content-sha256"] == cover["sha256"]
    assert [file.name for file in folder(api).glob("??/*")] == [Path(cover["sha256"]).name]
