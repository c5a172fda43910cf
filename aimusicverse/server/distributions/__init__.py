"""Distributions: whether a release may go where it is to go, and what that would cost."""
