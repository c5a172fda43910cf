"""What every answer says to browsers about itself, unless it says so by its own account.

Sources: OWASP HTTP Headers and REST Security Cheat Sheets; Fetch standard (CORP), CSP Level 3.
"""

from __future__ import annotations

from typing import Final

Header = tuple[bytes, bytes]

#: Answers are data: nothing in them may load or run, and no page may frame them. A browser that is sent to
#: the audio itself makes a page of its own around it, whose player needs `media-src`.
SECURITY: Final[tuple[Header, ...]] = (
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; media-src 'self'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
)
#: Those that an answer may say otherwise.
_OWN: Final = frozenset(
    (b"content-security-policy", b"cross-origin-resource-policy", b"cache-control", b"referrer-policy")
)


def complete(headers: list[Header], every: tuple[Header, ...]) -> None:
    """Add `every` to an answer's headers, without those that it has already."""
    said = dict(headers)
    if _OWN.isdisjoint(said):
        headers.extend(every)
    else:
        headers.extend([header for header in every if header[0] not in said or header[0] not in _OWN])
