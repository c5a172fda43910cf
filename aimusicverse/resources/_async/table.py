"""What hangs on a client: a line here for each resource, and one for its type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aimusicverse.resources.on_first_use import OnFirstUse

if TYPE_CHECKING:
    from aimusicverse.resources._async.account import AsyncAccount
    from aimusicverse.resources._async.admin import AsyncAdmin
    from aimusicverse.resources._async.api_keys import AsyncApiKeys
    from aimusicverse.resources._async.artwork import AsyncArtworks
    from aimusicverse.resources._async.distributions import AsyncDistributions
    from aimusicverse.resources._async.generation import AsyncGenerations
    from aimusicverse.resources._async.playlists import AsyncPlaylists
    from aimusicverse.resources._async.tracks import AsyncTracks
    from aimusicverse.resources._async.webhooks import AsyncWebhooks
    from aimusicverse.transport._async.engine import AsyncEngine


class AsyncResourceTable(OnFirstUse):
    """The resources of a client."""

    _engine: AsyncEngine

    generation: AsyncGenerations
    """From a prompt to tracks."""
    tracks: AsyncTracks
    """Finished recordings."""
    playlists: AsyncPlaylists
    """Ordered lists of tracks."""
    artwork: AsyncArtworks
    """Pictures for releases."""
    distributions: AsyncDistributions
    """Releases on their way to stores."""
    webhooks: AsyncWebhooks
    """Endpoints that the server calls, and what happened."""
    api_keys: AsyncApiKeys
    """Keys that act in your name."""
    account: AsyncAccount
    """Who you are here."""
    admin: AsyncAdmin
    """The users of the server, for its admins."""
