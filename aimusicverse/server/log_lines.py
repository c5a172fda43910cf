"""Logs as JSON lines, every one of them through the redactor."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final

from aimusicverse.server.security.redact import redact

_LOGGERS = ("aimusicverse", "uvicorn")
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


#: ASCII: what others send may hold line ends, controls and bidi marks that JSON leaves as they are.
#: Made once: `json.dumps` would make another for each line.
_as_json: Final = json.JSONEncoder(default=str).encode


@lru_cache(maxsize=4)
def _second(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _time(moment: float) -> str:
    seconds, part = divmod(moment, 1)
    return f"{_second(int(seconds))}.{int(part * 1000):03d}Z"


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, process, logger, message, and what the call added."""

    def __init__(self, process: str = "server") -> None:
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line = {
            "time": _time(record.created),
            "level": record.levelname.lower(),
            "process": self._process,
            "pid": record.process,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line.update({name: value for name, value in vars(record).items() if name not in _STANDARD})
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return redact(_as_json(line))


def log_to_stderr(level: str, process: str = "server") -> None:
    """Send this package's and the HTTP server's logs to stderr. For programs, not for libraries.

    Args:
        level: the least that is told.
        process: what this process is called, in each line.
    """
    _log_to(logging.StreamHandler(), level, process)


@contextmanager
def logging_to_file(path: Path) -> Iterator[None]:
    """The same into a file of at most 1 MB and one older: for a server that runs behind a command."""
    handler = RotatingFileHandler(path, maxBytes=1_000_000, backupCount=1, delay=True)
    handler.setLevel("INFO")
    _log_to(handler, "info")
    try:
        yield
    finally:
        for name in _LOGGERS:
            logging.getLogger(name).removeHandler(handler)
        handler.close()


def _log_to(handler: logging.Handler, level: str, process: str = "server") -> None:
    handler.setFormatter(JsonLines(process))
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.propagate = False
        logger.setLevel(level.upper() if name == "aimusicverse" else "WARNING")
