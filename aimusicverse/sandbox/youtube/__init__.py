"""A stand-in for YouTube: Google's sign-in, and as much of the Data API v3 as an upload of music calls.

    app(surroundings)        answers it, under `…/youtube`
    releases(surroundings)   what it has: the oracle of "exactly one"

Written against developers.google.com/youtube/v3 (its guide to resumable uploads, and the pages of videos,
playlists, playlistItems, thumbnails and channels) and developers.google.com/identity/protocols/oauth2.
"""

from aimusicverse.sandbox.youtube.app import app
from aimusicverse.sandbox.youtube.releases import advance, releases

__all__ = ["advance", "app", "releases"]
