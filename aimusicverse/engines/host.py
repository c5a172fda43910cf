"""The render child: `python -m aimusicverse.engines.host`.

One JSON line comes in, `{"engine": "studio", "plan": {…}, "workspace": "/dir"}`, with `"work": "stems"` if it
is the parts that are wanted, and not a recording, and with `"asked_at"`, when somebody began to wait (by
`time.monotonic`, which all processes of a machine share). With the argument `--ahead` the studio is loaded
before that line comes. JSON lines go out:
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
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from aimusicverse.collector import collector_put_off

_LEAST_STEP = 0.005  # progress is said again after half a percent


def main() -> None:
    """Do one job and leave."""
    # The parent decides about Ctrl-C: it closes the pipe or kills.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = _private_stdout()
    if hasattr(os, "nice"):
        os.nice(10)
    loading = None
    if "--ahead" in sys.argv[1:]:
        with suppress(Exception):  # there is nobody to tell yet: `_work` tries again
            loading = _load()
    line = sys.stdin.readline()
    if not line:
        os._exit(0)  # the parent needs nobody
    threading.Thread(target=_die_with_parent, daemon=True).start()
    try:
        _say(answers, {"done": _work(json.loads(line), answers, loading)})
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


def _load() -> float:
    """Load the studio; milliseconds of processor time, which does not count what others do meanwhile."""
    began = time.process_time()
    with collector_put_off():
        import aimusicverse.engines.studio.render
        import aimusicverse.engines.studio.stems  # noqa: F401
    return (time.process_time() - began) * 1000


def _work(order: dict[str, Any], answers: IO[str], loading: float | None) -> dict[str, Any]:
    began = time.process_time()
    with collector_put_off():
        from aimusicverse.engines.base import EngineError, as_json, order_from_json

    if order["engine"] != "studio":
        raise EngineError("engine_unknown", f"the render child does not know {order['engine']!r}")
    from aimusicverse.engines.studio.course import Course, while_loading

    told_stage, told_fraction = "", -1.0

    def report(stage: str, fraction: float) -> None:
        nonlocal told_stage, told_fraction
        if stage != told_stage or fraction >= told_fraction + _LEAST_STEP:
            told_stage, told_fraction = stage, max(told_fraction, fraction)
            _say(answers, {"stage": stage, "progress": round(told_fraction, 4)})

    asked, workspace = order_from_json(order), Path(order["workspace"])
    work = order.get("work", "recording")
    if loading is None:
        parts = len(asked.plan.instruments) if work == "stems" else 1
        report("compose", while_loading(asked.plan.duration_seconds, parts))
        _load()
        loading = (time.process_time() - began) * 1000
    course = Course(order.get("asked_at"), loading)
    if work == "recording":
        from aimusicverse.engines.studio.render import render

        return as_json(render(asked, workspace, report, course=course))
    if work == "stems":
        from aimusicverse.engines.studio.stems import render_stems

        return as_json(render_stems(asked, workspace, report, course))
    raise EngineError("work_unknown", f"the render child cannot make {work!r}")


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
