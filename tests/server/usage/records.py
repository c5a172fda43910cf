"""Records of requests, as the front makes them."""

from __future__ import annotations

from typing import Any, NamedTuple

from starlette.types import Scope

from aimusicverse.server.scope_keys import AGENT, HELD, LIMITED, PRINCIPAL
from aimusicverse.server.security.allowance import allowance_of
from aimusicverse.server.security.principal import Owner, Principal
from aimusicverse.server.usage.tally import Record

#: 2027-01-15 08:59:30 UTC, half a minute before a full hour.
AT = 1_800_003_570.0
SDK = b"aimusicverse/0.4.0 python/3.11.2"


def principal(owner: str = "usr_1", key: str = "key_1") -> Principal:
    values: dict[str, Any] = {
        "owner": Owner(owner),
        "key_id": key,
        "key_name": "x",
        "mode": "live",
        "scopes": frozenset(),
        "expires_at": None,
        "allowance": allowance_of("local", None, None),
    }
    return Principal(**values)


KNOWN = principal()


class Template(NamedTuple):
    """A route, as far as records go."""

    path: str


def at_once() -> float:
    """For a recorder whose records say in unix seconds when they came."""
    return 0.0


def record(
    *,
    at: float = AT,
    who: Principal | None = KNOWN,
    route: str = "/api/v1/tracks/{track_id}",
    method: str = "GET",
    status: int = 200,
    seconds: float = 0.003,
    size: int = 100,
    limited: str | None = None,
    held: float | None = None,
    agent: bytes = SDK,
) -> Record:
    return (at, who, Template(route), method, status, seconds, size, limited, held, agent)


def request(**what: Any) -> tuple[Scope, float, int, float, int]:
    """The same as what the front tells a recorder of it."""
    came, who, route, method, status, seconds, size, limited, held, agent = record(**what)
    scope = {"method": method, "route": route, PRINCIPAL: who, LIMITED: limited, HELD: held, AGENT: agent}
    return scope, came, status, seconds, size
