"""Rounds of judging one webhook, in one process and in turn: bare HMAC, ours, and peers that are installed.

    python -m benchmarks.webhook_rounds

Prints the fastest time of each in seconds, by size of the body. Ours needs only the standard library, so this
also runs in an environment of the peers.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from contextlib import suppress

from aimusicverse import webhooks

#: Many and short ones, so that some are over before another program gets its turn.
ROUNDS = 400
#: Calls of a round, by bytes of the body.
SIZES = {1_024: 150, 102_400: 10}
KEY = bytes(range(32))
SECRET = "whsec_" + base64.b64encode(KEY).decode()
#: What else a request has.
MORE = {
    "host": "hooks.example.com",
    "user-agent": "Svix-Webhooks/1.24",
    "content-type": "application/json",
    "content-length": "1024",
    "accept": "*/*",
    "accept-encoding": "gzip",
    "x-forwarded-for": "203.0.113.7",
    "x-forwarded-proto": "https",
    "x-request-id": "0f9c1c1e",
}


def contestants(body: bytes) -> dict[str, Callable[[], object]]:
    """Each judges the same message, or one of the same size in its own scheme."""
    headers = webhooks.sign(body, SECRET, message_id="msg_27UH4WbU6Z5A5EzD8u03UvzRbpk")
    twelve = {**MORE, **headers}
    message = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    ready = webhooks.Webhook(SECRET)
    found: dict[str, Callable[[], object]] = {
        "raw hmac": lambda: hmac.digest(KEY, message, "sha256"),
        "verify, 3 headers": lambda: webhooks.verify(body, headers, SECRET),
        "verify, 12 headers": lambda: webhooks.verify(body, twelve, SECRET),
        "Webhook.verify, 3 headers": lambda: ready.verify(body, headers),
    }
    with suppress(ImportError):
        import standardwebhooks

        standard = standardwebhooks.Webhook(SECRET)
        found["standardwebhooks"] = lambda: standard.verify(body, headers)
    with suppress(ImportError):
        import svix.webhooks

        of_svix = svix.webhooks.Webhook(SECRET)
        found["svix"] = lambda: of_svix.verify(body, headers)
    with suppress(ImportError):
        import openai

        client = openai.OpenAI(api_key="none", webhook_secret=SECRET)
        text = body.decode()
        found["openai"] = lambda: client.webhooks.verify_signature(text, headers)
    now = int(time.time())
    with suppress(ImportError):
        import stripe

        signed = hmac.new(SECRET.encode(), f"{now}.".encode() + body, hashlib.sha256).hexdigest()
        theirs, content = f"t={now},v1={signed}", body.decode()
        found["stripe"] = lambda: stripe.WebhookSignature.verify_header(content, theirs, SECRET, 300)
    with suppress(ImportError):
        from slack_sdk.signature import SignatureVerifier

        verifier = SignatureVerifier(SECRET)
        signature = verifier.generate_signature(timestamp=str(now), body=body)
        found["slack_sdk"] = lambda: verifier.is_valid(body, str(now), signature)
    return found


def stale() -> float:
    """Seconds to refuse ten megabytes that are too old."""
    body = bytes(10_000_000)
    headers = webhooks.sign(body, SECRET, message_id="evt_1", timestamp=1)
    began = time.perf_counter()
    for _ in range(100):
        with suppress(webhooks.WebhookVerificationError):
            webhooks.verify(body, headers, SECRET)
            raise AssertionError("it was accepted")
    return (time.perf_counter() - began) / 100


def fastest(size: int, calls: int) -> dict[str, float]:
    """Of all rounds; what slows a round down is never the code."""
    body = json.dumps({"type": "x", "data": "a" * (size - 25)}).encode()
    judges = contestants(body)
    best = dict.fromkeys(judges, float("inf"))
    for _ in range(ROUNDS):
        for name, judge in judges.items():
            judge()  # so that whose bytes the one before left in the caches does not matter
            began = time.perf_counter()
            for _ in range(calls):
                judge()
            best[name] = min(best[name], (time.perf_counter() - began) / calls)
    return best


if __name__ == "__main__":
    print(json.dumps({"stale": stale(), **{str(size): fastest(size, n) for size, n in SIZES.items()}}))
