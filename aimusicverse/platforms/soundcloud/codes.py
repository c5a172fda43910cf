"""Trouble that only SoundCloud makes."""

from __future__ import annotations

from typing import Final

from aimusicverse.platforms.store_code import StoreCode

SOUND_REFUSED: Final = StoreCode(
    "soundcloud_sound_refused",
    "metadata",
    "SoundCloud cannot work with the sound file",
    "Export the master anew as WAV or FLAC, replace the track's audio with it, then retry.",
)
METADATA_REFUSED: Final = StoreCode(
    "soundcloud_metadata_refused",
    "metadata",
    "SoundCloud does not take something that is said of the track",
    "Change what the message names (`amv distributions update`), then retry.",
)
MAY_NOT_UPLOAD: Final = StoreCode(
    "soundcloud_may_not_upload",
    "setup",
    "The SoundCloud account may not do this",
    "Look at soundcloud.com whether its e-mail is confirmed and upload minutes are left; then retry.",
)
BLOCKED: Final = StoreCode(
    "soundcloud_blocked",
    "policy",
    "SoundCloud blocks the track",
    "Its API does not say why: SoundCloud writes an e-mail to the account's owner, who may object there.",
)
GONE: Final = StoreCode(
    "soundcloud_gone",
    "policy",
    "A track or playlist was deleted at SoundCloud",
    "Somebody removed it there. Retry to deliver it anew, or take the release down to remove the rest.",
)
COVER_REFUSED: Final = StoreCode(
    "soundcloud_cover_refused",
    "setup",
    "SoundCloud did not take the cover; the music is there",
    "Set the picture at soundcloud.com; by the API only paid accounts may. Nothing is lost.",
)
LOOK_ALIKE: Final = StoreCode(
    "soundcloud_look_alike",
    "unknown_outcome",
    "A track of the same title came to SoundCloud while our upload was interrupted",
    "Look at soundcloud.com/you/tracks: if it is our upload without a mark, delete it. Then retry.",
)
CHECKING: Final = StoreCode(
    "soundcloud_checking",
    "transient",
    "It is being looked whether SoundCloud took an upload whose answer was lost",
    "Nothing is to be done: it is looked again in a moment, and sent again only if it is not there.",
)
FILE_CHANGED: Final = StoreCode(
    "soundcloud_file_changed",
    "transient",
    "A file is not as it was when it was looked into",
    "It is tried again by itself, and looked into anew. If it stays so, whoever runs the server looks at "
    "its disk.",
)
NOTHING_THERE: Final = StoreCode(
    "soundcloud_nothing_there",
    "setup",
    "Nothing of this release is at SoundCloud",
    "Retry to deliver it.",
)

SOUNDCLOUD_CODES: Final = (
    SOUND_REFUSED, METADATA_REFUSED, MAY_NOT_UPLOAD, BLOCKED, GONE, COVER_REFUSED, LOOK_ALIKE, CHECKING,
    FILE_CHANGED, NOTHING_THERE,
)  # fmt: skip
CODES: Final = SOUNDCLOUD_CODES
