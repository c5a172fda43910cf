# Generated from aimusicverse/resources/_async/admin.py by scripts/unasync.py: edit there.
"""`client.admin`: a server and its users, for its admins."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from aimusicverse.resources._sync.pager import Pager
from aimusicverse.resources._sync.resource import Resource
from aimusicverse.resources.moment import moment
from aimusicverse.resources.naming import id_of, version_of
from aimusicverse.transport.options import RequestOptions
from aimusicverse.types.admin_usage import AdminUsage
from aimusicverse.types.alert import AlertReport
from aimusicverse.types.api_key import ApiKey
from aimusicverse.types.health import ServerHealth
from aimusicverse.types.user import User

_USER = TypeAdapter(User)
_API_KEY = TypeAdapter(ApiKey)
_USAGE = TypeAdapter(AdminUsage)
_HEALTH = TypeAdapter(ServerHealth)
_ALERTS = TypeAdapter(AlertReport)


class Admin(Resource):
    """A server and its users. All of it needs a key with the scope `admin`."""

    def users(self, *, limit: int = 50, options: RequestOptions | None = None) -> Pager[User]:
        """All users, newest first. `.page()` gives the first page, `for` all items.

        Args:
            limit: items on a page, 1–100.
            options: for each page.
        """
        return self._page("/admin/users", User, query={"limit": limit}, options=options)

    def user(self, user: User | str, *, options: RequestOptions | None = None) -> User:
        """One user.

        Raises:
            NotFoundError: no such user.
        """
        return self._send("GET", _path(user), _USER, options=options)

    def create_user(
        self,
        name: str,
        *,
        tier: str = "free",
        role: str = "user",
        hourly_limit: int | None = None,
        daily_limit: int | None = None,
        scopes: Iterable[str] | None = None,
        mode: str | None = None,
        options: RequestOptions | None = None,
    ) -> User:
        """Make a user with a first key.

        Args:
            name: 1–200 characters, one line.
            tier: `free`, `pro`, `enterprise`, or `custom` with limits of its own.
            role: `user`, or `admin`.
            hourly_limit: calls in an hour, of a `custom` user.
            daily_limit: calls in a day, of a `custom` user.
            scopes: of the first key; None is what the key has that makes it, `admin` only for an admin.
            mode: of the first key, `live` or `test`; None is that of the key that makes it.
            options: for this call only.

        Returns:
            The user with `api_key`, whose `key` is the text of the first key. It is not shown again.

        Raises:
            PermissionDeniedError: the first key would have what the key that makes it does not have.
            UnprocessableEntityError: limits without `custom`, or `custom` without limits.
        """
        body: dict[str, Any] = {"name": name, "tier": tier, "role": role}
        limits = {"hourly_limit": hourly_limit, "daily_limit": daily_limit, "mode": mode}
        body |= {key: value for key, value in limits.items() if value is not None}
        if scopes is not None:
            body["scopes"] = [*scopes]
        return self._send("POST", "/admin/users", _USER, body=body, options=options)

    def update_user(
        self,
        user: User | str,
        *,
        name: str | None = None,
        tier: str | None = None,
        role: str | None = None,
        hourly_limit: int | None = None,
        daily_limit: int | None = None,
        suspended: bool | None = None,
        if_match: User | str | None = None,
        options: RequestOptions | None = None,
    ) -> User:
        """Change what is given; None leaves it as it is. It counts at once, for all keys of the user.

        Args:
            user: or its id.
            name: 1–200 characters, one line.
            tier: `free`, `pro`, `enterprise`, or `custom` with limits of its own.
            role: `user`, or `admin`.
            hourly_limit: calls in an hour, of a `custom` user.
            daily_limit: calls in a day, of a `custom` user.
            suspended: whether none of his keys opens anything.
            if_match: only if it is still as it was then.
            options: for this call only.

        Raises:
            NotFoundError: no such user.
            ConflictError: you would suspend yourself, or change your own role.
            UnprocessableEntityError: limits without `custom`, or `custom` without limits.
            PreconditionFailedError: it was changed since.
        """
        changes = {
            "name": name,
            "tier": tier,
            "role": role,
            "hourly_limit": hourly_limit,
            "daily_limit": daily_limit,
            "suspended": suspended,
        }
        body = {key: value for key, value in changes.items() if value is not None}
        version = version_of(if_match)
        return self._send("PATCH", _path(user), _USER, body=body, if_match=version, options=options)

    def api_keys(
        self,
        user: User | str,
        *,
        include_revoked: bool = False,
        limit: int = 50,
        options: RequestOptions | None = None,
    ) -> Pager[ApiKey]:
        """The keys of a user, newest first. `.page()` gives the first page, `for` all items.

        Args:
            user: or its id.
            include_revoked: those that were revoked, too.
            limit: items on a page, 1–100.
            options: for each page.
        """
        query = {"limit": limit, "include_revoked": include_revoked or None}
        return self._page(f"{_path(user)}/api-keys", ApiKey, query=query, options=options)

    def create_api_key(
        self,
        user: User | str,
        name: str,
        *,
        scopes: Iterable[str],
        expires_at: datetime | str | None = None,
        mode: str | None = None,
        options: RequestOptions | None = None,
    ) -> ApiKey:
        """Make a key for a user who has none that works any more.

        Args:
            user: or its id.
            name: what it is for; 1–200 characters, one line.
            scopes: what it may do, such as `tracks:read`.
            expires_at: with a time zone; None is never, or when the key ends that makes it.
            mode: `live` or `test`; None is that of the key that makes it.
            options: for this call only.

        Returns:
            It with `key`, its text. It is not shown again.

        Raises:
            NotFoundError: no such user.
            PermissionDeniedError: it would have what the key that makes it does not have.
            UnprocessableEntityError: a scope that there is not, or that only an admin can have.
        """
        body: dict[str, Any] = {"name": name, "scopes": [*scopes]}
        if expires_at is not None:
            body["expires_at"] = moment(expires_at)
        if mode is not None:
            body["mode"] = mode
        return self._send("POST", f"{_path(user)}/api-keys", _API_KEY, body=body, options=options)

    def suspend_api_key(
        self, api_key: ApiKey | str, *, suspended: bool = True, options: RequestOptions | None = None
    ) -> ApiKey:
        """Shut out a key of any user at once; `suspended=False` lets it in again.

        Raises:
            NotFoundError: no such key.
        """
        body = {"suspended": suspended}
        path = f"/admin/api-keys/{id_of(api_key)}"
        return self._send("PATCH", path, _API_KEY, body=body, options=options)

    def usage(
        self,
        *,
        from_: datetime | str | None = None,
        to: datetime | str | None = None,
        limit: int = 50,
        options: RequestOptions | None = None,
    ) -> AdminUsage:
        """What everybody asked: by user, by endpoint and over time; what is slow; and API keys to look at.

        Args:
            from_: from the hour of this time on, with a time zone; a day before `to`.
            to: up to this time; now.
            limit: how many users, and how many keys, at most; 1–100.
            options: for this call only.

        Raises:
            UnprocessableEntityError: it ends before it begins, or is longer than 731 days.
        """
        query = {"from": moment(from_), "to": moment(to), "limit": limit}
        return self._send("GET", "/admin/usage", _USAGE, query=query, options=options)

    def health(self, *, options: RequestOptions | None = None) -> ServerHealth:
        """How the server is: database, audio store, disk, what waits to be done, and who is alive."""
        return self._send("GET", "/admin/health", _HEALTH, options=options)

    def alerts(self, *, options: RequestOptions | None = None) -> AlertReport:
        """What is watched and measures what now, and which alerts were raised; those that still are first."""
        return self._send("GET", "/admin/alerts", _ALERTS, options=options)


def _path(user: User | str) -> str:
    return f"/admin/users/{id_of(user)}"
