"""What the standard's own library and Svix's sign is accepted here, and the other way round.

What they signed once, and everybody can look up, is in test_vectors.py.
"""

from __future__ import annotations

import base64
import json
import time
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import pytest
import standardwebhooks

from aimusicverse import webhooks

ID = "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W"
SECRETS = ["whsec_" + base64.b64encode(bytes(range(length))).decode() for length in (24, 32, 64)]
SECRETS.append(SECRETS[0].removeprefix("whsec_"))
BODIES = [
    b"{}",
    b'{"type":"generation.completed","timestamp":"2027-01-15T08:00:00Z","data":{"id":"gen_1"}}',
    json.dumps({"type": "track.created", "data": {"title": "Café 音楽 🎵"}}, ensure_ascii=False).encode(),
    b'{ "type" : "spaced",\r\n\t"data" : [1.0, 1e400, "\\u0000\\ud800"] }\n',
    b'{"type":"long","data":"' + b"a" * 200_000 + b'"}',
    b"no JSON.at all, 1.2.3",
    b"",
]
REFUSED = standardwebhooks.WebhookVerificationError


@pytest.fixture(params=["standardwebhooks", "svix.webhooks"])
def theirs(request: pytest.FixtureRequest) -> Any:
    """Makes a `Webhook` of theirs. Loaded here, because Svix's takes its time."""
    return import_module(request.param).Webhook


def judged(hook: Any, body: bytes, headers: dict[str, str]) -> None:
    """By theirs: the signature alone, and not whether the body is JSON."""
    only = {"json_parse": False} if isinstance(hook, standardwebhooks.Webhook) else {}
    hook.verify(body, headers, **only)


@pytest.mark.parametrize("secret", SECRETS)
def test_what_they_sign_is_accepted_here(theirs: Any, secret: str) -> None:
    now = int(time.time())
    for body in BODIES:
        signature = theirs(secret).sign(ID, datetime.fromtimestamp(now, UTC), body.decode())
        for prefix in ("webhook-", "svix-"):
            headers = {
                f"{prefix}id": ID,
                f"{prefix}timestamp": str(now),
                f"{prefix}signature": signature,
            }
            assert webhooks.verify(body, headers, secret) == ID
            with pytest.raises(webhooks.WebhookVerificationError):
                webhooks.verify(body + b" ", headers, secret)


@pytest.mark.parametrize("secret", SECRETS)
def test_what_is_signed_here_they_accept(theirs: Any, secret: str) -> None:
    hook = theirs(secret)
    for body in BODIES:
        headers = webhooks.sign(body, secret, message_id=ID)
        judged(hook, body, headers)
        with pytest.raises(REFUSED):
            judged(hook, body + b" ", headers)


def test_they_accept_either_secret_while_one_replaces_the_other(theirs: Any) -> None:
    headers = webhooks.sign(BODIES[1], SECRETS[:2], message_id=ID)
    for secret in SECRETS[:2]:
        judged(theirs(secret), BODIES[1], headers)
    with pytest.raises(REFUSED):
        judged(theirs(SECRETS[2]), BODIES[1], headers)
