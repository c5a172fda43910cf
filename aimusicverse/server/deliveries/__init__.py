"""Deliveries: events on their way to endpoints."""
