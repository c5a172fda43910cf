"""The drawing child, for a test that wants a picture and not its size: the real one, 320 pixels wide.

Its title may ask for a fault: `die`, `hang`, `babble`, `stumble`.
"""

from __future__ import annotations

import os
import sys
import time
from typing import Any

from aimusicverse.release import artwork
from aimusicverse.server.artwork import drawing

_draw = artwork.draw


def draw(design: Any, side: int = 320) -> bytes:
    if design.title.startswith("die"):
        os._exit(9)
    if design.title.startswith("hang"):
        time.sleep(600)
    if design.title.startswith("stumble"):
        raise ValueError("a defect")
    if design.title.startswith("babble"):
        print("something that a library prints", file=sys.stdout)
    return _draw(design, side)


artwork.draw = draw
drawing.main()
