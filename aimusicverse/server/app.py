"""The application: built once per process, shared by all servers in it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from starlette.types import Receive, Scope, Send

from aimusicverse._version import __version__
from aimusicverse.server import refusals
from aimusicverse.server.account import routes as account
from aimusicverse.server.alerts import routes as alerts
from aimusicverse.server.allowed_methods import AllowedMethods
from aimusicverse.server.api_keys import routes as api_keys
from aimusicverse.server.artwork import routes as artwork
from aimusicverse.server.call import IDEMPOTENCY_KEY
from aimusicverse.server.connections import routes as connections
from aimusicverse.server.deliveries import routes as deliveries
from aimusicverse.server.distributions import file_routes as distribution_files
from aimusicverse.server.distributions import routes as distributions
from aimusicverse.server.distributions import way_routes as distributions_on_their_way
from aimusicverse.server.events import described
from aimusicverse.server.events import routes as events
from aimusicverse.server.generation import routes as generation
from aimusicverse.server.health import routes as health
from aimusicverse.server.local import routes as local
from aimusicverse.server.meant_routes import MeantRoutes
from aimusicverse.server.metrics import routes as metrics
from aimusicverse.server.notifications import routes as notifications
from aimusicverse.server.packages import routes as packages
from aimusicverse.server.playlists import routes as playlists
from aimusicverse.server.service_pages import routes as service_pages
from aimusicverse.server.short_way import ShortWays
from aimusicverse.server.stems import routes as stems
from aimusicverse.server.track_outputs import routes as track_outputs
from aimusicverse.server.tracks import routes as tracks
from aimusicverse.server.usage import admin_routes as admin_usage
from aimusicverse.server.usage import routes as usage
from aimusicverse.server.users import routes as users
from aimusicverse.server.webhooks import routes as webhooks
from aimusicverse.types import Problem


@lru_cache(maxsize=1)
def application() -> Application:
    """The FastAPI application. It holds no state: `Front` brings it with each request."""
    app = Application(
        title="aimusicverse",
        version=__version__,
        summary="From a prompt to a mastered song.",
        openapi_url=None,  # served by service_pages, without FastAPI's CDN pages
        docs_url=None,
        redoc_url=None,
    )
    resources = (
        generation.router.routes,
        tracks.router.routes,
        track_outputs.router.routes,
        stems.router.routes,
        playlists.router.routes,
        artwork.router.routes,
        connections.router.routes,
        distributions.router.routes,
        distribution_files.router.routes,  # before those with an id in their path
        packages.router.routes,
        distributions_on_their_way.router.routes,
        webhooks.router.routes,
        deliveries.router.routes,
        events.router.routes,
        usage.router.routes,
        admin_usage.router.routes,
        health.router.routes,
        alerts.router.routes,
        api_keys.router.routes,
        account.router.routes,
        notifications.router.routes,
        users.router.routes,
    )
    for resource in resources:
        app.include_router(resource)
    app.include_router(service_pages.router)
    app.include_router(connections.returns)
    app.include_router(metrics.router)
    app.include_router(local.router)
    routes = [route for resource in resources for route in resource.routes if isinstance(route, APIRoute)]
    others = [*service_pages.router.routes, *connections.returns.routes, *local.router.routes]
    every = (*routes, *(route for route in others if isinstance(route, APIRoute)))
    refusals.install(app, AllowedMethods(every))
    app.short_ways = ShortWays(routes, app.exception_handlers)
    app.meant_routes = MeantRoutes(every)
    return app


class Application(FastAPI):
    """FastAPI with our specification, and a short way for plain reads."""

    short_ways: ShortWays | None = None
    #: For the layers before it, which refuse requests.
    meant_routes: MeantRoutes | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if self.short_ways is None or not await self.short_ways.serve(scope, receive, send):
            await super().__call__(scope, receive, send)

    openapi_schema: dict[str, Any] | None

    def openapi(self) -> dict[str, Any]:
        """The specification, made when first asked for."""
        if self.openapi_schema is None:
            self.openapi_schema = specification(self)
        return self.openapi_schema


def specification(app: FastAPI) -> dict[str, Any]:
    """OpenAPI 3.1: ours is FastAPI's with our problems instead of its own validation errors."""
    spec = get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        description="Errors are problems (RFC 9457) with a stable `code`. Lists are paged by cursor. "
        "Every POST takes an `Idempotency-Key`. Every answer has an `X-Request-Id`. Every call counts: "
        "`X-RateLimit-Limit`, `X-RateLimit-Remaining` and `X-RateLimit-Reset` tell what is left of the hour, "
        "unless the user has no limit.",
        routes=app.routes,
        license_info={"name": "MIT", "identifier": "MIT"},
    )
    components = spec.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
    schemas.update(problem.pop("$defs", {}))
    schemas["Problem"] = problem
    components["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer", "description": "An API key."},
        "apiKey": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
    }
    for operations in spec["paths"].values():
        for method, operation in operations.items():
            if method == "post":
                operation.setdefault("parameters", []).append(_IDEMPOTENCY_KEY)
            answer = operation["responses"].get("422", {})
            if "application/json" in answer.get("content", {}):
                operation["responses"]["422"] = {
                    "description": "Problem: `invalid_request`",
                    "content": {
                        "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
                    },
                }
            if scope := operation.pop("x-scope", None):
                operation["description"] = f"{operation.get('description', '')}\n\nScope: `{scope}`".strip()
    described.describe(spec)
    return spec


_IDEMPOTENCY_KEY = {
    "name": IDEMPOTENCY_KEY,
    "in": "header",
    "required": False,
    "description": "Makes a POST take effect once, for 24 hours. The clients send one by themselves.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}
