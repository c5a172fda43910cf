"""Takes keys and tokens out of text before it is logged. Every line that `log_lines` formats passes here."""

from __future__ import annotations

import re

_SECRETS = re.compile(
    r"amv_(?:live|test)_[0-9A-Za-z]+_[0-9A-Za-z]+"  # API keys
    r"|wh(?:sec|sk)_[0-9A-Za-z+/=]+"  # webhook secrets
    r"|(?<=signature=)[0-9A-Za-z_-]+"  # play links
    r"|(?i:(?<=bearer )[^\s\"',]+)"
)


def redact(text: str) -> str:
    """`text` with every known form of secret replaced by `***`."""
    return _SECRETS.sub("***", text)
