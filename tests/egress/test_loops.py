"""As the server runs it: in a loop in a thread of its own, of either kind."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading

import pytest
import uvloop

from aimusicverse.egress import Egress, EgressError, Rules
from tests.egress.receiver import Receiver, Script, answering, dripping, ending, ok, pouring, silent

SCRIPTS: dict[str, Script] = {
    "complete": answering(ok()),
    "timeout": silent,
    "deadline": dripping("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n", "x"),
    "read_at_most": pouring("HTTP/1.1 200 OK\r\n\r\n", b"x" * 65_536),
    "cut": ending("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nx", reset=True),
    "reset": ending("", reset=True),
    "protocol": pouring("", b"HTTP/1.1 100 Continue\r\n\r\n" * 2_000),
}


async def outcomes() -> list[str]:
    async def outcome(expected: str, script: Script) -> str:
        seconds = 1 if expected in ("timeout", "deadline") else 10
        async with Receiver(script) as receiver:
            try:
                answer = await egress.send(receiver.url, headers={}, body=b"x", deadline_seconds=seconds)
            except EgressError as error:
                return error.reason
            return answer.ended

    async with Egress(Rules.of(local=True)) as egress:
        return await asyncio.gather(*(outcome(*each) for each in SCRIPTS.items()))


@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
def test_all_ends_are_the_same_in_every_loop(loop: type[asyncio.AbstractEventLoop]) -> None:
    found: list[list[str]] = []

    def run() -> None:
        with asyncio.Runner(loop_factory=loop) as runner:
            found.append(runner.run(outcomes()))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(30)
    assert found == [list(SCRIPTS)]


def test_judging_an_address_does_not_load_what_sends() -> None:
    program = (
        "import sys\n"
        "from aimusicverse.egress import Rules, check_headers, check_url\n"
        "check_url('https://hooks.example.com/', Rules.of('10.0.0.0/8'))\n"
        "assert not {'aiohttp', 'asyncio', 'idna'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
