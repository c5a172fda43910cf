"""Where every call passes before it is routed (plain ASGI): who calls, and whether he may call now.

Before routing, because a path that leads nowhere, a method that is not allowed and another spelling of a path
are calls like any other: there is no way past the limits. A route only asks whether the key has its scope.
"""

from __future__ import annotations

from collections import Counter
from typing import Final

from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from aimusicverse.server import refusals
from aimusicverse.server.call import presented_key
from aimusicverse.server.meant_routes import MeantRoutes
from aimusicverse.server.problems import Refusal
from aimusicverse.server.scope_keys import EXTRA_HEADERS, LIMITED, PRINCIPAL
from aimusicverse.server.security.limits import refusals as over_limits
from aimusicverse.server.security.limits.addresses import address_of
from aimusicverse.server.security.limits.limiter import Headers
from aimusicverse.server.security.principal import Principal
from aimusicverse.server.services import Services
from aimusicverse.server.settings import PREFIX
from aimusicverse.server.store.errors import StoreError
from aimusicverse.server.stores.sandbox_door import SandboxDoor, is_of_the_sandbox

_PREFIX_LENGTH: Final = len(PREFIX)
#: Here a key is needed, but a call costs nothing.
_LOCAL: Final = "/_local/"


class Admission:
    """Lets calls through to the application, or refuses them. What is not under the prefix passes by."""

    def __init__(self, app: ASGIApp, services: Services, meant: MeantRoutes | None = None) -> None:
        """`meant`: the application's routes, under which refused calls are recorded too."""
        self._app = app
        self._meant = meant or MeantRoutes(())
        self._settings = services.settings
        self._authenticator = services.authenticator
        self._limiter = services.limiter
        self._sandbox = SandboxDoor(services)
        #: How many keys from an address are being checked now.
        self._trying: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        path: str = scope["path"]
        try:
            if _is_counted(path):
                await self._admit(scope)
            elif path.startswith(_LOCAL):
                scope[PRINCIPAL] = await self._principal(scope)
            elif is_of_the_sandbox(path):
                await self._admit_to_sandbox(scope)
                await self._sandbox.serve(scope, receive, send)
                return
        except (Refusal, StoreError) as error:
            self._meant.note(scope)
            response = refusals.answered(Request(scope), error)
            await response(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _admit(self, scope: Scope) -> None:
        try:
            principal = await self._principal(scope)
        except Refusal:
            self._count_address(scope)
            raise
        if principal is None:
            self._count_address(scope)
            return
        scope[PRINCIPAL] = principal  # before the limits are asked, which may fail: the call is still his
        verdict = self._limiter.take(principal)
        if verdict is None:
            verdict = await self._limiter.ask(principal)
        _announce(scope, verdict.headers)
        if not verdict.passed:
            scope[LIMITED] = verdict.limit
            raise over_limits.of_user(verdict, self._upgrade_url(scope))

    async def _admit_to_sandbox(self, scope: Scope) -> None:
        """Its stores have tokens of their own, and are not counted where this machine calls them."""
        if self._sandbox.is_from_elsewhere(scope):
            self._count_address(scope)
        of_control = self._sandbox.is_control(scope["path"])
        self._sandbox.check(scope, await self._principal(scope) if of_control else None)

    async def _principal(self, scope: Scope) -> Principal | None:
        """Who calls; nobody without a key.

        Raises:
            Refusal: the key is none that opens anything here.
        """
        key = presented_key(scope["headers"])
        if not key:
            return None
        return self._authenticator.known(key) or await self._proven(scope, key)

    async def _proven(self, scope: Scope, key: str) -> Principal:
        """Who calls by a key that must be looked up, and checked if it never was.

        Wrong keys are limited by the address they come from. A try counts until it is known to be right:
        else of many at once all would be checked.
        """
        if not self._authenticator.must_check(key):
            return await self._authenticator.authenticate(key)
        address = address_of(scope.get("client"))
        verdict = self._limiter.try_key(address)
        if not verdict.passed:
            if address in self._trying:  # some of those may turn out to be right
                raise Refusal("authentication_busy", headers={"Retry-After": "5"})
            raise over_limits.of_wrong_keys(verdict)
        was_wrong = False
        self._trying[address] += 1
        try:
            return await self._authenticator.authenticate(key)
        except Refusal as refusal:
            was_wrong = refusal.code == "api_key_invalid"
            raise
        finally:
            if not was_wrong:
                self._limiter.key_was_right(address)
            self._trying[address] -= 1
            if not self._trying[address]:
                del self._trying[address]

    def _count_address(self, scope: Scope) -> None:
        verdict = self._limiter.take_from_address(address_of(scope.get("client")))
        _announce(scope, verdict.headers)
        if not verdict.passed:
            scope[LIMITED] = verdict.limit
            raise over_limits.of_address(verdict)

    def _upgrade_url(self, scope: Scope) -> str:
        if self._settings.upgrade_url:
            return self._settings.upgrade_url
        origin = self._settings.public_url or str(Request(scope).base_url)
        return f"{origin.rstrip('/')}/limits"


def _is_counted(path: str) -> bool:
    """Whether a path is the API's, in whichever spelling."""
    return path[:_PREFIX_LENGTH].lower() == PREFIX and path[_PREFIX_LENGTH : _PREFIX_LENGTH + 1] in ("", "/")


def _announce(scope: Scope, headers: Headers) -> None:
    if headers:
        scope[EXTRA_HEADERS] = [*scope.get(EXTRA_HEADERS, ()), *headers]
