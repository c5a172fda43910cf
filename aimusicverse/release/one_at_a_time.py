"""Reading pictures, one at a time in a process: warnings are off for all of it while one is read, and memory
is for one.
"""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

#: Whoever has it may take it again: to show a picture in small is a part of greater works.
_LOCK: Final = threading.RLock()


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Wait until nobody else reads a picture, and let decoders wonder in silence while the block runs: at
    EXIF that is damaged, at a size that was judged before."""
    with _LOCK, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
