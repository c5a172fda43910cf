"""Where the installed `amv` comes in: light, so that a Ctrl-C while the rest is loaded finds us at home."""

from __future__ import annotations

INTERRUPTED = 130  # as in `exits`, which might not be loaded yet


def main() -> int:
    """Run `amv` with the words of the process and give its exit code."""
    try:
        from aimusicverse.cli.app import main as run

        return run()
    except KeyboardInterrupt:
        return INTERRUPTED
