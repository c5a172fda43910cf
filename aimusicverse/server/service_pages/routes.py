"""`/healthz`, `/readyz`, `/openapi.json`, `/docs` with its own assets, `/problems/{code}`, `/rules/{id}`,
`/store-problems/{code}`, `/limits`.
"""

from __future__ import annotations

import asyncio
import html
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, Response
from pydantic import BaseModel

from aimusicverse._version import __version__
from aimusicverse.platforms.store_problems import codes
from aimusicverse.release.rules.table import BY_ID
from aimusicverse.server.api_keys import queries as api_keys
from aimusicverse.server.call import services_of
from aimusicverse.server.problems import CODES, Refusal
from aimusicverse.server.routing import problem_responses
from aimusicverse.server.security.allowance import TIERS
from aimusicverse.server.service_pages.rule_page import rule_page
from aimusicverse.server.store.errors import StoreError

router: Final = APIRouter(tags=["Service"])
_ASSETS = Path(__file__).parent / "swagger_ui"
_ASSET_TYPES = {"swagger-ui.css": "text/css", "swagger-ui-bundle.js": "text/javascript"}
#: Only what the server itself serves may load: the documentation needs nothing from elsewhere.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
#: They change with the version of the package only.
_KEPT = {"Cache-Control": "public, max-age=3600"}

_NOTHING_LOADS = "default-src 'none'; frame-ancestors 'none'"

_DOCS = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>aimusicverse API</title>
<link rel="stylesheet" href="/docs/assets/swagger-ui.css">
</head>
<body>
<main id="swagger-ui" aria-label="API documentation"></main>
<noscript>This page needs JavaScript; the specification is at <a href="/openapi.json">/openapi.json</a>.
</noscript>
<script src="/docs/assets/swagger-ui-bundle.js"></script>
<script src="/docs/assets/start.js"></script>
</body>
</html>
"""
_LIMITS = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>How often you may call</title>
</head>
<body>
<h1>How often you may call</h1>
<table>
<thead><tr><th scope="col">tier<th scope="col">calls an hour<th scope="col">calls a day</thead>
<tbody>{rows}</tbody>
</table>
<p>All keys of a user draw on them together, and calls come back evenly: of ten an hour one every six minutes.
<code>X-RateLimit-Remaining</code> in each answer says how many are left in this hour, and
<code>GET /api/v1/user/profile</code> also how many are left today.</p>
<p>For more, ask whoever runs this server: an admin gives you another tier, or figures of your own.</p>
</body>
</html>
"""
_START = """SwaggerUIBundle({
  url: "/openapi.json", dom_id: "#swagger-ui", deepLinking: true, validatorUrl: null
});
"""


class Health(BaseModel):
    """Alive, and which version."""

    status: str
    version: str


class Readiness(Health):
    """Able to work, and which of the server's processes says so."""

    process: str


@router.get("/healthz", operation_id="healthz")
async def healthz() -> Health:
    """Whether the process answers."""
    return Health(status="ok", version=__version__)


@router.get("/readyz", operation_id="readyz", responses=problem_responses(("not_ready",)))
async def readyz(request: Request) -> Readiness:
    """Whether the server can do its work: the database answers, and what keeps the audio."""
    services = services_of(request)
    if services.closing:
        raise Refusal("not_ready", "The server is stopping.")
    try:
        await services.store.read(api_keys.first_owner)
        await asyncio.to_thread(services.blobs.check)
    except StoreError as error:
        raise Refusal("not_ready", str(error)) from None
    return Readiness(status="ready", version=__version__, process=services.process)


@router.get("/openapi.json", include_in_schema=False)
async def openapi(request: Request) -> Response:
    """The specification (OpenAPI 3.1)."""
    return JSONResponse(request.app.openapi())


@router.get("/docs", include_in_schema=False)
async def docs() -> Response:
    """The documentation, to try calls in."""
    return HTMLResponse(_DOCS, headers={"Content-Security-Policy": _POLICY})


@router.get("/docs/assets/{name}", include_in_schema=False)
async def docs_asset(name: str) -> Response:
    """A file that the documentation needs."""
    if name == "start.js":
        return Response(_START, headers=_KEPT, media_type="text/javascript")
    if name not in _ASSET_TYPES:
        raise Refusal("route_not_found")
    return FileResponse(_ASSETS / name, headers=_KEPT, media_type=_ASSET_TYPES[name])


@router.get("/limits", include_in_schema=False)
async def limits() -> Response:
    """What a problem's `upgrade_url` points to, unless a setting says otherwise."""
    rows = "".join(
        f"<tr><th scope=row>{html.escape(tier)}<td>{_calls(allowance.hour)}<td>{_calls(allowance.day)}"
        for tier, allowance in TIERS.items()
    )
    return HTMLResponse(_LIMITS.format(rows=rows), headers={"Content-Security-Policy": _NOTHING_LOADS})


def _calls(number: int | None) -> str:
    return "no limit" if number is None else f"{number:,}"


@router.get("/problems/{code}", include_in_schema=False)
async def explain_problem(code: str) -> Response:
    """What a problem's `type` points to."""
    known = CODES.get(code)
    if known is None:
        raise Refusal("problem_code_unknown")
    return HTMLResponse(
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{html.escape(code)}</title>"
        f"<h1>{html.escape(known.title)}</h1><p><code>{html.escape(code)}</code>, HTTP {known.status}</p>"
        f"<p>{html.escape(known.advice)}</p></html>",
        headers={"Content-Security-Policy": _NOTHING_LOADS},
    )


@router.get("/store-problems/{code}", include_in_schema=False)
async def explain_store_problem(code: str) -> Response:
    """What the `docs_url` of a delivery's problem points to."""
    known = codes().get(code)
    if known is None:
        raise Refusal("problem_code_unknown")
    return HTMLResponse(
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{html.escape(code)}</title>"
        f"<h1>{html.escape(known.title)}</h1><p><code>{html.escape(code)}</code></p>"
        f"<p>{html.escape(known.advice)}</p></html>",
        headers={"Content-Security-Policy": _NOTHING_LOADS},
    )


@router.get("/rules/{rule_id}", include_in_schema=False)
async def explain_rule(rule_id: str) -> Response:
    """What a finding's `docs_url` points to."""
    rule = BY_ID.get(rule_id)
    if rule is None:
        raise Refusal("rule_unknown")
    return HTMLResponse(rule_page(rule), headers={"Content-Security-Policy": _NOTHING_LOADS})
