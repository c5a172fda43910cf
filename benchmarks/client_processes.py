"""A stub to measure clients against, and fresh processes to measure them in."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.processes import PYTHON, environment

ROOT = Path(__file__).parent.parent
#: The Python of an environment with other clients; without it they are left out. Never a dependency:
#:     python -m venv peers && peers/bin/pip install openai anthropic stripe elevenlabs svix aiohttp
#:     AMV_PEERS_PYTHON=peers/bin/python python -m benchmarks --only client-calls
PEERS = "AMV_PEERS_PYTHON"


def peers_python() -> str | None:
    """The Python that has other clients, if somebody named one."""
    return os.environ.get(PEERS) or None


@contextmanager
def stub() -> Iterator[str]:
    """The address of a stub that runs."""
    command = [*PYTHON, "-m", "benchmarks.client_stub"]
    with subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.kill()


def figures(module: str, *arguments: str, python: str | None = None) -> dict[str, Any]:
    """What a measuring process prints as JSON.

    Raises:
        RuntimeError: it failed; with what it said.
    """
    command = [*([python] if python else PYTHON), "-m", module, *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=900, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{module} failed:\n{done.stderr}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found
