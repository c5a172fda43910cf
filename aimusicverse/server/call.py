"""One authenticated call: who calls, and the way into the store with idempotency built in."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar, cast

from fastapi import Request
from pydantic import BaseModel

from aimusicverse.server import idempotency
from aimusicverse.server.problems import Refusal
from aimusicverse.server.security.principal import Owner, Principal
from aimusicverse.server.services import Services
from aimusicverse.server.store.transaction import Transaction

P = ParamSpec("P")
IDEMPOTENCY_KEY = idempotency.HEADER

T = TypeVar("T")


def services_of(request: Request) -> Services:
    """The server that this request came to."""
    return cast(Services, request.scope["amv.services"])


class CallContext:
    """A call by a known principal."""

    def __init__(self, services: Services, principal: Principal, once: idempotency.Once | None) -> None:
        self.services = services
        self.principal = principal
        self._once = once

    @property
    def owner(self) -> Owner:
        """Whose rows this call may see."""
        return self.principal.owner

    async def read(
        self, function: Callable[Concatenate[Transaction, Owner, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a service function on a consistent view."""
        return await self.services.store.read(self._as_owner(function), *args, **kwargs)

    async def write(
        self, function: Callable[Concatenate[Transaction, Owner, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a service function in a transaction; under an `Idempotency-Key`, once."""
        if self._once is None:
            return await self.services.store.write(self._as_owner(function), *args, **kwargs)
        answer = idempotency.answer_type(function)
        effect = self._as_owner(function)
        return cast(
            T,
            await self.services.store.write(
                self._as_owner(idempotency.run),
                self._once,
                lambda tx: cast(BaseModel, effect(tx, *args, **kwargs)),
                answer,
            ),
        )

    def _as_owner(
        self, function: Callable[Concatenate[Transaction, Owner, P], T]
    ) -> Callable[Concatenate[Transaction, P], T]:
        owner = self.principal.owner

        def run(tx: Transaction, /, *args: P.args, **kwargs: P.kwargs) -> T:
            tx.act_for(owner.id)
            return function(tx, owner, *args, **kwargs)

        run.__wrapped__ = function  # type: ignore[attr-defined]  # what the store knows it by
        return run


def api_key_of(request: Request) -> str | None:
    """The key that a request carries, in either header; never in the query string."""
    authorization = request.headers.get("authorization")
    if authorization is not None:
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() == "bearer":
            return token.strip()
        raise Refusal("api_key_invalid", "The Authorization header must say `Bearer <API key>`.")
    return request.headers.get("x-api-key")


async def identified(request: Request) -> Principal:
    """Who calls. Reads nothing of the body.

    Raises:
        Refusal: 401.
    """
    return await services_of(request).authenticator.authenticate(api_key_of(request))


async def authenticated(request: Request, *, streamed: bool = False) -> CallContext:
    """The call that a request is. Under an `Idempotency-Key` its body, which is small, is read and digested;
    of one that is `streamed` nothing is read, and its operation sees to the key.

    Raises:
        Refusal: 401, or an `Idempotency-Key` that cannot be one.
    """
    services = services_of(request)
    principal = await identified(request)
    once = None
    key = request.headers.get(IDEMPOTENCY_KEY)
    if key is not None and request.method == "POST" and not streamed:
        body = await request.body()
        digest = hashlib.sha256(f"{request.method} {request.url.path}\n".encode() + body).hexdigest()
        once = idempotency.Once(key, digest, services.answer_sealer)
    return CallContext(services, principal, once)


#: A parameter of every operation, given by its route: who calls, and the way into the store.
Call = CallContext
#: Where a route keeps the call for its operation.
CALL = "amv.call"
