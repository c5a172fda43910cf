"""What is remembered of a request: read off its ASGI scope when it has ended."""

from __future__ import annotations

from starlette.types import Scope

from aimusicverse.server.call import HELD, PRINCIPAL
from aimusicverse.server.door.door import AGENT
from aimusicverse.server.usage.tally import Record

#: Where the limiter says which limit refused a request: `hour`, `day`.
LIMITED = "amv.limited"


def record_of(scope: Scope, came: float, status: int, seconds: float, sent: int) -> Record:
    """A request's record. It is made once per request, so it does as little as it can.

    What is read here was in use just now. What is made here, and kept, is cold by the time that it is read:
    so as little as possible is made.

    Args:
        scope: of the request.
        came: when it came, by `time.perf_counter`.
        status: of its answer; 0 for none.
        seconds: since it came.
        sent: bytes of the answer's body.
    """
    get = scope.get
    return (
        came, get(PRINCIPAL), get("route"), scope["method"], status, seconds, sent,
        get(LIMITED), get(HELD), get(AGENT, b""),
    )  # fmt: skip
