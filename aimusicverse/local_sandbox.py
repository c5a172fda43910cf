"""What the stand-in stores of a `LocalServer` have, and what they are told to do. For tests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from aimusicverse.errors import ConfigurationError

if TYPE_CHECKING:
    from aimusicverse.sandbox.releases import SandboxRelease
    from aimusicverse.server.stores.stand_ins import StandIns

#: Long enough that only an order to the contrary ends it.
_ALWAYS: Final = 100_000


class LocalSandbox:
    """The stand-in stores: `soundcloud`, `youtube_music`, `spotify`, `apple_music`, `ddex`, `ddex_43`.

    Orders are carried out once, in the order in which they were given, unless `times` says more.
    """

    def __init__(self, stand_ins: StandIns) -> None:
        self._stand_ins = stand_ins

    def reject(self, store: str, *, reason: str = "", times: int = 1) -> None:
        """Have a store refuse the next release that it looks at.

        Args:
            store: which.
            reason: in the store's own words, such as `Missing ISRC code`.
            times: how many releases.

        Raises:
            ConfigurationError: there is no such store.
        """
        self._give(store=store, what="reject", reason=reason, times=times)

    def delay(self, store: str, by: timedelta, *, times: int = 1) -> None:
        """Have a store take so much longer to look at the next release, on the server's clock.

        Raises:
            ConfigurationError: there is no such store, or a negative time.
        """
        self._give(store=store, what="delay", seconds=by.total_seconds(), times=times)

    def silence(self, store: str, *, times: int = _ALWAYS) -> None:
        """Have a store never say what became of what it is sent.

        Raises:
            ConfigurationError: there is no such store.
        """
        self._give(store=store, what="silence", times=times)

    def fault(
        self,
        store: str,
        *,
        call: str = "",
        status: int = 503,
        times: int = 1,
        seconds: float = 0,
        after_bytes: int = 0,
        headers: Mapping[str, str] | None = None,
        body: str = "",
    ) -> None:
        """Have a store break down at the next calls to it.

        Args:
            store: which.
            call: `upload`, `look`, `token`, …; any, if it is empty.
            status: that it answers with, as 429 or 503; 0: it breaks the connection.
            times: how many calls.
            seconds: how long it takes first.
            after_bytes: of a body that it reads before.
            headers: of the answer, like `Retry-After`.
            body: of the answer.

        Raises:
            ConfigurationError: there is no such store, or a value that cannot be.
        """
        self._give(
            store=store,
            what="fault",
            call=call,
            status=status,
            times=times,
            seconds=float(seconds),
            after_bytes=after_bytes,
            headers=None if headers is None else dict(headers),
            body=body,
        )

    def clear(self) -> None:
        """Forget what was ordered and not yet carried out."""
        self._stand_ins.opened().orders.clear()

    def releases(self, store: str | None = None) -> list[SandboxRelease]:
        """What the stores have by now, the oldest first: by it one counts whether a release came once.

        Args:
            store: only this one's.
        """
        sandbox = self._stand_ins.opened()
        sandbox.advance()
        return [one for one in sandbox.releases() if store in (None, one.store)]

    def _give(self, **order: Any) -> None:
        from pydantic import ValidationError

        from aimusicverse.sandbox.control import OrderBody
        from aimusicverse.sandbox.orders import Order

        try:
            given = OrderBody.model_validate(order)
        except ValidationError as error:
            first = error.errors()[0]
            raise ConfigurationError(f"{first['loc'][0]}: {first['msg']}") from None
        self._stand_ins.opened().orders.give(Order(**given.model_dump()))
