"""Generations: from a request to tracks."""
