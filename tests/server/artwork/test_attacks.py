"""What is sent, or sent back, to stop a server: refused soon, while everybody else is served."""

from __future__ import annotations

import threading
import time

import pytest

from tests.server.artwork.conftest import asked, refused, upload
from tests.server.conftest import Api
from tests.server.sample_pictures import drawing, encoded

#: Large and hostile files take their time.
pytestmark = pytest.mark.long


def test_a_jpeg_of_millions_of_segments_holds_nobody_up(api: Api) -> None:
    picture = encoded(drawing(64, 64), "JPEG")
    bomb = picture[:2] + b"\xff\xe0\0\2" * 5_000_000 + picture[2:]
    waits: list[float] = []
    over = threading.Event()

    def look() -> None:
        while not over.is_set():
            began = time.monotonic()
            assert api.get("/artwork/templates").status_code == 200
            waits.append(time.monotonic() - began)

    looking = threading.Thread(target=look)
    looking.start()
    try:
        found = refused(upload(api, bomb), 422, "image_unreadable")
    finally:
        over.set()
        looking.join()
    assert "segments" in found["detail"]
    assert max(waits) < 3


def test_text_for_a_generator_is_text_and_no_part_of_the_request(api: Api) -> None:
    """Not even of the line that a log would have: control characters are refused where they come in."""
    for title in ("a\r\nX-Evil: 1", "a\0b", "a\u202eb\nc"):
        answer = api.post("/artwork", json={"title": title})
        assert answer.status_code == 422, answer.text
    assert asked(api, title="../../etc/passwd?x=1&y#z")["status"] == "queued"
