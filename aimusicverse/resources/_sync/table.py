# Generated from aimusicverse/resources/_async/table.py by scripts/unasync.py: edit there.
"""What hangs on a client: a line here for each resource, and one for its type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aimusicverse.resources.on_first_use import OnFirstUse

if TYPE_CHECKING:
    from aimusicverse.resources._sync.account import Account
    from aimusicverse.resources._sync.admin import Admin
    from aimusicverse.resources._sync.api_keys import ApiKeys
    from aimusicverse.resources._sync.artwork import Artworks
    from aimusicverse.resources._sync.distributions import Distributions
    from aimusicverse.resources._sync.generation import Generations
    from aimusicverse.resources._sync.playlists import Playlists
    from aimusicverse.resources._sync.tracks import Tracks
    from aimusicverse.resources._sync.webhooks import Webhooks
    from aimusicverse.transport._sync.engine import Engine


class ResourceTable(OnFirstUse):
    """The resources of a client."""

    _engine: Engine

    generation: Generations
    """From a prompt to tracks."""
    tracks: Tracks
    """Finished recordings."""
    playlists: Playlists
    """Ordered lists of tracks."""
    artwork: Artworks
    """Pictures for releases."""
    distributions: Distributions
    """Releases on their way to stores."""
    webhooks: Webhooks
    """Endpoints that the server calls, and what happened."""
    api_keys: ApiKeys
    """Keys that act in your name."""
    account: Account
    """Who you are here."""
    admin: Admin
    """The users of the server, for its admins."""
