"""Every exception this package raises on purpose.

    AMVError
    ├── ConfigurationError            a setting, address or key is missing or cannot be one
    ├── APIConnectionError            no answer arrived
    │   └── APITimeoutError           …in the time allowed
    ├── APIStatusError                an answer arrived and says no
    │   ├── AuthenticationError       401
    │   ├── PermissionDeniedError     403
    │   ├── NotFoundError             404
    │   ├── ConflictError             409
    │   ├── PreconditionFailedError   412
    │   ├── UnprocessableEntityError  422 and other invalid requests (400, 413, 414, 415, 431)
    │   ├── RateLimitError            429
    │   └── InternalServerError       5xx
    ├── JobFailedError                a generation ended `failed` or `cancelled`
    └── WebhookVerificationError      a webhook that is not to be trusted

All of them pickle, and none of them ever holds a key, token or secret.
"""

from __future__ import annotations

TYPE_CHECKING = False  # without `typing`, for whoever imports little else
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from aimusicverse.types.problem import Problem


class AMVError(Exception):
    """The root of all errors of this package."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    def __reduce__(self) -> tuple[Any, ...]:
        # Exception's own way calls the class with `args` alone, which loses keyword arguments.
        return _rebuild, (type(self), self.args, self.__dict__)


def _rebuild(cls: type[AMVError], args: tuple[Any, ...], state: dict[str, Any]) -> AMVError:
    error = cls.__new__(cls)
    error.args = args
    error.__dict__.update(state)
    return error


class ConfigurationError(AMVError):
    """A setting, address or key is missing, or cannot be one. Nothing was sent."""


class APIConnectionError(AMVError):
    """No answer arrived: refused, cut, unresolvable, or not HTTP."""


class APITimeoutError(APIConnectionError):
    """No answer, or no final state, within the time allowed."""


class APIStatusError(AMVError):
    """An answer arrived and says no.

    Attributes:
        status: the HTTP status.
        code: the problem's stable code; `http_<status>` when the answer was no problem of ours.
        request_id: what to tell whoever runs the server.
        problem: the whole problem (RFC 9457), when there was one.
        headers: the answer's headers, names in lower case.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int,
        code: str,
        request_id: str | None = None,
        problem: Problem | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.request_id = request_id
        self.problem = problem
        self.headers: dict[str, str] = dict(headers or {})


class AuthenticationError(APIStatusError):
    """401: no key, or one that is wrong, revoked or expired."""


class PermissionDeniedError(APIStatusError):
    """403: the key lacks a scope, or is suspended."""


class NotFoundError(APIStatusError):
    """404: no such thing, or not yours."""


class ConflictError(APIStatusError):
    """409: not in this state, or already being done."""


class PreconditionFailedError(APIStatusError):
    """412: somebody else changed it meanwhile."""


class UnprocessableEntityError(APIStatusError):
    """422, 400, 413, 414, 415, 431: the request itself is wrong; `problem.errors` says where."""


class RateLimitError(APIStatusError):
    """429: too many calls; `retry_after` says when to come back."""

    @property
    def retry_after(self) -> float | None:
        """Seconds, where the server gave them as a number."""
        try:
            seconds = float(self.headers["retry-after"])
        except (KeyError, ValueError):
            return None
        return seconds if 0 <= seconds < float("inf") else None


class InternalServerError(APIStatusError):
    """5xx: the server failed; the request may be tried again."""


class JobFailedError(AMVError):
    """Work that ended without a result. `object` is the generation as it is now."""

    def __init__(self, message: str, *, object: Any = None) -> None:
        super().__init__(message)
        self.object = object


class WebhookVerificationError(AMVError):
    """A webhook that is not to be trusted. `reason` is stable."""

    def __init__(self, message: str, *, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


_BY_STATUS: dict[int, type[APIStatusError]] = {
    400: UnprocessableEntityError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    412: PreconditionFailedError,
    413: UnprocessableEntityError,
    414: UnprocessableEntityError,
    415: UnprocessableEntityError,
    422: UnprocessableEntityError,
    429: RateLimitError,
    431: UnprocessableEntityError,
}


def error_class_for(status: int) -> type[APIStatusError]:
    """The exception for an HTTP status of 400 or more."""
    if status >= 500:
        return InternalServerError
    return _BY_STATUS.get(status, APIStatusError)
