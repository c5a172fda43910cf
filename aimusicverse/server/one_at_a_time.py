"""Reading pictures, one at a time: warnings are off for the whole process while one is read, and memory
is for one.
"""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_LOCK: Final = threading.Lock()


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Wait until nobody else reads a picture, and let decoders wonder in silence while the block runs: at
    EXIF that is damaged, at a size that was judged before."""
    with _LOCK, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
