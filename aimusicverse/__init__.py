"""aimusicverse: Python SDK, command line and self-hostable server for AI music.

Names are loaded on first use (PEP 562): `import aimusicverse` alone costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module

from aimusicverse._version import __version__

TYPE_CHECKING = False  # `typing` itself would be most of what this import costs
if TYPE_CHECKING:
    from typing import Any

    from aimusicverse.client import AsyncClient, Client
    from aimusicverse.errors import (
        AMVError,
        APIConnectionError,
        APIStatusError,
        APITimeoutError,
        AuthenticationError,
        ConfigurationError,
        ConflictError,
        InternalServerError,
        JobFailedError,
        NotFoundError,
        PermissionDeniedError,
        PreconditionFailedError,
        RateLimitError,
        UnprocessableEntityError,
        WebhookVerificationError,
    )
    from aimusicverse.local import LocalServer
    from aimusicverse.secret import Secret
    from aimusicverse.transport.hooks import SeenResponse, SentRequest
    from aimusicverse.transport.options import RequestOptions
    from aimusicverse.transport.rate_limit import RateLimit
    from aimusicverse.transport.raw import RawResponse
    from aimusicverse.types import (
        AdminUsage,
        Alert,
        AlertReport,
        ApiKey,
        Artwork,
        ArtworkTemplate,
        Delivery,
        Distribution,
        Engine,
        Event,
        Finding,
        Generation,
        Outlet,
        Page,
        Plan,
        PlatformConnection,
        Playlist,
        PlaylistEntry,
        Problem,
        Profile,
        Quote,
        Release,
        ServerHealth,
        StoreDelivery,
        Track,
        UsageStats,
        User,
        ValidationReport,
        Webhook,
        WebhookEvent,
        WebhookReplay,
    )

_HOME = {
    "aimusicverse.client": ("AsyncClient", "Client"),
    "aimusicverse.errors": (
        "AMVError",
        "APIConnectionError",
        "APIStatusError",
        "APITimeoutError",
        "AuthenticationError",
        "ConfigurationError",
        "ConflictError",
        "InternalServerError",
        "JobFailedError",
        "NotFoundError",
        "PermissionDeniedError",
        "PreconditionFailedError",
        "RateLimitError",
        "UnprocessableEntityError",
        "WebhookVerificationError",
    ),
    "aimusicverse.local": ("LocalServer",),
    "aimusicverse.secret": ("Secret",),
    "aimusicverse.transport.hooks": ("SeenResponse", "SentRequest"),
    "aimusicverse.transport.options": ("RequestOptions",),
    "aimusicverse.transport.rate_limit": ("RateLimit",),
    "aimusicverse.transport.raw": ("RawResponse",),
    "aimusicverse.types": (
        "AdminUsage",
        "Alert",
        "AlertReport",
        "ApiKey",
        "Artwork",
        "ArtworkTemplate",
        "Delivery",
        "Distribution",
        "Engine",
        "Event",
        "Finding",
        "Generation",
        "Outlet",
        "Page",
        "Plan",
        "PlatformConnection",
        "Playlist",
        "PlaylistEntry",
        "Problem",
        "Profile",
        "Quote",
        "Release",
        "ServerHealth",
        "StoreDelivery",
        "Track",
        "UsageStats",
        "User",
        "ValidationReport",
        "Webhook",
        "WebhookEvent",
        "WebhookReplay",
    ),
}
_MODULE_OF = {name: module for module, names in _HOME.items() for name in names}

__all__ = [
    "AMVError",
    "APIConnectionError",
    "APIStatusError",
    "APITimeoutError",
    "AdminUsage",
    "Alert",
    "AlertReport",
    "ApiKey",
    "Artwork",
    "ArtworkTemplate",
    "AsyncClient",
    "AuthenticationError",
    "Client",
    "ConfigurationError",
    "ConflictError",
    "Delivery",
    "Distribution",
    "Engine",
    "Event",
    "Finding",
    "Generation",
    "InternalServerError",
    "JobFailedError",
    "LocalServer",
    "NotFoundError",
    "Outlet",
    "Page",
    "PermissionDeniedError",
    "Plan",
    "PlatformConnection",
    "Playlist",
    "PlaylistEntry",
    "PreconditionFailedError",
    "Problem",
    "Profile",
    "Quote",
    "RateLimit",
    "RateLimitError",
    "RawResponse",
    "Release",
    "RequestOptions",
    "Secret",
    "SeenResponse",
    "SentRequest",
    "ServerHealth",
    "StoreDelivery",
    "Track",
    "UnprocessableEntityError",
    "UsageStats",
    "User",
    "ValidationReport",
    "Webhook",
    "WebhookEvent",
    "WebhookReplay",
    "WebhookVerificationError",
    "__version__",
]


def __getattr__(name: str) -> Any:
    module = _MODULE_OF.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(module), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
