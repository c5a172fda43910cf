"""Headers that somebody else named."""

from __future__ import annotations

import re
from functools import lru_cache

from aimusicverse.egress.error import EgressError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

#: RFC 9110, section 5.6.2.
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_LONGEST_NAME, _LONGEST_VALUE, _MOST = 128, 8_190, 64
#: Where the message begins and ends, whom it is for, and how the connection goes on: the sender's business.
#: And an answer that was asked for in a coding would have to be decoded: a few bytes become gigabytes.
RESERVED = frozenset(
    (
        "accept-encoding",
        "connection",
        "content-length",
        "expect",
        "host",
        "http2-settings",
        "keep-alive",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    )
)


def check_headers(headers: Mapping[str, str]) -> None:
    """Judge headers before they are sent. Values are never repeated: there are keys among them.

    Raises:
        EgressError: `bad_header`: a name or value that no header can have, one of `RESERVED`, one given twice
            in different spellings, or too many of them.
    """
    if len(headers) > _MOST:
        raise _bad(f"There are more than {_MOST} headers.")
    seen: set[str] = set()
    for name, value in headers.items():
        seen.add(_in_small_letters(name))
        # RFC 9110, section 5.5, of it what is ASCII: a line end would begin another header.
        if not (value.isascii() and value.isprintable()):
            raise _bad(
                f"The value of the header {name} has a line end or another character that is not plain ASCII."
            )
        if len(value) > _LONGEST_VALUE:
            raise _bad(f"The value of the header {name} has more than {_LONGEST_VALUE:,} characters.")
    if len(seen) < len(headers):
        raise _bad("A header is there twice, in different spellings.")


@lru_cache(256)  # deliveries have the same ones, all of them
def _in_small_letters(name: str) -> str:
    if not _NAME.fullmatch(name) or len(name) > _LONGEST_NAME:
        raise _bad("A header's name has other characters than letters, digits and hyphens, or too many.")
    known = name.lower()
    if known in RESERVED:
        raise _bad(f"The header {name} is set by the sender. Leave it out.")
    return known


def _bad(message: str) -> EgressError:
    return EgressError(message, reason="bad_header")
