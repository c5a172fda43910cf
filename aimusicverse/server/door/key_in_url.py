"""Finds API keys and their usual names in a URL, however they are escaped.

URLs are kept where headers are not: in logs on the way, in a browser's history, in `Referer`, on screens.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

_KEY = re.compile(r"amv_(?:live|test)_[0-9A-Za-z]+_[0-9A-Za-z]+")
#: What people call it in a query: RFC 6750, section 2.3, and the habits of other services.
_NAMED = re.compile(
    r"(?:^|[&;])(?:x[-_])?(?:api[-_]?key|access[-_]?token|client[-_]secret|key)(?:=|&|;|$)", re.I
)
#: How often something may be escaped before nobody would read it as a key any more.
_DEPTH = 4


def in_url(path: str, query: bytes) -> bool:
    """Whether there is a key, or a parameter for one.

    Args:
        path: unescaped once, as ASGI has it.
        query: raw.
    """
    if query:
        text = query.decode("latin-1")
        return bool(_NAMED.search(unquote(text))) or _has_key(text) or _has_key(path)
    return ("amv_" in path or "%" in path) and _has_key(path)


def _has_key(text: str) -> bool:
    for _ in range(_DEPTH):
        if _KEY.search(text):
            return True
        if "%" not in text:
            return False
        text = unquote(text)
    return False
