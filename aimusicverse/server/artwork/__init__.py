"""Pictures for releases."""
