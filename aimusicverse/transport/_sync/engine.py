# Generated from aimusicverse/transport/_async/engine.py by scripts/unasync.py: edit there.
"""The one way out: sends a request until there is an answer, or no point in trying, or no time."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from aimusicverse.credentials.sources import Endpoint
from aimusicverse.errors import AMVError
from aimusicverse.transport._sync.body import Body
from aimusicverse.transport._sync.pool import Pool
from aimusicverse.transport._sync.sending import Sending
from aimusicverse.transport.bearer import Bearer
from aimusicverse.transport.deadline import Deadline, PhaseTimeouts
from aimusicverse.transport.failure import TRANSPORT_ERRORS, ExchangeLost, failure, out_of_time
from aimusicverse.transport.lean_httpx import httpx
from aimusicverse.transport.refusal import refusal
from aimusicverse.transport.request import Request
from aimusicverse.transport.retry import Outcome, RetryPolicy
from aimusicverse.transport.seam_sync import Home, TimeLimit, sleep
from aimusicverse.transport.seen import Seen
from aimusicverse.transport.settings import COMMON_HEADERS, Settings
from aimusicverse.transport.watch import Watch, is_watched

if TYPE_CHECKING:
    from pydantic import TypeAdapter

T = TypeVar("T")
#: What turns a body into a result, as often as it is tried.
Receiver = Callable[[Body], T]
#: Headers of the next try that depend on how the last one ended.
Further = Callable[[], Mapping[str, str]]


class Try(NamedTuple, Generic[T]):
    """How one try ended: a value or an error, and what the policy needs to know of it."""

    outcome: Outcome
    value: T | None = None
    error: AMVError | None = None


class Call(NamedTuple, Generic[T]):
    """What stays the same over all tries."""

    request: Request
    receive: Receiver[T]
    further: Further | None
    deadline: Deadline
    policy: RetryPolicy


class Engine:
    """Sends requests to one server with one key, over one pool of connections."""

    def __init__(self, endpoint: Endpoint, pool: Pool, *, settings: Settings, owns_pool: bool) -> None:
        self.endpoint = endpoint
        self.settings = settings
        self._pool = pool
        self._owns_pool = owns_pool
        self._auth = Bearer(endpoint.api_key)
        self._headers = pool.missing({**COMMON_HEADERS, **settings.headers})
        self._home = Home()
        self._seen = Seen()

    def __repr__(self) -> str:
        return f"Engine({self.endpoint.url!r})"

    @property
    def last_headers(self) -> Mapping[str, str]:
        """The headers of the last answer; empty before the first."""
        return self._seen.headers

    def with_settings(self, settings: Settings) -> Engine:
        """An engine with other settings over the same connections, which it does not close."""
        engine = Engine(self.endpoint, self._pool, settings=settings, owns_pool=False)
        engine._home = self._home
        engine._seen = self._seen
        return engine

    def close(self) -> None:
        """Close the connections, if they are this engine's own.

        Raises:
            ConfigurationError: in another event loop than the one they belong to.
        """
        if self._owns_pool:
            self._home.check()
            self._pool.close()

    def fetch(
        self, request: Request, adapter: TypeAdapter[T], *, timeout: float | None, retries: int | None
    ) -> T:
        """Send a request whose answer is JSON of a known shape."""

        def decode(body: Body) -> T:
            content = body.read()
            try:
                return adapter.validate_json(content)
            except ValueError as wrong:  # pydantic's ValidationError, which repeats what was sent
                where = f"{getattr(wrong, 'error_count', int)()} fields differ" if content else "it is empty"
            raise body.reject(f"the answer was not what was expected ({where})")

        return self.send(request, decode, timeout=timeout, retries=retries)

    def send(
        self,
        request: Request,
        receive: Receiver[T],
        *,
        timeout: float | None,
        retries: int | None,
        silence: float = math.inf,
        further: Further | None = None,
    ) -> T:
        """Send a request until there is an answer, or no point in trying, or no time.

        Args:
            request: what to send, each time the same.
            receive: reads a good answer; called once per try.
            timeout: seconds for everything together; None is the client's.
            retries: further tries at most; None is the client's.
            silence: seconds without a byte after which a try is lost.
            further: asked before each try for headers to add, such as where to go on.

        Raises:
            APIStatusError: the server said no.
            APIConnectionError: no answer, or none that could be understood.
            APITimeoutError: no answer in time.
            ConfigurationError: the client is closed, or belongs to another event loop.
        """
        self._home.check()
        self._pool.check()
        deadline = Deadline(self.settings.timeout if timeout is None else timeout, silence=silence)
        policy = RetryPolicy(retries=self.settings.retries if retries is None else retries)
        call = Call(request, receive, further, deadline, policy)
        if self.settings.wait_for_limit:
            self._wait_for_room(deadline)
        last = self._try(call, 1)
        if last.error is not None and _delay(call, 1, last) is not None:
            last = self._try_again(call, last)
        if last.error is not None:
            raise last.error
        return last.value  # type: ignore[return-value]

    def _wait_for_room(self, deadline: Deadline) -> None:
        allowance = self._seen.allowance
        wait = allowance.take(deadline.left())
        if wait:
            try:
                sleep(wait)
            finally:
                allowance.arrived()

    def _try_again(self, call: Call[T], first: Try[T]) -> Try[T]:
        """Further tries. tenacity drives them; what has happened is handed to it as its first one."""
        import tenacity  # not before it is needed: most calls succeed at once

        before = [first]
        delays = [0.0]
        attempts = [1]

        def attempt() -> Try[T]:
            if before:
                return before.pop()
            attempts[0] += 1
            return self._try(call, attempts[0])

        def is_worth_it(state: tenacity.RetryCallState) -> bool:
            if state.outcome is None or state.outcome.failed:
                return False
            delay = _delay(call, state.attempt_number, state.outcome.result())
            delays[0] = delay or 0.0
            return delay is not None

        retrying = tenacity.Retrying(
            retry=is_worth_it, wait=lambda state: delays[0], sleep=sleep, reraise=True
        )
        return retrying(attempt)

    def _try(self, call: Call[T], attempt: int) -> Try[T]:
        if not is_watched(self.settings):
            return self._limited(call, None)
        watch = Watch(call.request, self.endpoint.url + call.request.prefix, attempt, self.settings)
        try:
            done = self._limited(call, watch)
        except BaseException as error:
            watch.ended(error)
            raise
        watch.ended(done.error)
        return done

    def _limited(self, call: Call[T], watch: Watch | None) -> Try[T]:
        limit = TimeLimit(call.deadline)
        try:
            with limit:
                return self._exchange(call, watch)
        except TimeoutError:
            if not limit.expired():
                raise
        return Try(Outcome(None), error=out_of_time(str(call.request), call.deadline.seconds))

    def _exchange(self, call: Call[T], watch: Watch | None) -> Try[T]:
        """One exchange. Errors are returned: raised here, they would carry httpx's, and the key."""
        request = call.request
        response = self._head(call, watch)
        if isinstance(response, AMVError):
            return Try(Outcome(None, repeatable=request.repeatable), error=response)
        body = Body(response, call.deadline, str(request))
        try:
            self._seen.note(
                request, response.status_code, response.headers, limits=self.settings.wait_for_limit
            )
            if watch is not None:
                watch.answered(response.status_code, response.headers)
            if response.is_success:
                return Try(Outcome(response.status_code), value=call.receive(body))
            return self._refused(request, response, body)
        except ExchangeLost as lost:
            return Try(Outcome(None, repeatable=request.repeatable and lost.repeatable), error=lost.error)
        finally:
            response.close()

    def _head(self, call: Call[T], watch: Watch | None) -> httpx.Response | AMVError:
        """Send; the answer, of which only the head is read, or why there is none."""
        request = call.request
        body = request.body
        sending = None if body is None or isinstance(body, bytes) else Sending(body)
        url = self.endpoint.url + request.prefix + request.target
        headers = self._headers_of(call, watch)
        timeouts = PhaseTimeouts(call.deadline)
        outgoing = self._pool.build(request.method, url, headers, sending or body, timeouts)
        trouble: BaseException
        try:
            return self._pool.send(outgoing, self._auth)
        except TRANSPORT_ERRORS as problem:
            error = failure(problem, str(request))
            if sending is None or sending.trouble is None:
                return error
            trouble = sending.trouble
        except BaseException as interrupted:
            # Further down are frames that hold the headers, and with them the key.
            interrupted.__context__ = interrupted.__cause__ = None
            trouble = interrupted.with_traceback(None)
            if sending is not None and sending.trouble is not None:
                trouble = sending.trouble
        raise trouble

    def _headers_of(self, call: Call[T], watch: Watch | None) -> Mapping[str, str]:
        headers = {**self._headers, **call.request.headers}
        if call.further is not None:
            headers.update(call.further())
        if watch is not None:
            headers.update(watch.headers)
        return headers

    def _refused(self, request: Request, response: httpx.Response, body: Body) -> Try[Any]:
        try:
            content = body.read()
        except ExchangeLost:
            content = b""  # the status says enough
        status, headers = response.status_code, response.headers
        error = refusal(status, headers, content, key=self.endpoint.api_key)
        outcome = Outcome(status, error.code, headers.get("retry-after"), request.repeatable)
        return Try(outcome, error=error)


def _delay(call: Call[Any], attempt: int, last: Try[Any]) -> float | None:
    if last.error is None:
        return None
    return call.policy.delay(attempt, last.outcome, call.deadline.left(), now=time.time())
