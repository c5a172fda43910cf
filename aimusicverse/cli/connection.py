"""Which server a command talks to: the one that is named, the one that runs, or one of its own."""

from __future__ import annotations

import errno
import os
import sys
import time
from contextlib import ExitStack, contextmanager, nullcontext
from typing import TYPE_CHECKING

from aimusicverse import paths
from aimusicverse.cli import exits
from aimusicverse.cli.debug import wants_debug
from aimusicverse.cli.errors import CommandError
from aimusicverse.collector import collector_put_off
from aimusicverse.credentials.address import is_loopback, normalised
from aimusicverse.credentials.sources import Endpoint, is_held, resolve, running_local_server, with_named_key
from aimusicverse.errors import APIConnectionError, ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from aimusicverse.client import Client
    from aimusicverse.local import LocalServer

#: For the server of another command, which has locked the data folder and does not listen yet.
_SECONDS_TO_WAIT = 10.0


@contextmanager
def connected(
    *, base_url: str | None, note: Callable[[str], None], renders: bool = False
) -> Iterator[Client]:
    """A client of the server that is meant.

    In order: `base_url`, `AMV_BASE_URL`, the local server that runs over the data folder, and else a
    local server for the length of this command, which `note` says. If the command `renders`, that server's
    first render process is started at once, and loads beside it.

    Raises:
        ConfigurationError: an address that cannot be one, or a data folder that cannot be used.
        CommandError: no key for the server that was named, a data folder that another process holds
            in silence, or a loopback interface that is down.
    """
    if is_named(base_url):
        client_class = _client_class()
        _require_key(base_url)
        with client_class(base_url=base_url) as client, _loopback_explained(client):
            yield client
    elif (running := running_local_server()) is not None:
        with _client_of(running) as client, _loopback_explained(client):
            yield client
    else:
        folder = paths.data_dir()
        note(f"No server is running: one is started for this command ({folder}).")
        with (
            _log_off_the_screen(folder),
            _client_of_own_server(folder, renders=renders) as client,
            _loopback_explained(client),
        ):
            yield client


def _client_class() -> type[Client]:
    with collector_put_off():
        _import_httpx_without_its_command_line()
        from aimusicverse.client import Client

    return Client


def _client_of(server: Endpoint) -> Client:
    """Of the server as it was found, since a second look might find it gone; with the key of the environment,
    if it names one."""
    return _client_class()(with_named_key(server).api_key, server.url)


def _render_process() -> AbstractContextManager[None]:
    from aimusicverse.engines.render_process import started_ahead

    return started_ahead()


def require_running(base_url: str | None, *, hint: str) -> None:
    """See that there is a server already, for what is of no use on one that ends with the command.

    Args:
        base_url: as for `connected`.
        hint: what to do instead.

    Raises:
        ConfigurationError: an address that cannot be one.
        CommandError: `no_server`; or no key for the server that was named.
    """
    if is_named(base_url):
        _require_key(base_url)
        return
    deadline = time.monotonic() + _SECONDS_TO_WAIT
    while running_local_server() is None:
        if not is_held(paths.data_dir()) or time.monotonic() > deadline:
            raise CommandError(
                "no server is running", exit_code=exits.NETWORK, code="no_server", hint=hint, retryable=True
            )
        time.sleep(0.05)


def is_named(base_url: str | None) -> bool:
    """Whether somebody said which server is meant."""
    return bool(base_url or os.environ.get("AMV_BASE_URL", "").strip())


def is_there_to_stay(base_url: str | None) -> bool:
    """Whether the server that is meant goes on when this command has ended."""
    return is_named(base_url) or running_local_server() is not None


@contextmanager
def _client_of_own_server(folder: Path, *, renders: bool) -> Iterator[Client]:
    """Of a server over the folder; or where another process was faster, of that one's."""
    with ExitStack() as stack:
        if renders:
            stack.enter_context(_render_process())
        _client_class()  # before anybody loads httpx with its command line
        server = _own_server(folder)
        if isinstance(server, Endpoint):
            stack.close()  # the other one starts its own
            yield stack.enter_context(_client_of(server))
        else:
            yield stack.enter_context(stack.enter_context(server).client())


def _own_server(folder: Path) -> LocalServer | Endpoint:
    """A server over the folder, or that of another process which can be used by now."""
    from aimusicverse.local import LocalServer

    deadline: float | None = None
    while True:
        try:
            return LocalServer(data_dir=folder)
        except ConfigurationError as error:
            if not is_held(folder):
                raise
            refused = error.message
        # From now on: loading our own server may have taken as long as the other needs.
        deadline = time.monotonic() + _SECONDS_TO_WAIT if deadline is None else deadline
        while is_held(folder):
            if (running := running_local_server()) is not None:
                return running
            if time.monotonic() > deadline:
                raise CommandError(refused, exit_code=exits.FAILED, code="data_folder_held", retryable=True)
            time.sleep(0.05)


@contextmanager
def _loopback_explained(client: Client) -> Iterator[None]:
    """Where even this machine is unreachable for itself, no server that one starts would help."""
    try:
        yield
    except APIConnectionError as error:
        if os.strerror(errno.ENETUNREACH) not in error.message or not is_loopback(client.base_url):
            raise
        raise CommandError(
            error.message,
            exit_code=exits.NETWORK,
            code="connection_error",
            hint="Even the loopback interface is down: ip link set lo up",
        ) from error


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
    normalised(base_url or os.environ["AMV_BASE_URL"])
    try:
        resolve(None, base_url)
    except ConfigurationError as error:
        raise CommandError(error.message, exit_code=exits.REFUSED, code="no_api_key") from None
