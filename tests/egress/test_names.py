"""Names that lead inside, or somewhere else the second time."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from aimusicverse.egress import Egress, EgressError, Rules, connector
from aimusicverse.egress.lookup import Lookups, system_lookup
from tests.egress.receiver import Receiver, answering, ok

PUBLIC = "93.184.216.34"


class Names:
    """A name service that gives these answers in turn, the last one again and again."""

    def __init__(self, *answers: list[str] | Exception) -> None:
        self._answers = list(answers)
        self.asked: list[str] = []

    def __call__(self, host: str) -> list[str]:
        self.asked.append(host)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def sockets(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Where connections were begun to; none gets anywhere."""
    begun: list[str] = []
    as_it_is = connector._socket_to

    def nowhere(info: Any) -> socket.socket:
        as_it_is(info).close()
        begun.append(info[4][0])
        raise ConnectionRefusedError(111, "refused")

    monkeypatch.setattr(connector, "_socket_to", nowhere)
    return begun


async def failure(url: str, names: Callable[[str], list[str]], rules: Rules | None = None) -> tuple[str, str]:
    async with Egress(rules, lookup=names) as egress:
        with pytest.raises(EgressError) as caught:
            await egress.send(url, headers={}, body=b"x", deadline_seconds=5)
    return caught.value.reason, caught.value.message


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fd00:ec2::254",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "224.0.0.1",
        "127.1",
        "no address",
    ],
)
@pytest.mark.parametrize("others", [[], [PUBLIC, "2606:4700:4700::1111"]], ids=["alone", "among public ones"])
async def test_a_name_with_an_address_that_is_not_public_is_refused(
    address: str, others: list[str], sockets: list[str], nothing_is_left: None
) -> None:
    reason, message = await failure("https://hooks.example.com/s3cret", Names([*others, address]))
    assert reason == "refused_address"
    assert message.startswith("hooks.example.com is a name of ")
    assert address not in message.replace("no address.", "")  # it would tell about the network inside
    assert "s3cret" not in message
    assert sockets == []


async def test_a_name_that_is_public_first_and_loopback_then_is_asked_for_once(
    sockets: list[str], nothing_is_left: None
) -> None:
    names = Names([PUBLIC], ["127.0.0.1"])
    assert (await failure("https://hooks.example.com/", names))[0] == "connect"
    assert set(sockets) == {PUBLIC}
    assert names.asked == ["hooks.example.com"]


async def test_it_is_asked_for_and_judged_anew_each_time(sockets: list[str], nothing_is_left: None) -> None:
    names = Names([PUBLIC], ["127.0.0.1"])
    async with Egress(lookup=names) as egress:
        for reason in ("connect", "refused_address"):
            with pytest.raises(EgressError) as caught:
                await egress.send("https://hooks.example.com/", headers={}, body=b"x")
            assert caught.value.reason == reason
    assert len(names.asked) == 2


async def test_the_connection_goes_to_the_address_that_was_judged(nothing_is_left: None) -> None:
    names = Names(["127.0.0.1"], ["127.0.0.2"])
    async with (
        Receiver(answering(ok("judged"))) as receiver,
        Receiver(answering(ok("rebound")), host="127.0.0.2", port=receiver.port),
        Egress(Rules.of(local=True), lookup=names) as egress,
    ):
        url = f"http://hooks.example.com:{receiver.port}/"
        assert (await egress.send(url, headers={}, body=b"x")).body == b"judged"
    assert names.asked == ["hooks.example.com"]
    assert f"\r\nHost: hooks.example.com:{receiver.port}\r\n" in receiver.heard[0][0]


async def test_an_address_that_was_not_judged_gets_no_socket(
    monkeypatch: pytest.MonkeyPatch, nothing_is_left: None
) -> None:
    """Whatever aiohttp makes of an answer, or keeps of it."""
    async with Receiver(answering(ok())) as receiver:
        monkeypatch.setattr(connector, "vetted", lambda target, found, rules: (PUBLIC,))
        as_it_is = connector.VettingConnector._convert_hosts_to_addr_infos

        def elsewhere(self: Any, hosts: Any) -> Any:
            return as_it_is(self, [{**host, "host": "127.0.0.1"} for host in hosts])

        monkeypatch.setattr(connector.VettingConnector, "_convert_hosts_to_addr_infos", elsewhere)
        url = f"https://hooks.example.com:{receiver.port}/"
        assert (await failure(url, Names([PUBLIC])))[0] == "connect"
    assert receiver.connections == 0


async def test_of_many_addresses_a_few_are_tried(sockets: list[str], nothing_is_left: None) -> None:
    names = Names([f"93.184.216.{number}" for number in range(200)])
    assert (await failure("https://hooks.example.com/", names))[0] == "connect"
    assert len(set(sockets)) == 8


@pytest.mark.parametrize(
    "answer", [[], socket.gaierror(-2, "Name or service not known"), OSError("no network")]
)
async def test_a_name_without_an_address(answer: Any, sockets: list[str], nothing_is_left: None) -> None:
    reason, message = await failure("https://hooks.example.com/s3cret", Names(answer))
    assert (reason, "hooks.example.com" in message) == ("dns", True)


async def test_a_name_that_is_listed_may_be_inside(nothing_is_left: None) -> None:
    async with Receiver(answering(ok())) as receiver:
        rules = Rules.of(f"receiver.internal:{receiver.port}")
        async with Egress(rules, lookup=Names(["127.0.0.1"])) as egress:
            url = f"http://receiver.internal:{receiver.port}/"
            assert (await egress.send(url, headers={}, body=b"x")).status == 200
        other = f"https://other.internal:{receiver.port}/"
        assert (await failure(other, Names(["127.0.0.1"]), rules))[0] == "refused_address"
        assert receiver.connections == 1


# -- slow name services ------------------------------------------------------------------------


class Slow:
    """A name service that has no answer for `slow…` until it is told."""

    def __init__(self) -> None:
        self.told = threading.Event()
        self.asked: list[str] = []

    def __call__(self, host: str) -> list[str]:
        self.asked.append(host)
        if host.startswith("slow"):
            self.told.wait(20)
        return ["127.0.0.1"]


@pytest.fixture
async def slow(nothing_is_left: None) -> AsyncIterator[Slow]:
    slow = Slow()
    yield slow
    slow.told.set()


async def test_a_name_service_that_hangs_ends_with_the_deadline(slow: Slow) -> None:
    async with Egress(Rules.of(local=True), lookup=slow) as egress:
        with pytest.raises(EgressError) as caught:
            await egress.send("https://slow.example.com/", headers={}, body=b"x", deadline_seconds=0.2)
    assert (caught.value.reason, caught.value.message) == (
        "timeout",
        "The name slow.example.com was not found within 0.2 s.",
    )


async def test_a_slow_name_holds_up_no_other_and_is_asked_for_once(slow: Slow) -> None:
    lookups = Lookups(slow, most_at_once=2)
    waiting = [asyncio.create_task(lookups.addresses("slow.example.com")) for _ in range(50)]
    await asyncio.sleep(0)
    for number in range(20):
        assert await asyncio.wait_for(lookups.addresses(f"{number}.example.com"), 5) == ["127.0.0.1"]
    slow.told.set()
    assert await asyncio.gather(*waiting) == [["127.0.0.1"]] * 50
    assert slow.asked.count("slow.example.com") == 1


async def test_who_has_given_up_waiting_for_his_turn_is_not_served(slow: Slow) -> None:
    lookups = Lookups(slow, most_at_once=1)
    first = asyncio.create_task(lookups.addresses("slow.example.com"))
    given_up = asyncio.create_task(lookups.addresses("given-up.example.com"))
    patient = asyncio.create_task(lookups.addresses("patient.example.com"))
    await asyncio.sleep(0)
    given_up.cancel()
    await asyncio.wait([given_up])
    slow.told.set()
    assert await asyncio.gather(first, patient) == [["127.0.0.1"]] * 2
    assert slow.asked == ["slow.example.com", "patient.example.com"]
    assert await lookups.addresses("given-up.example.com") == ["127.0.0.1"]


async def test_no_answer_of_a_name_service_is_kept(nothing_is_left: None) -> None:
    lookups = Lookups(Names(["1.1.1.1"], OSError("gone"), ["8.8.8.8"]))
    assert await lookups.addresses("hooks.example.com") == ["1.1.1.1"]
    with pytest.raises(OSError, match="gone"):
        await lookups.addresses("hooks.example.com")
    assert await lookups.addresses("hooks.example.com") == ["8.8.8.8"]


async def test_without_a_thread_there_is_no_lookup_and_the_next_one_is_tried(
    monkeypatch: pytest.MonkeyPatch, nothing_is_left: None
) -> None:
    lookups = Lookups(Names(["1.1.1.1"]))

    def no_thread(self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", no_thread)
        with pytest.raises(OSError, match="thread"):
            await lookups.addresses("hooks.example.com")
    assert await lookups.addresses("hooks.example.com") == ["1.1.1.1"]


def test_an_answer_that_comes_after_the_end_of_everything_disturbs_nobody() -> None:
    names = Slow()

    async def give_up() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(Lookups(names).addresses("slow.example.com"), 0.1)

    asyncio.run(give_up())
    names.told.set()
    for thread in threading.enumerate():
        if thread.name == "lookup":
            thread.join(5)
            assert not thread.is_alive()


def test_the_system_knows_localhost_and_not_what_does_not_exist() -> None:
    assert set(system_lookup("localhost")) <= {"127.0.0.1", "::1"}
    with pytest.raises(OSError):
        system_lookup("does-not-exist.invalid")
