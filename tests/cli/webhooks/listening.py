"""`amv listen` as a process, whose lines are read while it runs."""

from __future__ import annotations

import json
import queue
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.cli.conftest import Result, running

PATIENCE = 30.0


class Listening:
    """It, and what it has said so far."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._lines: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        #: All objects that were looked at.
        self.seen: list[dict[str, Any]] = []

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(json.loads(line))
        self._lines.put(None)

    def until(self, kind: str) -> dict[str, Any]:
        """The next object of a kind; others before it are passed over."""
        while True:
            told = self._lines.get(timeout=PATIENCE)
            assert told is not None, self._err()
            self.seen.append(told)
            if told["kind"] == kind:
                return told

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """It stands still meanwhile, and so it misses what happens."""
        self._process.send_signal(signal.SIGSTOP)
        yield
        self._process.send_signal(signal.SIGCONT)

    def interrupt(self) -> Result:
        """Ctrl-C, and what it left behind."""
        self._process.send_signal(signal.SIGINT)
        return self.ended()

    def ended(self) -> Result:
        """What it left behind, once it has ended by itself."""
        code = self._process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        while (told := self._lines.get_nowait()) is not None:
            self.seen.append(told)
        return Result(code, "", self._err())

    def of(self, kind: str) -> list[dict[str, Any]]:
        """The objects of a kind that were looked at."""
        return [told for told in self.seen if told["kind"] == kind]

    def _err(self) -> str:
        assert self._process.stderr is not None
        return self._process.stderr.read().decode()


@contextmanager
def listening(*words: str, **options: Any) -> Iterator[Listening]:
    """`amv listen … --json`, ready."""
    with running("listen", *words, "--json", **options) as process:
        one = Listening(process)
        one.until("ready")
        yield one
