"""What goes wrong with sound."""

from __future__ import annotations


class AudioError(Exception):
    """A file that is no sound, a damaged one, or one that this package does not handle.

    `code` is stable (`unreadable`, `truncated`, `unsupported_format`, `unsupported_channels`,
    `unsupported_bit_depth`, `too_long`, `unwritable`, `disk_full`); `message` is a sentence for a person.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return self.message
