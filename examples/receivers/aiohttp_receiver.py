"""Webhooks in aiohttp.

WEBHOOK_SECRET=whsec_… python aiohttp_receiver.py
"""

import asyncio
import os

from aiohttp import web

from aimusicverse import webhooks
from aimusicverse.types import WebhookEvent

# One secret, or several with spaces between while one replaces the other. Without one this does not start.
hook = webhooks.Webhook(os.environ["WEBHOOK_SECRET"].split())
seen = webhooks.SQLiteReplayStore("webhooks.db")
app = web.Application(client_max_size=1_000_000)  # bytes of a body; a larger one is answered with 413


def handle(event: WebhookEvent) -> None:
    """Yours. Be quick, because the sender waits: what takes seconds goes into a queue from here."""
    print(event.type, event.id)


async def receive(request: web.Request) -> web.Response:
    try:
        event = hook.unwrap(await request.read(), request.headers)
    except webhooks.WebhookVerificationError as error:
        return web.Response(text=error.reason, status=400)
    return web.Response(status=await asyncio.to_thread(handle_once, event))


def handle_once(event: WebhookEvent) -> int:
    with seen.claim(event.id) as claim:  # if `handle` raises, the answer is 500 and the sender tries again
        if claim:
            handle(event)
    return 409 if claim.state == "busy" else 200


app.router.add_post("/webhooks", receive)

if __name__ == "__main__":
    web.run_app(app)
