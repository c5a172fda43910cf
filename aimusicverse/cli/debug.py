"""`AMV_DEBUG=1`: for whoever looks for a defect, tracebacks and logs on the screen."""

from __future__ import annotations

import os


def wants_debug() -> bool:
    """Whether `AMV_DEBUG` is set to anything but 0."""
    return os.environ.get("AMV_DEBUG") not in (None, "", "0")
