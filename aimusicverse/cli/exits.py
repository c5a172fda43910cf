"""The exit codes. Scripts branch on them, so a number never changes its meaning."""

from __future__ import annotations

from typing import Final

DONE: Final = 0
FAILED: Final = 1
USAGE: Final = 2
REFUSED: Final = 3
NOT_FOUND: Final = 4
RATE_LIMITED: Final = 5
NETWORK: Final = 6
TIMED_OUT: Final = 7
SIGNATURE_INVALID: Final = 8
SIGNATURE_STALE: Final = 9
RELEASE_REFUSED: Final = 10
HUNG_UP: Final = 129  # 128 + SIGHUP
INTERRUPTED: Final = 130
TERMINATED: Final = 143  # 128 + SIGTERM, what service managers count as a clean stop
