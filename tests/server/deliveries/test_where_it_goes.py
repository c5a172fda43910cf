"""Where deliveries may go, when an endpoint is registered and each time that something is sent."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from aimusicverse.egress import Rules, lookup
from aimusicverse.server.problems import Refusal
from aimusicverse.server.settings import Settings
from aimusicverse.server.store.base import Store
from aimusicverse.server.webhooks import service as webhooks
from aimusicverse.types import WebhookCreate, WebhookUpdate
from tests.server.conftest import Api
from tests.server.deliveries.box import LOCAL, ME, SEALER, Box, sends
from tests.server.deliveries.receiver import Receiver, answer_with, receiving
from tests.server.deliveries.sending import Sending
from tests.server.processes import until

PUBLIC = Rules()
NAME = "hooks.example.com"
SOON = timedelta(seconds=6)


@pytest.fixture
def box(store: Store) -> Box:
    return Box(store)


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[list[str]]]:
    """What the name service says of a name: the next of these answers, and the last of them from then on."""
    answers: dict[str, list[list[str]]] = {}

    def getaddrinfo(host: bytes | str, *_: object, **__: object) -> list[Any]:
        name = host.decode() if isinstance(host, bytes) else host
        told = answers[name]
        addresses = told.pop(0) if len(told) > 1 else told[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0)) for address in addresses]

    monkeypatch.setattr(lookup.socket, "getaddrinfo", getaddrinfo)
    return answers


@pytest.fixture
def inside() -> Iterator[socket.socket]:
    """What only this machine can reach. Nobody may as much as connect."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener
        listener.setblocking(False)
        with pytest.raises(BlockingIOError):
            listener.accept()


def error_at(box: Box, url: str, rules: Rules) -> tuple[str | None, str]:
    """What comes of sending to an endpoint that was registered when more was permitted."""
    target = box.webhook("http://127.0.0.1:9/")
    body = WebhookUpdate(url=url)
    everything = Rules.of("0.0.0.0/0, ::/0", local=True)
    box.store.write_now(webhooks.update, ME, target.id, body, None, everything, SEALER)
    box.trigger()
    with sends(box.store, rules):
        until(lambda: box.of(target)[0].attempts)
    attempt = box.of(target)[0].attempts[0]
    assert attempt.status_code is None
    return attempt.error, attempt.error_detail or ""


def registered(box: Box, url: str, rules: Rules) -> str:
    """`taken`, or the field and what is wrong with it."""
    try:
        box.store.write_now(webhooks.create, ME, WebhookCreate(url=url), rules, SEALER)
    except Refusal as refusal:
        return " ".join(f"{error.field} {error.code}" for error in refusal.errors)
    return "taken"


@pytest.mark.parametrize(
    ("url", "local", "public"),
    [
        ("https://hooks.example.com/music", "taken", "taken"),
        ("https://93.184.215.14/", "taken", "taken"),
        ("https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/", "taken", "taken"),
        ("http://hooks.example.com/music", "taken", "bad_url"),
        ("http://127.0.0.1:8000/", "taken", "refused_address"),
        ("https://127.0.0.1/", "taken", "refused_address"),
        ("http://[::1]:8000/", "taken", "refused_address"),
        ("http://localhost:8000/", "taken", "refused_address"),
        ("http://app.localhost:8000/", "taken", "refused_address"),
        ("https://[::ffff:127.0.0.1]/", "refused_address", "refused_address"),
        ("https://10.0.0.1/", "refused_address", "refused_address"),
        ("https://169.254.169.254/", "refused_address", "refused_address"),
        ("https://0x7f.1/", "bad_url", "bad_url"),
        ("https://me@127.0.0.1/", "bad_url", "bad_url"),
    ],
)
def test_what_may_be_registered(box: Box, url: str, local: str, public: str) -> None:
    for rules, expected in ((LOCAL, local), (PUBLIC, public)):
        assert registered(box, url, rules) == ("taken" if expected == "taken" else f"url {expected}")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/",
        "https://127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "https://localhost:{port}/",
        "https://[::ffff:127.0.0.1]:{port}/",
        "https://[64:ff9b::7f00:1]:{port}/",
        "https://[2002:7f00:1::]:{port}/",
    ],
)
def test_what_was_registered_while_the_server_was_local_is_refused_when_it_is_not(
    box: Box, inside: socket.socket, url: str
) -> None:
    error, detail = error_at(box, url.format(port=inside.getsockname()[1]), PUBLIC)
    assert error == "refused_address"
    assert "must be permitted by whoever runs the server" in detail


def test_what_was_registered_without_tls_is_refused_where_it_is_needed(box: Box) -> None:
    error, detail = error_at(box, "http://hooks.example.com/music", PUBLIC)
    assert (error, "https://" in detail) == ("bad_url", True)


@pytest.mark.parametrize(
    ("answers", "rules"),
    [
        pytest.param([["127.0.0.1"]], PUBLIC, id="a name of loopback"),
        pytest.param([["10.1.2.3"]], LOCAL, id="a name of a private address, on a local server"),
        pytest.param([["169.254.169.254"]], LOCAL, id="a name of metadata, on a local server"),
        pytest.param([["93.184.215.14", "127.0.0.1"]], PUBLIC, id="mixed answers"),
        pytest.param([["127.0.0.1", "93.184.215.14"]], PUBLIC, id="mixed answers, the other way round"),
        pytest.param([["::ffff:127.0.0.1"]], PUBLIC, id="mapped"),
        pytest.param([["fe80::1%lo"]], PUBLIC, id="a scope id"),
    ],
)
def test_a_name_is_judged_by_all_its_addresses(
    box: Box, inside: socket.socket, names: dict[str, list[list[str]]], answers: list[list[str]], rules: Rules
) -> None:
    names[NAME] = answers
    error, detail = error_at(box, f"https://{NAME}:{inside.getsockname()[1]}/", rules)
    assert error == "refused_address"
    for address in answers[0]:
        assert address not in detail  # it would tell about a network that is not his


def test_a_name_that_moves_inside_is_refused_from_then_on_and_is_looked_up_each_time(
    box: Box, names: dict[str, list[list[str]]], receiver: Receiver
) -> None:
    """Rebinding: permitted once, as a name of this machine on a local server, and then of somewhere else."""
    names["app.test"] = [["127.0.0.1"], ["10.0.0.7"], ["127.0.0.1"]]
    receiver.answers.append(answer_with(500, connection="close"))
    target = box.webhook(f"http://app.test:{receiver.port}/")
    box.trigger()
    with sends(box.store):
        for times in (1, 2, 3):
            until(lambda times=times: len(box.of(target)[0].attempts) >= times)  # type: ignore[misc]
            box.store.clock.set_offset(box.store.clock.offset + SOON)
    outcomes = [(one.status_code, one.error) for one in box.of(target)[0].attempts]
    assert outcomes == [(500, None), (None, "refused_address"), (200, None)]


def test_a_name_that_is_not_found_is_said(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(*_: object, **__: object) -> list[Any]:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(lookup.socket, "getaddrinfo", nothing)
    error, detail = error_at(box, f"https://{NAME}/", PUBLIC)
    assert (error, NAME in detail) == ("dns", True)


def test_proxies_of_the_environment_are_not_used(
    box: Box, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    with receiving() as proxy:
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            for spelled in (name, name.upper()):
                monkeypatch.setitem(os.environ, spelled, f"http://127.0.0.1:{proxy.port}")
        target = box.webhook(receiver.url)
        box.trigger()
        with sends(box.store):
            until(lambda: box.of(target, "succeeded"))
        assert proxy.received == []
    assert len(receiver.received) == 1


@pytest.mark.parametrize(
    ("settings", "local"),
    [
        ({}, True),
        ({"host": "0.0.0.0"}, False),
        ({"public_url": "https://music.example.com"}, False),
        ({"allowed_hosts": "music.example.com"}, False),
        ({"trusted_proxies": "127.0.0.1"}, False),
        ({"dev": True, "public_url": "https://music.example.com"}, True),
    ],
)
def test_a_server_that_others_reach_is_not_local(settings: dict[str, Any], local: bool) -> None:
    assert Settings.from_environment({}, **settings).egress_rules.local is local


def test_on_a_public_server_this_machine_is_refused_unless_it_is_permitted_by_name_and_port(
    start: Callable[..., Api], receiver: Receiver
) -> None:
    with receiving() as other:
        public = Sending(
            start(
                mode="test",
                public_url="https://music.example.com",
                webhook_allow=f"127.0.0.1:{receiver.port}",
            )
        )
        for url in (other.url, f"http://localhost:{receiver.port}/", "http://hooks.example.com/"):
            answer = public.api.post("/webhooks", json={"url": url})
            assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "url")
        target = public.webhook(receiver.url)
        public.trigger()
        public.settled(target, "succeeded")
        assert other.received == []
