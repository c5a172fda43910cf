"""Written by hand; `scripts/unasync.py` makes the sync twin from it."""
