"""Stores and distributors as a user sees them: what is known of them, how a release gets there from here, and
his own accounts.
"""

from __future__ import annotations

from collections.abc import Iterable

from aimusicverse.platforms.table import Route, route
from aimusicverse.release.outlets import OUTLETS
from aimusicverse.server.connections import queries, service
from aimusicverse.server.connections.queries import ConnectionRow
from aimusicverse.server.settings import Settings
from aimusicverse.types import Outlet, OutletList


def listed(rows: Iterable[ConnectionRow], settings: Settings, origin: str) -> OutletList:
    """All of them, stores first.

    Args:
        rows: accounts of the caller.
        settings: what whoever runs the server has set.
        origin: under which stores reach this server.
    """
    own: dict[str, list[ConnectionRow]] = {}
    for row in rows:
        if row.status != queries.DISCONNECTED or row.problem:
            own.setdefault(row.platform, []).append(row)
    return OutletList(
        data=[_with(outlet, own.get(outlet.id, ()), settings, origin) for outlet in OUTLETS.values()]
    )


def _with(outlet: Outlet, rows: Iterable[ConnectionRow], settings: Settings, origin: str) -> Outlet:
    found = route("spotify", outlet.id) if outlet.kind == "distributor" else route(outlet.id)
    if found is None:
        return outlet
    return outlet.model_copy(
        update={
            "connector": found.kind,
            "exactly_once": found.exactly_once,
            "sandbox": settings.sandbox,
            "live": _live(found, settings),
            "connect_fields": list(found.connect_fields),
            "connections": [service.shown(row, origin) for row in rows],
        }
    )


def _live(found: Route, settings: Settings) -> str:
    """`server` where none of the groups of settings is whole that one of them has to be."""
    if found.live != "connect" or not found.server_settings:
        return found.live
    known = settings.as_environment()
    whole = any(all(known.get(name) for name in group) for group in found.server_settings)
    return "connect" if whole else "server"
