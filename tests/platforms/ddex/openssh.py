"""OpenSSH's own server, as an ordinary process on loopback, with a folder of its own."""

from __future__ import annotations

import getpass
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

_SECONDS = 20.0
_MISSING = "OpenSSH's server is missing: apt-get install openssh-server"


@dataclass(frozen=True)
class OpenSsh:
    """One that runs.

    Args:
        port: on 127.0.0.1.
        host_keys: lines of `known_hosts`, by kind.
        user: whoever runs the tests.
        private_key: that lets in.
        log: what it says.
    """

    port: int
    host_keys: dict[str, str]
    user: str
    private_key: str
    log: Path


def sshd() -> str:
    """Its path. Skips, with a line that says how to get it."""
    found = shutil.which("sshd", path="/usr/sbin:/usr/local/sbin:/usr/bin")
    if found is None or shutil.which("ssh-keygen") is None:
        pytest.skip(_MISSING)
    return found


def key(file: Path, kind: str) -> str:
    """A new key; its public line."""
    subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", "", "-f", file], check=True)
    return file.with_suffix(".pub").read_text().strip()


@contextmanager
def running(folder: Path, start: Path, kinds: tuple[str, ...] = ("ed25519",)) -> Iterator[OpenSsh]:
    """A server that begins in `start`, and serves files alone."""
    program = sshd()
    folder.mkdir(parents=True)
    folder.chmod(0o700)
    keys = {kind: key(folder / f"host_{kind}", kind) for kind in kinds}
    own = key(folder / "own", "ed25519")
    (folder / "authorized").write_text(f"{own}\n")
    (folder / "authorized").chmod(0o600)
    port = _free_port()
    lines = [
        f"Port {port}",
        "ListenAddress 127.0.0.1",
        *(f"HostKey {folder / f'host_{kind}'}" for kind in kinds),
        f"AuthorizedKeysFile {folder / 'authorized'}",
        f"PidFile {folder / 'pid'}",
        "StrictModes no",
        "UsePAM no",
        "PasswordAuthentication no",
        "KbdInteractiveAuthentication no",
        "PermitRootLogin prohibit-password",
        f"Subsystem sftp internal-sftp -d {start}",
        "ForceCommand internal-sftp -d " + str(start),
        "LogLevel VERBOSE",
    ]
    (folder / "config").write_text("\n".join(lines) + "\n")
    Path("/run/sshd").mkdir(exist_ok=True) if _is_root() else None
    log = folder / "log"
    process = subprocess.Popen([program, "-D", "-f", folder / "config", "-E", log])
    try:
        _wait_for(port, process, log)
        yield OpenSsh(port, keys, getpass.getuser(), (folder / "own").read_text(), log)
    finally:
        process.terminate()
        process.wait(_SECONDS)


def _is_root() -> bool:
    import os

    return os.geteuid() == 0


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    said = log.read_text() if log.exists() else "nothing"
    pytest.fail(f"sshd did not start; it says: {said}")
