"""`amv` as processes of their own, ended with all their children at the end of a test."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import httpx
import psutil

from aimusicverse.secret import Secret

T = TypeVar("T")
ROOT = Path(__file__).parents[2]
AMV = (sys.executable, "-c", "import sys; from aimusicverse.cli.entry import main; sys.exit(main())")


def until(look: Callable[[], T], seconds: float = 40) -> T:
    """The first true answer."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline, "in vain"
        time.sleep(0.02)
    return found


class Program:
    """A process over a data folder and a database."""

    def __init__(
        self,
        words: Sequence[str],
        folder: Path,
        url: Secret | None,
        *,
        command: Sequence[str] = AMV,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = folder
        self.log = folder.parent / f"log-{len(list(folder.parent.glob('log-*')))}"
        environment = {name: value for name, value in os.environ.items() if not name.startswith("AMV_")}
        environment |= {
            "PYTHONPATH": str(ROOT),
            "AMV_DATA_DIR": str(folder),
            "PYTHONFAULTHANDLER": "1",
            **(settings or {}),
        }
        if url is not None:
            environment["AMV_DATABASE_URL"] = url.get_secret_value()
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*command, *words], env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        self.pid = self.process.pid

    def said(self, words: str) -> bool:
        """Whether its log has this; its own end is a failure."""
        text = self.log.read_text()
        assert words in text or self.process.poll() is None, text
        return words in text

    def lines(self) -> list[dict[str, Any]]:
        """Its log."""
        return [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]

    def children(self) -> list[psutil.Process]:
        """All that it and its children started."""
        with suppress(psutil.NoSuchProcess):
            return psutil.Process(self.pid).children(recursive=True)
        return []

    def child(self, name: str) -> psutil.Process | None:
        """One of a server's processes."""
        for child in self.children():
            with suppress(psutil.Error):
                if "aimusicverse.server.child" in child.cmdline() and name in child.cmdline():
                    return child
        return None

    def where(self) -> dict[str, Any] | None:
        """What it wrote into `server.json`."""
        assert self.process.poll() is None, self.log.read_text()
        try:
            found: dict[str, Any] = json.loads((self.folder / "server.json").read_text())
        except (OSError, ValueError):
            return None
        return found if found["pid"] == self.pid else None

    def http(self) -> httpx.Client:
        """One connection that stays open."""
        where = until(self.where)
        return httpx.Client(
            base_url=where["url"] + "/api/v1",
            headers={"X-API-Key": where["api_key"]},
            timeout=40,
            limits=httpx.Limits(max_connections=1),
        )

    def http_to(self, name: str) -> httpx.Client:
        """A connection that this process of the server has."""

        def found() -> httpx.Client | None:
            client = self.http()
            with suppress(httpx.TransportError):
                if answered_by(client) == name:
                    return client
            client.close()
            return None

        return until(found)

    def end(self, number: int) -> int:
        """Its exit code, after a signal."""
        self.process.send_signal(number)
        try:
            return self.process.wait(40)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGABRT)  # it says where its threads are
            self.process.wait(40)
            raise AssertionError(self.log.read_text()) from None


def answered_by(client: httpx.Client) -> str:
    """Which process of the server has this connection."""
    return str(client.get(str(client.base_url.copy_with(path="/readyz"))).json()["process"])


def is_gone(process: psutil.Process) -> bool:
    """Ended, whether or not somebody has noticed."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


Start = Callable[..., Program]


@contextmanager
def programs(folder: Path, url: Secret | None) -> Iterator[Start]:
    """Start programs; those that still run at the end are killed, with their children."""
    running: list[Program] = []

    def start(*words: str, **options: Any) -> Program:
        running.append(Program(words, options.pop("folder", folder), url, **options))
        return running[-1]

    try:
        yield start
    finally:
        for program in running:
            children = program.children()
            if program.process.poll() is None:
                program.process.kill()  # first: it would start its children again
                program.process.wait()
            for child in children:
                with suppress(psutil.NoSuchProcess):
                    child.kill()
