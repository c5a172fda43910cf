"""Where the installed `amv` comes in: light, so that a Ctrl-C while the rest is loaded finds us at home."""

from __future__ import annotations

import gc

INTERRUPTED = 130  # as in `exits`, which might not be loaded yet


def main() -> int:
    """Run `amv` with the words of the process and give its exit code."""
    try:
        from aimusicverse.collector import collector_put_off

        with collector_put_off():
            from aimusicverse.cli.app import main as run

        return run()
    except KeyboardInterrupt:
        return INTERRUPTED
    finally:
        # Or Python would search all that was loaded once more before it leaves: 0.3 s. So nothing of ours may
        # wait for that search to be finished: files are closed where they are opened.
        gc.freeze()
