"""What it takes until a client can be used, over the bare interpreter; and the same of other clients."""

from __future__ import annotations

from benchmarks.over_bare import BARE, over_bare
from benchmarks.table import Row

#: What the same takes without us: the libraries, one type, one connection pool.
_BY_HAND = """
import httpx, pydantic, tenacity
class Track(pydantic.BaseModel):
    id: str
httpx.Client()
"""
_CLIENT = "from aimusicverse import Client; c = Client('k', 'http://127.0.0.1:9')"
_OURS = {
    "ours": "import aimusicverse",
    "by hand": _BY_HAND,
    "client": _CLIENT,
    "generation": f"{_CLIENT}; c.generation",
}
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
    taken = over_bare(_OURS, _PEERS)
    floor = ("httpx, pydantic, tenacity by hand", taken["by hand"].wall)

    def row(what: str, name: str, bar: float | None = None, floor: tuple[str, float] | None = None) -> Row:
        return Row(what, taken[name].wall, bar, floor, note=f"CPU {taken[name].cpu:.0f} ms")

    return [
        row("import aimusicverse, ms over bare", "ours", 20, (BARE, taken[BARE].wall)),
        row("import + Client(), ms over bare", "client", 160, floor),
        # No bar of its own, as with the peers, who load their resources at first use too: beside its floor.
        row("import + Client().generation, ms over bare", "generation", None, floor),
        *(row(f"…{name}: import + client", name) for name in _PEERS if name in taken),
    ]
