"""The same against OpenSSH's own server: a key signs us in, and its folder is an inbox of the sandbox."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from aimusicverse.egress import Rules
from aimusicverse.platforms.base import DeliveryError, Standing
from tests.platforms.ddex.openssh import OpenSsh, key, running
from tests.platforms.ddex.setting import UPC, GivenAccount, World

asyncssh = pytest.importorskip("asyncssh", reason="asyncssh is missing: pip install 'aimusicverse[sftp]'")


@pytest.fixture
def server(world: World) -> Iterator[OpenSsh]:
    with running(world.folder / "sshd", world.inbox, ("ed25519", "ecdsa")) as started:
        yield started


def account(server: OpenSsh, **changes: Any) -> GivenAccount:
    secrets = {"private_key": changes.pop("private_key", server.private_key)}
    settings = {
        "host": "127.0.0.1", "port": str(server.port), "username": server.user,
        "host_key": server.host_keys["ed25519"],
    }  # fmt: skip
    return GivenAccount({**settings, **changes}, secrets)


def deliver(world: World, given: GivenAccount, revision: int = 1) -> Standing:
    made = world.connector(given, allowed_addresses=Rules.of("127.0.0.1"))
    try:
        parcel = world.parcel(revision=revision, mode="live", live_message=True)
        return made.deliver(parcel, world.notes)
    finally:
        made.close()


def look(world: World, given: GivenAccount) -> Standing:
    made = world.connector(given, allowed_addresses=Rules.of("127.0.0.1"))
    try:
        return made.look(world.notes)
    finally:
        made.close()


def problem(world: World, given: GivenAccount) -> tuple[str, str]:
    with pytest.raises(DeliveryError) as failed:
        deliver(world, given)
    return failed.value.problem.code, failed.value.problem.kind


def fingerprint(line: str, folder: Path) -> str:
    """As OpenSSH itself tells it."""
    file = folder / "one.pub"
    file.write_text(f"{line}\n")
    told = subprocess.run(["ssh-keygen", "-lf", file], check=True, capture_output=True, text=True)
    return told.stdout.split()[1]


def test_a_release_goes_there_once_and_is_acknowledged(world: World, server: OpenSsh) -> None:
    assert deliver(world, account(server)).stands == "processing"
    assert deliver(world, account(server)).stands == "processing"
    world.reviewed()
    assert look(world, account(server)).stands == "ready"
    assert [(it.status, it.times_received) for it in world.releases()] == [("ready", 1)]


def test_the_server_is_known_by_any_kind_of_its_keys(world: World, server: OpenSsh) -> None:
    told = (
        fingerprint(server.host_keys["ed25519"], world.folder),
        server.host_keys["ecdsa"],
        f"[127.0.0.1]:{server.port} {server.host_keys['ecdsa']}",
    )
    for number, host_key in enumerate(told):
        given = account(server, host_key=host_key)
        assert deliver(world, given, revision=number + 1).stands == "processing"


def test_a_fingerprint_of_a_key_that_it_does_not_prefer_will_do(world: World, server: OpenSsh) -> None:
    given = account(server, host_key=fingerprint(server.host_keys["ecdsa"], world.folder))
    assert deliver(world, given).stands == "processing"


def test_another_key_is_another_server(world: World, server: OpenSsh) -> None:
    other = key(world.folder / "other", "ed25519")
    assert problem(world, account(server, host_key=other)) == ("ddex_host_key_wrong", "setup")
    assert problem(world, account(server, host_key=fingerprint(other, world.folder))) == (
        "ddex_host_key_wrong", "setup",
    )  # fmt: skip
    assert "Accepted" not in server.log.read_text()


def test_a_key_that_it_does_not_know_lets_nobody_in(world: World, server: OpenSsh) -> None:
    key(world.folder / "stranger", "ed25519")
    given = account(server, private_key=(world.folder / "stranger").read_text())
    assert problem(world, given) == ("account_refused", "auth")


def test_a_key_that_cannot_be_read_is_said_without_repeating_it(world: World, server: OpenSsh) -> None:
    broken = server.private_key.replace("OPENSSH", "OPENSHH")
    with pytest.raises(DeliveryError) as failed:
        deliver(world, account(server, private_key=broken))
    assert failed.value.problem.code == "settings_wrong"
    assert server.private_key.splitlines()[1] not in failed.value.problem.message


def test_a_folder_that_may_not_be_written_to_is_said(world: World, server: OpenSsh) -> None:
    assert problem(world, account(server, folder="/proc/self")) == ("ddex_folder_refused", "setup")


def test_a_disk_that_is_full_there_is_tried_again(world: World, server: OpenSsh) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("there is no /dev/full on this system")
    stopped = _interrupted(world, server)
    (stopped / ".A1.flac.part").symlink_to(full)
    assert problem(world, account(server)) == ("ddex_receiver_refused", "transient")
    (stopped / ".A1.flac.part").unlink()
    deliver(world, account(server))
    world.reviewed()
    assert [release.times_received for release in world.releases()] == [1]


def _interrupted(world: World, server: OpenSsh) -> Path:
    """The folder of the files of a batch of which nothing has come yet."""

    class Stopped(Exception):
        pass

    def stop(*given: Any) -> None:
        raise Stopped

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("aimusicverse.platforms.ddex.sftp_place.SftpPlace.put", stop)
        with pytest.raises(Stopped):
            deliver(world, account(server))
    return world.inbox / world.batches()[0] / UPC / "resources"
