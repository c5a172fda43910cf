"""GET goes the same guarded way as POST, without a body."""

from __future__ import annotations

import pytest

from aimusicverse.egress import Egress, EgressError, Rules
from tests.egress.receiver import Receiver, answering

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nFinish-Reason: SUCCESS\r\nSet-Cookie: a=b\r\n\r\nok"


async def test_nothing_is_sent_with_it_and_headers_that_were_asked_for_come_back(egress: Egress) -> None:
    async with Receiver(answering(ANSWER)) as receiver:
        answer = await egress.send(
            receiver.url, method="GET", headers={"Accept": "image/*"}, body=b"", returned=("finish-reason",)
        )
    [(head, body)] = receiver.heard
    assert head.startswith("GET /hook HTTP/1.1")
    assert (body, "content-length" in head.lower(), "chunked" in head.lower()) == (
        b"",
        False,
        False,
    )
    assert (answer.status, answer.body, dict(answer.headers)) == (200, b"ok", {"finish-reason": "SUCCESS"})


async def test_what_is_not_public_is_not_asked() -> None:
    async with Egress(Rules()) as egress:
        for url in ("https://127.0.0.1/", "https://169.254.169.254/latest", "https://localhost/"):
            with pytest.raises(EgressError) as caught:
                await egress.send(url, method="GET", headers={}, body=b"")
            assert caught.value.reason == "refused_address"
