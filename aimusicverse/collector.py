"""Python's search for garbage, put off while modules are loaded.

What a module makes when it is loaded stays as long as the process: classes, functions, models, routes. Python
counts each of them towards its next search and walks through all of them again and again: a fifth of the time
that loading the server takes.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_put_off() -> Iterator[None]:
    """Look for no garbage meanwhile; afterwards as before."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
