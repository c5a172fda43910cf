"""Which server a command talks to: the one that is named, the one that runs, or one of its own."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

from aimusicverse.cli import exits
from aimusicverse.cli.debug import wants_debug
from aimusicverse.cli.errors import CommandError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from aimusicverse.client import Client


@contextmanager
def connected(*, base_url: str | None, note: Callable[[str], None]) -> Iterator[Client]:
    """A client of the server that is meant.

    In order: `base_url`, `AMV_BASE_URL`, the local server that runs over the data folder, and else a
    local server for the length of this command, which `note` says.

    Raises:
        ConfigurationError: an address that cannot be one, or a data folder that another process holds.
        CommandError: no key for the server that was named.
    """
    _import_httpx_without_its_command_line()
    from aimusicverse.client import Client
    from aimusicverse.credentials.sources import running_local_server

    if base_url or os.environ.get("AMV_BASE_URL", "").strip():
        _require_key(base_url)
        with Client(base_url=base_url) as client:
            yield client
    elif running_local_server() is not None:
        with Client() as client:
            yield client
    else:
        from aimusicverse import paths
        from aimusicverse.local import LocalServer

        folder = paths.data_dir()
        note(f"No server is running: one is started for this command ({folder}).")
        with _log_off_the_screen(folder), LocalServer(data_dir=folder) as server, server.client() as client:
            yield client


def _import_httpx_without_its_command_line() -> None:
    """Wherever click is installed, httpx loads click, rich and pygments for a command of its own: a fifth of
    what a command of ours costs.
    """
    if "httpx" not in sys.modules:
        sys.modules["httpx._main"] = None  # type: ignore[assignment]  # Python's way to say: not there
        try:
            import httpx  # noqa: F401
        finally:
            del sys.modules["httpx._main"]


def _log_off_the_screen(folder: Path) -> AbstractContextManager[None]:
    """What a server of our own logs would stand between data and errors; `AMV_DEBUG` wants it there."""
    try:
        from aimusicverse.server.log_lines import log_to_stderr, logging_to_file
    except ModuleNotFoundError:
        return nullcontext()  # there will be no server either, and it says why
    if wants_debug():
        log_to_stderr("info")
        return nullcontext()
    return logging_to_file(folder / "server.log")


def _require_key(base_url: str | None) -> None:
    """No key is "not signed in", which is another exit code than an address that cannot be one."""
    from aimusicverse.credentials.address import normalised
    from aimusicverse.credentials.sources import resolve
    from aimusicverse.errors import ConfigurationError

    normalised(base_url or os.environ["AMV_BASE_URL"])
    try:
        resolve(None, base_url)
    except ConfigurationError as error:
        raise CommandError(error.message, exit_code=exits.REFUSED, code="no_api_key") from None
