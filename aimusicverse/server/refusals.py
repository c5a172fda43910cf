"""Turns every exception that reaches the application into a problem (RFC 9457)."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from aimusicverse.server.allowed_methods import AllowedMethods
from aimusicverse.server.problems import Refusal
from aimusicverse.server.security.redact import redact
from aimusicverse.server.store.errors import StoreError, StoreFull
from aimusicverse.types import FieldError

log: Final = logging.getLogger("aimusicverse.server")

_FRAMEWORK_CODES = {
    400: "malformed_json",
    404: "route_not_found",
    405: "method_not_allowed",
    413: "body_too_large",
}


#: Nobody reads more, and an answer must not be much larger than what was sent.
_MOST_FIELDS: Final = 100


def install(app: FastAPI, allowed: AllowedMethods) -> None:
    """Register the handlers; `allowed` knows what else a path may be asked with."""

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, Refusal)  # noqa: S101 - what it is registered for
        return rendered(request, error)

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101
        return rendered(request, refusal_of(error.errors(), request))

    async def framework(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101
        code = _FRAMEWORK_CODES.get(error.status_code, "internal_error")
        headers = dict(error.headers or {})
        if code == "method_not_allowed":
            headers["Allow"] = allowed.of(request.scope["path"])
        return rendered(request, Refusal(code, headers=headers))

    async def store(request: Request, error: Exception) -> Response:
        assert isinstance(error, StoreError)  # noqa: S101
        return answered(request, error)

    async def defect(request: Request, error: Exception) -> Response:
        return rendered(request, Refusal("internal_error"))  # it is raised further, and told by `front.py`

    app.add_exception_handler(Refusal, refused)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, framework)
    app.add_exception_handler(StoreError, store)
    app.add_exception_handler(Exception, defect)


def answered(request: Request, error: Refusal | StoreError) -> Response:
    """A refusal, or a store that fails, as an answer."""
    if isinstance(error, Refusal):
        return rendered(request, error)
    log.error("the store failed", extra={"request_id": request.scope["amv.request_id"], "error": str(error)})
    code = "storage_full" if isinstance(error, StoreFull) else "store_unavailable"
    return rendered(request, Refusal(code, headers={"Retry-After": "1"}))


def rendered(request: Request, refusal: Refusal) -> Response:
    """A refusal as an answer."""
    body = refusal.problem(request.scope["amv.request_id"])
    challenge = {"WWW-Authenticate": "Bearer"} if refusal.status == 401 else {}  # RFC 9110, section 11.6.1
    return Response(
        redact(body.model_dump_json(exclude_none=True)),  # a field may be called like a key
        status_code=refusal.status,
        headers=refusal.headers | challenge,
        media_type="application/problem+json",
    )


def refusal_of(errors: Sequence[Any], request: Request) -> Refusal:
    """What was wrong with each field, without repeating what was sent."""
    if any(error["type"] == "json_invalid" for error in errors):
        broken = next(error for error in errors if error["type"] == "json_invalid")
        position = broken["loc"][1] if len(broken["loc"]) > 1 else 0
        return Refusal(
            "malformed_json", f"The body is not JSON: {broken['ctx']['error']} at position {position}."
        )
    content_type = request.headers.get("content-type", "")
    has_body = request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers
    if has_body and not _is_json(content_type) and any(error["loc"] == ("body",) for error in errors):
        return Refusal("unsupported_media_type")
    fields = [_field_error(error) for error in errors[:_MOST_FIELDS]]
    summary = "; ".join(f"{field.field}: {field.message}" for field in fields[:3])
    more = f"; and {len(errors) - 3} more" if len(errors) > 3 else ""
    return Refusal("invalid_request", summary + more, errors=fields)


def _is_json(content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    return kind == "application/json" or kind.endswith("+json")


#: What to do, by the kind of rule that was broken.
_HINTS = {
    "extra_forbidden": "remove it, or check its spelling",
    "missing": "it is required",
    "string_too_short": "write at least {min_length} character(s)",
    "string_too_long": "write at most {max_length} characters",
    "greater_than_equal": "send {ge} or more",
    "less_than_equal": "send {le} or less",
    "literal_error": "one of: {expected}",
    "finite_number": "send an ordinary number",
    "too_long": "send at most {max_length}",
    "too_short": "send at least {min_length}",
}
_EXAMPLES = {
    "prompt": "lofi hip hop, rainy night, 80 bpm",
    "duration_seconds": "60",
    "tempo_bpm": "80",
    "key": "A minor",
    "seed": "42",
    "variants": "1",
    "engine": "studio",
    "format": "wav",
    "limit": "50",
}


def _field_error(error: Any) -> FieldError:
    where, *path = error["loc"]
    name = _path(path) if path else str(where)
    if where != "body" and path:
        name = f"{where}.{name}"
    context = error.get("ctx", {})
    hint = _HINTS.get(error["type"])
    return FieldError(
        field=name,
        code=error["type"],
        message=str(error["msg"]).removeprefix("Value error, "),
        hint=hint.format(**context) if hint else None,
        example=_EXAMPLES.get(str(path[-1])) if path and error["type"] != "extra_forbidden" else None,
    )


def _path(parts: Sequence[str | int]) -> str:
    text = ""
    for part in parts:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text
