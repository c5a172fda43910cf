"""Trouble with Apple Music alone."""

from __future__ import annotations

from typing import Final

from aimusicverse.platforms.store_code import StoreCode

PACKAGE_WAITS: Final = StoreCode(
    "apple_package_waits",
    "setup",
    "The package is ready, and somebody has to bring it to Apple",
    "Give the .itmsp folder to your encoding house, or send it by Transporter. Then tell how it stands: "
    "`amv distributions confirm`.",
)
REVIEW_UNKNOWN: Final = StoreCode(
    "apple_review_unknown",
    "setup",
    "Apple has the package; how it stands is to be seen in its own tools alone",
    "Look in iTunes Connect, then tell it here: `amv distributions confirm`.",
)
NOT_VALID: Final = StoreCode(
    "apple_package_not_valid",
    "metadata",
    "Apple's check does not take the package",
    "Its words are in the message. Change the release, then retry.",
)
TRANSPORTER_FAILED: Final = StoreCode(
    "apple_transporter_failed",
    "transient",
    "Transporter did not get the package there",
    "It is tried again by itself. Its words are in the message.",
)

CODES: Final = (PACKAGE_WAITS, REVIEW_UNKNOWN, NOT_VALID, TRANSPORTER_FAILED)
