"""A span per exchange, for programs that trace with OpenTelemetry.

Semantic conventions for HTTP client spans, 1.23 and later. Nothing is imported for it: spans begin once the
program itself has loaded OpenTelemetry, without which there is nobody to give them to.
"""

from __future__ import annotations

import sys
from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from aimusicverse._version import __version__

if TYPE_CHECKING:
    from opentelemetry.trace import Span

    from aimusicverse.transport.request import Request


def begin_span(request: Request, base: str, attempt: int, headers: MutableMapping[str, str]) -> Span | None:
    """A span for one try, and its context in `headers`; None when nothing is traced."""
    trace: Any = sys.modules.get("opentelemetry.trace")
    if trace is None:
        return None
    from opentelemetry.propagate import inject

    address = urlsplit(base)
    attributes: dict[str, str | int] = {
        "http.request.method": request.method,
        "server.address": address.hostname or "",
        "server.port": address.port or (443 if address.scheme == "https" else 80),
        "url.full": base + request.target,
        "url.template": request.route,
    }
    if attempt > 1:
        attributes["http.request.resend_count"] = attempt - 1
    tracer = trace.get_tracer("aimusicverse", __version__)
    span: Span = tracer.start_span(
        f"{request.method} {request.route}", kind=trace.SpanKind.CLIENT, attributes=attributes
    )
    inject(headers, context=trace.set_span_in_context(span))
    return span


def end_span(span: Span, status: int | None, error: str | None) -> None:
    """Say how it ended."""
    from opentelemetry.trace import Status, StatusCode

    if status is not None:
        span.set_attribute("http.response.status_code", status)
    if error is not None:
        span.set_attribute("error.type", str(status) if status is not None and status >= 400 else error)
        span.set_status(Status(StatusCode.ERROR))
    span.end()
