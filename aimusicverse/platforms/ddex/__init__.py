"""DDEX: batches of ERN messages, into a folder or over SFTP, for Spotify and any other receiver.

Written after kb.ddex.net (ERN choreography for SFTP, batches) and providersupport.spotify.com. No real
receiver was delivered to from here: docs/stores/connect-spotify-and-ddex.md says what that leaves open.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from aimusicverse.platforms.ddex.connector import Ddex

__all__ = ["Ddex"]


def __getattr__(name: str) -> object:
    """The connector is loaded when it is asked for: `codes` alone is light."""
    if name != "Ddex":
        raise AttributeError(name)
    from aimusicverse.platforms.ddex.connector import Ddex

    return Ddex
