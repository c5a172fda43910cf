"""Distributions as a file: all that a server knows of them, taken out and in."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from typing import IO, Literal

from pydantic import TypeAdapter

from aimusicverse.resources import export_type
from aimusicverse.resources._async.resource import AsyncResource
from aimusicverse.resources.naming import id_of
from aimusicverse.transport.options import RequestOptions
from aimusicverse.transport.request import build
from aimusicverse.transport.source import FileSource
from aimusicverse.types.distribution_export import DistributionImport
from aimusicverse.types.track import Track

_IMPORT = TypeAdapter(DistributionImport)


class AsyncFiles(AsyncResource):
    """`export` and `import_`."""

    async def export(
        self,
        format: Literal["json", "csv"] = "json",
        *,
        track: Track | str | None = None,
        status: str | None = None,
        platform: str | None = None,
        mode: str | None = None,
        options: RequestOptions | None = None,
    ) -> bytes:
        """All that the server knows of your distributions, as a file, the oldest first, all in memory.

        Recordings and pictures are not in it, nor accounts with stores.

        Args:
            format: `json`, or `csv` with a row for each store.
            track: only those that have it.
            status: only those in it, like `live` or `failed`.
            platform: only those that go there, like `spotify`.
            mode: only those of it, `sandbox` or `live`.
            options: for this call only. Without a timeout the file may take ten minutes.

        Raises:
            APIConnectionError: the file did not arrive whole.
        """
        call = self._request(
            "GET",
            "/distributions/export",
            query={
                "format": format,
                "track_id": None if track is None else id_of(track),
                "status": status,
                "platform": platform,
                "mode": mode,
            },
            options=options,
            accept="text/csv, application/json" if format == "csv" else "application/json",
        )
        return await self._content(call, "export", options)

    async def import_(
        self,
        source: str | os.PathLike[str] | bytes | IO[bytes],
        *,
        format: Literal["json", "csv"] | None = None,
        size: int | None = None,
        progress: Callable[[int, int], None] | None = None,
        options: RequestOptions | None = None,
    ) -> DistributionImport:
        """Take an export in: all of it, or nothing. Nothing is sent, and nobody is told.

        What ended stays as it was: live, failed, rejected. What was on its way is paused until you resume it.
        Distributions that you have already, by their ids, are left as they are: a file may come again.

        Args:
            source: a path, the file's bytes, or an object opened for bytes, which is left open; up to 64 MiB.
            format: `json` or `csv`; left out, the server looks.
            size: bytes, for an object that cannot seek.
            progress: called with the bytes that were sent and their number in all. What it raises ends it.
            options: for this call only. Without a timeout it may take ten minutes.

        Raises:
            PermissionDeniedError: one is live, and the key is a test key.
            UnprocessableEntityError: it is no export; `errors` names each place, in CSV by line and column.
            OSError: the path cannot be read.
        """
        content = io.BytesIO(source) if isinstance(source, bytes) else source
        file = FileSource(content, size=size, progress=progress)
        chosen, limits = options or RequestOptions(), self._file_limits(options)
        call = build(
            "POST",
            "/distributions/import",
            source=file,
            content_type=export_type.media_type(source, format),
            idempotency_key=chosen.idempotency_key,
            headers=chosen.headers,
        )
        return await self._engine.fetch(call, _IMPORT, timeout=limits["timeout"], retries=limits["retries"])
