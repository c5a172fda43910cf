"""Audio and other large content, by its SHA-256: one door, and behind it a folder or an S3 store."""

from __future__ import annotations

from aimusicverse.server.store.blobs.base import BlobLost, Blobs, BlobsUnavailable, Content
from aimusicverse.server.store.blobs.files import sync_folder

__all__ = ["BlobLost", "Blobs", "BlobsUnavailable", "Content", "sync_folder"]
