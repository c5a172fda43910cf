"""Where address and key come from: argument, then environment, then the local server that runs."""

from __future__ import annotations

import json
import os
import stat
import sys
from pathlib import Path
from typing import Literal, NamedTuple

from aimusicverse.credentials.address import is_loopback, normalised, same_place
from aimusicverse.errors import ConfigurationError
from aimusicverse.paths import data_dir
from aimusicverse.secret import Secret

SERVER_FILE = "server.json"
LOCK_FILE = "lock"
Origin = Literal["argument", "environment", "local server"]

_NO_SERVER = (
    "no server is known. Three ways out: run `amv serve` on this machine; set AMV_BASE_URL and AMV_API_KEY "
    "(or pass base_url and api_key); or use `with aimusicverse.LocalServer() as server: server.client()`"
)


class Endpoint(NamedTuple):
    """A server and the key for it. `origin` says who named the address."""

    url: str
    api_key: Secret
    origin: Origin


def resolve(api_key: str | Secret | None = None, base_url: str | None = None) -> Endpoint:
    """The server to talk to and the key for it.

    A key from `server.json` is only ever used with the address of `server.json`: a key is never
    sent to a host that nobody named for it.

    Raises:
        ConfigurationError: no server is known, there is no key for it, or one of them cannot be one.
    """
    api_key = None if api_key is None else Secret(api_key)
    url, origin = _named_address(base_url)
    key = _named_key(api_key)
    if url is not None and key is not None:
        return Endpoint(url, key, origin)
    local = running_local_server()
    if url is None:
        if local is None:
            raise ConfigurationError(_NO_SERVER)
        return local if key is None else local._replace(api_key=key)
    if local is not None and same_place(url, local.url):
        return local._replace(origin=origin)
    raise ConfigurationError(f"there is no key for {url}: pass api_key, or set AMV_API_KEY")


def with_named_key(server: Endpoint) -> Endpoint:
    """That server, with the key of the environment in place of its own if there is one.

    Raises:
        ConfigurationError: that key cannot be one.
    """
    key = _named_key(None)
    return server if key is None else server._replace(api_key=key)


def require_privacy(endpoint: Endpoint, *, allow_http: bool | None) -> None:
    """Refuse an address to which the key would go in the clear, unless that is allowed by name.

    Args:
        endpoint: where the key would go. This machine needs no TLS.
        allow_http: whether it may; None asks `AMV_ALLOW_HTTP`.

    Raises:
        ConfigurationError: the address has no TLS, and nobody said that the network is their own.
    """
    if not endpoint.url.startswith("http:") or is_loopback(endpoint.url):
        return
    if not (_said_in_environment() if allow_http is None else allow_http):
        raise ConfigurationError(
            f"{endpoint.url} has no TLS, so anyone on the way could read the key; use https, "
            "or say allow_http=True (AMV_ALLOW_HTTP=1) where the network is your own"
        )


def _said_in_environment() -> bool:
    said = os.environ.get("AMV_ALLOW_HTTP", "").strip().lower()
    if said not in ("", "0", "false", "no", "1", "true", "yes"):
        raise ConfigurationError("AMV_ALLOW_HTTP is 1 or 0")
    return said in ("1", "true", "yes")


def running_local_server() -> Endpoint | None:
    """The server that runs on this machine over the default data folder, by its `server.json`.

    None when there is none: no file, one that another user could have written, a process that is
    gone, a data folder that nobody holds, or an address beyond this machine.
    """
    try:
        folder = data_dir()
        path = folder / SERVER_FILE
        if not _only_ours(path):
            return None
        entry = json.loads(path.read_bytes())
        url = normalised(entry["url"])
        key = _sendable(Secret(entry["api_key"]))
        pid = entry["pid"]
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError, ConfigurationError):
        return None
    # A pid alone proves little: it may be another process's by now, or nobody's that a parent forgot.
    runs = is_loopback(url) and _alive(pid) and (is_held(folder) or _is_locked(path))
    return Endpoint(url, key, "local server") if runs else None


def is_held(folder: Path) -> bool:
    """Whether a process holds the data folder for itself: its lock goes with it, however that ends.

    Where that cannot be known (Windows, a lock of another user's), it is assumed.
    """
    return _is_locked(folder / LOCK_FILE)


def _is_locked(file: Path) -> bool:
    """Whether somebody has this file's lock alone, as a server has that of its `server.json`."""
    if sys.platform == "win32":
        return True
    import fcntl

    try:
        lock = os.open(file, os.O_RDONLY | os.O_NONBLOCK)
    except OSError as error:
        return isinstance(error, PermissionError)
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(lock)  # and the lock goes with it
    return False


def _named_address(base_url: str | None) -> tuple[str | None, Origin]:
    if base_url is not None:
        return normalised(base_url), "argument"
    if from_environment := os.environ.get("AMV_BASE_URL", "").strip():
        return normalised(from_environment), "environment"
    return None, "local server"


def _named_key(api_key: Secret | None) -> Secret | None:
    # Nowhere is the text a local variable: some tracebacks show those.
    key = Secret(os.environ.get("AMV_API_KEY", "").strip()) if api_key is None else api_key
    return _sendable(key) if key or api_key is not None else None


def _sendable(key: Secret) -> Secret:
    """Only what a header can carry is checked; the form of a key is the server's business."""
    if not _is_sendable(key.get_secret_value()):
        raise ConfigurationError("the api_key is empty or has characters that no key has")
    return key


def _is_sendable(text: str) -> bool:
    return bool(text) and text.isascii() and text.isprintable() and " " not in text


def _only_ours(path: Path) -> bool:
    """Whether it is a file that nobody else can have written: else their server would be given our key."""
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):  # reading a named pipe would never end
        return False
    if sys.platform == "win32":
        return True
    writable_by_others = found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    return found.st_uid in (0, os.geteuid()) and not writable_by_others


def _alive(pid: object) -> bool:
    if not isinstance(pid, int) or isinstance(pid, bool) or pid <= 0:
        return False
    if sys.platform == "win32":
        return True  # there, signal 0 is Ctrl+C; a refused connection says the rest
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except (OSError, OverflowError):
        return False
    return True
