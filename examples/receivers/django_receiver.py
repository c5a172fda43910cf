"""Webhooks in Django.

WEBHOOK_SECRET=whsec_… gunicorn django_receiver:application
"""

import logging
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from aimusicverse import webhooks
from aimusicverse.types import WebhookEvent

LARGEST = 1_000_000  # bytes of a body
# One secret, or several with spaces between while one replaces the other. Without one this does not start.
hook = webhooks.Webhook(os.environ["WEBHOOK_SECRET"].split())
seen = webhooks.SQLiteReplayStore("webhooks.db")


def handle(event: WebhookEvent) -> None:
    """Yours. Be quick, because the sender waits: what takes seconds goes into a queue from here."""
    print(event.type, event.id)


@csrf_exempt  # no form of this site sends it; the signature says who does
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    body = request.read(LARGEST + 1)
    if len(body) > LARGEST:
        return HttpResponse(status=413)
    try:
        event = hook.unwrap(body, request.headers)
    except webhooks.WebhookVerificationError as error:
        return HttpResponse(error.reason, status=400, content_type="text/plain")
    with seen.claim(event.id) as claim:  # if `handle` raises, the answer is 500 and the sender tries again
        if claim:
            handle(event)
    return HttpResponse(status=409 if claim.state == "busy" else 200)


urlpatterns = [path("webhooks", receive)]

# What a project has already; with it this file is a whole program.
logging.basicConfig()
settings.configure(ROOT_URLCONF=__name__)
application = get_wsgi_application()
