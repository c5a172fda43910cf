"""The way to the stores, as deliveries go it: a connector, with the account of whoever delivers."""

from __future__ import annotations

from typing import Protocol, cast

from aimusicverse.errors import AMVError
from aimusicverse.platforms import store_problems, table
from aimusicverse.platforms.base import Connector, DeliveryError, Mode
from aimusicverse.server.connections.accounts import Renew, account_for
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.sealed import Sealer
from aimusicverse.server.stores.stand_ins import StandIns
from aimusicverse.server.stores.surroundings import StoreSurroundings


class Doors(Protocol):
    """Makes connectors."""

    def connector(self, owner_id: str, platform: str, via: str | None, mode: str) -> Connector:
        """The connector of one delivery. Whoever asks for it closes it.

        Raises:
            DeliveryError: `auth`: there is no account; `setup`: it cannot be made here.
        """
        ...

    def advance(self, mode: str) -> None:
        """Let stand-in stores do what they would have done by now. Of real ones nothing is known."""
        ...


class OwnDoors:
    """Those of this server."""

    def __init__(
        self,
        store: Store,
        sealer: Sealer,
        renew: Renew,
        surroundings: StoreSurroundings,
        stand_ins: StandIns | None,
    ) -> None:
        """Nothing is opened yet.

        Args:
            store: of the accounts.
            sealer: of their secrets.
            renew: asks a store for new tokens.
            surroundings: what connectors find around them.
            stand_ins: the sandbox; `None`: there is none.
        """
        self._store = store
        self._sealer = sealer
        self._renew = renew
        self._surroundings = surroundings
        self._stand_ins = stand_ins

    def connector(self, owner_id: str, platform: str, via: str | None, mode: str) -> Connector:
        """By the table of routes, with the account that the owner connected."""
        of = cast(Mode, mode)
        route = table.route(platform, via)
        if route is None:
            raise DeliveryError(store_problems.general("not_delivered_from_here"))
        account = None
        if via is None:
            account = account_for(self._store, self._sealer, owner_id, platform, mode, self._renew)
        if account is None and of in route.needs_account:
            raise DeliveryError(store_problems.general("account_missing"))
        try:
            return table.connector(platform, via, account, self._surroundings.of(of, owner_id))
        except AMVError as error:
            raise DeliveryError(store_problems.general("program_missing", str(error))) from error

    def advance(self, mode: str) -> None:
        """Only stand-ins can be moved on."""
        if mode == "sandbox" and self._stand_ins is not None:
            self._stand_ins.advance()
