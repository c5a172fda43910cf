"""Whoever only judges messages loads the standard library, and little of it."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("pydantic", "httpx", "typer", "click", "rich", "dataclasses", "asyncio", "ssl", "json", "email")


def test_nothing_heavy_is_loaded_to_sign_and_to_judge() -> None:
    program = (
        "import sys\n"
        "from aimusicverse import webhooks\n"
        "secret = 'whsec_' + 'A' * 32\n"
        "headers = webhooks.sign(b'{}', secret, message_id='evt_1')\n"
        "assert webhooks.verify(b'{}', headers, secret) == 'evt_1'\n"
        f"print(*(name for name in {HEAVY!r} if name in sys.modules))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
