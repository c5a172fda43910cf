"""What a client is set to: immutable, so that threads may share it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from aimusicverse._version import __version__
from aimusicverse.transport.options import check_header, check_retries, check_timeout

if TYPE_CHECKING:
    from aimusicverse.transport.hooks import OnRequest, OnResponse

#: Sent with every request, unless something else is said.
COMMON_HEADERS = {
    "accept": "application/json",
    "user-agent": f"aimusicverse/{__version__} python/{'.'.join(map(str, sys.version_info[:3]))}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Settings of a client. `timeout` is in seconds, for a whole call with all its tries."""

    timeout: float = 60.0
    retries: int = 2
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    #: Whether a call waits for the allowance to have room for it, instead of being refused.
    wait_for_limit: bool = False
    on_request: OnRequest | None = None
    on_response: OnResponse | None = None

    def __post_init__(self) -> None:
        check_timeout(self.timeout)
        check_retries(self.retries)
        for name, value in self.headers.items():
            check_header(name, value)
        lowered = {name.lower(): value for name, value in self.headers.items()}
        object.__setattr__(self, "headers", MappingProxyType(lowered))
