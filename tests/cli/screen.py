"""A terminal to run `amv` in: a pseudo terminal, and what stands on its screen afterwards."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.cli.conftest import AMV

WIDTH = 80


class Terminal:
    """`amv`, running in a terminal of 80 columns."""

    def __init__(self, process: subprocess.Popen[bytes], master: int) -> None:
        self._process = process
        self._master = master
        self.raw = b""

    def until(self, text: str, seconds: float = 20) -> None:
        """Read until `text` has been shown."""
        end = time.monotonic() + seconds
        while text not in self.shown:
            assert time.monotonic() < end, f"{text!r} was never shown:\n{self.shown}"
            self._read(0.1)

    def type(self, text: str) -> None:
        """What a person types; \\x03 is Ctrl-C."""
        os.write(self._master, text.encode())

    def end(self, seconds: float = 20) -> int:
        """Read to the end, and give the exit code."""
        end = time.monotonic() + seconds
        while self._process.poll() is None and time.monotonic() < end:
            self._read(0.1)
        self._read(0.1)
        return self._process.wait(timeout=1)

    def hang_up(self, seconds: float = 20) -> int:
        """Close the window, and give the exit code."""
        os.close(self._master)
        self._master = -1
        return self._process.wait(timeout=seconds)

    @property
    def shown(self) -> str:
        """Everything that was ever written, without colours and cursor movements."""
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self.raw.decode(errors="replace")).replace("\r\n", "\n")

    def _read(self, seconds: float) -> None:
        while select.select([self._master], [], [], seconds)[0]:
            try:
                data = os.read(self._master, 65536)
            except OSError:  # Linux says so when the other end is closed
                return
            if not data:
                return
            self.raw += data
            seconds = 0

    def close(self) -> None:
        """Whatever happens, nothing is left."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        if self._master >= 0:
            os.close(self._master)


@contextmanager
def terminal(*words: str, program: str = AMV) -> Iterator[Terminal]:
    """Run `amv` in a terminal."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, WIDTH, 0, 0))
    environment = {**os.environ, "TERM": "xterm-256color"}
    for name in ("COLUMNS", "LINES", "NO_COLOR", "CI"):
        environment.pop(name, None)
    process = subprocess.Popen(
        [program, *words],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env=environment,
        preexec_fn=_own_terminal,
    )
    os.close(slave)
    opened = Terminal(process, master)
    try:
        yield opened
    finally:
        opened.close()


def _own_terminal() -> None:
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)  # so that Ctrl-C becomes a signal
