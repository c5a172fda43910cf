"""SoundCloud: an upload by its API, in the name of whoever connected his account."""
