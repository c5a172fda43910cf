"""Connectors: what brings a release to a store, each by the store's own protocol."""
