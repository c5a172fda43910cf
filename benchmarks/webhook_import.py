"""What it takes until a webhook can be judged, over the bare interpreter; and the same of other libraries."""

from __future__ import annotations

from benchmarks.over_bare import BARE, over_bare
from benchmarks.table import Row

_OURS = {"aimusicverse.webhooks": "from aimusicverse.webhooks import verify"}
#: What judges webhooks, imported as each documents it.
_PEERS = {
    "standardwebhooks": "from standardwebhooks import Webhook",
    "svix": "from svix.webhooks import Webhook",
    "openai": "from openai import OpenAI",
    "stripe": "import stripe; stripe.Webhook",
    "slack_sdk": "from slack_sdk.signature import SignatureVerifier",
}


def measure() -> list[Row]:
    """Medians of interleaved fresh processes."""
    taken = over_bare(_OURS, _PEERS)
    bare = taken.pop(BARE)
    return [
        Row(
            f"import {name}, ms over bare" if name in _OURS else f"…{name}",
            usage.wall,
            20 if name in _OURS else None,
            (BARE, bare.wall) if name in _OURS else None,
            note=f"CPU {usage.cpu:.0f} ms",
        )
        for name, usage in taken.items()
    ]
