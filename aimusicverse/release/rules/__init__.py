"""The published rules of stores, one row each, in files by subject."""
