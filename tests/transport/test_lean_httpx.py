from __future__ import annotations

import subprocess
import sys

import pytest


def said_by(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_client_does_not_load_the_command_line_of_httpx():
    names = ("click", "rich", "pygments", "httpx._main", "tenacity", "asyncio")
    code = (
        "import sys\nfrom aimusicverse import Client\nClient('k', 'http://127.0.0.1:1').generation\n"
        f"print([name for name in {names!r} if name in sys.modules])"
    )
    assert said_by(code).strip() == "[]"


def test_httpx_goes_on_having_its_command_line():
    pytest.importorskip("click")
    code = (
        "import aimusicverse.transport.lean_httpx, httpx, sys\nsys.argv = ['httpx', '--help']\nhttpx.main()\n"
    )
    assert "httpx" in said_by(code).lower()


def test_an_httpx_that_is_there_already_is_left_as_it_is():
    code = (
        "import httpx\nmain = httpx.main\nimport aimusicverse.transport.lean_httpx\n"
        "assert httpx.main is main and aimusicverse.transport.lean_httpx.httpx is httpx"
    )
    said_by(code)
