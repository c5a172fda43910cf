"""`client.distributions`: releases on their way to where people listen to them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from pydantic import TypeAdapter

from aimusicverse.errors import APITimeoutError
from aimusicverse.resources import distribution_body
from aimusicverse.resources._async.distribution_beforehand import AsyncBeforehand
from aimusicverse.resources._async.distribution_files import AsyncFiles
from aimusicverse.resources._async.distribution_steps import AsyncSteps
from aimusicverse.resources._async.pager import AsyncPager
from aimusicverse.resources.distribution_state import check_until, is_over, state_of
from aimusicverse.resources.moment import moment
from aimusicverse.resources.naming import id_of, version_of
from aimusicverse.resources.patience import Patience
from aimusicverse.resources.unchanged import UNCHANGED, Unchanged
from aimusicverse.transport.options import RequestOptions
from aimusicverse.transport.rate_limit import rate_limit_of
from aimusicverse.transport.seam_async import async_sleep
from aimusicverse.types.artwork import Artwork
from aimusicverse.types.distribution import Distribution, DistributionEvent
from aimusicverse.types.track import Track

if TYPE_CHECKING:
    from aimusicverse.types.release import Release

_DISTRIBUTION = TypeAdapter(Distribution)


class AsyncDistributions(AsyncBeforehand, AsyncSteps, AsyncFiles):
    """Releases on their way to stores.

    `metadata` is a `Release`, or a dict with its fields; for a single its short form is enough: title,
    artist, composers, isrc, upc, p_line, c_line, label, language, explicit, genre, ai.

    Nothing leaves the machine unless you say `mode="live"`: a sandbox is stand-in stores of the server, which
    nobody can hear.
    """

    async def create(
        self,
        metadata: Release | Mapping[str, Any],
        *,
        platforms: str | Iterable[str],
        track: Track | str | None = None,
        tracks: Track | str | Iterable[Track | str] = (),
        via: str | None = None,
        mode: Literal["sandbox", "live"] = "sandbox",
        release_at: datetime | str | None = None,
        artwork: Artwork | str | None = None,
        draft: bool = False,
        all_or_nothing: bool = False,
        options: RequestOptions | None = None,
    ) -> Distribution:
        """Bring a release to stores. Answers at once, with the work still to be done: see `wait`.

        A store whose rules the release breaks is `failed` with the reason, and nothing is sent to it; the
        others go on. With `all_or_nothing` the call is refused instead, and nothing is made.

        Args:
            metadata: the release.
            platforms: stores, like `soundcloud`; one or several.
            track: yours, or its id, of a release that has one.
            tracks: the same, one for each track of the release, in order.
            via: the distributor, like `distrokid`; None: you deliver by yourself.
            mode: `sandbox`, to stand-in stores that nobody can hear; `live`, to real ones.
            release_at: from when people may hear it: a datetime with a zone, or text like
                `2026-12-04T00:00+09:00`. None: as the metadata says, or as soon as the stores are ready.
            artwork: the cover, or its id. None: as the metadata says, that of the tracks, or one that the
                server draws.
            draft: keep it, and send nothing: `submit` does.
            all_or_nothing: refuse all of it if one store would not take it.
            options: for this call only.

        Raises:
            ConfigurationError: a time without a zone; `track` and `tracks` at once.
            NotFoundError: one of the tracks or the artwork does not exist, or is not yours.
            PermissionDeniedError: `live` with a test key, or a key without `distributions:publish`.
            UnprocessableEntityError: an unknown store, distributor or field; a rule that blocks, with
                `all_or_nothing`.
        """
        body = distribution_body.about(
            metadata, platforms, via, distribution_body.all_tracks(track, tracks)
        ) | {"mode": mode, "draft": draft, "all_or_nothing": all_or_nothing}
        if release_at is not None:
            body["release_at"] = moment(release_at)
        if artwork is not None:
            body["artwork_id"] = id_of(artwork)
        return await self._send("POST", "/distributions", _DISTRIBUTION, body=body, options=options)

    async def get(
        self,
        distribution: Distribution | str,
        *,
        wait: int | None = None,
        until: Literal["live"] | None = None,
        options: RequestOptions | None = None,
    ) -> Distribution:
        """How it is now. With `wait` (seconds, 0–60) the answer comes when it is settled in all its stores,
        or the time is up.

        Args:
            distribution: or its id.
            wait: seconds.
            until: `live`: what a store holds back until its date is not settled.
            options: for this call only.

        Raises:
            NotFoundError: no such distribution, or not yours.
        """
        query = {"wait": wait, "until": until}
        return await self._send(
            "GET", _path(distribution), _DISTRIBUTION, query=query, options=options, held=wait
        )

    def list(
        self,
        *,
        track: Track | str | None = None,
        status: str | None = None,
        platform: str | None = None,
        mode: Literal["sandbox", "live"] | None = None,
        limit: int = 50,
        options: RequestOptions | None = None,
    ) -> AsyncPager[Distribution]:
        """Distributions, newest first. `await` gives the first page, `async for` all of them.

        Args:
            track: only those that have it.
            status: only those in it, like `live` or `failed`.
            platform: only those that go there, like `spotify`.
            mode: only those of the sandbox, or those to real stores.
            limit: items on a page, 1–100.
            options: for each page.
        """
        query = {
            "track_id": None if track is None else id_of(track),
            "status": status,
            "platform": platform,
            "mode": mode,
            "limit": limit,
        }
        return self._page("/distributions", Distribution, query=query, options=options)

    async def update(
        self,
        distribution: Distribution | str,
        *,
        metadata: Release | Mapping[str, Any] | Unchanged = UNCHANGED,
        platforms: str | Iterable[str] | Unchanged = UNCHANGED,
        release_at: datetime | str | Unchanged | None = UNCHANGED,
        artwork: Artwork | str | Unchanged | None = UNCHANGED,
        if_match: Distribution | str | None = None,
        options: RequestOptions | None = None,
    ) -> Distribution:
        """Change what is given; the rest stays. Nothing is sent again: `retry` does.

        Args:
            distribution: or its id.
            metadata: the whole release, anew: `distribution.metadata` is what it is now.
            platforms: other stores, where nothing was sent yet.
            release_at: another time, with a zone. None: as soon as the stores are ready.
            artwork: another cover, or its id.
            if_match: only if it is still as it was then.
            options: for this call only.

        Raises:
            ConfigurationError: a time without a zone.
            NotFoundError: no such distribution or artwork, or not yours.
            ConflictError: it is too late for this change; the problem says why.
            PreconditionFailedError: it was changed since.
            UnprocessableEntityError: an unknown store or field; a time that cannot be one.
        """
        body = distribution_body.changes(
            metadata=metadata, platforms=platforms, release_at=release_at, artwork=artwork
        )
        return await self._send(
            "PATCH",
            _path(distribution),
            _DISTRIBUTION,
            body=body,
            if_match=version_of(if_match),
            options=options,
        )

    def events(
        self, distribution: Distribution | str, *, limit: int = 50, options: RequestOptions | None = None
    ) -> AsyncPager[DistributionEvent]:
        """Its history, oldest first. `await` gives the first page, `async for` all of them.

        Args:
            distribution: or its id.
            limit: items on a page, 1–100.
            options: for each page.
        """
        return self._page(
            f"{_path(distribution)}/events", DistributionEvent, query={"limit": limit}, options=options
        )

    async def package(
        self, distribution: Distribution | str, platform: str, *, options: RequestOptions | None = None
    ) -> bytes:
        """What a person can hand over himself, as a zip, all in memory: files for the store, or a kit with a
        checklist for its form.

        Args:
            distribution: or its id.
            platform: one of its stores.
            options: for this call only. Without a timeout the file may take ten minutes.

        Raises:
            NotFoundError: no such distribution, not yours, or no such store of it.
            ConflictError: something is missing for a package; the problem says what.
            APIConnectionError: the file did not arrive whole.
        """
        call = self._request(
            "GET",
            f"{_path(distribution)}/packages/{distribution_body.platform_name(platform)}",
            options=options,
            accept="application/zip, application/json",
            compressible=False,
        )
        return await self._content(call, "package", options)

    async def wait(
        self,
        distribution: Distribution | str,
        timeout: float | None = None,
        *,
        until: Literal["live"] | None = None,
        on_progress: Callable[[Distribution], None] | None = None,
        options: RequestOptions | None = None,
    ) -> Distribution:
        """Wait until it has come to an end at each of its stores, and return it as it is then.

        An end is `live`, `failed`, `rejected`, `action_required`, `cancelled`, `taken_down`, and `scheduled`
        unless `until="live"`. None of them raises: look at `status` and `deliveries`. A store that is
        `paused` is not waited for once the others have come to theirs.

        Args:
            distribution: from `create`, or its id.
            timeout: seconds; None waits for as long as it takes.
            until: `live`: what is scheduled is waited for until people can hear it.
            on_progress: called with the distribution whenever it has moved on. What it raises ends the wait.
            options: for each of the calls.

        Raises:
            APITimeoutError: it has not come to an end in the time allowed. The server goes on with it.
            NotFoundError: no such distribution, or not yours.
        """
        check_until(until)
        name = id_of(distribution)
        patience = Patience(timeout, watched=on_progress is not None)
        current = distribution if isinstance(distribution, Distribution) else None
        shown: object = None
        in_vain = 0
        while True:
            if current is not None:
                state = state_of(current)
                in_vain = in_vain + 1 if state == shown else 0
                if on_progress is not None and state != shown:
                    on_progress(current)
                shown = state
                if is_over(current, until):
                    return current
            await async_sleep(patience.breath(in_vain=in_vain))
            if patience.is_over:
                raise patience.exhausted(name, current)
            current = await self._poll(name, until, patience, options) or current

    async def _poll(
        self, name: str, until: Literal["live"] | None, patience: Patience, options: RequestOptions | None
    ) -> Distribution | None:
        """How it is after a while; None when the time of the wait ended before the answer came."""
        held = patience.next_poll(rate_limit_of(self._engine.last_headers))
        within = patience.options(options, self._engine.settings.timeout + held)
        try:
            return await self.get(name, wait=held, until=until, options=within)
        except APITimeoutError:
            if not patience.is_over:
                raise
        return None


def _path(distribution: Distribution | str) -> str:
    return f"/distributions/{id_of(distribution)}"
