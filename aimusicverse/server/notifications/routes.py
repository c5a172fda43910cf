"""`/user/notifications`: what one is told of, and where."""

from __future__ import annotations

from typing import Final

from aimusicverse.server.call import Call
from aimusicverse.server.notifications import service
from aimusicverse.server.routing import Router
from aimusicverse.types import NotificationSettings, NotificationUpdate

router: Final = Router("Account")


@router.get("/user/notifications", scope="profile:read")
async def get_notifications(call: Call) -> NotificationSettings:
    """What you are told of when something becomes of your releases, and the Telegram chat that is told."""
    return await call.read(service.settings, call.services.settings.telegram_bot_id)


@router.patch("/user/notifications", scope="profile:write", problems=("no_telegram_bot",))
async def update_notifications(body: NotificationUpdate, call: Call) -> NotificationSettings:
    """Change what you are told of; link a chat, or forget it.

    `telegram: true` gives a code: whoever sends it to the bot as `/start <code>` within 10 minutes gets your
    messages from then on. It is shown here, and nowhere else.
    """
    return await call.write(service.update, body, call.services.settings.telegram_bot_id)
