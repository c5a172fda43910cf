"""What can go wrong with a delivery by DDEX, beside what can with every store."""

from __future__ import annotations

from typing import Final

from aimusicverse.platforms.store_code import StoreCode

_CONNECT: Final = "`amv platforms connect STORE`"

HOST_REFUSED: Final = StoreCode(
    "ddex_host_refused",
    "setup",
    "The SFTP host may not be reached from here",
    "Name a public host; whoever runs the server may allow others (`AMV_WEBHOOK_ALLOW`).",
)
HOST_KEY_WRONG: Final = StoreCode(
    "ddex_host_key_wrong",
    "setup",
    "The SFTP server showed another key than the one you gave",
    "Ask the provider whether its key has changed. Nothing was sent, and no password. If it has, connect "
    f"anew with the new `host_key`: {_CONNECT}.",
)
FOLDER_REFUSED: Final = StoreCode(
    "ddex_folder_refused",
    "setup",
    "The folder cannot be written to",
    "Look whether it is there and may be written to, and whether `folder` is right. Retry then.",
)
RECEIVER_REFUSED: Final = StoreCode(
    "ddex_receiver_refused",
    "transient",
    "The SFTP server did not take a file",
    "It is tried again by itself. If it stays so, ask the provider: its disk may be full.",
)
ANSWER_UNREADABLE: Final = StoreCode(
    "ddex_answer_unreadable",
    "setup",
    "The receiver's acknowledgement cannot be read",
    "Ask the provider how the release stands, and tell it: `amv distributions confirm`. A good "
    "acknowledgement that comes later counts.",
)
TEST_MESSAGE: Final = StoreCode(
    "ddex_test_message",
    "setup",
    "The receiver has accepted a test message, which nobody will hear",
    "Set `live_message` in the release's metadata to true (`amv distributions update`), then retry.",
)
RECEIVER_FAILED: Final = StoreCode(
    "ddex_receiver_failed",
    "transient",
    "The receiver had an error of its own",
    "Retry: the release is sent again in a new batch.",
)
MESSAGE_REFUSED: Final = StoreCode(
    "ddex_message_refused",
    "metadata",
    "The receiver does not take the message",
    "Change what its reason names (`amv distributions update`), then retry.",
)
IDENTIFIER_REFUSED: Final = StoreCode(
    "ddex_identifier_refused",
    "metadata",
    "The receiver does not take a UPC, EAN, GRid or ISRC",
    "Look whether it is yours, and not given to another release or recording. Change it, then retry.",
)
DATE_REFUSED: Final = StoreCode(
    "ddex_date_refused",
    "metadata",
    "The receiver does not take a date of the release",
    "Change the date that its reason names, then retry.",
)
FILE_REFUSED: Final = StoreCode(
    "ddex_file_refused",
    "metadata",
    "The receiver does not take a file",
    "Give another master or cover, then retry.",
)
TAKEDOWN_REFUSED: Final = StoreCode(
    "ddex_takedown_refused",
    "setup",
    "The receiver did not carry out the takedown",
    "Ask the provider to take the release down; its reason is in the message.",
)

DDEX_CODES: Final = (
    HOST_REFUSED,
    HOST_KEY_WRONG,
    FOLDER_REFUSED,
    RECEIVER_REFUSED,
    ANSWER_UNREADABLE,
    TEST_MESSAGE,
    RECEIVER_FAILED,
    MESSAGE_REFUSED,
    IDENTIFIER_REFUSED,
    DATE_REFUSED,
    FILE_REFUSED,
    TAKEDOWN_REFUSED,
)
CODES: Final = DDEX_CODES
