"""For tests of programs that use aimusicverse: an engine that takes no time, fixtures for pytest."""
