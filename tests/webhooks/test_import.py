"""Whoever only judges messages loads the standard library, and little of it."""

from __future__ import annotations

import os
import subprocess
import sys

HEAVY = (
    *("pydantic", "httpx", "typer", "click", "rich"),
    *("dataclasses", "asyncio", "ssl", "json", "email", "typing", "re", "enum"),
)


def test_nothing_heavy_is_loaded_to_sign_and_to_judge() -> None:
    program = (
        "import sys\n"
        "from aimusicverse import webhooks\n"
        "secret = 'whsec_' + 'A' * 32\n"
        "headers = webhooks.sign(b'{}', secret, message_id='evt_1')\n"
        "assert webhooks.verify(b'{}', headers, secret) == 'evt_1'\n"
        f"print(*(name for name in {HEAVY!r} if name in sys.modules))\n"
    )
    # Coverage's start-up hook would import modules of its own.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []
