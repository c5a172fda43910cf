"""`Client` and `AsyncClient`: the same in both worlds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING, Self, Unpack

from aimusicverse.credentials.address import is_loopback
from aimusicverse.credentials.sources import Endpoint, resolve
from aimusicverse.errors import ConfigurationError
from aimusicverse.secret import Secret
from aimusicverse.transport.options import RequestOptions
from aimusicverse.transport.rate_limit import RateLimit, rate_limit_of
from aimusicverse.transport.settings import Settings

if TYPE_CHECKING:
    import httpx

    from aimusicverse.resources._async.generation import AsyncGenerations
    from aimusicverse.resources._async.tracks import AsyncTracks
    from aimusicverse.resources._async.webhooks import AsyncWebhooks
    from aimusicverse.resources._sync.generation import Generations
    from aimusicverse.resources._sync.tracks import Tracks
    from aimusicverse.resources._sync.webhooks import Webhooks
    from aimusicverse.resources.composition import Wishes
    from aimusicverse.transport._async.engine import AsyncEngine
    from aimusicverse.transport._sync.engine import Engine
    from aimusicverse.types import Generation

__all__ = ["AsyncClient", "Client", "RateLimit"]


class Client:
    """A connection to a server. Threads may share it.

    Args:
        api_key: the key; else `AMV_API_KEY`, else that of the local server that runs.
        base_url: the server, without `/api/v1`; else `AMV_BASE_URL`, else the local server that runs.
        timeout: seconds for a whole call, all its tries included.
        max_retries: how often a call is tried again at most, where that is free of harm.
        http_client: an `httpx.Client` to use; it is not closed with this one.
        transport: an `httpx.BaseTransport` to use.
        allow_http: send the key in the clear to another machine, such as one in the same container network.

    Raises:
        ConfigurationError: no server is known, there is no key for it, or an argument cannot be one.
    """

    def __init__(
        self,
        api_key: str | Secret | None = None,
        base_url: str | None = None,
        *,
        timeout: float = 60.0,
        max_retries: int = 2,
        http_client: httpx.Client | None = None,
        transport: httpx.BaseTransport | None = None,
        allow_http: bool = False,
    ) -> None:
        from aimusicverse.transport._sync.engine import Engine
        from aimusicverse.transport._sync.pool import open_pool

        settings = Settings(timeout=timeout, retries=max_retries)
        endpoint = _endpoint(api_key, base_url, allow_http=allow_http)
        http, is_ours = open_pool(endpoint.url, http_client, transport)
        self._engine: Engine = Engine(endpoint, http, settings=settings, owns_http=is_ours)

    def __repr__(self) -> str:
        return f"Client(base_url={self.base_url!r}, api_key=***)"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections. Clients made by `with_options` end with it; closing those does nothing."""
        self._engine.close()

    @property
    def base_url(self) -> str:
        """The server's address, without `/api/v1`."""
        return self._engine.endpoint.url

    @property
    def rate_limit(self) -> RateLimit | None:
        """What the last answer said about the allowance; None before it, or without a limit."""
        return rate_limit_of(self._engine.last_headers)

    def with_options(
        self,
        *,
        timeout: float | None = None,
        max_retries: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Self:
        """A client with other settings over the same connections. What is None stays; headers are added."""
        other = object.__new__(type(self))
        other._engine = self._engine.with_settings(
            _changed(self._engine.settings, timeout, max_retries, headers)
        )
        return other

    @cached_property
    def generation(self) -> Generations:
        """From a prompt to tracks."""
        from aimusicverse.resources._sync.generation import Generations

        return Generations(self._engine)

    @cached_property
    def tracks(self) -> Tracks:
        """Finished recordings."""
        from aimusicverse.resources._sync.tracks import Tracks

        return Tracks(self._engine)

    @cached_property
    def webhooks(self) -> Webhooks:
        """What happened."""
        from aimusicverse.resources._sync.webhooks import Webhooks

        return Webhooks(self._engine)

    def generate(
        self,
        prompt: str,
        *,
        timeout: float | None = None,
        progress: Callable[[Generation], None] | None = None,
        options: RequestOptions | None = None,
        **wishes: Unpack[Wishes],
    ) -> Generation:
        """`generation.create` and `generation.wait` in one: returns when the tracks are there.

        Args:
            prompt: what it should sound like.
            timeout: seconds for both together; None waits for as long as it takes.
            progress: called with the generation whenever it has moved on.
            options: for each of the calls; an idempotency key is for the first.
            **wishes: as of `generation.create`.

        Raises:
            JobFailedError: it failed or was cancelled.
            APITimeoutError: not final in the time allowed. The server goes on working.
        """
        began = monotonic()
        created = self.generation.create(
            prompt, **wishes, options=_within(options, timeout, self._engine.settings)
        )
        rest = None if timeout is None else max(0.001, began + timeout - monotonic())
        return self.generation.wait(created, timeout=rest, progress=progress, options=_for_polls(options))


class AsyncClient:
    """A connection to a server, for `async` code. It belongs to one event loop.

    Args:
        api_key: the key; else `AMV_API_KEY`, else that of the local server that runs.
        base_url: the server, without `/api/v1`; else `AMV_BASE_URL`, else the local server that runs.
        timeout: seconds for a whole call, all its tries included.
        max_retries: how often a call is tried again at most, where that is free of harm.
        http_client: an `httpx.AsyncClient` to use; it is not closed with this one.
        transport: an `httpx.AsyncBaseTransport` to use.
        allow_http: send the key in the clear to another machine, such as one in the same container network.

    Raises:
        ConfigurationError: no server is known, there is no key for it, or an argument cannot be one.
    """

    def __init__(
        self,
        api_key: str | Secret | None = None,
        base_url: str | None = None,
        *,
        timeout: float = 60.0,
        max_retries: int = 2,
        http_client: httpx.AsyncClient | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        allow_http: bool = False,
    ) -> None:
        from aimusicverse.transport._async.engine import AsyncEngine
        from aimusicverse.transport._async.pool import open_pool

        settings = Settings(timeout=timeout, retries=max_retries)
        endpoint = _endpoint(api_key, base_url, allow_http=allow_http)
        http, is_ours = open_pool(endpoint.url, http_client, transport)
        self._engine: AsyncEngine = AsyncEngine(endpoint, http, settings=settings, owns_http=is_ours)

    def __repr__(self) -> str:
        return f"AsyncClient(base_url={self.base_url!r}, api_key=***)"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections. Clients made by `with_options` end with it; closing those does nothing."""
        await self._engine.aclose()

    @property
    def base_url(self) -> str:
        """The server's address, without `/api/v1`."""
        return self._engine.endpoint.url

    @property
    def rate_limit(self) -> RateLimit | None:
        """What the last answer said about the allowance; None before it, or without a limit."""
        return rate_limit_of(self._engine.last_headers)

    def with_options(
        self,
        *,
        timeout: float | None = None,
        max_retries: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Self:
        """A client with other settings over the same connections. What is None stays; headers are added."""
        other = object.__new__(type(self))
        other._engine = self._engine.with_settings(
            _changed(self._engine.settings, timeout, max_retries, headers)
        )
        return other

    @cached_property
    def generation(self) -> AsyncGenerations:
        """From a prompt to tracks."""
        from aimusicverse.resources._async.generation import AsyncGenerations

        return AsyncGenerations(self._engine)

    @cached_property
    def tracks(self) -> AsyncTracks:
        """Finished recordings."""
        from aimusicverse.resources._async.tracks import AsyncTracks

        return AsyncTracks(self._engine)

    @cached_property
    def webhooks(self) -> AsyncWebhooks:
        """What happened."""
        from aimusicverse.resources._async.webhooks import AsyncWebhooks

        return AsyncWebhooks(self._engine)

    async def generate(
        self,
        prompt: str,
        *,
        timeout: float | None = None,
        progress: Callable[[Generation], None] | None = None,
        options: RequestOptions | None = None,
        **wishes: Unpack[Wishes],
    ) -> Generation:
        """`generation.create` and `generation.wait` in one: returns when the tracks are there.

        Args:
            prompt: what it should sound like.
            timeout: seconds for both together; None waits for as long as it takes.
            progress: called with the generation whenever it has moved on.
            options: for each of the calls; an idempotency key is for the first.
            **wishes: as of `generation.create`.

        Raises:
            JobFailedError: it failed or was cancelled.
            APITimeoutError: not final in the time allowed. The server goes on working.
        """
        began = monotonic()
        created = await self.generation.create(
            prompt, **wishes, options=_within(options, timeout, self._engine.settings)
        )
        rest = None if timeout is None else max(0.001, began + timeout - monotonic())
        return await self.generation.wait(
            created, timeout=rest, progress=progress, options=_for_polls(options)
        )


def _endpoint(api_key: str | Secret | None, base_url: str | None, *, allow_http: bool) -> Endpoint:
    endpoint = resolve(api_key, base_url)
    if endpoint.url.startswith("http:") and not is_loopback(endpoint.url) and not allow_http:
        raise ConfigurationError(
            f"{endpoint.url} has no TLS, so anyone on the way could read the key; "
            "use https, or pass allow_http=True where the network is your own"
        )
    return endpoint


def _changed(
    settings: Settings, timeout: float | None, retries: int | None, headers: Mapping[str, str] | None
) -> Settings:
    return Settings(
        timeout=settings.timeout if timeout is None else timeout,
        retries=settings.retries if retries is None else retries,
        headers={**settings.headers, **(headers or {})},
    )


def _within(
    options: RequestOptions | None, timeout: float | None, settings: Settings
) -> RequestOptions | None:
    """The options of the first call of `generate`, which has `timeout` for all of its calls."""
    if timeout is None:
        return options
    chosen = options or RequestOptions()
    seconds = settings.timeout if chosen.timeout is None else chosen.timeout
    return replace(chosen, timeout=min(seconds, timeout))


def _for_polls(options: RequestOptions | None) -> RequestOptions | None:
    return None if options is None else replace(options, idempotency_key=None)
