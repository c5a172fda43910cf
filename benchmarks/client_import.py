"""What it takes until a client can be used, over the bare interpreter; and the same of other clients."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence

from benchmarks.client_processes import peers_python
from benchmarks.processes import PYTHON, environment, interleaved, median_cpu, median_wall
from benchmarks.table import Row

ROUNDS = 15
#: What the same takes without us: the libraries, one type, one connection pool.
_BY_HAND = """
import httpx, pydantic, tenacity
class Track(pydantic.BaseModel):
    id: str
httpx.Client()
"""
_OURS = "from aimusicverse import Client; c = Client('k', 'http://127.0.0.1:9')"
#: Import and a client, as each documents it.
_PEERS = {
    "openai": "import openai; openai.OpenAI(api_key='k')",
    "anthropic": "import anthropic; anthropic.Anthropic(api_key='k')",
    "stripe": "import stripe; stripe.StripeClient('sk_test_k')",
    "elevenlabs": "from elevenlabs.client import ElevenLabs; ElevenLabs(api_key='k')",
    "svix": "import svix; svix.Svix('testsk_x.eu')",
}


def measure() -> list[Row]:
    """Medians of interleaved fresh processes."""
    commands: dict[str, Sequence[str]] = {
        "bare": [*PYTHON, "-c", "pass"],
        "ours": [*PYTHON, "-c", "import aimusicverse"],
        "by hand": [*PYTHON, "-c", _BY_HAND],
        "client": [*PYTHON, "-c", _OURS],
        "generation": [*PYTHON, "-c", f"{_OURS}; c.generation"],
    }
    python = peers_python()
    if python:
        commands["bare peers"] = [python, "-c", "pass"]
        commands |= {
            name: [python, "-c", code] for name, code in _PEERS.items() if _runs([python, "-c", code])
        }
    taken = interleaved(commands, rounds=ROUNDS)
    wall = {name: median_wall(usages) for name, usages in taken.items()}
    cpu = {name: median_cpu(usages) for name, usages in taken.items()}
    floor = ("httpx, pydantic, tenacity by hand", wall["by hand"] - wall["bare"])

    def over(name: str, bare: str = "bare") -> float:
        return wall[name] - wall[bare]

    def note(name: str, bare: str = "bare") -> str:
        return f"CPU {cpu[name] - cpu[bare]:.0f} ms"

    rows = [
        Row("import aimusicverse, ms over bare", over("ours"), 20, ("bare", wall["bare"]), note=note("ours")),
        Row("import + Client(), ms over bare", over("client"), 160, floor, note=note("client")),
        # No bar of its own, as with the peers, who load their resources at first use too: beside its floor.
        Row(
            "import + Client().generation, ms over bare",
            over("generation"),
            None,
            floor,
            note=note("generation"),
        ),
    ]
    for name in _PEERS:
        if name in wall:
            rows.append(
                Row(f"…{name}: import + client", over(name, "bare peers"), note=note(name, "bare peers"))
            )
    return rows


def _runs(command: Sequence[str]) -> bool:
    return subprocess.run(command, env=environment(), capture_output=True, check=False).returncode == 0
