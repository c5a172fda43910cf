"""The receiver that `webhooks.yml` checks, with nothing but the standard library. Yours goes in its place."""

import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from aimusicverse import webhooks

LARGEST = 1_000_000
ANSWERS = {"new": 204, "done": 204, "busy": 409}

hook = webhooks.Webhook(os.environ["WEBHOOK_SECRET"])
seen = webhooks.MemoryReplayStore()


class Receiver(BaseHTTPRequestHandler):
    """One request."""

    def do_POST(self) -> None:
        """Judge it, then work on it, unless that was done before."""
        length = int(self.headers.get("content-length", 0))
        if length > LARGEST:
            self.answer(413)
            return
        try:
            event = hook.unwrap(self.rfile.read(length), self.headers.items())
        except webhooks.WebhookVerificationError as error:
            print("refused:", error.reason, flush=True)
            self.answer(400)
            return
        with seen.claim(event.id) as claim:
            if claim:
                print("work on", event.type, flush=True)
        self.answer(ANSWERS[claim.state])

    def answer(self, status: int) -> None:
        """A status is all that a sender looks at."""
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Receiver).serve_forever()
