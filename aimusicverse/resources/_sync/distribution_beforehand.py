# Generated from aimusicverse/resources/_async/distribution_beforehand.py by scripts/unasync.py: edit there.
"""Where a release may go, what it costs, accounts with stores: a part of `client.distributions`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from pydantic import TypeAdapter

from aimusicverse.errors import ConfigurationError
from aimusicverse.resources import distribution_body
from aimusicverse.resources._sync.resource import Resource
from aimusicverse.secret import Secret
from aimusicverse.transport.options import RequestOptions
from aimusicverse.types.outlet import Outlet, OutletList
from aimusicverse.types.platform_connection import PlatformConnection
from aimusicverse.types.quote import Quote
from aimusicverse.types.track import Track
from aimusicverse.types.validation import ValidationReport

if TYPE_CHECKING:
    from aimusicverse.types.release import Release

_OUTLETS = TypeAdapter(OutletList)
_REPORT = TypeAdapter(ValidationReport)
_QUOTE = TypeAdapter(Quote)
_CONNECTION = TypeAdapter(PlatformConnection)


class Beforehand(Resource):
    """What is asked and arranged before anything is sent."""

    def platforms(self, *, options: RequestOptions | None = None) -> list[Outlet]:
        """Stores and distributors, stores first: whether they take what a machine made, what they need, how a
        release gets there, and which accounts you have connected.
        """
        found = self._send("GET", "/platforms", _OUTLETS, options=options)
        return found.data

    def connect(
        self,
        platform: str,
        *,
        settings: Mapping[str, str | Secret] | None = None,
        mode: Literal["sandbox", "live"] = "sandbox",
        options: RequestOptions | None = None,
    ) -> PlatformConnection:
        """Connect your account with a store.

        If the answer is `pending`, open its `authorize_url` in a browser: `platforms` tells when the account
        is connected. Its `callback_secret` is told this once.

        Args:
            platform: a store, like `soundcloud`.
            settings: what `connect_fields` of the platform names. The server seals secrets.
            mode: `sandbox`, with the server's stand-in; `live`, with the real store.
            options: for this call only.

        Raises:
            PermissionDeniedError: `live` with a test key, or a key without `distributions:publish`.
            NotFoundError: no such platform.
            UnprocessableEntityError: a setting that is missing or not known; nothing to connect there.
        """
        body: dict[str, Any] = {"mode": mode}
        if settings:
            body["settings"] = distribution_body.plain_settings(settings)
        path = f"/platforms/{distribution_body.platform_name(platform)}/connect"
        return self._send("POST", path, _CONNECTION, body=body, options=options)

    def disconnect(
        self,
        platform: str,
        *,
        mode: Literal["sandbox", "live"] = "sandbox",
        options: RequestOptions | None = None,
    ) -> PlatformConnection:
        """Forget your account with a store: its tokens and passwords are removed.

        Raises:
            NotFoundError: no such platform, or no account there.
        """
        path = f"/platforms/{distribution_body.platform_name(platform)}/disconnect"
        return self._send("POST", path, _CONNECTION, body={"mode": mode}, options=options)

    def validate(
        self,
        metadata: Release | Mapping[str, Any],
        *,
        platforms: str | Iterable[str],
        via: str | None = None,
        tracks: Track | str | Iterable[Track | str] = (),
        options: RequestOptions | None = None,
    ) -> ValidationReport:
        """Judge a release by every published rule that concerns these stores; nothing is sent to them.

        Faults of the release are findings of the report, and raise nothing.

        Args:
            metadata: the release.
            platforms: stores, like `spotify`; one or several.
            via: the distributor, like `distrokid`; None: you deliver by yourself.
            tracks: yours, or their ids, one for each track of the release. What the server knows of them
                counts where `metadata` says nothing: duration, sound, and what a machine made.
            options: for this call only.

        Raises:
            NotFoundError: one of the tracks does not exist, or is not yours.
            UnprocessableEntityError: an unknown store, distributor or field; a path of a file.
        """
        body = distribution_body.about(metadata, platforms, via, tracks)
        return self._send("POST", "/distributions/validate", _REPORT, body=body, options=options)

    def quote(
        self,
        metadata: Release | Mapping[str, Any],
        *,
        via: str | None = None,
        platforms: str | Iterable[str] = (),
        tracks: Track | str | Iterable[Track | str] = (),
        plan: str | None = None,
        years: int = 1,
        extras: str | Iterable[str] = (),
        expected_revenue: Decimal | str | int | None = None,
        options: RequestOptions | None = None,
    ) -> Quote:
        """What it would cost, by prices that were told in public: look at `verified` and `complete`.

        Args:
            metadata: the release: how many songs, of which type, whether made with AI.
            via: the distributor, like `distrokid`; None: you deliver by yourself, to `platforms`.
            platforms: stores; one or several.
            tracks: yours, or their ids, one for each track of the release.
            plan: of the distributor; its first by default.
            years: for so many.
            extras: like `youtube_content_id`; one or several.
            expected_revenue: in all these years, in the currency of the prices. Never a float.
            options: for this call only.

        Raises:
            ConfigurationError: a float for a sum of money.
            NotFoundError: one of the tracks does not exist, or is not yours.
            UnprocessableEntityError: an unknown distributor, store, plan or extra.
        """
        if isinstance(expected_revenue, float):
            raise ConfigurationError(
                'expected_revenue is a Decimal or text, like "1200.00": floats are inexact'
            )
        body = distribution_body.about(metadata, platforms, via, tracks)
        body |= {"years": years, "extras": distribution_body.several(extras)}
        if plan is not None:
            body["plan"] = plan
        if expected_revenue is not None:
            body["expected_revenue"] = str(expected_revenue)
        return self._send("POST", "/distributions/quote", _QUOTE, body=body, options=options)
