"""How a resource declares its routes: a path, a scope, and the problems it may answer with."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, Final, TypeVar, get_args, get_origin

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute

from aimusicverse.server import deprecations, versions
from aimusicverse.server.call import authenticated
from aimusicverse.server.plain_get import plain_get
from aimusicverse.server.problems import CODES, Refusal, shortened
from aimusicverse.server.ready import Ready
from aimusicverse.server.scope_keys import CALL
from aimusicverse.server.security.scopes import ADMIN
from aimusicverse.server.settings import PREFIX
from aimusicverse.types import FieldError, Problem
from aimusicverse.types.base import Editable
from aimusicverse.types.deprecation import Deprecation

F = TypeVar("F", bound=Callable[..., Any])

#: What any authenticated route may answer.
_ALWAYS = (
    "key_in_url",
    "api_key_missing",
    "api_key_invalid",
    "api_key_revoked",
    "api_key_expired",
    "api_key_suspended",
    "user_suspended",
    "scope_missing",
    "rate_limited",
    "quota_exceeded",
    "url_too_long",
    "headers_too_large",
    "internal_error",
    "store_unavailable",
    "authentication_busy",
)
#: What any request with a body may answer besides.
_BODY = (
    "malformed_json",
    "body_too_large",
    "unsupported_media_type",
    "invalid_request",
)
#: What any POST may answer besides.
_POST = (
    *_BODY,
    "idempotency_key_invalid",
    "idempotency_key_reused",
    "idempotency_answer_lost",
    "storage_full",
)


class Router:
    """Routes of one resource, all behind a scope."""

    def __init__(self, tag: str) -> None:
        self.routes: Final = APIRouter(tags=[tag])

    def get(self, path: str, *, scope: str | None, **options: Any) -> Callable[[F], F]:
        """Declare a GET. A scope of `None`: the operation itself decides who may."""
        return self._route("GET", path, scope=scope, **options)

    def head(self, path: str, *, scope: str | None, **options: Any) -> Callable[[F], F]:
        """Declare a HEAD beside a GET; the specification does not repeat it."""
        return self._route("HEAD", path, scope=scope, include_in_schema=False, **options)

    def post(self, path: str, *, scope: str | None, **options: Any) -> Callable[[F], F]:
        """Declare a POST; it takes an `Idempotency-Key`. A scope of `None`: as with `get`."""
        may = (*options.pop("problems", ()), *_POST)
        return self._route("POST", path, scope=scope, problems=may, **options)

    def put(self, path: str, *, scope: str, **options: Any) -> Callable[[F], F]:
        """Declare a PUT: it replaces, so twice is once."""
        may = (*options.pop("problems", ()), *_BODY)
        return self._route("PUT", path, scope=scope, problems=may, **options)

    def patch(self, path: str, *, scope: str, **options: Any) -> Callable[[F], F]:
        """Declare a PATCH: fields that are left out stay as they are."""
        may = (*options.pop("problems", ()), *_BODY)
        return self._route("PATCH", path, scope=scope, problems=may, **options)

    def delete(self, path: str, *, scope: str, **options: Any) -> Callable[[F], F]:
        """Declare a DELETE."""
        return self._route("DELETE", path, scope=scope, **options)

    def _route(
        self,
        method: str,
        path: str,
        *,
        scope: str | None,
        status: int = 200,
        problems: Iterable[str] = (),
        deprecated: Deprecation | None = None,
        responses: dict[int | str, dict[str, Any]] | None = None,
        streamed: dict[str, Any] | None = None,
        **options: Any,
    ) -> Callable[[F], F]:
        """`streamed`: the operation reads the body by itself, which the specification describes so."""

        def declare(function: F) -> F:
            going = deprecations.of(function, deprecated)
            if deprecated:
                options["description"] = f"{inspect.getdoc(function)}\n\n{deprecated.sentence()}"
            self.routes.add_api_route(
                PREFIX + path,
                _given_its_call(function),
                methods=[method],
                status_code=status,
                deprecated=bool(deprecated) or None,
                operation_id=function.__name__,
                responses={**(responses or {}), **problem_responses((*problems, *_ALWAYS))},
                openapi_extra={
                    "security": [{"bearer": []}, {"apiKey": []}, *([] if scope else [{}])],
                    **({"x-scope": scope} if scope else {}),
                    **({"requestBody": streamed} if streamed else {}),
                },
                route_class_override=_admitting(scope, going, streamed=streamed is not None),
                **options,
            )
            return function

        return declare


def _given_its_call(function: Callable[..., Any]) -> Callable[..., Any]:
    """The operation as FastAPI sees it: without `call`, which the route brings. An answer shows its ETag."""
    signature = inspect.signature(function, eval_str=True)
    if "call" not in signature.parameters:
        return function
    wants_request = "request" in signature.parameters
    parameters = [
        parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        for parameter in signature.parameters.values()
        if parameter.name != "call"
    ]
    if not wants_request:
        parameters.append(inspect.Parameter("request", inspect.Parameter.KEYWORD_ONLY, annotation=Request))

    async def operation(**values: Any) -> Any:
        request = values["request"] if wants_request else values.pop("request")
        found = await function(call=request.scope[CALL], **values)
        if isinstance(found, Editable | Ready) and found.etag:
            versions.announce(request, found.etag)
        return found

    operation.__name__, operation.__doc__ = function.__name__, function.__doc__
    operation.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    return operation


def _admitting(
    scope: str | None, going: deprecations.Deprecated, *, streamed: bool = False
) -> type[APIRoute]:
    """A kind of route that knows its caller before it reads a parameter.

    Not a FastAPI dependency: each of those costs a call as much as reading a row.
    """

    class Admitting(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            short = plain_get(self)
            handle = short or super().get_route_handler()
            query = self.dependant.query_params
            known = frozenset(parameter.alias for parameter in query)
            lists = frozenset(one.alias for one in query if _is_list(one.field_info.annotation))

            async def admit(request: Request) -> Response:
                if "\0" in request.scope["path"]:
                    raise Refusal("route_not_found")  # PostgreSQL takes no such text; nothing has it
                if scope is not None:
                    call = await authenticated(request, streamed=streamed, sees_all=scope == ADMIN)
                    call.principal.require(scope)
                    request.scope[CALL] = call
                if request.scope["query_string"]:
                    _refuse_unknown(request, known, lists)
                if going:
                    await deprecations.announce(going, request)
                return await handle(request)

            #: For those who find the route by themselves; None when it needs FastAPI's layers.
            self.plain = admit if short else None
            return admit

    return Admitting


def _is_list(annotation: Any) -> bool:
    """Whether a parameter may be repeated: `list[…]`, or that or nothing."""
    return list in (get_origin(annotation), *map(get_origin, get_args(annotation)))


def _refuse_unknown(request: Request, known: frozenset[str], lists: frozenset[str]) -> None:
    """Requests are closed, their query too: a filter that is misspelt must not look as if it had worked, nor
    one of two with the same name.

    Nor is a NUL character let in, which PostgreSQL takes in no text.
    """
    seen: set[str] = set()
    for name, value in request.query_params.multi_items():
        if name in seen and name in known and name not in lists:
            message = "it is there more than once"
            raise Refusal(
                "invalid_request",
                f"query.{name}: {message}",
                errors=[FieldError(field=f"query.{name}", code="repeated", message=message, hint="Say one.")],
            )
        seen.add(name)
        if "\0" in value:
            raise Refusal(
                "invalid_request", f"query.{name[:40]}: a NUL character is in no name and no number"
            )
    unknown = sorted(set(request.query_params) - known)
    if unknown:
        may = ", ".join(sorted(known)) or "none"
        raise Refusal(
            "invalid_request",
            f"query: there is no parameter {shortened(unknown[0])} here; there are: {may}",
            errors=[
                FieldError(
                    field=f"query.{name[:40]}",
                    code="extra_forbidden",
                    message="there is no such parameter here",
                    hint=f"one of: {may}",
                )
                for name in unknown[:10]
            ],
        )


def problem_responses(codes: Iterable[str]) -> dict[int | str, dict[str, Any]]:
    """The OpenAPI description of some problems, by status."""
    by_status: dict[int, list[str]] = {}
    for code in codes:
        listed = by_status.setdefault(CODES[code].status, [])
        if code not in listed:
            listed.append(code)
    return {
        status: {
            "description": "Problem: " + ", ".join(f"`{code}`" for code in listed),
            "content": {"application/problem+json": {"schema": {"$ref": PROBLEM_SCHEMA}}},
        }
        for status, listed in sorted(by_status.items())
    }


PROBLEM_SCHEMA = f"#/components/schemas/{Problem.__name__}"
