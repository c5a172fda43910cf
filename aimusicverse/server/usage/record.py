"""What is remembered of a request: read off its ASGI scope when it has ended."""

from __future__ import annotations

from starlette.types import Scope

from aimusicverse.server.call import CALL, PRINCIPAL
from aimusicverse.server.usage.tally import Record

#: Where the limiter says which limit refused a request: `hour`, `day`.
LIMITED = "amv.limited"


def record_of(scope: Scope, at: float, status: int, seconds: float, sent: int) -> Record:
    """A request's record. It is made once per request, so it does as little as it can.

    The path is not in it, only the template of its route: a path may hold anything, a key by mistake too.

    Args:
        scope: of the request.
        at: when it ended, server time (unix seconds).
        status: of its answer; 0 for none.
        seconds: since it came.
        sent: bytes of the answer's body.
    """
    get = scope.get
    if (call := get(CALL)) is not None:
        seconds -= call.held
    route, agent = get("route"), b""
    for name, value in scope["headers"]:
        if name == b"user-agent":
            agent = value
            break
    template = getattr(route, "path", "")
    return (at, get(PRINCIPAL), template, scope["method"], status, seconds, sent, get(LIMITED), agent)
