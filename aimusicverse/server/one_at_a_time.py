"""Reading pictures, one at a time in a process, by whichever part of it."""

from aimusicverse.release.one_at_a_time import one_at_a_time

__all__ = ["one_at_a_time"]
