"""The drawing child: `python -m aimusicverse.server.artwork.drawing`.

One JSON line comes in, `{"wish": {…}, "folder": "/dir"}`; the files lie in the folder when one JSON line
comes out, `{"done": {"files": […], "facts": {…}, "style": …}}` or `{"error": {"code", "message"}}`. A process
of its own, because drawing takes hundreds of megabytes, which come back this way, and holds up nobody who
shares an interpreter. The end of standard input means that the parent is gone, and ends the child at once.
"""

from __future__ import annotations

import errno
import json
import os
import signal
import sys
import threading
import traceback
from pathlib import Path
from typing import Any


def main() -> None:
    """Draw one picture and leave."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides: it closes the pipe or kills
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever anybody prints goes to standard error
    if hasattr(os, "nice"):
        os.nice(10)
    order = json.loads(sys.stdin.readline())
    threading.Thread(target=_die_with_parent, daemon=True).start()
    answers.write(json.dumps(_answer(order["wish"], Path(order["folder"]))) + "\n")
    answers.close()
    sys.stdout.flush()
    os._exit(0)  # the watching thread still sits in a read


def _answer(wish: dict[str, Any], folder: Path) -> dict[str, Any]:
    from aimusicverse.release.artwork.errors import ArtworkError

    try:
        return {"done": _drawn(wish, folder)}
    except ArtworkError as error:
        return {"error": {"code": error.code, "message": error.message}}
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        return {"error": {"code": "storage_full", "message": "There is no room left for it"}}
    except MemoryError:
        return {"error": {"code": "memory", "message": "There is not enough memory to draw it"}}
    except Exception as error:
        traceback.print_exception(error, file=sys.stderr)
        return {"error": {"code": "defect", "message": f"Drawing it failed: {type(error).__name__}"}}


def _drawn(wish: dict[str, Any], folder: Path) -> dict[str, Any]:
    from aimusicverse.release import artwork
    from aimusicverse.server.artwork.designing import design_of
    from aimusicverse.server.artwork.looking import looked_into
    from aimusicverse.server.artwork.thumbnails import written

    design = design_of(wish)
    picture = artwork.draw(design)
    files = written(picture, "image/jpeg", folder)
    return {
        "files": [[path.name, *row] for path, row in files],
        "facts": looked_into(picture, "image/jpeg"),
        "style": artwork.style_of(design).id,
    }


def _die_with_parent() -> None:
    while os.read(0, 4096):
        pass
    os._exit(70)


if __name__ == "__main__":
    main()
