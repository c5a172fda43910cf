"""CPU per call of several clients, taken in turns in one process.

    python -m benchmarks.client_rounds ADDRESS ours|peers

Each round makes some calls with each of them, so that a machine that slows down slows them all. Only the
client's own CPU counts: the stub is another process.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

ROUNDS = 101
CALLS = 40

Call = Callable[[], Any]


def rounds(calls: dict[str, Call], *, rounds: int = ROUNDS, count: int = CALLS) -> dict[str, list[float]]:
    """Microseconds of CPU per call, a figure per round."""
    for call in calls.values():
        for _ in range(count):
            call()
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            began = time.process_time()
            for _ in range(count):
                call()
            taken[name].append((time.process_time() - began) / count * 1e6)
    return taken


def ours(address: str) -> dict[str, Call]:
    """This package beside raw httpx."""
    import httpx

    from aimusicverse import Client

    client = Client("amv_test_a_b", address)
    # As one would write it by hand: with the key, and the filters as a dict.
    raw = httpx.Client(headers={"Authorization": "Bearer amv_test_a_b"})
    one, many = f"{address}/api/v1/tracks/trk_1", f"{address}/api/v1/tracks"
    return {
        "httpx retrieve": lambda: raw.get(one).json(),
        "ours retrieve": lambda: client.tracks.get("trk_1"),
        "httpx list": lambda: raw.get(many, params={"limit": 20}).json(),
        "ours list": lambda: client.tracks.list(limit=20).page(),
    }


def peers(address: str) -> dict[str, Call]:
    """Other clients, each retrieving one object, beside raw httpx retrieving the same."""
    import httpx

    raw = httpx.Client()
    calls: dict[str, Call] = {}

    def add(name: str, path: str, call: Call) -> None:
        call()
        calls[f"httpx for {name}"] = lambda: raw.get(address + path).json()
        calls[name] = call

    with suppress(ImportError):
        import openai

        o = openai.OpenAI(api_key="k", base_url=f"{address}/v1")
        add("openai", "/v1/models/m", lambda: o.models.retrieve("m"))
    with suppress(ImportError):
        import anthropic

        a = anthropic.Anthropic(api_key="k", base_url=address)
        add("anthropic", "/v1/models/m", lambda: a.models.retrieve("m"))
    with suppress(ImportError):
        import stripe

        s = stripe.StripeClient("sk_test_k", base_addresses={"api": address})
        add("stripe", "/v1/customers/cus_1", lambda: s.v1.customers.retrieve("cus_1"))
    with suppress(ImportError):
        from elevenlabs.client import ElevenLabs

        e = ElevenLabs(api_key="k", base_url=address)
        add("elevenlabs", "/v1/user/subscription", lambda: e.user.subscription.get())
    with suppress(ImportError):
        import svix

        v = svix.Svix("testsk_x.eu", svix.SvixOptions(server_url=address))
        add("svix", "/api/v1/app/app_1", lambda: v.application.get("app_1"))
    return calls


if __name__ == "__main__":
    calls = {"ours": ours, "peers": peers}[sys.argv[2]](sys.argv[1])
    taken = rounds(calls)
    print(json.dumps(taken))
