"""The way into a store and back: OAuth 2.1 with PKCE, off the event loop. In the sandbox the server goes it
itself, over the same protocol.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit

from aimusicverse.platforms.base import DeliveryError, Mode
from aimusicverse.secret import Secret
from aimusicverse.server.connections import service
from aimusicverse.server.connections.queries import ConnectionRow
from aimusicverse.server.connections.service import Returned, SignIn
from aimusicverse.server.problems import Refusal
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.settings import PREFIX
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.sealed import Sealer
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.server.stores.apps import StoreApps
from aimusicverse.types import PlatformConnection

if TYPE_CHECKING:
    from aimusicverse.platforms.oauth import Tokens

log: Final = logging.getLogger("aimusicverse.server")
T = TypeVar("T")

#: Of a sign-in; 256 bits.
_STATE_BYTES: Final = 32
#: Longer ones are none of a store's.
LONGEST_CODE: Final = 4096


class SignIns:
    """Those of one server."""

    def __init__(self, store: Store, sealer: Sealer, apps: StoreApps) -> None:
        """Nothing is asked yet.

        Args:
            store: of the connections.
            sealer: of their secrets.
            apps: how stores know this server.
        """
        self._store = store
        self._apps = apps
        self.sealer: Final[Sealer] = sealer
        #: New tokens for old ones, for `account_for`.
        self.renew: Final = apps.renew
        self._threads = ThreadPoolExecutor(4, thread_name_prefix="amv-sign-in")

    def close(self) -> None:
        """Wait for what a store is being asked."""
        self._threads.shutdown(wait=True)

    async def begun(self, platform: str, mode: Mode, origin: str) -> SignIn:
        """A new one.

        Args:
            platform: such as `soundcloud`.
            mode: `sandbox` or `live`.
            origin: under which the person's browser reaches this server.

        Raises:
            Refusal: `store_app_missing`, `sandbox_off`.
        """
        try:
            return await self._off_the_loop(lambda: self._begun(platform, mode, origin))
        except DeliveryError as error:
            raise _refusal(error, platform, mode) from None

    def _begun(self, platform: str, mode: Mode, origin: str) -> SignIn:
        state, verifier = secrets.token_urlsafe(_STATE_BYTES), self._apps.new_verifier()
        redirect_uri = f"{origin}{PREFIX}/platforms/{platform}/return"
        url = self._apps.authorize_url(platform, mode, redirect_uri, state=state, verifier=verifier)
        return SignIn(state, verifier, redirect_uri, url)

    async def came_back(
        self, platform: str, state: str, code: str | None, refused: str | None
    ) -> ConnectionRow:
        """The account of somebody whom a store has sent back.

        Args:
            platform: to whose address he came.
            state: that he brought.
            code: the store's, if it let us in.
            refused: what it said, if not.

        Raises:
            Refusal: `sign_in_invalid`; `sign_in_failed`, with what the store said.
        """
        returned = await self._store.write(service.take_return, platform, state, refused, self.sealer)
        if not service.is_valid(returned):
            raise Refusal("sign_in_invalid")
        if refused is not None or not code:
            raise Refusal("sign_in_failed", refused or "It sent no code.")
        return await self._exchanged(returned, code)

    async def gone_at_once(
        self, owner: Owner, platform: str, origin: str, callback_secret: Secret
    ) -> tuple[ConnectionRow, bool]:
        """An account in the sandbox, whose stores let everybody in: the server goes there itself. And whether
        `callback_secret` is that of its callbacks.

        Raises:
            Refusal: `sandbox_off`; `sign_in_failed`: the stand-in was told to break down.
        """
        sign_in = await self.begun(platform, "sandbox", self._apps.sandbox_origin() or origin)
        named = urlencode({"account": (who := _account_of(owner)), "login_hint": who})

        def begin(tx: Transaction) -> PlatformConnection:
            tx.act_for(owner.id)
            return service.begin_sign_in(
                tx, owner, platform, "sandbox", sign_in, origin, callback_secret, self.sealer
            )

        begun = await self._store.write(begin)
        try:
            back = await self._off_the_loop(
                lambda: self._apps.authorize_at_once(platform, "sandbox", f"{sign_in.authorize_url}&{named}")
            )
        except DeliveryError as error:
            raise Refusal("sign_in_failed", error.problem.message) from None
        parts = urlsplit(back)
        said = dict(parse_qsl(parts.query))
        if back.partition("?")[0] != sign_in.redirect_uri or said.get("state") != sign_in.state:
            raise Refusal("sign_in_failed", "The stand-in store sent us back to somewhere else.")
        row = await self.came_back(platform, sign_in.state, said.get("code"), said.get("error"))
        return row, begun.callback_secret is not None

    async def _exchanged(self, returned: Returned, code: str) -> ConnectionRow:
        mode: Mode = "live" if returned.mode == "live" else "sandbox"

        def exchange() -> tuple[Tokens, str | None]:
            tokens = self._apps.exchange(
                returned.platform,
                mode,
                returned.redirect_uri,
                code=Secret(code),
                verifier=returned.verifier,
            )
            return tokens, self._apps.who(returned.platform, mode, tokens.access)

        try:
            tokens, account = await self._off_the_loop(exchange)
        except DeliveryError as error:
            message = error.problem.message
            log.warning("a sign-in with a store failed", extra={"connection": returned.connection_id})
            await self._store.write(service.note_problem, returned, message)
            raise Refusal("sign_in_failed", message) from None
        row = await self._store.write(service.keep_tokens, returned, tokens, account, self.sealer)
        if row is None:
            raise Refusal("sign_in_invalid", "The account was disconnected, or connected anew, meanwhile.")
        return row

    async def _off_the_loop(self, function: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, function)


def _account_of(owner: Owner) -> str:
    """What a user is called in the sandbox: each has an account of his own there."""
    return f"artist-{hashlib.sha256(owner.id.encode()).hexdigest()[:8]}"


def _refusal(error: DeliveryError, platform: str, mode: Mode) -> Refusal:
    if mode == "sandbox":
        return Refusal("sandbox_off", error.problem.message if error.problem.kind == "transient" else None)
    variables = " and ".join(service.route_of(platform).server_settings[0])
    return Refusal(
        "store_app_missing",
        f"Whoever runs this server has to register an app with the store, and to set {variables}; "
        f"see docs/stores/connect-{platform.replace('_', '-')}.md. The sandbox needs none.",
    )
