"""What a client is set to: immutable, so that threads may share it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from platform import python_version
from types import MappingProxyType

from aimusicverse._version import __version__
from aimusicverse.transport.options import check_header, check_retries, check_timeout

#: Sent with every request, unless something else is said.
COMMON_HEADERS = {
    "accept": "application/json",
    "user-agent": f"aimusicverse/{__version__} python/{python_version()}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Settings of a client. `timeout` is in seconds, for a whole call with all its tries."""

    timeout: float = 60.0
    retries: int = 2
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        check_timeout(self.timeout)
        check_retries(self.retries)
        for name, value in self.headers.items():
            check_header(name, value)
        lowered = {name.lower(): value for name, value in self.headers.items()}
        object.__setattr__(self, "headers", MappingProxyType(lowered))
