"""With what a request was made: a short name out of its `User-Agent`, in which anybody may write anything.

Only letters, digits and `.+-` come through, and no underscore: so nothing of it can be SQL, a control
character, or an API key.
"""

from __future__ import annotations

import re
from typing import Final

#: This package's own name: what counts as its SDK.
OWN: Final = "aimusicverse"
NONE, BROWSER, OTHER = "none", "browser", "other"
#: No label is longer.
LONGEST: Final = 48
#: Its first product (RFC 9110, section 10.1.5).
_PRODUCT: Final = re.compile(rb"([A-Za-z][A-Za-z0-9.+-]{0,23})(?:/([0-9][0-9A-Za-z.+-]{0,22}))?(?=[ ;(]|\Z)")


def label_of(agent: bytes) -> str:
    """`aimusicverse/0.4.0`, `curl/8.5.0`, `browser`, `none`, `other`."""
    if not agent:
        return NONE
    product = _PRODUCT.match(agent)
    if product is None:
        return OTHER
    name, version = product.groups()
    if name == b"Mozilla":
        return BROWSER
    return (name if version is None else name + b"/" + version).decode("ascii")


def name_of(label: str) -> str:
    """A label without its version."""
    return label.partition("/")[0]


def version_of(label: str) -> str | None:
    """A label's version."""
    return label.partition("/")[2] or None
