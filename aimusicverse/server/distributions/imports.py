"""Files of distributions on their way in: written to the disk, then read one at a time."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fastapi import Request

from aimusicverse.server.distributions import import_reading, importing
from aimusicverse.server.distributions.import_reading import Read
from aimusicverse.server.file_body import FileBody
from aimusicverse.server.noted_upload import noted
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.store.blobs import Blobs
from aimusicverse.server.store.sealed import Sealer
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.types import DistributionImport

if TYPE_CHECKING:
    from aimusicverse.server.call import CallContext

_MOST_BYTES: Final = 64 * 2**20
FILE: Final = FileBody(
    family="application/json",
    others=("text/csv", "application/csv"),
    most_bytes=_MOST_BYTES,
    wrong_type="Send an export, as application/json or text/csv.",
    too_large="An export may have up to 64 MiB. Export in parts: by status, mode, platform or track.",
    cut="file_truncated",
)


class Imports:
    """Takes files in. One thread: large files are read one at a time."""

    def __init__(self, blobs: Blobs, sealer: Sealer) -> None:
        """Nothing is read yet.

        Args:
            blobs: which has room for files that come.
            sealer: of answers that are kept.
        """
        self._blobs = blobs
        self._sealer = sealer
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="amv-import")

    def close(self) -> None:
        """Finish what is being read."""
        self._thread.shutdown(wait=True)

    async def take(self, call: CallContext, request: Request) -> DistributionImport:
        """What comes of a request's body.

        Raises:
            Refusal: too large, of another type, cut; no export, with each place that is wrong.
        """
        FILE.check_head(request)
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        async with noted(call, request, self._sealer) as upload:
            with self._blobs.workspace() as workspace:
                sent = workspace / "import"
                sha256 = await FILE.save(request, sent)
                loop = asyncio.get_running_loop()
                found = await loop.run_in_executor(self._thread, _read, sent, kind)

            def keep(tx: Transaction, owner: Owner) -> DistributionImport:
                return importing.keep(tx, owner, call.principal, found)

            return await call.write(upload.finished(sha256, keep, DistributionImport))


def _read(path: Path, kind: str) -> list[Read]:
    content = path.read_bytes()
    is_json = kind == "application/json" or (
        "csv" not in kind and content[:100].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"
    )
    return import_reading.read_json(content) if is_json else import_reading.read_csv(content)
