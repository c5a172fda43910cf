"""Webhooks in FastAPI or Starlette.

WEBHOOK_SECRET=whsec_… uvicorn fastapi_receiver:app
"""

import os

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from aimusicverse import webhooks
from aimusicverse.types import WebhookEvent

LARGEST = 1_000_000  # bytes of a body
# One secret, or several with spaces between while one replaces the other. Without one this does not start.
hook = webhooks.Webhook(os.environ["WEBHOOK_SECRET"].split())
seen = webhooks.SQLiteReplayStore("webhooks.db")
app = FastAPI()


def handle(event: WebhookEvent) -> None:
    """Yours. Be quick, because the sender waits: what takes seconds goes into a queue from here."""
    print(event.type, event.id)


@app.post("/webhooks")
async def receive(request: Request) -> Response:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LARGEST:
            return Response(status_code=413)
    try:
        event = hook.unwrap(bytes(body), request.headers)
    except webhooks.WebhookVerificationError as error:
        return Response(error.reason, status_code=400)
    return Response(status_code=await run_in_threadpool(handle_once, event))


def handle_once(event: WebhookEvent) -> int:
    with seen.claim(event.id) as claim:  # if `handle` raises, the answer is 500 and the sender tries again
        if claim:
            handle(event)
    return 409 if claim.state == "busy" else 200
