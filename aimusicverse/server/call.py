"""One authenticated call: who calls, and the way into the store with idempotency built in."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import Concatenate, ParamSpec, TypeVar, cast

from fastapi import Request
from pydantic import BaseModel
from starlette.types import Scope

from aimusicverse.server import idempotency
from aimusicverse.server.problems import Refusal
from aimusicverse.server.scope_keys import HELD, PRINCIPAL
from aimusicverse.server.security.principal import Owner, Principal
from aimusicverse.server.services import Services
from aimusicverse.server.store.transaction import Transaction

P = ParamSpec("P")
IDEMPOTENCY_KEY = idempotency.HEADER

T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)


def services_of(request: Request) -> Services:
    """The server that this request came to."""
    return cast(Services, request.scope["amv.services"])


class CallContext:
    """A call by a known principal."""

    def __init__(
        self,
        services: Services,
        principal: Principal,
        once: idempotency.Once | None,
        scope: Scope,
        *,
        sees_all: bool = False,
    ) -> None:
        self.services = services
        self.principal = principal
        self._once = once
        self._scope = scope
        self._sees_all = sees_all

    @property
    def owner(self) -> Owner:
        """Whose rows this call may see."""
        return self.principal.owner

    def hold(self, seconds: float) -> None:
        """The caller wanted to wait for so long: that is no part of how long the call took."""
        self._scope[HELD] = self._scope.get(HELD, 0.0) + seconds

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

    async def answered(self, answer: type[M]) -> M | None:
        """For a POST that has much to find out before it writes: the first answer, if it was given already.

        Raises:
            Refusal: `idempotency_key_reused`: the key came with another request.
        """
        if self._once is None:
            return None
        return await self.read(idempotency.answered, self._once, answer)

    async def ask(self) -> None:
        """For a POST that only asks, and changes nothing. Under an `Idempotency-Key` it is answered anew, as
        nothing was done: what it answers may be large, and is not kept. Another question is refused.

        Raises:
            Refusal: `idempotency_key_reused`: the key came with another request.
        """
        if self._once is not None:
            await self.write(_asked)

    def _as_owner(
        self, function: Callable[Concatenate[Transaction, Owner, P], T]
    ) -> Callable[Concatenate[Transaction, P], T]:
        owner, sees_all = self.principal.owner, self._sees_all

        def run(tx: Transaction, /, *args: P.args, **kwargs: P.kwargs) -> T:
            if not sees_all:
                tx.act_for(owner.id)
            return function(tx, owner, *args, **kwargs)

        run.__wrapped__ = function  # type: ignore[attr-defined]  # what the store knows it by
        return run


class _Asked(BaseModel):
    """What is kept of a question: that it was asked."""


def _asked(tx: Transaction, owner: Owner) -> _Asked:
    return _Asked()


def presented_key(headers: Iterable[tuple[bytes, bytes]]) -> str | None:
    """The key that a request carries, in either header; never in the query string.

    Raises:
        Refusal: `api_key_invalid`: it has credentials of another kind.
    """
    found = None
    for name, value in headers:
        if name == b"authorization":
            scheme, _, token = value.decode("latin-1").partition(" ")
            if scheme.lower() == "bearer":
                return token.strip()
            raise Refusal("api_key_invalid", "The Authorization header must say `Bearer <API key>`.")
        if found is None and name == b"x-api-key":
            found = value.decode("latin-1")
    return found


async def identified(request: Request) -> Principal:
    """Who calls, as the admission found out. Reads nothing of the body.

    Raises:
        Refusal: 401, nobody has said who he is.
    """
    principal: Principal | None = request.scope.get(PRINCIPAL)
    if principal is None:
        raise Refusal("api_key_missing")
    return principal


async def authenticated(request: Request, *, streamed: bool = False, sees_all: bool = False) -> CallContext:
    """The call that a request is. Under an `Idempotency-Key` its body, which is small, is read and digested;
    of one that is `streamed` nothing is read, and its operation sees to the key. One that `sees_all` is an
    admin's: the database shows it the rows of all owners.

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
    return CallContext(services, principal, once, request.scope, sees_all=sees_all)


#: A parameter of every operation, given by its route: who calls, and the way into the store.
Call = CallContext
