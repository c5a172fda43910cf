"""What a kit is about."""

from __future__ import annotations

from typing import Final

from aimusicverse.platforms.store_code import StoreCode

KIT_READY: Final = StoreCode(
    "kit_ready",
    "setup",
    "The kit is ready, and a person hands it over",
    "Download it (`amv distributions package`), fill in the distributor's form by its checklist, then "
    "tell it: `amv distributions confirm`.",
)

CODES: Final = (KIT_READY,)
