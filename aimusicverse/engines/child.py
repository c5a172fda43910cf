"""The parent's side of a render child: one process for each recording or set of stems, killed to cancel."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

from aimusicverse.engines.base import (
    EngineError,
    Order,
    Progress,
    Rendering,
    StemsRendering,
    order_as_json,
    rendering_from_json,
    stems_from_json,
)
from aimusicverse.engines.render_process import HOST, started

Made = TypeVar("Made")

_STAYS = 5.0  # seconds that a child which has answered gets to leave by itself


@dataclass(frozen=True, slots=True)
class Work(Generic[Made]):
    """What a child is to make of an order: its name in the pipe, and how its answer is read."""

    name: str
    read: Callable[[Mapping[str, Any]], Made]


RECORDING: Final[Work[Rendering]] = Work("recording", rendering_from_json)
STEMS: Final[Work[StemsRendering]] = Work("stems", stems_from_json)


class HostedJob(Generic[Made]):
    """Work in a child process; see `base.Job`.

    The child dies when its standard input closes, which the operating system does even when the parent is
    killed.
    """

    def __init__(
        self,
        work: Work[Made],
        engine: str,
        order: Order,
        workspace: Path,
        command: tuple[str, ...] = HOST,
    ) -> None:
        self._work = work
        self._changed = threading.Condition()
        self._progress = Progress("compose", 0.0)
        self._news = 0
        self._seen = 0
        self._over = False
        self._cancelled = False
        self._answer: dict[str, Any] | None = None
        self._last_words: deque[str] = deque(maxlen=1)
        asked_at = time.monotonic()
        try:
            self._process = started(command)
        except OSError as error:
            raise EngineError(
                "engine_crashed", f"cannot start the render process: {error.strerror}"
            ) from None
        said = {
            "work": work.name,
            "engine": engine,
            "workspace": str(workspace),
            "asked_at": asked_at,
            **order_as_json(order),
        }
        line = json.dumps(said)
        self._listener = threading.Thread(target=self._stderr, name="render-stderr", daemon=True)
        self._listener.start()
        self._reader = threading.Thread(target=self._read, args=(line,), name="render", daemon=True)
        self._reader.start()

    def progress(self, timeout: float) -> Progress | None:
        """The next report, or `None` when the job is over. Waits up to `timeout` seconds, then repeats the
        last one."""
        with self._changed:
            self._changed.wait_for(lambda: self._over or self._news > self._seen, timeout)
            self._seen = self._news
            return None if self._over else self._progress

    def collect(self) -> Made:
        """The result; waits for it.

        Raises:
            EngineError: the work failed (`engine_crashed` when the child died without an answer) or was
            `cancelled`.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._over)
        if self._cancelled:
            raise EngineError("cancelled", "the work was cancelled")
        answer = self._answer or {}
        if "done" in answer:
            return self._work.read(answer["done"])
        if "error" in answer:
            error = answer["error"]
            raise EngineError(error["code"], error["message"], field=error.get("field"))
        words = self._last_words[0] if self._last_words else f"exit status {self._process.returncode}"
        raise EngineError("engine_crashed", f"the render process died: {words}")

    def cancel(self) -> None:
        """Kill the child and wait until it is gone. Safe to call twice, after the end, from any thread."""
        with self._changed:
            if not self._over:
                self._cancelled = True
        self._process.kill()
        self._reader.join()

    def _read(self, order: str) -> None:
        """Everything the child says, until it is gone and reaped."""
        process = self._process
        assert process.stdin is not None  # noqa: S101 - a pipe
        assert process.stdout is not None  # noqa: S101 - a pipe
        try:
            process.stdin.write(order + "\n")
            process.stdin.flush()
            for line in process.stdout:
                self._hear(line)
        except BrokenPipeError:
            pass  # it died early: what it left on standard error says why
        finally:
            self._end()

    def _hear(self, line: str) -> None:
        try:
            message = json.loads(line)
        except json.JSONDecodeError:
            self._answer = {
                "error": {"code": "engine_failed", "message": "the render process spoke nonsense"}
            }
            self._process.kill()
            return
        if "progress" not in message:
            self._answer = message
            return
        with self._changed:
            fraction = max(self._progress.fraction, min(1.0, message["progress"]))
            self._progress = Progress(message["stage"], fraction)
            self._news += 1
            self._changed.notify_all()

    def _end(self) -> None:
        process = self._process
        try:
            process.wait(_STAYS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self._listener.join(_STAYS)
        for pipe in (process.stdin, process.stdout, process.stderr):
            try:
                if pipe:
                    pipe.close()
            except OSError:
                pass  # unsent bytes to a dead child
        with self._changed:
            self._over = True
            self._changed.notify_all()

    def _stderr(self) -> None:
        assert self._process.stderr is not None  # noqa: S101 - a pipe
        for line in self._process.stderr:
            if line.strip():
                self._last_words.append(line.strip()[:300])
