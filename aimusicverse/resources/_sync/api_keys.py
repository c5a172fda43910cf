# Generated from aimusicverse/resources/_async/api_keys.py by scripts/unasync.py: edit there.
"""`client.api_keys`: keys that act in your name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter

from aimusicverse.resources._sync.pager import Pager
from aimusicverse.resources._sync.resource import Resource
from aimusicverse.resources.moment import moment
from aimusicverse.resources.naming import id_of, version_of
from aimusicverse.resources.overlap import overlap_body
from aimusicverse.resources.unchanged import UNCHANGED, Keep, Unchanged
from aimusicverse.transport.options import RequestOptions
from aimusicverse.types.api_key import ApiKey

_API_KEY = TypeAdapter(ApiKey)


class ApiKeys(Resource):
    """Keys that act in your name: several, each with scopes of its own and an end.

    A key cannot give what it does not have. The text of a new one is `api_key.key`, a Secret:
    `.get_secret_value()` gives it. It is not shown again.
    """

    def list(
        self, *, include_revoked: bool = False, limit: int = 50, options: RequestOptions | None = None
    ) -> Pager[ApiKey]:
        """Your keys, newest first. `.page()` gives the first page, `for` all items.

        Args:
            include_revoked: those that were revoked, too.
            limit: items on a page, 1–100.
            options: for each page.
        """
        query = {"limit": limit, "include_revoked": include_revoked or None}
        return self._page("/api-keys", ApiKey, query=query, options=options)

    def create(
        self,
        name: str,
        *,
        scopes: Iterable[str],
        expires_at: datetime | str | None = None,
        mode: str | None = None,
        options: RequestOptions | None = None,
    ) -> ApiKey:
        """Make a key.

        Args:
            name: what it is for; 1–200 characters, one line.
            scopes: what it may do, such as `tracks:read`.
            expires_at: with a time zone; None is never, or when the key ends that makes it.
            mode: `live` or `test`; None is that of the key that makes it.
            options: for this call only.

        Returns:
            It with `key`, its text.

        Raises:
            PermissionDeniedError: it would have what the key that makes it does not have.
            UnprocessableEntityError: a scope that there is not, or an end that is past.
            ConflictError: you have 1,000 keys.
        """
        body: dict[str, Any] = {"name": name, "scopes": [*scopes]}
        if expires_at is not None:
            body["expires_at"] = moment(expires_at)
        if mode is not None:
            body["mode"] = mode
        return self._send("POST", "/api-keys", _API_KEY, body=body, options=options)

    def get(self, api_key: ApiKey | str, *, options: RequestOptions | None = None) -> ApiKey:
        """One key, without its text.

        Raises:
            NotFoundError: no such key, or not yours.
        """
        return self._send("GET", _path(api_key), _API_KEY, options=options)

    def update(
        self,
        api_key: ApiKey | str,
        *,
        name: str | None = None,
        scopes: Iterable[str] | None = None,
        expires_at: datetime | str | Unchanged | None = UNCHANGED,
        if_match: ApiKey | str | None = None,
        options: RequestOptions | None = None,
    ) -> ApiKey:
        """Change what is given; the rest stays. It counts at once.

        Args:
            api_key: or its id.
            name: 1–200 characters, one line.
            scopes: all that it may do from now on.
            expires_at: its end, with a time zone; None is never.
            if_match: only if it is still as it was then.
            options: for this call only.

        Raises:
            NotFoundError: no such key, or not yours.
            PermissionDeniedError: it would get what the key that changes it does not have.
            ConflictError: it was revoked.
            PreconditionFailedError: it was changed since.
        """
        body: dict[str, Any] = {}
        if name is not None:
            body["name"] = name
        if scopes is not None:
            body["scopes"] = [*scopes]
        if not isinstance(expires_at, Keep):
            body["expires_at"] = moment(expires_at)
        version = version_of(if_match)
        return self._send("PATCH", _path(api_key), _API_KEY, body=body, if_match=version, options=options)

    def revoke(
        self,
        api_key: ApiKey | str,
        *,
        if_match: ApiKey | str | None = None,
        options: RequestOptions | None = None,
    ) -> None:
        """End a key at once, everywhere. It can still be read, and comes back no more.

        Raises:
            NotFoundError: no such key, or not yours.
            PreconditionFailedError: it was changed since.
        """
        self._discard(_path(api_key), if_match=version_of(if_match), options=options)

    def rotate(
        self,
        api_key: ApiKey | str,
        *,
        overlap: timedelta | float | None = None,
        expires_at: datetime | str | None = None,
        options: RequestOptions | None = None,
    ) -> ApiKey:
        """Make a key that can do the same. The old one still works for a while, unless it is suspended.

        Args:
            api_key: or its id.
            overlap: how long the old one still works, up to 30 days; seconds, if it is a number. None is a
                day, 0 not any more.
            expires_at: the new one's end; None lets it live as long as the old one was meant to.
            options: for this call only.

        Returns:
            The new key, with `key`, its text.

        Raises:
            NotFoundError: no such key, or not yours.
            PermissionDeniedError: it can do what the key that rotates it cannot.
            ConflictError: it was revoked, or rotated already.
        """
        body: dict[str, Any] = overlap_body(overlap)
        if expires_at is not None:
            body["expires_at"] = moment(expires_at)
        return self._send("POST", f"{_path(api_key)}/rotate", _API_KEY, body=body, options=options)


def _path(api_key: ApiKey | str) -> str:
    return f"/api-keys/{id_of(api_key)}"
