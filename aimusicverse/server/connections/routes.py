"""`/platforms`: where a release may go, and one's accounts there."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.requests import ClientDisconnect

from aimusicverse.release.outlets import OUTLETS
from aimusicverse.server.call import Call, CallContext, services_of
from aimusicverse.server.connections import callbacks, fields, platforms, return_page, service
from aimusicverse.server.connections.sign_in import LONGEST_CODE
from aimusicverse.server.problems import CODES, Refusal
from aimusicverse.server.routing import Router
from aimusicverse.server.settings import PREFIX
from aimusicverse.types import OutletList, PlatformConnect, PlatformConnection, PlatformDisconnect

router: Final = Router("Distributions")
#: For stores and browsers, who have no key.
returns: Final = APIRouter(include_in_schema=False)

_CLOSE: Final = {"Connection": "close"}
_SAID: Final = 300


@router.get("/platforms", scope="distributions:read")
async def list_platforms(request: Request, call: Call) -> OutletList:
    """Stores and distributors: whether they take what a machine made, what they need, how a release gets
    there, and your accounts. From public pages, each with its source and date.
    """
    rows = await call.read(service.of_owner)
    return platforms.listed(rows, call.services.settings, _origin(request))


@router.post(
    "/platforms/{platform}/connect",
    scope="distributions:publish",
    problems=(
        "platform_not_found",
        "nothing_to_connect",
        "live_key_needed",
        "store_app_missing",
        "sandbox_off",
        "sign_in_failed",
    ),
)
async def connect_platform(
    platform: str, body: PlatformConnect, request: Request, call: Call
) -> PlatformConnection:
    """Connect your account with a store, instead of one that was connected before.

    Where you sign in with the store, open `authorize_url` in a browser within ten minutes; until then the
    status is `pending`. In the sandbox it is done at once. Other stores want `settings`, as `connect_fields`
    of `GET /platforms` says; secrets among them are sealed, and never shown. `callback_secret` is told once.
    """
    route = service.route_of(platform)
    _check_mode(call, body.mode)
    services = call.services
    if body.mode == "sandbox" and not services.settings.sandbox:
        raise Refusal("sandbox_off")
    origin = _origin(request)
    sign_ins = services.sign_ins
    given = fields.checked(
        route,
        body.settings,
        live=body.mode == "live",
        rules=services.egress_rules,
        has_folder=bool(services.settings.delivery_folder),
    )
    secret = service.new_callback_secret()
    if not route.signs_in:
        return await call.write(
            service.connect_with_fields, platform, body.mode, given, origin, secret, sign_ins.sealer
        )
    if body.mode == "live":
        begun = await sign_ins.begun(platform, "live", origin)
        return await call.write(
            service.begin_sign_in, platform, "live", begun, origin, secret, sign_ins.sealer
        )
    row, told = await sign_ins.gone_at_once(call.owner, platform, origin, secret)
    return await call.write(service.connected_now, row.id, origin, secret if told else None)


@router.post(
    "/platforms/{platform}/disconnect",
    scope="distributions:publish",
    problems=("platform_not_found", "nothing_to_connect", "live_key_needed", "connection_not_found"),
)
async def disconnect_platform(
    platform: str, body: PlatformDisconnect, request: Request, call: Call
) -> PlatformConnection:
    """Forget an account, with its tokens and secrets. Deliveries that need it wait for you to connect again.

    Take the app's access away in the store, too, if you want it gone for good.
    """
    service.route_of(platform)
    _check_mode(call, body.mode)
    return await call.write(service.disconnect, platform, body.mode, _origin(request))


@router.post(
    "/platforms/{platform}/callback",
    scope=None,
    problems=("callback_not_signed", "body_too_large"),
    status=202,
    streamed={
        "description": "`external_id`: which release it is about, by itself or in `data`. Up to 64 KiB.",
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "properties": {"external_id": {"type": "string"}, "data": {"type": "object"}},
                }
            }
        },
    },
    response_model=callbacks.Callback,
    responses={200: {"description": "It came before: nothing was done.", "model": callbacks.Callback}},
)
async def take_platform_callback(platform: str, request: Request, connection: str) -> Response:
    """What a store tells of a release. Signed by Standard Webhooks with the connection's `whsec_…` secret.

    Nothing in it is believed: it makes the server ask the store's own API now, within seconds.
    """
    body = await _body(request)
    services = services_of(request)
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.scope["headers"]]
    taken = await services.store.write(
        callbacks.take, platform, connection, headers, body, services.sign_ins.sealer
    )
    return JSONResponse(taken.model_dump(), status_code=202 if taken.outcome == "taken" else 200)


@returns.get(f"{PREFIX}/platforms/{{platform}}/return")
async def come_back_from_platform(platform: str, request: Request) -> Response:
    """Where a store sends a person's browser back to. There is no key: the state says whose sign-in it is.

    Stores add parameters of their own; so others than those that are read here do no harm.
    """
    query = request.query_params
    state, code = query.get("state", ""), query.get("code", "")
    repeated = any(len(query.getlist(name)) > 1 for name in ("state", "code", "error"))
    name = OUTLETS[platform].name if platform in OUTLETS else "The store"
    refused = None
    if "error" in query:
        refused = (query.get("error_description") or query["error"])[:_SAID] or "It did not say why."
    try:
        if not state or repeated or "\0" in state + code or len(code) > LONGEST_CODE:
            raise Refusal("sign_in_invalid")
        row = await services_of(request).sign_ins.came_back(platform, state, code or None, refused)
    except Refusal as refusal:
        why = refusal.detail or f"{CODES[refusal.code].title}."
        return _html(return_page.failed(name, why), status=400 if refusal.status < 500 else 502)
    return _html(return_page.connected(name, row.account, row.mode))


def _html(page: str, *, status: int = 200) -> Response:
    return HTMLResponse(
        page,
        status_code=status,
        headers={
            "Content-Security-Policy": return_page.POLICY,
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
        },
    )


def _origin(request: Request) -> str:
    public = services_of(request).settings.public_url
    return (public or str(request.base_url)).rstrip("/")


def _check_mode(call: CallContext, mode: str) -> None:
    if mode == "live" and call.principal.mode != "live":
        raise Refusal("live_key_needed", "A test key connects accounts of the sandbox alone.")


async def _body(request: Request) -> bytes:
    found = bytearray()
    try:
        async for piece in request.stream():
            found += piece
            if len(found) > callbacks.MOST_BYTES:
                raise Refusal("body_too_large", "A callback may have up to 64 KiB.", headers=_CLOSE)
    except ClientDisconnect:
        raise Refusal("malformed_json", "The connection ended before the body did.") from None
    return bytes(found)
