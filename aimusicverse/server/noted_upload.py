"""An upload under an `Idempotency-Key`: noted as running as long as it lives, so that a second one with the
same key does not send, judge and keep it all again.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Final, TypeVar

from fastapi import Request
from pydantic import BaseModel

from aimusicverse.server import idempotency
from aimusicverse.server.ids import new_id
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.store.errors import StoreError
from aimusicverse.server.store.sealed import Sealer
from aimusicverse.server.store.transaction import Transaction

if TYPE_CHECKING:
    from aimusicverse.server.call import CallContext

M = TypeVar("M", bound=BaseModel)
_RENEW_SECONDS: Final = idempotency.LEASE_SECONDS / 3


class NotedUpload:
    """A request that runs; without a key it is noted nowhere."""

    def __init__(self, request: Request, runner: str | None, sealer: Sealer) -> None:
        self._request = request
        self._runner = runner
        self._sealer = sealer

    def finished(
        self, sha256: str, keep: Callable[[Transaction, Owner], M], answer: type[M]
    ) -> Callable[[Transaction, Owner], M]:
        """`keep`, so that it takes effect once for the key.

        Args:
            sha256: of the body that was sent.
            keep: what is done; its answer is kept for whoever asks again.
            answer: the type of that.
        """
        runner = self._runner
        if runner is None:
            return keep
        url = self._request.url
        what = f"{self._request.method} {url.path}?{url.query} {sha256}"
        digest = hashlib.sha256(what.encode()).hexdigest()
        once = idempotency.Once(self._request.headers[idempotency.HEADER], digest, self._sealer)

        def finish(tx: Transaction, owner: Owner) -> M:
            return idempotency.finish(tx, owner, once, runner, lambda tx: keep(tx, owner), answer)

        return finish


@asynccontextmanager
async def noted(call: CallContext, request: Request, sealer: Sealer) -> AsyncIterator[NotedUpload]:
    """Hold the note that this request runs, while the block does.

    Raises:
        Refusal: the key is none, or in use.
    """
    key = request.headers.get(idempotency.HEADER)
    if key is None:
        yield NotedUpload(request, None, sealer)
        return
    idempotency.check_key(key)
    runner = new_id("run")
    await call.write(idempotency.begin, key, runner)
    renewing = asyncio.create_task(_renew(call, key, runner))
    try:
        yield NotedUpload(request, runner, sealer)
    except BaseException:
        with suppress(StoreError):
            await asyncio.shield(call.write(idempotency.abandon, key, runner))
        raise
    finally:
        renewing.cancel()


async def _renew(call: CallContext, key: str, runner: str) -> None:
    while True:
        await asyncio.sleep(_RENEW_SECONDS)
        with suppress(StoreError):  # the lease lasts for two more of these
            await call.write(idempotency.renew, key, runner)
