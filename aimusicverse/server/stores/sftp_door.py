"""The sandbox's inboxes over SFTP, as a receiver of DDEX batches has them; only where a port is set."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from aimusicverse.errors import ConfigurationError
from aimusicverse.server.settings import Settings

log: Final = logging.getLogger("aimusicverse.server")


@contextmanager
def listening(settings: Settings, sandbox_folder: Path) -> Iterator[None]:
    """Take batches in while the block runs, from this machine alone.

    Args:
        settings: with the port, and the password of all its users.
        sandbox_folder: of the inboxes.

    Raises:
        ConfigurationError: the extra `[sftp]` is missing, or another program has the port.
    """
    if not (settings.sandbox and settings.sandbox_sftp_port and settings.sandbox_sftp_password):
        yield
        return
    from aimusicverse.sandbox.ddex.sftp import SandboxSftp

    port = settings.sandbox_sftp_port
    server = SandboxSftp(sandbox_folder, settings.sandbox_sftp_password.get_secret_value(), port=port)
    try:
        server.start()
    except OSError as error:
        raise ConfigurationError(f"AMV_SANDBOX_SFTP_PORT: {port} cannot be listened on ({error})") from None
    log.info(
        "the sandbox takes batches over SFTP", extra={"port": server.port, "host_key": server.fingerprint}
    )
    try:
        yield
    finally:
        server.stop()
