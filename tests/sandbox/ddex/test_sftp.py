"""The inboxes behind SFTP: each user sees its own, and gets out of it by no way."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from aimusicverse.errors import ConfigurationError
from aimusicverse.sandbox.ddex.sftp import SandboxSftp

asyncssh = pytest.importorskip("asyncssh", reason="asyncssh is missing: pip install 'aimusicverse[sftp]'")
PASSWORD = "open sesame"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SandboxSftp]:
    with SandboxSftp(tmp_path, PASSWORD) as running:
        yield running


def signed_in(
    server: SandboxSftp, work: Callable[[Any], Awaitable[Any]], user: str = "spotify", **how: Any
) -> Any:
    async def run() -> Any:
        known = asyncssh.import_known_hosts(f"* {server.host_key}\n")
        options = {"password": PASSWORD, "client_keys": None, "config": None, "agent_path": None, **how}
        async with (
            asyncssh.connect("127.0.0.1", server.port, username=user, known_hosts=known, **options) as line,
            line.start_sftp_client() as files,
        ):
            return await work(files)

    return asyncio.run(run())


def test_each_user_sees_its_own_inbox(server: SandboxSftp, tmp_path: Path) -> None:
    (tmp_path / "ddex" / "spotify" / "hello").touch()

    async def listed(files: Any) -> list[str]:
        return sorted(name for name in await files.listdir("/") if not name.startswith("."))

    assert signed_in(server, listed) == ["acknowledgements", "hello"]
    assert signed_in(server, listed, "ddex_43") == ["acknowledgements"]


@pytest.mark.parametrize("user", ["root", "apple_music", "../spotify", ""])
def test_other_users_are_not_let_in(server: SandboxSftp, user: str) -> None:
    async def nothing(files: Any) -> None: ...

    with pytest.raises(asyncssh.PermissionDenied):
        signed_in(server, nothing, user)


def test_another_password_is_not_let_in(server: SandboxSftp) -> None:
    async def nothing(files: Any) -> None: ...

    with pytest.raises(asyncssh.PermissionDenied):
        signed_in(server, nothing, password="wrong")


@pytest.mark.parametrize(
    "path", ["../ddex/secret", "/../secret", "out", "out/secret", "acknowledgements/../../secret"]
)
def test_no_path_leads_out(server: SandboxSftp, tmp_path: Path, path: str) -> None:
    (tmp_path / "secret").write_text("of others")
    (tmp_path / "ddex" / "secret").write_text("of others")
    (tmp_path / "ddex" / "spotify" / "out").symlink_to(tmp_path)

    async def looked(files: Any) -> None:
        with pytest.raises(asyncssh.SFTPError):
            async with files.open(path, "rb") as file:
                await file.read()
        with pytest.raises(asyncssh.SFTPError):
            await files.listdir(path)
        with pytest.raises(asyncssh.SFTPError):
            async with files.open(f"{path}/new", "wb") as file:
                await file.write(b"x")

    signed_in(server, looked)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ddex", "secret"]


def test_no_link_is_made(server: SandboxSftp, tmp_path: Path) -> None:
    async def linked(files: Any) -> None:
        for make in (files.symlink, files.link):
            with pytest.raises(asyncssh.SFTPError):
                await make("/etc/passwd", "mine")

    signed_in(server, linked)
    assert not (tmp_path / "ddex" / "spotify" / "mine").exists()


def test_its_key_stays_the_same_when_it_starts_again(tmp_path: Path) -> None:
    prints = set()
    for _ in range(2):
        with SandboxSftp(tmp_path, PASSWORD) as running:
            prints.add(running.fingerprint)
    assert len(prints) == 1
    assert (tmp_path / "ddex" / "ssh_host_ed25519_key").stat().st_mode & 0o077 == 0


def test_no_shell_and_no_tunnel_is_to_be_had(server: SandboxSftp) -> None:
    async def run() -> None:
        known = asyncssh.import_known_hosts(f"* {server.host_key}\n")
        async with asyncssh.connect(
            "127.0.0.1", server.port, username="spotify", password=PASSWORD, client_keys=None, config=None,
            known_hosts=known, agent_path=None,
        ) as line:  # fmt: skip
            with pytest.raises((asyncssh.ChannelOpenError, asyncssh.ProcessError)):
                await line.run("id", check=True)
            with pytest.raises(asyncssh.ChannelOpenError):
                await line.open_connection("127.0.0.1", server.port)

    asyncio.run(run())


def test_without_the_extra_one_line_says_what_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "asyncssh", None)
    with pytest.raises(ConfigurationError, match=r"aimusicverse\[sftp\]"):
        SandboxSftp(tmp_path, PASSWORD)
