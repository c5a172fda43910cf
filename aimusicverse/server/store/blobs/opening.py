"""Opens the blobs that the settings name."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from aimusicverse.errors import ConfigurationError
from aimusicverse.server.settings import Settings
from aimusicverse.server.store.blobs.base import Blobs, BlobsUnavailable
from aimusicverse.server.store.blobs.folder import FolderBlobs

log: Final = logging.getLogger("aimusicverse.server.store")

#: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")


def open_blobs(settings: Settings, data_dir: Path, *, alone: bool) -> Blobs:
    """The folder `blobs`, or the S3 store of `AMV_BLOBS` with its copies in the folder `cache`.

    A store that does not answer now is no reason not to start: it is tried again when it is needed.

    Args:
        settings: of the server.
        data_dir: the data folder.
        alone: whether no other process works in that folder.

    Raises:
        ConfigurationError: the settings cannot be, the store refuses them, or `[s3]` is not installed.
    """
    blobs = find_blobs(settings, data_dir, data_dir / "cache")
    if alone:
        blobs.clear_workspaces()
    try:
        blobs.check()
    except BlobsUnavailable as error:
        if error.misconfigured:
            raise ConfigurationError(str(error)) from None
        log.error("the audio store cannot be used yet", extra={"error": str(error)})
    return blobs


def find_blobs(settings: Settings, data_dir: Path, cache: Path) -> Blobs:
    """The same blobs, beside a server that may run: nothing of its own is touched.

    Args:
        settings: of the server.
        data_dir: its data folder.
        cache: where copies of what is kept elsewhere go.

    Raises:
        ConfigurationError: the settings cannot be, or `[s3]` is not installed.
    """
    if not settings.blobs:
        return FolderBlobs(data_dir / "blobs")
    place = urlsplit(settings.blobs)
    if place.scheme != "s3" or not _BUCKET.fullmatch(place.netloc) or place.query or place.fragment:
        raise ConfigurationError(
            f"AMV_BLOBS must be empty or s3://bucket/prefix, not {_without_password(settings.blobs)!r}"
        )
    if bool(settings.s3_access_key_id) != bool(settings.s3_secret_access_key):
        raise ConfigurationError("AMV_S3_ACCESS_KEY_ID and AMV_S3_SECRET_ACCESS_KEY: give both or none")
    try:
        from aimusicverse.server.store.blobs.s3 import S3Blobs
        from aimusicverse.server.store.blobs.s3_connection import S3Address
    except ModuleNotFoundError as error:
        if error.name != "obstore":
            raise
        raise ConfigurationError(
            "AMV_BLOBS with s3:// needs the package obstore: pip install 'aimusicverse[s3]'"
        ) from None
    address = S3Address(
        bucket=place.netloc,
        prefix=place.path.strip("/"),
        endpoint=_endpoint(settings.s3_endpoint),
        region=settings.s3_region,
        access_key_id=settings.s3_access_key_id,
        secret_access_key=settings.s3_secret_access_key,
    )
    return S3Blobs(address, cache, cache_bytes=settings.blob_cache_mb * 1_000_000)


def _endpoint(url: str) -> str:
    if not url:
        return ""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query:
        raise ConfigurationError(
            f"AMV_S3_ENDPOINT must be like https://minio.example.com:9000, not {_without_password(url)!r}"
        )
    return url.rstrip("/")


def _without_password(url: str) -> str:
    return re.sub(r"//[^/@]*@", "//***@", url)
