"""Who may come to the stand-in stores under `/_sandbox`, and to what they are told to do (plain ASGI).

Stores answer whoever has a token of theirs, as real ones do; but only on this machine, unless the server is
told that workers elsewhere use them. `/_sandbox/control` is for tests: in dev mode, on this machine, with
the embedded owner's key.
"""

from __future__ import annotations

import asyncio
import ipaddress
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from aimusicverse.server.problems import Refusal
from aimusicverse.server.security.principal import Principal
from aimusicverse.server.services import Services
from aimusicverse.server.stores.surroundings import SANDBOX

_CONTROL: Final = f"{SANDBOX}/control"
#: A proxy on this machine speaks for somebody elsewhere.
_FORWARDED: Final = frozenset((b"forwarded", b"x-forwarded-for", b"x-real-ip", b"via"))


def is_of_the_sandbox(path: str) -> bool:
    """Whether a path is below `/_sandbox`."""
    return path.startswith(f"{SANDBOX}/")


class SandboxDoor:
    """Lets requests through to stand-in stores, or refuses them."""

    def __init__(self, services: Services) -> None:
        self._stand_ins = services.stand_ins
        self._dev = services.dev
        self._open = bool(services.settings.sandbox_url)
        self._app: ASGIApp | None = None

    def is_control(self, path: str) -> bool:
        """Whether it needs a key."""
        return path == _CONTROL or path.startswith(f"{_CONTROL}/")

    def is_from_elsewhere(self, scope: Scope) -> bool:
        """Whether it is to be counted."""
        return not _is_from_this_machine(scope)

    def check(self, scope: Scope, caller: Principal | None) -> None:
        """See whether a request may pass.

        Args:
            scope: of the request.
            caller: by his key; asked for `/_sandbox/control` alone.

        Raises:
            Refusal: `route_not_found`, `api_key_missing`, `scope_missing`.
        """
        if self._stand_ins is None:
            raise Refusal("route_not_found", "This server has no sandbox: AMV_SANDBOX is off.")
        here = _is_from_this_machine(scope)
        if not self.is_control(scope["path"]):
            if not here and not self._open:
                raise Refusal("route_not_found")
            return
        if self._dev is None or not here:
            raise Refusal("route_not_found")
        if caller is None:
            raise Refusal("api_key_missing")
        if caller.key_id != self._dev.key_id:
            raise Refusal("scope_missing", "This needs the local server's own key.")

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on. What it begins with belongs to the server, and is no part of a store's paths."""
        if self._app is None:
            assert self._stand_ins is not None  # noqa: S101 - `check` has seen to that
            self._app = (await asyncio.to_thread(self._stand_ins.opened)).app
        await self._app({**scope, "root_path": scope.get("root_path", "") + SANDBOX}, receive, send)


def _is_from_this_machine(scope: Scope) -> bool:
    client, server = scope.get("client"), scope.get("server")
    if not client or any(name in _FORWARDED for name, _ in scope["headers"]):
        return False
    try:
        address = ipaddress.ip_address(client[0])
        # A server on one address of its machine is called from there by its own jobs.
        own = server is not None and address == ipaddress.ip_address(server[0])
    except ValueError:  # what a proxy says of its caller may be anything
        return False
    return address.is_loopback or own
