"""Endpoints, from the command line; each secret is shown once, or goes into a file."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from aimusicverse import Client
from tests.cli.conftest import Run
from tests.cli.screen import terminal
from tests.server.deliveries.receiver import Receiver, receiving

pytestmark = pytest.mark.usefixtures("at_server")


@pytest.fixture
def program() -> Iterator[Receiver]:
    """An endpoint's other end."""
    with receiving() as one:
        yield one


@pytest.fixture
def webhook(client: Client, program: Receiver) -> Iterator[str]:
    """The id of an endpoint that is gone afterwards."""
    made = client.webhooks.create(f"{program.url}/a", events="track.created")
    yield made.id
    client.webhooks.delete(made.id)


def test_an_endpoint_is_made_with_a_secret_that_is_shown_once(
    amv: Run, client: Client, program: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOOK_AUTH", "Bearer of-ours")
    Path("more.txt").write_text("X-Api-Token: from-a-file\n")
    made = amv(
        *("webhooks", "create", f" {program.url}/made ", "--events", "generation.*,track.created", "--json"),
        *("--description", "ours", "--schedule", "extended", "--header", "X-Team: music"),
        *("--header", "@more.txt", "--header-env", "Authorization=HOOK_AUTH"),
    )
    assert made.code == 0, made.err
    webhook = made.data
    assert webhook["events"] == ["generation.*", "track.created"]
    assert webhook["headers"] == {"X-Team": "***", "X-Api-Token": "***", "Authorization": "***"}
    assert (webhook["description"], webhook["retry_schedule"]) == ("ours", "extended")
    [came] = program.of_type("endpoint.test")
    came.judged(webhook["secret"])
    assert came.headers["authorization"] == "Bearer of-ours"
    assert (came.headers["x-team"], came.headers["x-api-token"]) == ("music", "from-a-file")

    shown = amv("webhooks", "get", webhook["id"])
    assert "headers\tX-Team X-Api-Token Authorization\n" in shown.out
    assert "secret\t" not in shown.out
    assert "secret" not in amv("webhooks", "get", webhook["id"], "--json").data
    listed = amv("webhooks", "list").out.splitlines()[0].split("\t")
    assert listed[:3] == [webhook["id"], f"{program.url}/made", "enabled"]
    client.webhooks.delete(webhook["id"])


def test_a_person_is_told_to_keep_the_secret(client: Client, program: Receiver) -> None:
    with terminal("webhooks", "create", f"{program.url}/person") as screen:
        assert screen.end() == 0
    assert "\nsecret           whsec_" in screen.shown
    assert "Keep the secret now: it is not shown again." in screen.shown
    [made] = [one for one in client.webhooks.list() if one.url.endswith("/person")]
    assert f"next: amv webhooks deliveries {made.id}" in screen.shown
    client.webhooks.delete(made)


def test_a_secret_can_go_into_a_file_and_nowhere_else(amv: Run, client: Client, program: Receiver) -> None:
    Path(".env").write_text("# ours\nAMV_API_KEY=key\nWEBHOOK_SECRET=old\n")
    made = amv("webhooks", "create", f"{program.url}/file", "--env-file", ".env", "--json")
    assert "whsec_" not in made.out + made.err
    first = Path(".env").read_text()
    program.of_type("endpoint.test")[-1].judged(first.strip().rpartition("WEBHOOK_SECRET=")[2])
    assert first.startswith("# ours\nAMV_API_KEY=key\nWEBHOOK_SECRET=whsec_")
    assert stat.S_IMODE(Path(".env").stat().st_mode) == 0o600
    turned = amv("webhooks", "rotate", made.data["id"], "--now", "--env-file", ".env")
    assert "whsec_" not in turned.out + turned.err
    assert "WEBHOOK_SECRET in" in turned.err
    assert Path(".env").read_text() != first
    assert len(Path(".env").read_text().splitlines()) == 3
    client.webhooks.delete(made.data["id"])


def test_a_secret_is_not_made_where_it_could_not_be_kept(amv: Run, client: Client, program: Receiver) -> None:
    Path("data.bin").write_bytes(b"\xff\xfe\x00")
    for file, told in ((".", "is a folder"), ("no/such/.env", "there is no folder"), ("data.bin", "UTF-8")):
        done = amv("webhooks", "create", f"{program.url}/kept", "--env-file", file)
        assert done.code == 2
        assert told in done.err
    assert not [one for one in client.webhooks.list() if one.url.endswith("/kept")]


def test_a_secret_that_could_not_be_written_is_told_how_to_replace(
    amv: Run, webhook: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("aimusicverse.cli.webhooks.env_file.os.fsync", full)
    done = amv("webhooks", "rotate", webhook, "--env-file", ".env")
    assert done.code == 1
    assert (
        f"No space left on device. The secret is lost; make another: amv webhooks rotate {webhook} --now"
        in done.err
    )
    assert not list(Path().iterdir())


def test_a_rotated_secret_signs_beside_the_old_one(amv: Run, webhook: str) -> None:
    done = amv("webhooks", "rotate", webhook, "--overlap", "2h", "--json")
    assert done.data["secret"].startswith("whsec_")
    assert done.data["secrets_valid"] == 2
    assert amv("webhooks", "rotate", webhook, "--now", "--json").data["secrets_valid"] == 1
    assert amv("webhooks", "rotate", webhook, "--now", "--overlap", "1h").code == 2


def test_what_is_changed_is_changed_and_the_rest_stays(amv: Run, webhook: str, program: Receiver) -> None:
    def update(*words: str) -> dict[str, object]:
        done = amv("webhooks", "update", webhook, "--json", *words)
        assert done.code == 0, done.err
        return dict(done.data)

    before = amv("webhooks", "get", webhook, "--json").data
    changed = update("--url", f"{program.url}/b", "--header", "X-Team: music", "--schedule", "extended")
    assert changed["url"] == f"{program.url}/b"
    assert changed["headers"] == {"X-Team": "***"}
    assert changed["events"] == ["track.created"]
    assert update("--events", "*")["events"] == ["*"]
    assert update("--no-headers")["headers"] == {}
    assert update("--disable")["status"] == "disabled"
    done = amv("webhooks", "test", webhook)
    assert (done.code, "amv webhooks update ID --enable" in done.err) == (1, True)
    assert update("--enable")["status"] == "enabled"
    stale = amv("webhooks", "update", webhook, "--disable", "--if-match", before["etag"])
    assert (stale.code, "was changed" in stale.err or "etag" in stale.err) == (1, True)


def test_deleting_needs_a_yes(amv: Run, client: Client, program: Receiver) -> None:
    made = client.webhooks.create(f"{program.url}/gone")
    assert amv("webhooks", "delete", made.id).code == 2
    assert amv("webhooks", "delete", made.id, "--yes", "--json").data == {"id": made.id, "deleted": True}
    done = amv("webhooks", "get", made.id)
    assert done.code == 4
    assert done.err.endswith("See: amv webhooks list\n")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["update", "whk_1"], "nothing to change"),
        (["update", "whk_1", "--no-headers", "--header", "X-A: b"], "contradict"),
        (
            ["create", "https://x.example", "--header", "Authorization: Bearer abc"],
            "--header-env Authorization=NAME",
        ),
        (["create", "https://x.example", "--header", "X-Api-Key:abc"], "--header @FILE"),
        (["create", "https://x.example", "--header", "no header: abc"], "a header is: Name: value"),
        (["create", "https://x.example", "--header", "X-A: b", "--header", "x-a: c"], "there twice"),
        (["create", "https://x.example", "--header-env", "X-A"], "Authorization=HOOK_AUTH"),
        (["create", "https://x.example", "--header-env", "X-A=abc def"], "Authorization=HOOK_AUTH"),
        (["create", "https://x.example", "--header-env", "X-A=NOT_THERE"], "NOT_THERE is not set"),
        (["create", "https://x.example", "--events", "track.made"], "there are: generation.started"),
        (["create", "not an address"], "url: "),
        (["create", "https://x.example", "--header", "Webhook-Id: 1"], "set by the server itself"),
    ],
)
def test_wrong_usage_is_told_without_repeating_a_secret(amv: Run, words: list[str], told: str) -> None:
    done = amv("webhooks", *words)
    assert (done.code, done.out) == (2, "")
    assert told in done.err
    assert "abc" not in done.err


def test_the_secret_stands_in_no_error_of_a_file_that_is_full(amv: Run, webhook: str) -> None:
    Path("huge.env").write_text("A=1\n" * 300_000)
    done = amv("webhooks", "rotate", webhook, "--env-file", "huge.env", "--json")
    assert done.code == 2
    assert json.loads(done.err)["code"] == "usage_error"
