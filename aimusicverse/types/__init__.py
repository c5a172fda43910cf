"""The contract: every object that client, command line and server exchange (pydantic v2).

Requests are closed (an unknown field is refused), answers are open (an unknown field or
enum value from a newer server is kept). A type is loaded when its name is first used (PEP 562).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aimusicverse.types.account import CallingKey, Profile, Quota, Quotas
    from aimusicverse.types.account_request import ProfileUpdate
    from aimusicverse.types.admin_usage import (
        AdminUsage,
        EndpointUsage,
        KeyToLookAt,
        UsageVolume,
        UserUsage,
    )
    from aimusicverse.types.alert import Alert, AlertReading, AlertReport, AlertRule
    from aimusicverse.types.api_key import ApiKey
    from aimusicverse.types.api_key_request import ApiKeyCreate, ApiKeyRotate, ApiKeySuspension, ApiKeyUpdate
    from aimusicverse.types.artwork import (
        Artwork,
        ArtworkCheck,
        ArtworkProvenance,
        ArtworkTemplate,
        ArtworkTemplateList,
        ArtworkThumbnail,
    )
    from aimusicverse.types.artwork_request import ArtworkCreate, ArtworkUpload
    from aimusicverse.types.base import Answer, Editable, Object, Page
    from aimusicverse.types.distribution import (
        Distribution,
        DistributionEvent,
        DistributionList,
        StoreDelivery,
        StoreDeliveryProblem,
        TrackDistribution,
    )
    from aimusicverse.types.distribution_export import DistributionExport, DistributionImport
    from aimusicverse.types.distribution_request import (
        DistributionAct,
        DistributionConfirm,
        DistributionCreate,
        DistributionQuote,
        DistributionUpdate,
        DistributionValidate,
        PlatformConnect,
        PlatformDisconnect,
    )
    from aimusicverse.types.engine import Engine, EngineList, SoundfontInUse
    from aimusicverse.types.event import Event, EventPage
    from aimusicverse.types.generation import Generation
    from aimusicverse.types.generation_request import (
        GenerationCreate,
        PlanBeforeEdit,
        PlanEdit,
        PlanSectionEdit,
        SectionRegenerate,
    )
    from aimusicverse.types.health import (
        DiskSpace,
        HealthCheck,
        JobKind,
        ServerHealth,
        ServerProcess,
        StoreQueue,
    )
    from aimusicverse.types.notification import NotificationSettings, NotificationUpdate, TelegramLink
    from aimusicverse.types.outlet import AiTerms, Outlet, OutletList, Place
    from aimusicverse.types.plan import GenerationWarning, Plan, PlanBefore, PlanSection
    from aimusicverse.types.platform_connection import PlatformConnection
    from aimusicverse.types.playlist import Playlist, PlaylistCover, PlaylistEntry
    from aimusicverse.types.playlist_request import (
        PlaylistCreate,
        PlaylistTrackMove,
        PlaylistTracksAdd,
        PlaylistTracksReplace,
        PlaylistUpdate,
    )
    from aimusicverse.types.problem import FieldError, Problem
    from aimusicverse.types.quote import PriceTold, Quote, QuoteLine, QuoteTotal
    from aimusicverse.types.release import (
        AiDisclosure,
        Contributor,
        Cover,
        Delivered,
        Recording,
        Release,
        SoundCloudFields,
        Writer,
        YouTubeFields,
    )
    from aimusicverse.types.request import Request
    from aimusicverse.types.stems import Stem, StemSet
    from aimusicverse.types.structure import Structure, StructureChord, StructureSection
    from aimusicverse.types.track import PlayUrl, Provenance, Track, TrackAudio
    from aimusicverse.types.track_request import PlayUrlCreate, TrackUpdate, TrackUpload
    from aimusicverse.types.usage import ClientUsage, Latency, UsageFigures, UsageGroup, UsageStats
    from aimusicverse.types.user import User
    from aimusicverse.types.user_request import UserCreate, UserUpdate
    from aimusicverse.types.validation import Finding, Repair, TargetReport, ValidationReport
    from aimusicverse.types.waveform import Waveform
    from aimusicverse.types.webhook import Delivery, DeliveryAttempt, Webhook, WebhookReplay
    from aimusicverse.types.webhook_event import WebhookEvent
    from aimusicverse.types.webhook_request import (
        EventTrigger,
        WebhookCreate,
        WebhookReplayCreate,
        WebhookRotate,
        WebhookUpdate,
    )

_HOME = {
    "account": ("CallingKey", "Profile", "Quota", "Quotas"),
    "account_request": ("ProfileUpdate",),
    "admin_usage": ("AdminUsage", "EndpointUsage", "KeyToLookAt", "UsageVolume", "UserUsage"),
    "alert": ("Alert", "AlertReading", "AlertReport", "AlertRule"),
    "api_key": ("ApiKey",),
    "api_key_request": ("ApiKeyCreate", "ApiKeyRotate", "ApiKeySuspension", "ApiKeyUpdate"),
    "artwork": (
        "Artwork",
        "ArtworkCheck",
        "ArtworkProvenance",
        "ArtworkTemplate",
        "ArtworkTemplateList",
        "ArtworkThumbnail",
    ),
    "artwork_request": ("ArtworkCreate", "ArtworkUpload"),
    "base": ("Answer", "Editable", "Object", "Page"),
    "distribution": (
        "Distribution",
        "DistributionEvent",
        "DistributionList",
        "StoreDelivery",
        "StoreDeliveryProblem",
        "TrackDistribution",
    ),
    "distribution_export": ("DistributionExport", "DistributionImport"),
    "distribution_request": (
        "DistributionAct",
        "DistributionConfirm",
        "DistributionCreate",
        "DistributionQuote",
        "DistributionUpdate",
        "DistributionValidate",
        "PlatformConnect",
        "PlatformDisconnect",
    ),
    "engine": ("Engine", "EngineList", "SoundfontInUse"),
    "event": ("Event", "EventPage"),
    "generation": ("Generation",),
    "generation_request": (
        "GenerationCreate",
        "PlanBeforeEdit",
        "PlanEdit",
        "PlanSectionEdit",
        "SectionRegenerate",
    ),
    "health": ("DiskSpace", "HealthCheck", "JobKind", "ServerHealth", "ServerProcess", "StoreQueue"),
    "notification": ("NotificationSettings", "NotificationUpdate", "TelegramLink"),
    "outlet": ("AiTerms", "Outlet", "OutletList", "Place"),
    "plan": ("GenerationWarning", "Plan", "PlanBefore", "PlanSection"),
    "platform_connection": ("PlatformConnection",),
    "playlist": ("Playlist", "PlaylistCover", "PlaylistEntry"),
    "playlist_request": (
        "PlaylistCreate",
        "PlaylistTrackMove",
        "PlaylistTracksAdd",
        "PlaylistTracksReplace",
        "PlaylistUpdate",
    ),
    "problem": ("FieldError", "Problem"),
    "quote": ("PriceTold", "Quote", "QuoteLine", "QuoteTotal"),
    "release": (
        "AiDisclosure",
        "Contributor",
        "Cover",
        "Delivered",
        "Recording",
        "Release",
        "SoundCloudFields",
        "Writer",
        "YouTubeFields",
    ),
    "request": ("Request",),
    "structure": ("Structure", "StructureChord", "StructureSection"),
    "stems": ("Stem", "StemSet"),
    "track": ("PlayUrl", "Provenance", "Track", "TrackAudio"),
    "track_request": ("PlayUrlCreate", "TrackUpdate", "TrackUpload"),
    "usage": ("ClientUsage", "Latency", "UsageFigures", "UsageGroup", "UsageStats"),
    "user": ("User",),
    "user_request": ("UserCreate", "UserUpdate"),
    "validation": ("Finding", "Repair", "TargetReport", "ValidationReport"),
    "waveform": ("Waveform",),
    "webhook": ("Delivery", "DeliveryAttempt", "Webhook", "WebhookReplay"),
    "webhook_event": ("WebhookEvent",),
    "webhook_request": (
        "EventTrigger",
        "WebhookCreate",
        "WebhookReplayCreate",
        "WebhookRotate",
        "WebhookUpdate",
    ),
}
_MODULE_OF = {name: f"{__name__}.{module}" for module, names in _HOME.items() for name in names}

__all__ = [
    "AdminUsage",
    "AiDisclosure",
    "AiTerms",
    "Alert",
    "AlertReading",
    "AlertReport",
    "AlertRule",
    "Answer",
    "ApiKey",
    "ApiKeyCreate",
    "ApiKeyRotate",
    "ApiKeySuspension",
    "ApiKeyUpdate",
    "Artwork",
    "ArtworkCheck",
    "ArtworkCreate",
    "ArtworkProvenance",
    "ArtworkTemplate",
    "ArtworkTemplateList",
    "ArtworkThumbnail",
    "ArtworkUpload",
    "CallingKey",
    "ClientUsage",
    "Contributor",
    "Cover",
    "Delivered",
    "Delivery",
    "DeliveryAttempt",
    "DiskSpace",
    "Distribution",
    "DistributionAct",
    "DistributionConfirm",
    "DistributionCreate",
    "DistributionEvent",
    "DistributionExport",
    "DistributionImport",
    "DistributionList",
    "DistributionQuote",
    "DistributionUpdate",
    "DistributionValidate",
    "Editable",
    "EndpointUsage",
    "Engine",
    "EngineList",
    "Event",
    "EventPage",
    "EventTrigger",
    "FieldError",
    "Finding",
    "Generation",
    "GenerationCreate",
    "GenerationWarning",
    "HealthCheck",
    "JobKind",
    "KeyToLookAt",
    "Latency",
    "NotificationSettings",
    "NotificationUpdate",
    "Object",
    "Outlet",
    "OutletList",
    "Page",
    "Place",
    "Plan",
    "PlanBefore",
    "PlanBeforeEdit",
    "PlanEdit",
    "PlanSection",
    "PlanSectionEdit",
    "PlatformConnect",
    "PlatformConnection",
    "PlatformDisconnect",
    "PlayUrl",
    "PlayUrlCreate",
    "Playlist",
    "PlaylistCover",
    "PlaylistCreate",
    "PlaylistEntry",
    "PlaylistTrackMove",
    "PlaylistTracksAdd",
    "PlaylistTracksReplace",
    "PlaylistUpdate",
    "PriceTold",
    "Problem",
    "Profile",
    "ProfileUpdate",
    "Provenance",
    "Quota",
    "Quotas",
    "Quote",
    "QuoteLine",
    "QuoteTotal",
    "Recording",
    "Release",
    "Repair",
    "Request",
    "SectionRegenerate",
    "ServerHealth",
    "ServerProcess",
    "SoundCloudFields",
    "SoundfontInUse",
    "Stem",
    "StemSet",
    "StoreDelivery",
    "StoreDeliveryProblem",
    "StoreQueue",
    "Structure",
    "StructureChord",
    "StructureSection",
    "TargetReport",
    "TelegramLink",
    "Track",
    "TrackAudio",
    "TrackDistribution",
    "TrackUpdate",
    "TrackUpload",
    "UsageFigures",
    "UsageGroup",
    "UsageStats",
    "UsageVolume",
    "User",
    "UserCreate",
    "UserUpdate",
    "UserUsage",
    "ValidationReport",
    "Waveform",
    "Webhook",
    "WebhookCreate",
    "WebhookEvent",
    "WebhookReplay",
    "WebhookReplayCreate",
    "WebhookRotate",
    "WebhookUpdate",
    "Writer",
    "YouTubeFields",
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
