"""Tracks and their audio."""
