# Generated from aimusicverse/resources/_async/distributions.py by scripts/unasync.py: edit there.
"""`client.distributions`: where a release may go, and what that costs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from aimusicverse.errors import ConfigurationError
from aimusicverse.resources._sync.resource import Resource
from aimusicverse.resources.naming import ids_of
from aimusicverse.transport.options import RequestOptions
from aimusicverse.types.outlet import Outlet, OutletList
from aimusicverse.types.quote import Quote
from aimusicverse.types.track import Track
from aimusicverse.types.validation import ValidationReport

if TYPE_CHECKING:
    from aimusicverse.types.release import Release

_OUTLETS = TypeAdapter(OutletList)
_REPORT = TypeAdapter(ValidationReport)
_QUOTE = TypeAdapter(Quote)


class Distributions(Resource):
    """Releases on their way to stores.

    `metadata` is a `Release`, or a dict with its fields; for a single its short form is enough: title,
    artist, composers, isrc, upc, p_line, c_line, label, language, explicit, genre, ai.
    """

    def platforms(self, *, options: RequestOptions | None = None) -> list[Outlet]:
        """Stores and distributors, stores first: whether they take what a machine made, what they need, how a
        release gets there.
        """
        found = self._send("GET", "/platforms", _OUTLETS, options=options)
        return found.data

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
        body = _about(metadata, platforms, via, tracks)
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
        body = _about(metadata, platforms, via, tracks)
        body |= {"years": years, "extras": _several(extras)}
        if plan is not None:
            body["plan"] = plan
        if expected_revenue is not None:
            body["expected_revenue"] = str(expected_revenue)
        return self._send("POST", "/distributions/quote", _QUOTE, body=body, options=options)


def _about(
    metadata: Release | Mapping[str, Any],
    platforms: str | Iterable[str],
    via: str | None,
    tracks: Track | str | Iterable[Track | str],
) -> dict[str, Any]:
    if not isinstance(metadata, Mapping):
        metadata = metadata.model_dump(mode="json", exclude_unset=True)
    body: dict[str, Any] = {"metadata": dict(metadata), "platforms": _several(platforms)}
    if via is not None:
        body["via"] = via
    if ids := ids_of(tracks):
        body["track_ids"] = ids
    return body


def _several(names: str | Iterable[str]) -> list[str]:
    return [names] if isinstance(names, str) else list(names)
