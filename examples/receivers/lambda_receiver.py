"""Webhooks in AWS Lambda, behind a function URL or API Gateway (HTTP API or REST API).

WEBHOOK_SECRET and REDIS_URL are set on the function. Its copies share no disk, so what they have seen is kept
in Redis or Valkey: `rediss://…` of ElastiCache, for example.
"""

import base64
import logging
import os
from typing import Any

import redis

from aimusicverse import webhooks
from aimusicverse.types import WebhookEvent

LARGEST = 1_000_000  # bytes of a body
# One secret, or several with spaces between while one replaces the other. Without one this does not start.
hook = webhooks.Webhook(os.environ["WEBHOOK_SECRET"].split())
seen = webhooks.RedisReplayStore(redis.Redis.from_url(os.environ["REDIS_URL"], socket_timeout=5))


def handle(event: WebhookEvent) -> None:
    """Yours. Be quick, because the sender waits: what takes seconds goes into a queue from here."""
    print(event.type, event.id)


def handler(request: dict[str, Any], context: object) -> dict[str, Any]:
    text = request.get("body") or ""
    body = base64.b64decode(text) if request.get("isBase64Encoded") else text.encode()
    if len(body) > LARGEST:
        return {"statusCode": 413}
    # A REST API has every value of a header here, and the last one alone in `headers`.
    many = request.get("multiValueHeaders") or {}
    headers = [(name, value) for name, values in many.items() for value in values] or request["headers"]
    try:
        event = hook.unwrap(body, headers)
    except webhooks.WebhookVerificationError as error:
        return {"statusCode": 400, "body": error.reason}
    try:
        with seen.claim(event.id) as claim:
            if claim:
                handle(event)
    except Exception:  # so that each kind of gateway answers 500, and the sender tries again
        logging.exception("webhook %s was not handled", event.id)
        return {"statusCode": 500}
    return {"statusCode": 409 if claim.state == "busy" else 200}
