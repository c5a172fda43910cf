"""What a test of sending leaves behind, which is nothing."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncIterator

import pytest

from aimusicverse.egress import Egress, Rules


def _open() -> tuple[int, int, int]:
    """Files, tasks, threads."""
    return len(os.listdir("/proc/self/fd")), len(asyncio.all_tasks()), threading.active_count()  # noqa: PTH208


@pytest.fixture
async def nothing_is_left() -> AsyncIterator[None]:
    """No file, no task and no thread more than before."""
    before = _open()
    yield
    for _ in range(100):
        if _open() <= before:
            break
        await asyncio.sleep(0.01)
    assert _open() == before


@pytest.fixture
async def egress(nothing_is_left: None) -> AsyncIterator[Egress]:
    """In local mode, so that loopback can be reached."""
    async with Egress(Rules.of(local=True)) as egress:
        yield egress
