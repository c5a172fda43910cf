"""Accounts with stores: how a person connects one, and how deliveries use it."""
