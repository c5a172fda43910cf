# Generated from aimusicverse/transport/_async/__init__.py by scripts/unasync.py: edit there.
"""Written by hand; `scripts/unasync.py` makes the sync twin from it."""
