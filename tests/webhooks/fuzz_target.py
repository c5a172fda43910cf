"""A fuzzing target: what judges webhooks, under what atheris makes up, guided by the branches that it takes.

    python -m tests.webhooks.fuzz_target -runs=100000

That a message is refused is no crash. Another exception is one, and so is a forged message that is accepted.
"""

from __future__ import annotations

import base64
import sys
from contextlib import suppress
from typing import Any

import atheris

with atheris.instrument_imports(
    include=["aimusicverse.webhooks", "aimusicverse.types.webhook_event", "json"]
):
    from aimusicverse import webhooks
    from aimusicverse.errors import ConfigurationError, WebhookVerificationError
    from aimusicverse.webhooks.explanation import explain

NOW = 1_800_000_000
SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
_NAMES = ("webhook-id", "webhook-timestamp", "webhook-signature")


def one(data: bytes) -> None:
    """Judge what the bytes say: a body, headers, a secret; of a message that is signed, or not."""
    made = atheris.FuzzedDataProvider(data)
    body: Any = made.ConsumeBytes(made.ConsumeIntInRange(0, 512))
    signed = made.ConsumeBool()
    headers = _headers(made, body, signed)
    secret = _secret(made)
    if made.ConsumeProbability() < 0.1:
        body = body.decode("latin-1")
    for judge in (webhooks.verify, webhooks.unwrap):
        with suppress(WebhookVerificationError, ConfigurationError):
            judge(body, headers, secret, now=NOW)
            assert signed, "a forged message was accepted"
    told = explain(body, headers, secret, now=NOW, others={"other": SECRET})
    assert SECRET[6:] not in str(told)
    assert signed or not told.accepted


def _headers(made: Any, body: bytes, signed: bool) -> Any:
    pairs: list[tuple[Any, Any]] = []
    if signed:
        pairs += webhooks.sign(body, SECRET, message_id="evt_1", timestamp=NOW).items()
    for _ in range(made.ConsumeIntInRange(0, 6)):
        name: Any = _NAMES[made.ConsumeIntInRange(0, 2)] if made.ConsumeBool() else _text(made, 32)
        value: Any = _value(made)
        if made.ConsumeProbability() < 0.2:
            name, value = name.encode("utf-8", "replace"), value.encode("utf-8", "surrogatepass")
        pairs.insert(made.ConsumeIntInRange(0, len(pairs)), (name, value))
    return dict(pairs) if made.ConsumeBool() else pairs


def _value(made: Any) -> str:
    """Often one that could be right, so that what comes after it is reached."""
    kind = made.ConsumeIntInRange(0, 3)
    if kind == 0:
        return f"evt_{made.ConsumeIntInRange(0, 9)}"
    if kind == 1:
        return str(NOW + made.ConsumeIntInRange(-400, 400))
    return ("v1," if kind == 2 else "") + _text(made, 80)


def _secret(made: Any) -> Any:
    kind = made.ConsumeIntInRange(0, 7)
    if kind < 5:
        return SECRET
    text = _text(made, 100)
    return (text, "whsec_" + text, [SECRET, text])[kind - 5]


def _text(made: Any, most: int) -> str:
    return str(made.ConsumeUnicode(made.ConsumeIntInRange(0, most)))


if __name__ == "__main__":
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()
