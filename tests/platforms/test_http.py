from __future__ import annotations

import json
import logging
import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimusicverse.platforms.answer import Answer, retry_after
from aimusicverse.platforms.base import DeliveryError, Surroundings
from aimusicverse.platforms.http import Body, StoreCalls, open_client
from aimusicverse.platforms.store_addresses import StoreAddress, address_of
from aimusicverse.platforms.store_problems import GENERAL
from tests.platforms.accounts import FixedAccount
from tests.transport.peer import Peer, Step, answer, cut, gibberish, hang

KINDS = {one.code: one.kind for one in GENERAL}
TOKEN = "token-of-marens-account"


def address(peer: Peer) -> StoreAddress:
    return replace(address_of("soundcloud", Surroundings(sandbox_url=peer.url)), api=peer.url)


@pytest.fixture
def one_piece() -> Body:
    return Body("application/octet-stream", 4, lambda: iter([b"ab", b"cd"]))


def called(
    peer: Peer, *tokens: str, body: Body | None = None, once: bool = False, read: float = 10.0
) -> Answer:
    where = address(peer)
    with open_client(where, read_seconds=read) as client:
        calls = StoreCalls(where, FixedAccount(*(tokens or (TOKEN,))), client)
        return calls.call("POST", f"{where.api}/tracks", body=body, once=once)


def problem_of(
    *steps: Step, body: Body | None = None, once: bool = False, read: float = 10.0
) -> DeliveryError:
    with Peer(*steps) as peer, pytest.raises(DeliveryError) as raised:
        called(peer, body=body, once=once, read=read)
    assert KINDS[raised.value.problem.code] == raised.value.problem.kind
    assert TOKEN not in f"{raised.value.problem!r} {raised.value!r} {raised.value}"
    return raised.value


def test_the_token_travels_as_the_store_wants_it(one_piece: Body) -> None:
    with Peer(answer(201, {"urn": "x"})) as peer:
        said = called(peer, body=one_piece)
    assert (said.status, said.json("It")) == (201, {"urn": "x"})
    assert peer.heard[0].headers["authorization"] == f"OAuth {TOKEN}"
    assert (peer.heard[0].body, peer.heard[0].headers["content-length"]) == (b"abcd", "4")


def test_a_refused_token_is_refreshed_once_and_the_body_sent_whole_again(one_piece: Body) -> None:
    with Peer(answer(401), answer(201, {})) as peer:
        assert called(peer, "old", "new", body=one_piece, once=True).status == 201
    assert [(one.headers["authorization"], one.body) for one in peer.heard] == [
        ("OAuth old", b"abcd"), ("OAuth new", b"abcd"),
    ]  # fmt: skip


def test_a_token_that_is_refused_again_is_not_tried_a_third_time() -> None:
    with Peer(answer(401)) as peer, pytest.raises(DeliveryError) as raised:
        called(peer, "a", "b", "c")
    assert (raised.value.problem.kind, raised.value.problem.code, len(peer.heard)) == (
        "auth",
        "account_expired",
        2,
    )


def test_without_an_account_nothing_is_sent() -> None:
    with Peer(answer()) as peer, open_client(address(peer)) as client, pytest.raises(DeliveryError) as raised:
        StoreCalls(address(peer), None, client).call("GET", peer.url)
    assert (raised.value.problem.code, peer.heard) == ("account_missing", [])


@pytest.mark.parametrize(
    ("step", "kind"),
    [
        (cut, "transient"), (gibberish, "transient"), (answer(503), "transient"), (answer(500), "transient"),
        (answer(200, b"{}", claim=9), "transient"),
    ],
)  # fmt: skip
def test_what_may_be_done_twice_is_tried_again(step: Step, kind: str, one_piece: Body) -> None:
    assert problem_of(step, body=one_piece).problem.kind == kind


@pytest.mark.parametrize("step", [cut, answer(502), answer(201, b"{}", claim=9)])
def test_an_answer_that_is_lost_after_all_was_sent_leaves_the_outcome_unknown(
    step: Step, one_piece: Body
) -> None:
    assert problem_of(step, body=one_piece, once=True).problem.kind == "unknown_outcome"


def test_a_store_that_never_answers_is_given_up(one_piece: Body) -> None:
    assert problem_of(hang, body=one_piece, read=0.2).problem.kind == "transient"
    assert problem_of(hang, body=one_piece, once=True, read=0.2).problem.kind == "unknown_outcome"


def test_a_connection_that_breaks_in_half_of_the_body_is_tried_again() -> None:
    with Peer(answer(), slams=1) as peer:
        # A piece that comes after the reset: the store cannot have had everything.
        def pieces() -> Iterator[bytes]:
            for _ in range(400):
                yield bytes(65_536)

        with pytest.raises(DeliveryError) as raised:
            called(peer, body=Body("audio/wav", 400 * 65_536 + 1, pieces), once=True)
    assert raised.value.problem.kind == "transient"


def test_nobody_listening_is_tried_again(one_piece: Body) -> None:
    with Peer(answer()) as peer:
        where = address(peer)
    with open_client(where) as client, pytest.raises(DeliveryError) as raised:
        StoreCalls(where, FixedAccount(TOKEN), client).call("POST", where.api, body=one_piece, once=True)
    assert (raised.value.problem.code, raised.value.problem.kind) == ("store_unreachable", "transient")


def test_a_store_that_asks_us_to_wait_is_left_alone_for_so_long() -> None:
    assert problem_of(answer(429, Retry_After="90")).retry_after == timedelta(seconds=90)
    late = format_datetime(datetime.now(UTC) + timedelta(hours=2), usegmt=True)
    by_date = problem_of(answer(429, Retry_After=late))
    assert by_date.problem.kind == "quota"
    assert by_date.retry_after is not None
    assert timedelta(hours=1) < by_date.retry_after <= timedelta(hours=2)
    assert problem_of(answer(503, Retry_After="5")).retry_after == timedelta(seconds=5)


@given(st.text(st.characters(codec="latin-1"), max_size=40))
def test_no_retry_after_breaks_anything(value: str) -> None:
    wait = retry_after(Answer(429, {"Retry-After": value}, b""))
    assert wait is None or timedelta() <= wait <= timedelta(days=1)


@given(st.binary(max_size=200) | st.text().map(lambda text: json.dumps({"message": text}).encode()))
def test_whatever_a_store_says_is_one_short_line(content: bytes) -> None:
    words = Answer(422, {}, content).words()
    assert len(words) <= 300
    assert not any(character in words for character in "\r\n\x1b\x00")


def test_a_store_that_repeats_our_token_does_not_make_us_show_it(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    error = problem_of(answer(429, {"code": 429, "message": f"OAuth {TOKEN} is too fast"}))
    assert "OAuth *** is too fast" in error.problem.message
    assert TOKEN not in caplog.text


def test_a_redirect_takes_no_token_elsewhere() -> None:
    with Peer(answer()) as elsewhere, Peer(answer(307, Location=elsewhere.url)) as peer:
        assert called(peer).status == 307
    assert elsewhere.heard == []


def test_an_answer_without_end_is_not_read_to_its_end() -> None:
    assert problem_of(answer(200, bytes(9 * 1024 * 1024))).problem.code == "store_incomprehensible"


def test_an_answer_shows_no_token_when_it_is_printed() -> None:
    assert TOKEN not in repr(Answer(200, {"X": TOKEN}, TOKEN.encode(), (TOKEN,)))


def test_certificates_of_live_stores_are_looked_at() -> None:
    for surroundings in (Surroundings(), Surroundings(sandbox_url="https://sandbox.example")):
        with open_client(address_of("soundcloud", surroundings)) as client:
            context = client._transport._pool._ssl_context  # type: ignore[attr-defined]
            assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)


def test_in_the_sandbox_no_proxy_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with Peer(answer(200, {})) as peer:
        assert called(peer).status == 200


def test_cancelling_goes_through_as_it_is() -> None:
    class Cancelled(Exception):
        pass

    def pieces() -> Iterator[bytes]:
        yield b"x"
        raise Cancelled

    with Peer(answer()) as peer, pytest.raises(Cancelled):
        called(peer, body=Body("audio/wav", 2, pieces), once=True)
