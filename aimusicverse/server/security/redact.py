"""Takes keys and tokens out of text before it is logged or told. Every log line and problem passes here."""

from __future__ import annotations

import re

_SECRETS = re.compile(
    r"amv_(?:live|test)_[0-9A-Za-z]+_[0-9A-Za-z]+"  # API keys
    r"|wh(?:sec|sk)_[0-9A-Za-z+/=]+"  # webhook secrets
    r"|(?<=signature=)[0-9A-Za-z_-]+"  # play links
    r"|(?i:(?<=bearer )[^\s\"',]+)"
    r"|(?<=/bot)[0-9]+:[0-9A-Za-z_-]+"  # a bot's token, in an address of Telegram's
)


#: One of these is in each of them. Looking for words is quicker than looking for patterns.
_SIGNS = ("amv_", "whsec_", "whsk_", "signature=", "bearer ", "/bot")


def redact(text: str) -> str:
    """`text` with every known form of secret replaced by `***`."""
    folded = text.lower()
    for sign in _SIGNS:
        if sign in folded:
            return _SECRETS.sub("***", text)
    return text
