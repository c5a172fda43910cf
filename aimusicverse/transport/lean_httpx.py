"""httpx without its command line, which it would load with itself.

`import httpx` also imports `httpx._main`, and with it click, rich and pygments, wherever those happen to be
installed: half of the time that the import takes, for nothing that a library needs. Everything here that
needs httpx imports it from this module. `httpx.main` stays what it is, loaded when it is called.
"""

from __future__ import annotations

import sys

_COMMAND_LINE = "httpx._main"


def _load() -> None:
    if "httpx" in sys.modules:
        return
    sys.modules[_COMMAND_LINE] = None  # type: ignore[assignment]  # Python's own way to say "not there"
    try:
        import httpx
    finally:
        if sys.modules.get(_COMMAND_LINE, ...) is None:
            del sys.modules[_COMMAND_LINE]

    def main() -> None:
        """httpx's command line."""
        from httpx._main import main

        main()

    httpx.main = main  # type: ignore[assignment]


_load()

import httpx  # noqa: E402

__all__ = ["httpx"]
