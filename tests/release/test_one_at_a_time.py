"""Warnings are off for the whole process while a picture is read: two readers at once would leave them so."""

from __future__ import annotations

import io
import threading
import warnings
from collections.abc import Callable

import pytest
from PIL import Image

from aimusicverse.release.artwork.thumbnails import thumbnail
from aimusicverse.release.image_check import look_into
from aimusicverse.release.one_at_a_time import one_at_a_time
from aimusicverse.release.picture_repair import repaired
from aimusicverse.server.pictures import redrawn


def picture() -> bytes:
    file = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").save(file, "JPEG")
    return file.getvalue()


@pytest.mark.parametrize(
    "read",
    [
        lambda content: look_into(content, "cover.jpg"),
        repaired,
        redrawn,
        lambda content: thumbnail(content, 64),
    ],
    ids=["look_into", "repaired", "redrawn", "thumbnail"],
)
def test_whoever_reads_a_picture_waits_for_who_reads_one(read: Callable[[bytes], object]) -> None:
    before, content, is_done = list(warnings.filters), picture(), threading.Event()

    def other() -> None:
        read(content)
        is_done.set()

    thread = threading.Thread(target=other, daemon=True)
    with one_at_a_time():
        thread.start()
        assert not is_done.wait(0.5)
    assert is_done.wait(60)
    thread.join()
    assert list(warnings.filters) == before


def test_a_part_of_greater_work_waits_for_nobody() -> None:
    with one_at_a_time():
        assert thumbnail(picture(), 64)
