"""The render child: `python -m aimusicverse.engines.host`.

One JSON line comes in, `{"engine": "studio", "plan": {…}, "workspace": "/dir"}`; JSON lines go out:
`{"stage": "render", "progress": 0.42}` … and at the end `{"done": {…}}` or `{"error": {"code", "message",
"field"}}`. The end of standard input means that the parent is gone, and ends the child at once.
"""

from __future__ import annotations

import errno
import json
import os
import signal
import sys
import threading
from pathlib import Path
from typing import IO, Any

_LEAST_STEP = 0.005  # progress is said again after half a percent


def main() -> None:
    """Do one job and leave."""
    # The parent decides about Ctrl-C: it closes the pipe or kills.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = _private_stdout()
    if hasattr(os, "nice"):
        os.nice(10)
    line = sys.stdin.readline()
    threading.Thread(target=_die_with_parent, daemon=True).start()
    try:
        _say(answers, {"done": _work(json.loads(line), answers)})
    except MemoryError:
        _say(answers, _error("engine_failed", "not enough memory for this piece"))
    except Exception as error:
        _say(answers, _explained(error))
    answers.close()
    sys.stdout.flush()
    # Nothing is left to be saved, and the watching thread still sits in a read.
    os._exit(0)


def _private_stdout() -> IO[str]:
    """The pipe to the parent; whatever anybody prints from now on goes to standard error."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)
    return answers


def _die_with_parent() -> None:
    while os.read(0, 4096):
        pass
    os._exit(70)


def _work(order: dict[str, Any], answers: IO[str]) -> dict[str, Any]:
    from aimusicverse.engines.base import EngineError, as_json, order_from_json

    if order["engine"] != "studio":
        raise EngineError("engine_unknown", f"the render child does not know {order['engine']!r}")
    from aimusicverse.engines.studio.shares import at_start

    told_stage, told_fraction = "", -1.0

    def report(stage: str, fraction: float) -> None:
        nonlocal told_stage, told_fraction
        if stage != told_stage or fraction >= told_fraction + _LEAST_STEP:
            told_stage, told_fraction = stage, fraction
            _say(answers, {"stage": stage, "progress": round(fraction, 4)})

    job = order_from_json(order)
    report("compose", at_start(job.plan.duration_seconds) / 2)  # half of the start is over: numpy is to come
    from aimusicverse.engines.studio.render import render

    return as_json(render(job, Path(order["workspace"]), report))


def _explained(error: Exception) -> dict[str, Any]:
    from aimusicverse.audio.errors import AudioError
    from aimusicverse.engines.base import EngineError

    if isinstance(error, EngineError):
        return _error(error.code, error.message, error.field)
    full = isinstance(error, AudioError) and error.code == "disk_full"
    if full or (isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)):
        return _error("storage_full", "There is no room left for the recording.")
    import traceback

    traceback.print_exception(error, file=sys.stderr)
    if isinstance(error, OSError) and error.strerror:
        return _error("engine_failed", f"cannot write the recording: {error.strerror}")
    return _error("engine_failed", f"the studio failed: {type(error).__name__}")


def _error(code: str, message: str, field: str | None = None) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "field": field}}


def _say(answers: IO[str], message: dict[str, Any]) -> None:
    answers.write(json.dumps(message) + "\n")
    answers.flush()


if __name__ == "__main__":
    main()
