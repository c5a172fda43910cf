"""The receivers: an inbox each, and the versions of ERN that they take."""

from __future__ import annotations

from typing import Final

STORES: Final[dict[str, frozenset[str]]] = {
    "spotify": frozenset(("4.3", "4.3.2")),
    "ddex": frozenset(("4.3.2",)),
    "ddex_43": frozenset(("4.3",)),
}
