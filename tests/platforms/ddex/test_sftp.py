"""The same over SFTP, against the sandbox's own server: and what goes wrong on the way."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from aimusicverse.egress import Rules
from aimusicverse.platforms.base import DeliveryError, Standing
from aimusicverse.platforms.ddex import Ddex
from aimusicverse.platforms.ddex.settings import sftp_address
from aimusicverse.platforms.ddex.sftp_place import SftpPlace
from aimusicverse.sandbox.ddex.sftp import SandboxSftp
from tests.platforms.ddex.setting import OUT, UPC, GivenAccount, Notes, World
from tests.platforms.ddex.test_killed import killed_at

asyncssh = pytest.importorskip("asyncssh", reason="asyncssh is missing: pip install 'aimusicverse[sftp]'")
PASSWORD = "open sesame"
LOOPBACK = Rules.of("127.0.0.1")


@pytest.fixture
def server(world: World) -> Iterator[SandboxSftp]:
    with SandboxSftp(world.folder / "sandbox", PASSWORD) as running:
        yield running


def account(server: SandboxSftp, **changes: Any) -> GivenAccount:
    settings = {
        "host": "127.0.0.1", "port": str(server.port), "username": "ddex", "host_key": server.fingerprint,
    }  # fmt: skip
    secrets = {"password": changes.pop("password", PASSWORD)}
    return GivenAccount({**settings, **changes}, secrets)


@contextmanager
def connector(world: World, given: GivenAccount, rules: Rules | None = LOOPBACK) -> Iterator[Ddex]:
    made = world.connector(given, allowed_addresses=rules)
    try:
        yield made
    finally:
        made.close()


def deliver(world: World, given: GivenAccount, rules: Rules | None = LOOPBACK) -> Standing:
    with connector(world, given, rules) as made:
        return made.deliver(world.parcel(mode="live", live_message=True), world.notes)


def look(world: World, given: GivenAccount) -> Standing:
    with connector(world, given) as made:
        return made.look(world.notes)


def problem(world: World, given: GivenAccount, rules: Rules | None = LOOPBACK) -> tuple[str, str]:
    with pytest.raises(DeliveryError) as failed:
        deliver(world, given, rules)
    assert PASSWORD not in f"{failed.value.problem} {given.secrets.get('private_key', '-')}"
    return failed.value.problem.code, failed.value.problem.kind


def check_digit(upc: str) -> int:
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(upc))
    return -total % 10


def test_a_release_goes_there_and_is_live_on_its_day(world: World, server: SandboxSftp) -> None:
    assert deliver(world, account(server)).stands == "processing"
    world.reviewed()
    assert look(world, account(server)).stands == "ready"
    world.clock.at = OUT
    world.advance()
    assert look(world, account(server)).stands == "live"
    assert [(it.status, it.times_received) for it in world.releases()] == [("live", 1)]
    batch = world.inbox / world.batches()[0]
    assert not [path for path in batch.rglob("*") if path.name.endswith(".part")]


def test_an_update_and_a_takedown_go_there_too(world: World, server: SandboxSftp) -> None:
    deliver(world, account(server))
    world.reviewed()
    with connector(world, account(server)) as made:
        assert made.look(world.notes).stands == "ready"
        made.deliver(world.parcel(revision=2, mode="live", live_message=True, title="Other"), world.notes)
        world.reviewed()
        assert made.look(world.notes).stands == "ready"
        made.take_down(world.parcel(revision=2, mode="live", live_message=True, title="Other"), world.notes)
        world.reviewed()
        assert made.look(world.notes).stands == "taken_down"
    assert [(it.title, it.status) for it in world.releases()] == [("Other", "taken_down")]


def test_a_test_message_in_a_real_store_is_never_called_live(world: World, server: SandboxSftp) -> None:
    with connector(world, account(server)) as made:
        made.deliver(world.parcel(mode="live"), world.notes)
    world.reviewed()
    standing = look(world, account(server))
    assert standing.stands == "action_required"
    assert standing.problem is not None
    assert standing.problem.code == "ddex_test_message"


def test_a_line_of_known_hosts_will_do_and_a_folder_below(world: World, server: SandboxSftp) -> None:
    (world.inbox / "to").mkdir()
    given = account(server, host_key=f"sftp.example.com,127.0.0.1 {server.host_key}", folder="to")
    deliver(world, given)
    assert [path for path in (world.inbox / "to").iterdir() if path.name.isdigit()]


def test_a_server_with_another_key_gets_no_password_and_no_file(world: World, server: SandboxSftp) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519")
    for told in (other.get_fingerprint(), other.export_public_key().decode()):
        assert problem(world, account(server, host_key=told)) == ("ddex_host_key_wrong", "setup")
    assert server.sign_ins == []
    assert world.batches() == []


def test_without_a_host_key_nothing_is_connected_to(world: World, server: SandboxSftp) -> None:
    for told in ("", "nonsense", "SHA256:short", "@cert-authority * ssh-ed25519 AAAA"):
        assert problem(world, account(server, host_key=told)) == ("settings_wrong", "setup")
    assert server.sign_ins == []


def test_a_wrong_password_is_the_accounts_trouble(world: World, server: SandboxSftp) -> None:
    assert problem(world, account(server, password="wrong")) == ("account_refused", "auth")
    assert server.sign_ins == [("ddex", False)]


def test_without_a_password_nothing_of_the_machines_own_is_tried(
    world: World, server: SandboxSftp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home = tmp_path / "home" / ".ssh"
    home.mkdir(parents=True)
    key = asyncssh.generate_private_key("ssh-ed25519")
    (home / "id_ed25519").write_bytes(key.export_private_key())
    (home / "known_hosts").write_text(f"[127.0.0.1]:{server.port} {server.host_key}\n")
    (home / "config").write_text("Host *\n  User somebody\n  HostName 192.0.2.1\n")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SSH_AUTH_SOCK", str(tmp_path / "agent"))
    other = asyncssh.generate_private_key("ssh-ed25519")
    wrong = account(server, host_key=other.get_fingerprint())
    assert problem(world, wrong) == ("ddex_host_key_wrong", "setup")
    assert deliver(world, account(server)).stands == "processing"
    assert [user for user, _ in server.sign_ins] == ["ddex"]


@pytest.mark.parametrize(
    ("host", "rules"),
    [
        ("127.0.0.1", Rules()),
        ("10.1.2.3", Rules()),
        ("169.254.169.254", Rules()),
        ("::1", Rules()),
        ("localhost", Rules()),
        ("2130706433", Rules()),
        ("0x7f.1", LOOPBACK),
        ("::ffff:127.0.0.1", LOOPBACK),
    ],
)
def test_addresses_inside_are_refused_unless_they_are_permitted(
    world: World, server: SandboxSftp, host: str, rules: Rules
) -> None:
    assert problem(world, account(server, host=host), rules) == ("ddex_host_refused", "setup")
    assert server.sign_ins == []


@pytest.mark.parametrize("found", [["10.0.0.7"], ["93.184.216.34", "127.0.0.1"]])
def test_a_name_that_leads_inside_is_refused(found: list[str]) -> None:
    given = {"host": "sftp.example.com", "username": "u", "host_key": "SHA256:" + 43 * "A"}
    address = sftp_address(GivenAccount(given, {"password": PASSWORD}))
    assert address is not None
    place = SftpPlace(address, Rules(), lookup=lambda host: found)
    with pytest.raises(DeliveryError) as refused:
        place.there("x")
    place.close()
    assert refused.value.problem.code == "ddex_host_refused"
    assert "127.0.0.1" not in refused.value.problem.message


def test_the_name_is_looked_up_once_and_the_connection_goes_where_it_led(
    world: World, server: SandboxSftp
) -> None:
    asked: list[str] = []

    def lookup(host: str) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["192.0.2.1"]

    address = sftp_address(account(server, host="sftp.example.com"))
    assert address is not None
    place = SftpPlace(address, LOOPBACK, lookup=lookup)
    assert place.make("20260101000000000")
    assert not place.make("20260101000000000")
    place.close()
    assert asked == ["sftp.example.com"]


@pytest.mark.parametrize(
    "changes",
    [
        {"host": "user@host"},
        {"host": "host/path"},
        {"host": "ho st"},
        {"port": "0"},
        {"port": "99999"},
        {"port": "22; rm"},
        {"username": ""},
        {"username": "a\nb"},
        {"password": ""},
        {"folder": "../elsewhere"},
        {"folder": "a/../../b"},
        {"folder": "a\0b"},
        {"folder": "a//b"},
        {"sender_dpid": "PADPIDA2011072101X"},
    ],
    ids=str,
)
def test_settings_that_cannot_be_right_are_said(
    world: World, server: SandboxSftp, changes: dict[str, str]
) -> None:
    assert problem(world, account(server, **changes)) == ("settings_wrong", "setup")
    assert server.sign_ins == []


def test_nobody_there_is_tried_again(world: World, server: SandboxSftp) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert problem(world, account(server, port=str(port))) == ("store_unreachable", "transient")


def test_somebody_who_never_answers_is_given_up(
    world: World, server: SandboxSftp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aimusicverse.platforms.ddex.sftp_line._SIGN_IN_SECONDS", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        given = account(server, port=str(silent.getsockname()[1]))
        assert problem(world, given) == ("store_unreachable", "transient")


def test_who_waits_for_a_server_that_never_answers_can_be_stopped(
    world: World, server: SandboxSftp, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stopped(Exception):
        pass

    def stopped(part: float) -> None:
        raise Stopped

    monkeypatch.setattr("aimusicverse.platforms.ddex.sftp_line._SLICE_SECONDS", 0.05)
    monkeypatch.setattr("aimusicverse.platforms.ddex.place._BEAT", 0.0)
    monkeypatch.setattr(world.notes, "progress", stopped)
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(Stopped):
        deliver(world, account(server, port=str(silent.getsockname()[1])))


def test_what_speaks_no_ssh_is_said(world: World, server: SandboxSftp) -> None:
    with socket.create_server(("127.0.0.1", 0)) as web:

        def answer() -> None:
            for _ in range(3):  # once for each kind of host key
                line, _ = web.accept()
                with line:
                    line.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n" * 100)

        thread = threading.Thread(target=answer)
        thread.start()
        given = account(server, port=str(web.getsockname()[1]))
        assert problem(world, given) == ("store_unreachable", "transient")
        thread.join()


def test_a_line_that_breaks_between_the_files_and_the_end_is_gone_on_with(
    world: World, server: SandboxSftp, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = SftpPlace.put
    sent: list[str] = []
    stopped: list[bool] = []

    def put(self: SftpPlace, path: str, part: Any, beat: Any) -> None:
        sent.append(path.rpartition("/")[2])
        if "BatchComplete" in path and not stopped:
            stopped.append(True)
            server.stop()
        real(self, path, part, beat)

    monkeypatch.setattr(SftpPlace, "put", put)
    assert problem(world, account(server)) == ("store_unreachable", "transient")
    world.reviewed()
    assert world.releases() == []
    assert sent[-1].startswith("BatchComplete")
    sent.clear()
    server.start()
    deliver(world, account(server))
    assert [name.partition("_")[0] for name in sent] == ["BatchComplete"]
    world.reviewed()
    assert [release.times_received for release in world.releases()] == [1]


def test_killed_anywhere_over_sftp_there_is_one_release(world: World, server: SandboxSftp) -> None:
    for number, line in enumerate((60, 300, 450, 600, 700, 800, 900, 980, 1_020)):
        own = Notes(world.folder / f"journal{number}.json", world.clock)
        upc = f"{9360002910 + number:011}"
        parcel = world.parcel(mode="live", distribution=f"dst_{number}", upc=upc + str(check_digit(upc)))

        def work(own: Notes = own, parcel: Any = parcel) -> None:
            with connector(world, account(server)) as made:
                made.deliver(parcel, own)

        world.close()  # nothing of SQLite goes through a fork
        killed_at(line, work)
        world.clock.forward(minutes=1)
        work()
        world.reviewed()
        [release] = [it for it in world.releases() if it.upc == parcel.release.upc]
        assert (release.status, release.times_received) == ("ready", 1), f"killed at line {line}"


def test_a_file_that_is_there_in_part_is_sent_again(world: World, server: SandboxSftp) -> None:
    class Stopped(Exception):
        pass

    def stop(self: Any, path: str, part: Any, beat: Any) -> None:
        raise Stopped

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(SftpPlace, "put", stop)
        with pytest.raises(Stopped):
            deliver(world, account(server))
    resources = world.inbox / world.batches()[0] / UPC / "resources"
    (resources / "A1.flac").write_bytes(b"half")
    (resources / ".cover.jpg.part").write_bytes(b"half, and longer than it will be" * 10_000)
    deliver(world, account(server))
    world.reviewed()
    assert [(it.status, it.times_received) for it in world.releases()] == [("ready", 1)]


def test_a_disk_that_is_full_there_is_tried_again(
    world: World, server: SandboxSftp, monkeypatch: pytest.MonkeyPatch
) -> None:
    import errno

    def full(self: Any, file: Any, offset: int, data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(asyncssh.SFTPServer, "write", full)
        code, kind = problem(world, account(server))
    assert (code, kind) == ("ddex_receiver_refused", "transient")
    deliver(world, account(server))
    world.reviewed()
    assert [release.times_received for release in world.releases()] == [1]


def test_a_folder_that_is_not_there_is_said(world: World, server: SandboxSftp) -> None:
    assert problem(world, account(server, folder="nowhere")) == ("ddex_folder_refused", "setup")


def test_what_progress_raises_ends_an_upload_that_hangs(
    world: World, server: SandboxSftp, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Cancelled(Exception):
        pass

    async def hang(self: Any, file: Any, offset: int, data: bytes) -> int:
        await asyncio.sleep(1)
        raise asyncssh.SFTPFailure("too late")

    def cancelled(part: float) -> None:
        raise Cancelled

    monkeypatch.setattr(asyncssh.SFTPServer, "write", hang)
    monkeypatch.setattr("aimusicverse.platforms.ddex.sftp_line._SLICE_SECONDS", 0.05)
    monkeypatch.setattr("aimusicverse.platforms.ddex.place._BEAT", 0.0)
    monkeypatch.setattr(world.notes, "progress", cancelled)
    with pytest.raises(Cancelled):
        deliver(world, account(server))


def test_in_the_sandbox_the_accounts_host_is_left_alone(world: World, server: SandboxSftp) -> None:
    with connector(world, account(server)) as made:
        made.deliver(world.parcel(), world.notes)
    assert server.sign_ins == []
    assert len(world.batches()) == 1


def test_without_the_extra_one_line_says_what_installs_it(
    world: World, server: SandboxSftp, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "asyncssh", None)
    with pytest.raises(DeliveryError) as failed:
        deliver(world, account(server))
    assert failed.value.problem.code == "program_missing"
    assert "pip install 'aimusicverse[sftp]'" in failed.value.problem.message
