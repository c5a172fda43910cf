"""What is done to a distribution on its way: a part of `client.distributions`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from pydantic import TypeAdapter

from aimusicverse.resources._async.resource import AsyncResource
from aimusicverse.resources.distribution_body import several
from aimusicverse.resources.naming import id_of
from aimusicverse.transport.options import RequestOptions
from aimusicverse.types.distribution import Distribution

_DISTRIBUTION = TypeAdapter(Distribution)


class AsyncSteps(AsyncResource):
    """Send, hold, give up, take down, confirm."""

    async def submit(
        self,
        distribution: Distribution | str,
        *,
        platforms: str | Iterable[str] = (),
        options: RequestOptions | None = None,
    ) -> Distribution:
        """Bring a draft to its stores.

        Args:
            distribution: or its id.
            platforms: these stores only; all that are drafts by default.
            options: for this call only.

        Raises:
            NotFoundError: no such distribution, or not yours.
            ConflictError: it is no draft any more.
            PermissionDeniedError: `live` with a test key, or a key without `distributions:publish`.
        """
        return await self._act(distribution, "submit", platforms, options)

    async def retry(
        self,
        distribution: Distribution | str,
        *,
        platforms: str | Iterable[str] = (),
        options: RequestOptions | None = None,
    ) -> Distribution:
        """Try again what has failed, was rejected, or waits for you, with the release as it is now.

        Args:
            distribution: or its id.
            platforms: these stores only; all for which it makes sense by default.
            options: for this call only.

        Raises:
            NotFoundError: no such distribution, or not yours.
            ConflictError: there is nothing to try again.
        """
        return await self._act(distribution, "retry", platforms, options)

    async def pause(
        self,
        distribution: Distribution | str,
        *,
        platforms: str | Iterable[str] = (),
        options: RequestOptions | None = None,
    ) -> Distribution:
        """Hold it where it is, until `resume`. What a store has and would release by itself is withheld.

        Args:
            distribution: or its id.
            platforms: these stores only; all for which it makes sense by default.
            options: for this call only.

        Raises:
            NotFoundError: no such distribution, or not yours.
            ConflictError: there is nothing that could be held.
        """
        return await self._act(distribution, "pause", platforms, options)

    async def resume(
        self,
        distribution: Distribution | str,
        *,
        platforms: str | Iterable[str] = (),
        options: RequestOptions | None = None,
    ) -> Distribution:
        """Let go on what `pause` holds.

        Args:
            distribution: or its id.
            platforms: these stores only; all that are paused by default.
            options: for this call only.

        Raises:
            NotFoundError: no such distribution, or not yours.
            ConflictError: nothing is paused.
        """
        return await self._act(distribution, "resume", platforms, options)

    async def cancel(
        self,
        distribution: Distribution | str,
        *,
        platforms: str | Iterable[str] = (),
        options: RequestOptions | None = None,
    ) -> Distribution:
        """Give up what is not live yet. What a store has already is withdrawn there, where it allows that.

        Args:
            distribution: or its id.
            platforms: these stores only; all that are not live yet by default.
            options: for this call only.

        Raises:
            NotFoundError: no such distribution, or not yours.
            ConflictError: it has come to its end already; `takedown` is for what is live.
        """
        return await self._act(distribution, "cancel", platforms, options)

    async def takedown(
        self,
        distribution: Distribution | str,
        *,
        platforms: str | Iterable[str] = (),
        options: RequestOptions | None = None,
    ) -> Distribution:
        """Take it away from people, where it is live.

        Args:
            distribution: or its id.
            platforms: these stores only; all that have it by default.
            options: for this call only.

        Raises:
            NotFoundError: no such distribution, or not yours.
            ConflictError: no store has it.
        """
        return await self._act(distribution, "takedown", platforms, options)

    async def confirm(
        self,
        distribution: Distribution | str,
        *,
        platforms: str | Iterable[str] = (),
        outcome: Literal["live", "processing", "rejected", "taken_down"] = "live",
        external_url: str | None = None,
        external_id: str | None = None,
        reason: str | None = None,
        options: RequestOptions | None = None,
    ) -> Distribution:
        """Tell what you did yourself, in a store or with a distributor, where the release waits for a person.

        Args:
            distribution: or its id.
            platforms: these stores only; all that wait for a person by default.
            outcome: `live`; `processing`: it was handed over, and is not to be heard yet; `rejected`;
                `taken_down`.
            external_url: where it is to be heard; https.
            external_id: the store's own id of it.
            reason: why it was rejected.
            options: for this call only.

        Raises:
            NotFoundError: no such distribution, or not yours.
            ConflictError: nothing waits for a person.
        """
        told = {"external_url": external_url, "external_id": external_id, "reason": reason}
        more = {name: value for name, value in told.items() if value is not None} | {"outcome": outcome}
        return await self._act(distribution, "confirm", platforms, options, more)

    async def _act(
        self,
        distribution: Distribution | str,
        what: str,
        platforms: str | Iterable[str],
        options: RequestOptions | None,
        more: Mapping[str, Any] | None = None,
    ) -> Distribution:
        body = {"platforms": several(platforms), **(more or {})}
        path = f"/distributions/{id_of(distribution)}/{what}"
        return await self._send("POST", path, _DISTRIBUTION, body=body, options=options)
