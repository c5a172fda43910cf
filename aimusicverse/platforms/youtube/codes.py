"""Trouble with YouTube alone."""

from __future__ import annotations

from typing import Final

from aimusicverse.platforms.store_code import StoreCode

KEPT_PRIVATE: Final = StoreCode(
    "youtube_kept_private",
    "setup",
    "YouTube shows the video to nobody, though it was asked to",
    "Videos of an API project that YouTube has not audited stay private: whoever runs this server has it "
    "audited. Or make the video public in YouTube Studio, then tell it: `amv distributions confirm`.",
)
FILM_IS_FIXED: Final = StoreCode(
    "youtube_video_is_fixed",
    "metadata",
    "YouTube never changes the sound or picture of a video that it has",
    "Put the old files back to change texts alone. For new ones take this release down, and distribute the "
    "new one as another.",
)
UPLOAD_LIMIT: Final = StoreCode(
    "youtube_upload_limit",
    "quota",
    "The channel has uploaded as much as YouTube lets it",
    "It goes on by itself. Verifying the channel (youtube.com/verify) raises the limit.",
)
NO_CHANNEL: Final = StoreCode(
    "youtube_no_channel",
    "setup",
    "The connected Google account has no YouTube channel",
    "Sign in at youtube.com with it, make a channel, then retry.",
)

CODES: Final = (KEPT_PRIVATE, FILM_IS_FIXED, UPLOAD_LIMIT, NO_CHANNEL)
