"""`amv serve` has the sandbox's inboxes behind SFTP, where a port and a password are set."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from aimusicverse.errors import ConfigurationError
from aimusicverse.secret import Secret
from tests.server.conftest import Api

asyncssh = pytest.importorskip("asyncssh", reason="SFTP needs the extra [sftp]")

PASSWORD = Secret("a password of the sandbox")


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


async def _seen(port: int, user: str, password: str) -> list[str]:
    async with (
        asyncssh.connect(
            "127.0.0.1",
            port,
            username=user,
            password=password,
            known_hosts=None,
            client_keys=None,
            config=None,
        ) as line,
        line.start_sftp_client() as sftp,
    ):
        await sftp.mkdir("20261126000000001")
        return sorted(str(name) for name in await sftp.listdir("."))


def test_each_store_has_its_own_inbox(
    sqlite_only: None, start: Callable[..., Api], port: int, tmp_path: Path
) -> None:
    start(sandbox_sftp_port=port, sandbox_sftp_password=PASSWORD)
    seen = asyncio.run(_seen(port, "spotify", PASSWORD.get_secret_value()))
    assert "20261126000000001" in seen
    inbox = next((tmp_path / "server").rglob("ddex/spotify"))
    assert (inbox / "20261126000000001").is_dir()


def test_whoever_has_not_the_password_is_sent_away(
    sqlite_only: None, start: Callable[..., Api], port: int
) -> None:
    start(sandbox_sftp_port=port, sandbox_sftp_password=PASSWORD)
    with pytest.raises(asyncssh.PermissionDenied):
        asyncio.run(_seen(port, "spotify", "another"))


def test_without_a_password_nobody_listens(sqlite_only: None, start: Callable[..., Api], port: int) -> None:
    start(sandbox_sftp_port=port)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=5)


def test_a_port_that_is_taken_is_said(sqlite_only: None, start: Callable[..., Api]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        with pytest.raises(ConfigurationError, match=f"_SFTP_PORT: {number} cannot be"):
            start(sandbox_sftp_port=number, sandbox_sftp_password=PASSWORD)
