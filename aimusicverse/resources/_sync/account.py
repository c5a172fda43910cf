# Generated from aimusicverse/resources/_async/account.py by scripts/unasync.py: edit there.
"""`client.account`: who you are here, and what you asked."""

from __future__ import annotations

from datetime import datetime

from pydantic import TypeAdapter

from aimusicverse.resources._sync.resource import Resource
from aimusicverse.resources.moment import moment
from aimusicverse.resources.naming import id_of, version_of
from aimusicverse.resources.unchanged import UNCHANGED, Unchanged, given
from aimusicverse.transport.options import RequestOptions
from aimusicverse.types.account import Profile
from aimusicverse.types.api_key import ApiKey
from aimusicverse.types.notification import NotificationSettings
from aimusicverse.types.usage import UsageStats

_PROFILE = TypeAdapter(Profile)
_NOTIFICATIONS = TypeAdapter(NotificationSettings)
_USAGE = TypeAdapter(UsageStats)


class Account(Resource):
    """Your own account."""

    def profile(self, *, options: RequestOptions | None = None) -> Profile:
        """Your name, tier and role, what is left of your allowance, and the key that asks."""
        return self._send("GET", "/user/profile", _PROFILE, options=options)

    def update_profile(
        self,
        *,
        name: str | Unchanged = UNCHANGED,
        avatar_url: str | Unchanged | None = UNCHANGED,
        if_match: Profile | str | None = None,
        options: RequestOptions | None = None,
    ) -> Profile:
        """Change what is given; the rest stays. Tier and role are an admin's to change.

        Args:
            name: 1–200 characters, one line.
            avatar_url: the address of a picture, which the server keeps and never asks for; None removes it.
            if_match: only if it is still as it was then.
            options: for this call only.

        Raises:
            PreconditionFailedError: it was changed since.
            UnprocessableEntityError: a name or an address that cannot be one.
        """
        body = given(name=name, avatar_url=avatar_url)
        version = version_of(if_match)
        return self._send("PATCH", "/user/profile", _PROFILE, body=body, if_match=version, options=options)

    def notifications(self, *, options: RequestOptions | None = None) -> NotificationSettings:
        """What you are told of when something becomes of your releases, and which Telegram chat is."""
        return self._send("GET", "/user/notifications", _NOTIFICATIONS, options=options)

    def update_notifications(
        self,
        *,
        telegram: bool | None = None,
        live: bool | None = None,
        failed: bool | None = None,
        rejected: bool | None = None,
        action_required: bool | None = None,
        complete: bool | None = None,
        options: RequestOptions | None = None,
    ) -> NotificationSettings:
        """Change what you are told of, and where; None leaves it as it is.

        Args:
            telegram: True makes a code, which is only in this answer: send it to the bot within 10 minutes as
                `/start <code>`, or open `telegram.link_url`. False forgets the chat.
            live: a store has a release.
            failed: a delivery failed, and is not tried again by itself.
            rejected: a store does not want a release.
            action_required: something waits for you.
            complete: a release is everywhere where it was to go; in one message with the last `live`.
            options: for this call only.

        Raises:
            ConflictError: the server has no bot.
        """
        wishes = {
            "telegram": telegram,
            "live": live,
            "failed": failed,
            "rejected": rejected,
            "action_required": action_required,
            "complete": complete,
        }
        body = {name: value for name, value in wishes.items() if value is not None}
        return self._send("PATCH", "/user/notifications", _NOTIFICATIONS, body=body, options=options)

    def usage(
        self,
        *,
        from_: datetime | str | None = None,
        to: datetime | str | None = None,
        group_by: str | None = None,
        api_key: ApiKey | str | None = None,
        options: RequestOptions | None = None,
    ) -> UsageStats:
        """What was asked with your keys: how much, how much of it failed or met a limit, how quickly it went.

        Needs `usage:read`. At most 731 days at once; by the hour 31.

        Args:
            from_: from the hour of this time on, with a time zone; a day before `to`, by the day 30 days.
            to: up to this time; now.
            group_by: `key`, `endpoint`, `hour` or `day` (in UTC); None for the total alone.
            api_key: only what was asked with this one, or its id.
            options: for this call only.

        Raises:
            UnprocessableEntityError: it ends before it begins, or is too long.
        """
        query = {
            "from": moment(from_),
            "to": moment(to),
            "group_by": group_by,
            "key_id": None if api_key is None else id_of(api_key),
        }
        return self._send("GET", "/usage/stats", _USAGE, query=query, options=options)
