"""What a caller may say about a single call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from aimusicverse.errors import ConfigurationError

#: A key does not travel in here, where nothing would hide it.
_REFUSED_HEADERS = frozenset({"authorization", "x-api-key"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestOptions:
    """Options of one call; what is None is as the client has it.

    Attributes:
        timeout: seconds for the whole call, all tries and the pauses between them included.
        retries: how often to try again at most; 0 is once only.
        idempotency_key: what makes the server see two calls as the same one; POST gets one by itself.
        headers: further headers to send.

    Raises:
        ConfigurationError: a value that cannot be one.
    """

    timeout: float | None = None
    retries: int | None = None
    idempotency_key: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        if self.timeout is not None:
            check_timeout(self.timeout)
        if self.retries is not None:
            check_retries(self.retries)
        if self.idempotency_key is not None:
            check_header("Idempotency-Key", self.idempotency_key)
        for name, value in self.headers.items():
            check_header(name, value)


def check_timeout(seconds: object) -> None:
    """Refuse what is no time to wait. `float("inf")` is one."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not seconds > 0:
        raise ConfigurationError(f"a timeout is seconds above 0, not {seconds!r}")


def check_retries(retries: object) -> None:
    """Refuse what is no count of retries."""
    if isinstance(retries, bool) or not isinstance(retries, int) or retries < 0:
        raise ConfigurationError(f"retries is 0 or more, not {retries!r}")


def check_header(name: object, value: object) -> None:
    """Refuse what cannot be a header. The message never repeats the value."""
    if (
        not isinstance(name, str)
        or not name.isascii()
        or not name.replace("-", "").replace("_", "").isalnum()
    ):
        raise ConfigurationError(f"{name!r} is no name of a header")
    if name.lower() in _REFUSED_HEADERS:
        raise ConfigurationError(f"{name} is set by the client: pass the key as api_key")
    if not isinstance(value, str) or not value or not value.isascii() or not value.isprintable():
        raise ConfigurationError(f"the value of header {name} is not printable ASCII text")
