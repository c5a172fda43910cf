"""What stores tell: only what is signed, once, and never more than a look."""

from __future__ import annotations

import json
import secrets
import time
from datetime import timedelta
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from aimusicverse.server.ids import new_id
from aimusicverse.server.jobs import outbox
from aimusicverse.server.store.tables import distribution, job, store_delivery
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.webhooks import sign
from tests.server.conftest import Api
from tests.server.connections.test_fields import connect, owner_of


class Told:
    """A connected store that calls back."""

    def __init__(self, api: Api, platform: str = "apple_music") -> None:
        self.api = api
        api.post(f"/platforms/{platform}/disconnect", json={})
        answer = connect(api, platform, "sandbox").json()
        self.url: str = answer["callback_url"]
        self.secret: str = answer["callback_secret"]

    def __call__(
        self,
        body: Any = None,
        *,
        message_id: str | None = None,
        ago: float = 0,
        secret: str | None = None,
        **headers: str,
    ) -> httpx.Response:
        raw = body if isinstance(body, bytes) else json.dumps(body or {"external_id": "x"}).encode()
        signed = sign(
            raw,
            secret or self.secret,
            message_id=message_id or f"msg_{secrets.token_hex(6)}",
            timestamp=int(time.time() - ago),
        )
        return httpx.post(self.url, content=raw, headers={**signed, **headers})


@pytest.fixture
def told(idle: Api) -> Told:
    return Told(idle)


def delivery(api: Api, external_id: str, *, mode: str = "sandbox") -> str:
    """One whose store is to be looked at in an hour; its id."""
    owner_id, delivery_id, distribution_id = owner_of(api), new_id("sdl"), new_id("dst")

    def insert(tx: Transaction) -> None:
        times = {"created_at": tx.now, "updated_at": tx.now}
        tx.execute(
            sa.insert(distribution).values(
                id=distribution_id,
                owner_id=owner_id,
                mode=mode,
                status="processing",
                title="x",
                release={},
                revision=1,
                version=1,
                **times,
            )
        )
        tx.execute(
            sa.insert(store_delivery).values(
                id=delivery_id,
                distribution_id=distribution_id,
                owner_id=owner_id,
                platform="apple_music",
                mode=mode,
                connector="package",
                status="processing",
                step="look",
                journal="",
                external_id=external_id,
                attempts=0,
                updated_at=tx.now,
            )
        )
        outbox.add(tx, owner_id, "deliver", ref=delivery_id, payload={}, due_at=tx.now + timedelta(hours=1))

    api.server.services.store.write_now(insert)
    return delivery_id


def is_due(api: Api, delivery_id: str) -> bool:
    def look(tx: Transaction) -> bool:
        due = tx.scalar(sa.select(job.c.due_at).where(job.c.ref == delivery_id))
        return bool(due is not None and due <= tx.now)

    return api.server.services.store.read_now(look)


def test_a_signed_message_makes_the_next_look_due_now(told: Told) -> None:
    external_id = secrets.token_hex(8)
    mine, another = delivery(told.api, external_id), delivery(told.api, "another")
    live = delivery(told.api, external_id, mode="live")
    answer = told({"external_id": external_id, "status": "live"})
    assert (answer.status_code, answer.json()) == (202, {"outcome": "taken"})
    assert [is_due(told.api, one) for one in (mine, another, live)] == [True, False, False]


def test_a_message_of_an_unknown_release_is_taken_and_does_nothing(told: Told) -> None:
    assert told({"data": {"external_id": "nobody knows it"}}).status_code == 202


@pytest.mark.parametrize("how", ["other_secret", "other_body", "too_old", "from_the_future", "no_headers"])
def test_a_forged_message_is_refused(told: Told, how: str) -> None:
    mine = delivery(told.api, external_id := secrets.token_hex(8))
    body = {"external_id": external_id}
    if how == "other_secret":
        answer = told(body, secret="whsec_" + "A" * 43 + "=")
    elif how == "other_body":
        signed = sign(b"{}", told.secret, message_id="msg_1")
        answer = httpx.post(told.url, content=json.dumps(body), headers=signed)
    elif how == "no_headers":
        answer = httpx.post(told.url, json=body)
    else:
        answer = told(body, ago=400 if how == "too_old" else -400)
    assert (answer.status_code, answer.json()["code"]) == (401, "callback_not_signed")
    assert not is_due(told.api, mine)
    assert told.secret not in answer.text


def test_a_replayed_message_has_no_effect(told: Told) -> None:
    external_id = secrets.token_hex(8)
    assert told({"external_id": external_id}, message_id="msg_same").status_code == 202
    mine = delivery(told.api, external_id)
    again = told({"external_id": external_id}, message_id="msg_same")
    assert (again.status_code, again.json()) == (200, {"outcome": "repeated"})
    assert not is_due(told.api, mine)


def test_messages_out_of_order_only_make_it_look(told: Told) -> None:
    mine = delivery(told.api, external_id := secrets.token_hex(8))
    for status, ago in (("live", 0), ("processing", 120)):
        assert told({"external_id": external_id, "status": status}, ago=ago).status_code == 202
    assert is_due(told.api, mine)

    def status_of(tx: Transaction) -> Any:
        return tx.scalar(sa.select(store_delivery.c.status).where(store_delivery.c.id == mine))

    assert told.api.server.services.store.read_now(status_of) == "processing"  # nothing said is believed


def test_a_message_for_another_connection_or_store_is_refused(told: Told) -> None:
    other = Told(told.api, "spotify")
    for url in (
        told.url.replace("/apple_music/", "/spotify/"),
        told.url.partition("connection=")[0] + "connection=con_1",
        other.url,
    ):
        raw = b'{"external_id": "x"}'
        signed = sign(raw, told.secret, message_id="msg_2")
        assert httpx.post(url, content=raw, headers=signed).status_code == 401


def test_a_disconnected_account_takes_none(told: Told) -> None:
    told.api.post("/platforms/apple_music/disconnect", json={})
    assert told().status_code == 401


def test_a_large_body_is_refused_before_it_is_whole(told: Told) -> None:
    answer = told(b'{"external_id": "' + b"x" * 70_000 + b'"}')
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


@pytest.mark.parametrize(
    "raw", [b"", b"no json", b"[]", b"{}", b'{"external_id": 1}', b"\xff", b"[" * 60_000]
)
def test_a_signed_message_that_tells_nothing_is_refused(told: Told, raw: bytes) -> None:
    answer = told(raw)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_json")
    assert told(raw, message_id="msg_2nd").status_code == 400
