"""The public vectors of the Standard Webhooks libraries and of Svix are judged as those judge them.

Sources stand beside each vector in tests/data/standard-webhooks-vectors.json. What the contract refuses on
purpose is listed here, with its reason.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

import pytest

from aimusicverse import webhooks
from aimusicverse.errors import ConfigurationError, WebhookVerificationError

FILE = Path(__file__).parent.parent / "data" / "standard-webhooks-vectors.json"
VECTORS: list[dict[str, Any]] = json.loads(FILE.read_text("utf-8"))["vectors"]
#: Judged otherwise than by the library that it comes from, and why.
REFUSED_SECRETS = {
    36: "openai takes any text for a key; here it is base64, or it is refused before anything is judged",
    48: "unpadded base64, of a key of 23 bytes: less than the 24 of the standard",
    54: "an asymmetric key (v1a), which is no HMAC key",
}


def named(kind: str) -> list[Any]:
    return [
        pytest.param(vector, id=f"{vector['n']} {vector['name']}")
        for vector in VECTORS
        if kind_of(vector) == kind
    ]


def kind_of(vector: dict[str, Any]) -> str:
    if vector["scheme"] != "standard-webhooks-v1":
        return str(vector["scheme"])
    return str(vector["expected"])


def test_each_vector_is_in_a_test_here() -> None:
    kinds = {kind_of(vector) for vector in VECTORS}
    assert kinds == {
        "accept", "reject", "refuse-sign", "refuse-secret", "sign-with-key_hex-then-accept",
        "hmac-sha256-primitive", "standard-webhooks-v1a",
    }  # fmt: skip


def body_of(vector: dict[str, Any]) -> bytes:
    text, times = vector.get("payload_repeat", (vector["payload"], 1))
    return (text * times).encode()


def judge(vector: dict[str, Any]) -> None:
    headers = {
        "webhook-id": vector["id"],
        "webhook-timestamp": vector["timestamp"],
        "webhook-signature": vector["signature"],
    }
    headers.pop(vector.get("missing_header"), None)
    webhooks.verify(
        body_of(vector),
        headers,
        vector["secret"],
        now=vector.get("now", int(vector["timestamp"]) if vector["timestamp"].isdigit() else 0),
        tolerance=vector.get("tolerance", 300),
    )


@pytest.mark.parametrize("vector", named("accept"))
def test_what_they_accept_is_accepted(vector: dict[str, Any]) -> None:
    judge(vector)


@pytest.mark.parametrize("vector", named("accept"))
def test_what_they_signed_is_signed_the_same_here(vector: dict[str, Any]) -> None:
    signed = webhooks.sign(
        body_of(vector), vector["secret"], message_id=vector["id"], timestamp=int(vector["timestamp"])
    )
    assert signed["webhook-signature"] in vector["signature"].split(" ")


@pytest.mark.parametrize("vector", named("reject"))
def test_what_they_refuse_is_refused(vector: dict[str, Any]) -> None:
    refused = ConfigurationError if vector["n"] in REFUSED_SECRETS else WebhookVerificationError
    with pytest.raises(refused):
        judge(vector)


@pytest.mark.parametrize("vector", named("refuse-sign"))
def test_what_they_do_not_sign_is_not_signed(vector: dict[str, Any]) -> None:
    timestamp = float(vector["timestamp"])
    given: Any = timestamp if "." in vector["timestamp"] else int(timestamp)
    with pytest.raises(ValueError, match="timestamp"):
        webhooks.sign(body_of(vector), vector["secret"], message_id=vector["id"], timestamp=given)


@pytest.mark.parametrize(
    "vector",
    [*named("refuse-secret"), *named("standard-webhooks-v1a"), *named("sign-with-key_hex-then-accept")],
)
def test_secrets_that_are_refused_are_refused_before_anything_is_judged(vector: dict[str, Any]) -> None:
    assert vector["expected"] == "refuse-secret" or vector["n"] in REFUSED_SECRETS
    with pytest.raises(ConfigurationError):
        webhooks.Webhook(vector["secret"])
    with pytest.raises(ConfigurationError):
        webhooks.verify(b"{}", {}, vector["secret"])


@pytest.mark.parametrize("vector", named("hmac-sha256-primitive"))
def test_the_primitive_is_that_of_rfc_4231(vector: dict[str, Any]) -> None:
    key, message = bytes.fromhex(vector["key_hex"]), bytes.fromhex(vector["message_hex"])
    assert hmac.new(key, message, hashlib.sha256).hexdigest() == vector["mac_hex"]
