"""What judging a webhook costs beside the bare HMAC, and beside peers where AMV_PEERS_PYTHON has them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.client_processes import peers_python
from benchmarks.table import Row

#: At least so much of what a bare HMAC of the message does a second.
BARS = {
    ("1024", "verify, 3 headers"): 0.5,
    ("1024", "verify, 12 headers"): 0.4,
    ("102400", "verify, 3 headers"): 0.95,
}
STALE_MICROSECONDS = 20
_TO_BE_BEHIND_US = ("standardwebhooks", "svix", "stripe", "openai")


def measure() -> list[Row]:
    """All in one process, in turn."""
    root = Path(__file__).parent.parent
    done = subprocess.run(
        [peers_python() or sys.executable, "-m", "benchmarks.webhook_rounds"],
        env=os.environ | {"PYTHONPATH": str(root)},
        cwd=root,
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    rows = [Row("a stale webhook of 10 MB refused, µs", found.pop("stale") * 1e6, STALE_MICROSECONDS)]
    for size, times in found.items():
        raw = times.pop("raw hmac")
        for name, seconds in times.items():
            rows.append(
                Row(
                    f"webhook of {int(size) // 1024} KB: {name}, of what raw hmac does",
                    raw / seconds,
                    BARS.get((size, name)),
                    at_least=True,
                    note=f"{1 / seconds:,.0f}/s",
                )
            )
        peers = [times[name] for name in _TO_BE_BEHIND_US if name in times]
        if peers:
            ours = times["verify, 3 headers"]
            rows.append(
                Row(f"…{int(size) // 1024} KB, × the fastest peer", min(peers) / ours, 1, at_least=True)
            )
    return rows
