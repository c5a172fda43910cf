"""A Redis of a test's own."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_PROGRAM = shutil.which("redis-server")
needs_redis = pytest.mark.skipif(not _PROGRAM, reason="needs Redis: apt-get install redis-server")


@contextmanager
def redis_server() -> Iterator[str]:
    """Its URL. It listens on a socket in a folder whose name is short enough for one."""
    assert _PROGRAM
    with tempfile.TemporaryDirectory(prefix="amv-") as folder:
        socket = Path(folder) / "redis"
        process = subprocess.Popen(
            [_PROGRAM, "--port", "0", "--unixsocket", str(socket), "--save", "", "--dir", folder],
            stdout=subprocess.DEVNULL,
        )
        try:
            deadline = time.monotonic() + 20
            while not socket.exists():
                assert process.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.02)
            yield f"unix://{socket}"
        finally:
            process.terminate()
            process.wait(20)
