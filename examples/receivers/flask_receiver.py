"""Webhooks in Flask.

WEBHOOK_SECRET=whsec_… gunicorn flask_receiver:app
"""

import os

from flask import Flask, Response, request

from aimusicverse import webhooks
from aimusicverse.types import WebhookEvent

# One secret, or several with spaces between while one replaces the other. Without one this does not start.
hook = webhooks.Webhook(os.environ["WEBHOOK_SECRET"].split())
seen = webhooks.SQLiteReplayStore("webhooks.db")
app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = 1_000_000  # bytes of a body; a larger one is answered with 413


def handle(event: WebhookEvent) -> None:
    """Yours. Be quick, because the sender waits: what takes seconds goes into a queue from here."""
    print(event.type, event.id)


@app.post("/webhooks")
def receive() -> Response:
    try:
        event = hook.unwrap(request.get_data(), request.headers)
    except webhooks.WebhookVerificationError as error:
        return Response(error.reason, 400, mimetype="text/plain")
    with seen.claim(event.id) as claim:  # if `handle` raises, the answer is 500 and the sender tries again
        if claim:
            handle(event)
    return Response(status=409 if claim.state == "busy" else 200)
