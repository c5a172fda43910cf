"""`Client` and `AsyncClient`: the same in both worlds."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING, Literal, ParamSpec, Self, TypeVar, Unpack

from aimusicverse.credentials.sources import require_privacy, resolve
from aimusicverse.errors import ConfigurationError
from aimusicverse.resources._async.table import AsyncResourceTable
from aimusicverse.resources._sync.table import ResourceTable
from aimusicverse.secret import Secret
from aimusicverse.transport.options import RequestOptions
from aimusicverse.transport.rate_limit import RateLimit, rate_limit_of
from aimusicverse.transport.raw import RawResponse, Record, recording
from aimusicverse.transport.settings import Settings

if TYPE_CHECKING:
    import ssl

    import httpx

    from aimusicverse.resources.composition import Wishes
    from aimusicverse.transport._async.engine import AsyncEngine
    from aimusicverse.transport._sync.engine import Engine
    from aimusicverse.transport.hooks import OnRequest, OnResponse
    from aimusicverse.types import Generation

__all__ = ["AsyncClient", "Client", "RateLimit", "RawResponse"]

P = ParamSpec("P")
T = TypeVar("T")


class Client(ResourceTable):
    """A connection to a server. Threads may share it.

    Args:
        api_key: the key; else `AMV_API_KEY`, else that of the local server that runs.
        base_url: the server, without `/api/v1`; else `AMV_BASE_URL`, else the local server that runs.
        timeout: seconds for a whole call, all its tries included; 60 unless said otherwise.
        max_retries: how often a call is tried again at most, where that is free of harm; 2 unless said
            otherwise.
        options: timeout, retries and headers for all calls, as one object; the arguments above win over it.
        http_client: an `httpx.Client` to use; it is not closed with this one. Over a network that is not
            ours a deadline ends each wait, but not an answer that goes on trickling in; and after a fork
            its connections are still the parent's.
        transport: an `httpx.BaseTransport` to use; the same holds for it.
        proxy: the address of a proxy; else what the environment names. None stands before this machine.
        verify: whom to trust, as an `ssl.SSLContext` or the path of a file with authorities.
        limits: how many connections there may be; 100 unless said otherwise.
        allow_http: send the key in the clear to another machine, such as one in the same container network;
            else `AMV_ALLOW_HTTP=1` says so.
        wait_for_limit: where the allowance is used up, wait until it has room again, within the deadline,
            instead of being refused.
        on_request: called before each try with what goes out. What it raises ends the call.
        on_response: called after each try with how it ended. What it raises ends the call.

    Raises:
        ConfigurationError: no server is known, there is no key for it, or an argument cannot be one.
    """

    def __init__(
        self,
        api_key: str | Secret | None = None,
        base_url: str | None = None,
        *,
        timeout: float | None = None,
        max_retries: int | None = None,
        options: RequestOptions | None = None,
        http_client: httpx.Client | None = None,
        transport: httpx.BaseTransport | None = None,
        proxy: str | None = None,
        verify: ssl.SSLContext | str | None = None,
        limits: httpx.Limits | None = None,
        allow_http: bool | None = None,
        wait_for_limit: bool = False,
        on_request: OnRequest | None = None,
        on_response: OnResponse | None = None,
    ) -> None:
        api_key = None if api_key is None else Secret(api_key)  # some tracebacks show arguments
        from aimusicverse.transport._sync.engine import Engine
        from aimusicverse.transport._sync.pool import open_pool
        from aimusicverse.transport.connections import Connections

        usual = Settings(wait_for_limit=wait_for_limit, on_request=on_request, on_response=on_response)
        settings = _changed(usual, options, timeout, max_retries, None)
        endpoint = resolve(api_key, base_url)
        require_privacy(endpoint, allow_http=allow_http)
        pool = open_pool(endpoint.url, http_client, transport, Connections(proxy, verify, limits))
        self._engine: Engine = Engine(endpoint, pool, settings=settings, owns_pool=True)

    def __repr__(self) -> str:
        return _shown(self)

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
        options: RequestOptions | None = None,
    ) -> Self:
        """A client with other settings over the same connections. What is None stays; headers are added."""
        other = object.__new__(type(self))
        other._engine = self._engine.with_settings(
            _changed(self._engine.settings, options, timeout, max_retries, headers)
        )
        return other

    def raw(self, method: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> RawResponse[T]:
        """Call a method of this client, and get the answer's status and headers with its result.

            answer = client.raw(client.tracks.get, "trk_…")
            answer.status, answer.request_id, answer.parsed.title

        Args:
            method: any that asks the server; of a list, its `page`.
            *args: for the method.
            **kwargs: for the method.
        """
        record = Record()
        token = recording.set(record)
        try:
            parsed = method(*args, **kwargs)
        finally:
            recording.reset(token)
        return record.response(parsed)

    def generate(
        self,
        prompt: str | None = None,
        *,
        timeout: float | None = None,
        progress: Callable[[Generation], None] | None = None,
        options: RequestOptions | None = None,
        **wishes: Unpack[Wishes],
    ) -> Generation:
        """`generation.create` and `generation.wait` in one: returns when the tracks are there.

        Args:
            prompt: what it should sound like; may be left out with `extend`.
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


class AsyncClient(AsyncResourceTable):
    """A connection to a server, for `async` code. It belongs to one event loop.

    Args:
        api_key: the key; else `AMV_API_KEY`, else that of the local server that runs.
        base_url: the server, without `/api/v1`; else `AMV_BASE_URL`, else the local server that runs.
        timeout: seconds for a whole call, all its tries included; 60 unless said otherwise.
        max_retries: how often a call is tried again at most, where that is free of harm; 2 unless said
            otherwise.
        options: timeout, retries and headers for all calls, as one object; the arguments above win over it.
        http_client: an `httpx.AsyncClient` to use; it is not closed with this one. After a fork its
            connections are still the parent's.
        transport: an `httpx.AsyncBaseTransport` to use; or `"aiohttp"` (the extra of that name), which takes
            many calls at once for a fraction of the CPU.
        proxy: the address of a proxy; else what the environment names. None stands before this machine.
        verify: whom to trust, as an `ssl.SSLContext` or the path of a file with authorities.
        limits: how many connections there may be; 100 unless said otherwise.
        allow_http: send the key in the clear to another machine, such as one in the same container network;
            else `AMV_ALLOW_HTTP=1` says so.
        wait_for_limit: where the allowance is used up, wait until it has room again, within the deadline,
            instead of being refused.
        on_request: called before each try with what goes out. What it raises ends the call.
        on_response: called after each try with how it ended. What it raises ends the call.

    Raises:
        ConfigurationError: no server is known, there is no key for it, or an argument cannot be one.
    """

    def __init__(
        self,
        api_key: str | Secret | None = None,
        base_url: str | None = None,
        *,
        timeout: float | None = None,
        max_retries: int | None = None,
        options: RequestOptions | None = None,
        http_client: httpx.AsyncClient | None = None,
        transport: httpx.AsyncBaseTransport | Literal["aiohttp"] | None = None,
        proxy: str | None = None,
        verify: ssl.SSLContext | str | None = None,
        limits: httpx.Limits | None = None,
        allow_http: bool | None = None,
        wait_for_limit: bool = False,
        on_request: OnRequest | None = None,
        on_response: OnResponse | None = None,
    ) -> None:
        api_key = None if api_key is None else Secret(api_key)  # some tracebacks show arguments
        from aimusicverse.transport._async.engine import AsyncEngine
        from aimusicverse.transport._async.pool import open_pool
        from aimusicverse.transport.connections import Connections

        usual = Settings(wait_for_limit=wait_for_limit, on_request=on_request, on_response=on_response)
        settings = _changed(usual, options, timeout, max_retries, None)
        endpoint = resolve(api_key, base_url)
        require_privacy(endpoint, allow_http=allow_http)
        pool = open_pool(endpoint.url, http_client, transport, Connections(proxy, verify, limits))
        self._engine: AsyncEngine = AsyncEngine(endpoint, pool, settings=settings, owns_pool=True)

    def __repr__(self) -> str:
        return _shown(self)

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
        options: RequestOptions | None = None,
    ) -> Self:
        """A client with other settings over the same connections. What is None stays; headers are added."""
        other = object.__new__(type(self))
        other._engine = self._engine.with_settings(
            _changed(self._engine.settings, options, timeout, max_retries, headers)
        )
        return other

    async def raw(
        self, method: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs
    ) -> RawResponse[T]:
        """Call a method of this client, and get the answer's status and headers with its result.

            answer = await client.raw(client.tracks.get, "trk_…")
            answer.status, answer.request_id, answer.parsed.title

        Args:
            method: any that asks the server; of a list, its `page`.
            *args: for the method.
            **kwargs: for the method.
        """
        record = Record()
        token = recording.set(record)
        try:
            parsed = await method(*args, **kwargs)
        finally:
            recording.reset(token)
        return record.response(parsed)

    async def generate(
        self,
        prompt: str | None = None,
        *,
        timeout: float | None = None,
        progress: Callable[[Generation], None] | None = None,
        options: RequestOptions | None = None,
        **wishes: Unpack[Wishes],
    ) -> Generation:
        """`generation.create` and `generation.wait` in one: returns when the tracks are there.

        Args:
            prompt: what it should sound like; may be left out with `extend`.
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


def _shown(client: Client | AsyncClient) -> str:
    # It may be half made: a traceback that shows local variables asks then, too.
    address = repr(client.base_url) if hasattr(client, "_engine") else "?"
    return f"{type(client).__name__}(base_url={address}, api_key=***)"


def _changed(
    settings: Settings,
    options: RequestOptions | None,
    timeout: float | None,
    retries: int | None,
    headers: Mapping[str, str] | None,
) -> Settings:
    chosen = options or RequestOptions()
    if chosen.idempotency_key is not None:
        raise ConfigurationError("an idempotency_key is for one call: pass it to that call")
    seconds = chosen.timeout if timeout is None else timeout
    tries = chosen.retries if retries is None else retries
    return replace(
        settings,
        timeout=settings.timeout if seconds is None else seconds,
        retries=settings.retries if tries is None else tries,
        headers={**settings.headers, **_lowered(chosen.headers), **_lowered(headers or {})},
    )


def _lowered(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


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
