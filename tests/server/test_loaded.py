"""What a server loads: nothing that only some servers need, before they need it."""

from __future__ import annotations

import subprocess
import sys


def test_a_server_starts_without_a_client_of_http_without_numpy_and_without_migrations() -> None:
    code = "import sys, aimusicverse; aimusicverse.LocalServer().close(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert "sqlalchemy" in loaded
    assert not loaded & {"aiohttp", "httpx", "numpy", "soundfile", "alembic", "PIL", "boto3"}
