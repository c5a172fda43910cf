"""Keys that are hashed as cheaply as bcrypt can: what a hash costs is most of what many a test would take."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from aimusicverse.server.security import key_hash

#: As `key_hash.DECOY`, which nothing matches.
_DECOY = b"$2b$04$C6UzMDM.H6dfI/f/IKcEeO7ZLPTz9lGQ8eFcmkvtBdGgW4xGCCpqe"


@contextmanager
def cheaply() -> Iterator[None]:
    """Within this, in this process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(key_hash, "COST", 4)
        patch.setattr(key_hash, "DECOY", _DECOY)
        yield
