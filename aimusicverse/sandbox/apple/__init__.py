"""A stand-in for Apple Music: an inbox of packages, a review, and the status that Transporter would tell."""

from aimusicverse.sandbox.apple.inbox import advance, releases

__all__ = ["advance", "releases"]
