"""Webhooks: the endpoints to which events are sent."""
