"""`amv webhooks verify`, against the smallest program that Typer makes."""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median

from aimusicverse import webhooks
from benchmarks.help_time import SMALLEST
from benchmarks.processes import AMV, PYTHON, interleaved, median_cpu, median_wall
from benchmarks.table import Row

ROUNDS = 25
#: How much more than the smallest app a verdict may cost.
BAR = 1.15

_SECRET = "whsec_" + "A" * 43 + "="
_BODY = b'{"type":"generation.completed","data":{"filler":"' + b"a" * 975 + b'"}}'


def measure() -> list[Row]:
    """Medians of interleaved fresh processes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "smallest.py").write_text(SMALLEST)
        (folder / "secret").write_text(_SECRET)
        (folder / "body").write_bytes(_BODY)
        headers = webhooks.sign(_BODY, _SECRET, message_id="msg_1", timestamp=1_800_000_000)
        (folder / "headers").write_text("".join(f"{key}: {value}\n" for key, value in headers.items()))
        secret = ["--secret-file", str(folder / "secret"), "--body", str(folder / "body")]
        judged = [*secret, "--headers", str(folder / "headers"), "--at", "1800000000"]
        taken = interleaved(
            {
                "peer": [*PYTHON, str(folder / "smallest.py")],
                "verify": [*AMV, "webhooks", "verify", *judged],
                "sign": [*AMV, "webhooks", "sign", *secret],
                "typer": [*PYTHON, "-c", "import typer"],
            },
            rounds=ROUNDS,
        )
    cpu = {what: median_cpu(usages) for what, usages in taken.items()}
    pairs = zip(taken["verify"], taken["peer"], strict=True)
    peer = ("smallest Typer app", cpu["peer"])
    return [
        Row("amv webhooks verify, CPU ms", cpu["verify"], BAR * cpu["peer"], peer),
        Row(
            "…of pairs, × the smallest app's CPU",
            median(ours.cpu / theirs.cpu for ours, theirs in pairs),
            BAR,
        ),
        Row(
            "…from start to end, ms",
            median_wall(taken["verify"]),
            None,
            ("smallest Typer app", median_wall(taken["peer"])),
        ),
        Row("amv webhooks sign, CPU ms", cpu["sign"], BAR * cpu["peer"], peer),
        Row("…`import typer` alone, CPU ms", cpu["typer"], None, peer),
    ]
