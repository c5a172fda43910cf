"""`/admin/alerts`: what is out of order."""

from __future__ import annotations

from typing import Final

from aimusicverse.server.alerts import service
from aimusicverse.server.alerts.rules import RULES
from aimusicverse.server.call import Call
from aimusicverse.server.routing import Router
from aimusicverse.server.security.scopes import ADMIN
from aimusicverse.types.alert import AlertReport

router: Final = Router("Admin")


@router.get("/admin/alerts", scope=ADMIN)
async def list_alerts(call: Call) -> AlertReport:
    """What is watched and what it measures now; and which alerts were raised, those that still are first.

    The events `alert.raised` and `alert.cleared` tell every admin of each.
    """
    return await call.read(service.report, RULES, call.services.settings)
