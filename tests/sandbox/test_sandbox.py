"""All stand-ins in one: what they have is counted in one list, and they do what they are ordered to."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
import uvicorn

from aimusicverse.platforms.apple_music.connector import AppleMusic
from aimusicverse.platforms.base import Surroundings
from aimusicverse.sandbox.orders import Order
from aimusicverse.sandbox.sandbox import Sandbox
from tests.platforms.apple_music.delivering import UPC, Apple


@pytest.fixture
def apple(tmp_path: Path) -> Apple:
    """For its clock, parcels and journals."""
    return Apple(tmp_path)


@pytest.fixture
def sandbox(apple: Apple) -> Iterator[Sandbox]:
    made = Sandbox(apple.folder / "sandbox", apple.clock.now, timedelta(seconds=20), "")
    yield made
    made.close()


@pytest.fixture
def url(sandbox: Sandbox) -> Iterator[str]:
    """The sandbox on a real socket."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(sandbox.app, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join()
    listening.close()


def deliver(apple: Apple) -> AppleMusic:
    connector = AppleMusic("apple_music", None, Surroundings(sandbox_folder=apple.folder / "sandbox"))
    connector.deliver(apple.parcel(), apple.journal())
    return connector


def test_what_a_store_has_is_told_once_it_has_taken_it(apple: Apple, sandbox: Sandbox, url: str) -> None:
    assert httpx.get(f"{url}/control/releases").json() == {"data": []}
    deliver(apple)
    sandbox.advance()
    apple.clock.move(seconds=21)
    [one] = httpx.get(f"{url}/control/releases", params={"store": "apple_music"}).json()["data"]
    assert (one["store"], one["external_id"], one["upc"]) == ("apple_music", UPC, UPC)
    assert (one["isrcs"], one["status"], one["times_received"]) == (["USSKG2600001"], "ready", 1)
    assert datetime.fromisoformat(one["received_at"]) == apple.clock.now() - timedelta(seconds=21)
    assert httpx.get(f"{url}/control/releases", params={"store": "spotify"}).json() == {"data": []}
    assert [told.told() for told in sandbox.releases()] == [one]


def test_an_order_by_http_is_carried_out(apple: Apple, sandbox: Sandbox, url: str) -> None:
    order = {"store": "apple_music", "what": "reject", "reason": "The cover shows a price."}
    assert httpx.post(f"{url}/control/orders", json=order).status_code == 204
    deliver(apple)
    sandbox.advance()
    apple.clock.move(seconds=21)
    assert [one.status for one in sandbox.releases()] == ["rejected"]


def test_orders_can_be_forgotten(apple: Apple, sandbox: Sandbox, url: str) -> None:
    sandbox.orders.give(Order("apple_music", "reject", times=5))
    assert httpx.delete(f"{url}/control/orders").status_code == 204
    deliver(apple)
    sandbox.advance()
    apple.clock.move(seconds=21)
    assert [one.status for one in sandbox.releases()] == ["ready"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"\xff", 400),
        (b"[]", 422),
        (b'{"store": "nowhere", "what": "reject"}', 422),
        (b'{"store": "spotify", "what": "explode"}', 422),
        (b'{"store": "spotify", "what": "reject", "more": 1}', 422),
        (b'{"store": "spotify", "what": "reject", "times": 0}', 422),
        (b'{"store": "spotify", "what": "delay", "seconds": Infinity}', 422),
        (b'{"store": "spotify", "what": "reject", "times": "2"}', 422),
        (b" " * 300_000, 400),
    ],
)
def test_what_is_no_order_is_refused(url: str, sandbox: Sandbox, body: bytes, status: int) -> None:
    answer = httpx.post(f"{url}/control/orders", content=body)
    assert answer.status_code == status
    assert json.loads(answer.text)["detail"]
    assert sandbox.orders.take("spotify", "reject") is None


def test_stores_answer_at_their_addresses(url: str) -> None:
    assert httpx.get(f"{url}/soundcloud/me").status_code == 401
    assert httpx.get(f"{url}/youtube/youtube/v3/channels?part=id&mine=true").status_code == 401
    assert httpx.get(f"{url}/nowhere").status_code == 404


def test_another_process_over_the_same_folder_knows_the_same(apple: Apple, sandbox: Sandbox) -> None:
    deliver(apple)
    sandbox.advance()
    other = Sandbox(apple.folder / "sandbox", apple.clock.now, timedelta(seconds=20), "")
    assert other.releases() == sandbox.releases()
    other.advance()
    assert [one.times_received for one in other.releases()] == [1]
    other.close()


def test_many_threads_may_let_time_pass(apple: Apple, sandbox: Sandbox) -> None:
    deliver(apple)
    wrong: list[BaseException] = []

    def advance() -> None:
        try:
            sandbox.advance()
            assert [one.external_id for one in sandbox.releases()] == [UPC]
        except BaseException as error:
            wrong.append(error)
        finally:
            sandbox.close()

    threads = [threading.Thread(target=advance) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert [one.times_received for one in sandbox.releases()] == [1]


def test_one_store_that_fails_holds_up_no_other(apple: Apple, sandbox: Sandbox) -> None:
    deliver(apple)
    (apple.folder / "sandbox" / "ddex").write_text("a file where a folder belongs")
    with pytest.raises(OSError, match=r"."):
        sandbox.advance()
    assert [one.external_id for one in sandbox.releases() if one.store == "apple_music"] == [UPC]
