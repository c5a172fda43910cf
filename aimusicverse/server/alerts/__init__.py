"""Watches what a server measures, and says when it is out of order and when it is well again."""
