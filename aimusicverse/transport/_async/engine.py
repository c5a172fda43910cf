"""The one way out: sends a request until there is an answer, or no point in trying, or no time."""

from __future__ import annotations

import math
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Generic, NamedTuple, TypeVar

import httpx
from pydantic import TypeAdapter, ValidationError

from aimusicverse.credentials.address import PREFIX
from aimusicverse.credentials.sources import Endpoint
from aimusicverse.errors import AMVError, ConfigurationError
from aimusicverse.transport._async.body import AsyncBody
from aimusicverse.transport.bearer import Bearer
from aimusicverse.transport.deadline import Deadline, PhaseTimeouts
from aimusicverse.transport.failure import TRANSPORT_ERRORS, ExchangeLost, failure, out_of_time
from aimusicverse.transport.refusal import refusal
from aimusicverse.transport.request import Request
from aimusicverse.transport.retry import Outcome, RetryPolicy
from aimusicverse.transport.seam_async import AsyncHome, AsyncTimeLimit, async_sleep
from aimusicverse.transport.settings import COMMON_HEADERS, Settings

T = TypeVar("T")
#: What turns a body into a result, as often as it is tried.
Receiver = Callable[[AsyncBody], Awaitable[T]]


class Try(NamedTuple, Generic[T]):
    """How one try ended: a value or an error, and what the policy needs to know of it."""

    outcome: Outcome
    value: T | None = None
    error: AMVError | None = None


class AsyncEngine:
    """Sends requests to one server with one key, over one pool of connections."""

    def __init__(
        self, endpoint: Endpoint, http: httpx.AsyncClient, *, settings: Settings, owns_http: bool
    ) -> None:
        self.endpoint = endpoint
        self.settings = settings
        self._http = http
        self._owns_http = owns_http
        self._base = endpoint.url + PREFIX
        self._auth = Bearer(endpoint.api_key)
        # Only what the httpx client would not send by itself: merging headers is a tenth of a call.
        common = {**COMMON_HEADERS, **settings.headers}
        self._headers = {name: value for name, value in common.items() if http.headers.get(name) != value}
        self._home = AsyncHome()
        #: Of the last answer; shared with the engines made by `with_settings`.
        self._seen: list[Mapping[str, str]] = []

    def __repr__(self) -> str:
        return f"AsyncEngine({self.endpoint.url!r})"

    @property
    def last_headers(self) -> Mapping[str, str]:
        """The headers of the last answer; empty before the first."""
        return self._seen[0] if self._seen else {}

    def with_settings(self, settings: Settings) -> AsyncEngine:
        """An engine with other settings over the same connections, which it does not close."""
        engine = AsyncEngine(self.endpoint, self._http, settings=settings, owns_http=False)
        engine._home = self._home
        engine._seen = self._seen
        return engine

    async def aclose(self) -> None:
        """Close the connections, if they are this engine's own."""
        if self._owns_http:
            await self._http.aclose()

    async def fetch(
        self, request: Request, adapter: TypeAdapter[T], *, timeout: float | None, retries: int | None
    ) -> T:
        """Send a request whose answer is JSON of a known shape."""

        async def decode(body: AsyncBody) -> T:
            content = await body.read()
            try:
                return adapter.validate_json(content)
            except ValidationError as wrong:
                where = f"{wrong.error_count()} fields differ" if content else "it is empty"
            raise body.reject(f"the answer was not what was expected ({where})")

        return await self.send(request, decode, timeout=timeout, retries=retries)

    async def send(
        self,
        request: Request,
        receive: Receiver[T],
        *,
        timeout: float | None,
        retries: int | None,
        silence: float = math.inf,
    ) -> T:
        """Send a request until there is an answer, or no point in trying, or no time.

        Args:
            request: what to send, each time the same.
            receive: reads a good answer; called once per try.
            timeout: seconds for everything together; None is the client's.
            retries: further tries at most; None is the client's.
            silence: seconds without a byte after which a try is lost.

        Raises:
            APIStatusError: the server said no.
            APIConnectionError: no answer, or none that could be understood.
            APITimeoutError: no answer in time.
            ConfigurationError: the client is closed, or belongs to another event loop.
        """
        self._home.check()
        if self._http.is_closed:
            raise ConfigurationError("this client is closed")
        deadline = Deadline(self.settings.timeout if timeout is None else timeout, silence=silence)
        policy = RetryPolicy(retries=self.settings.retries if retries is None else retries)
        last = await self._try(request, receive, deadline)
        if last.error is not None and _delay(policy, 1, last, deadline) is not None:
            last = await self._try_again(last, request, receive, policy, deadline)
        if last.error is not None:
            raise last.error
        return last.value  # type: ignore[return-value]

    async def _try_again(
        self, first: Try[T], request: Request, receive: Receiver[T], policy: RetryPolicy, deadline: Deadline
    ) -> Try[T]:
        """Further tries. tenacity drives them; what has happened is handed to it as its first one."""
        import tenacity  # not before it is needed: most calls succeed at once

        before = [first]
        delays = [0.0]

        async def attempt() -> Try[T]:
            return before.pop() if before else await self._try(request, receive, deadline)

        def is_worth_it(state: tenacity.RetryCallState) -> bool:
            if state.outcome is None or state.outcome.failed:
                return False
            delay = _delay(policy, state.attempt_number, state.outcome.result(), deadline)
            delays[0] = delay or 0.0
            return delay is not None

        retrying = tenacity.AsyncRetrying(
            retry=is_worth_it, wait=lambda state: delays[0], sleep=async_sleep, reraise=True
        )
        return await retrying(attempt)

    async def _try(self, request: Request, receive: Receiver[T], deadline: Deadline) -> Try[T]:
        limit = AsyncTimeLimit(deadline)
        try:
            async with limit:
                return await self._exchange(request, receive, deadline)
        except TimeoutError:
            if not limit.expired():
                raise
        return Try(Outcome(None), error=out_of_time(str(request), deadline.seconds))

    async def _exchange(self, request: Request, receive: Receiver[T], deadline: Deadline) -> Try[T]:
        """One exchange. Errors are returned: raised here, they would carry httpx's, and the key."""
        try:
            response = await self._http.send(
                self._outgoing(request, deadline), stream=True, auth=self._auth, follow_redirects=False
            )
        except TRANSPORT_ERRORS as problem:
            return Try(Outcome(None, repeatable=request.repeatable), error=failure(problem, str(request)))
        self._seen[:] = [response.headers]
        body = AsyncBody(response, deadline, str(request))
        try:
            if response.is_success:
                return Try(Outcome(response.status_code), value=await receive(body))
            return await self._refused(request, response, body)
        except ExchangeLost as lost:
            return Try(Outcome(None, repeatable=request.repeatable and lost.repeatable), error=lost.error)
        finally:
            await response.aclose()

    async def _refused(self, request: Request, response: httpx.Response, body: AsyncBody) -> Try[T]:
        try:
            content = await body.read()
        except ExchangeLost:
            content = b""  # the status says enough
        status, headers = response.status_code, response.headers
        error = refusal(status, headers, content, key=self.endpoint.api_key)
        outcome = Outcome(status, error.code, headers.get("retry-after"), request.repeatable)
        return Try(outcome, error=error)

    def _outgoing(self, request: Request, deadline: Deadline) -> httpx.Request:
        return self._http.build_request(
            request.method,
            self._base + request.target,
            headers={**self._headers, **request.headers} or None,
            content=request.body,
            extensions={"timeout": PhaseTimeouts(deadline)},
        )


def _delay(policy: RetryPolicy, attempt: int, last: Try[T], deadline: Deadline) -> float | None:
    if last.error is None:
        return None
    return policy.delay(attempt, last.outcome, deadline.left(), now=time.time())
