"""`/control/*` of the sandbox: what its stores have, and what they are told to do. For tests.

Nobody is asked who he is here: whoever mounts it sees to that.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from aimusicverse.sandbox.orders import Order, Orders
from aimusicverse.sandbox.releases import SandboxRelease

Store = Literal["soundcloud", "youtube_music", "spotify", "ddex", "ddex_43", "apple_music"]
_MOST_BYTES: Final = 200_000


class OrderBody(BaseModel):
    """An order as it is sent: see `orders.Order`."""

    model_config = ConfigDict(extra="forbid", strict=True)

    store: Store
    what: Literal["reject", "delay", "fault", "silence"]
    times: int = Field(default=1, ge=1, le=100_000)
    seconds: float = Field(default=0.0, ge=0, le=10 * 366 * 86_400, allow_inf_nan=False)
    status: int = Field(default=503, ge=0, le=599)
    after_bytes: int = Field(default=0, ge=0)
    call: str = Field(default="", max_length=40)
    reason: str = Field(default="", max_length=1_000)
    headers: dict[str, str] | None = Field(default=None, max_length=20)
    body: str = Field(default="", max_length=100_000)


def routes(orders: Orders, releases: Callable[[], list[SandboxRelease]]) -> list[Route]:
    """Those below `/control`.

    Args:
        orders: where new ones go.
        releases: all that the stores have.
    """

    async def told(request: Request) -> Response:
        store = request.query_params.get("store")
        found = await run_in_threadpool(releases)
        return JSONResponse({"data": [one.told() for one in found if store in (None, one.store)]})

    async def give(request: Request) -> Response:
        try:
            order = OrderBody.model_validate(json.loads(await _body(request)))
        except ValidationError as error:
            return _refused(422, error.errors(include_url=False, include_context=False, include_input=False))
        except ValueError as error:
            return _refused(400, str(error))
        await run_in_threadpool(orders.give, Order(**order.model_dump()))
        return Response(status_code=204)

    async def clear(request: Request) -> Response:
        await run_in_threadpool(orders.clear)
        return Response(status_code=204)

    return [
        Route("/releases", told, methods=["GET"]),
        Route("/orders", give, methods=["POST"]),
        Route("/orders", clear, methods=["DELETE"]),
    ]


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MOST_BYTES:
            raise ValueError("the order is too long")
    return bytes(body)


def _refused(status: int, detail: Any) -> Response:
    return JSONResponse({"detail": detail}, status_code=status)
