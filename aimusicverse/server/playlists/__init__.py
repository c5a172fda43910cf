"""Playlists: ordered lists of tracks."""
