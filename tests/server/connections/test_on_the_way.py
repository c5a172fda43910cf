"""Accounts and deliveries together: what is under way when an account goes or comes, or its store calls."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from typing import Any

import httpx
import pytest

from aimusicverse.server.running import RunningServer
from aimusicverse.server.settings import Settings
from aimusicverse.webhooks import sign
from tests.server.conftest import Api
from tests.server.databases import lent_database
from tests.server.packages.test_packages import Shop
from tests.server.processes import until
from tests.server.quick_engine import QuickEngine


@pytest.fixture(scope="module")
def shop(
    tmp_path_factory: pytest.TempPathFactory,
    database_name: str,
    first_key: Callable[[], AbstractContextManager[None]],
) -> Iterator[Shop]:
    """A server that delivers, to stores that look at a release for an hour."""
    engine = QuickEngine()
    with nullcontext() if database_name == "sqlite" else lent_database() as url:
        settings = Settings.from_environment(
            {},
            data_dir=tmp_path_factory.mktemp("server"),
            port=0,
            database_url=url,
            dev=True,
            sandbox_review_seconds=3600.0,
        )
        with first_key():
            server = RunningServer(settings, engines={engine.name: engine})
        api = Api(server, engine)
        yield Shop(api)
        api.http.close()
        api.server.close()


def connected(shop: Shop) -> dict[str, Any]:
    answer = shop.api.post("/platforms/soundcloud/connect", json={})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def comes_to(shop: Shop, distribution: str, status: str) -> dict[str, Any]:
    """Its one delivery, once it stands so."""

    def there() -> dict[str, Any] | None:
        (found,) = shop.api.get(f"/distributions/{distribution}").json()["deliveries"]
        return found if found["status"] == status else None

    return until(there)


def history(shop: Shop, distribution: str) -> list[str]:
    lines = shop.api.get(f"/distributions/{distribution}/events?limit=100").json()["data"]
    return [line["type"] for line in lines]


def submitted(shop: Shop) -> str:
    distribution = shop.draft("soundcloud", metadata={"soundcloud.sharing": "public"})
    assert shop.api.post(f"/distributions/{distribution}/submit", json={}).status_code == 200
    return distribution


def in_the_store(shop: Shop) -> list[dict[str, Any]]:
    answer = shop.api.get(f"{shop.api.server.url}/_sandbox/control/releases?store=soundcloud")
    found: list[dict[str, Any]] = answer.json()["data"]
    return found


def test_what_is_under_way_waits_for_a_disconnected_account_and_goes_on_with_it(shop: Shop) -> None:
    connected(shop)
    before = len(in_the_store(shop))
    distribution = submitted(shop)
    comes_to(shop, distribution, "processing")
    assert shop.api.post("/platforms/soundcloud/disconnect", json={}).status_code == 200
    waiting = comes_to(shop, distribution, "action_required")
    assert waiting["problem"]["code"] == "account_missing"
    connected(shop)
    comes_to(shop, distribution, "processing")
    shop.api.advance(timedelta(hours=2))
    comes_to(shop, distribution, "live")
    assert len(in_the_store(shop)) == before + 1  # it was not sent a second time
    assert "account_connected" in history(shop, distribution)


def test_a_release_without_an_account_waits_for_one(shop: Shop) -> None:
    shop.api.post("/platforms/soundcloud/disconnect", json={})
    distribution = submitted(shop)
    assert comes_to(shop, distribution, "action_required")["problem"]["code"] == "account_missing"
    connected(shop)
    comes_to(shop, distribution, "processing")


def test_an_account_that_the_store_takes_back_is_expired_and_says_so_at_the_release(shop: Shop) -> None:
    connected(shop)
    distribution = submitted(shop)
    comes_to(shop, distribution, "processing")
    stand_ins = shop.api.server.services.stand_ins
    assert stand_ins is not None
    with stand_ins.opened().surroundings.state.writing() as connection:  # as in the store's own settings
        connection.execute("DELETE FROM record WHERE store = 'soundcloud' AND kind IN ('access', 'refresh')")
    assert comes_to(shop, distribution, "action_required")["problem"]["code"] == "account_expired"
    outlets = shop.api.get("/platforms").json()["data"]
    (account,) = next(outlet for outlet in outlets if outlet["id"] == "soundcloud")["connections"]
    assert account["status"] == "expired"
    assert account["problem"]
    connected(shop)
    comes_to(shop, distribution, "processing")


def test_a_store_that_calls_is_asked_at_once(shop: Shop) -> None:
    shop.api.post("/platforms/soundcloud/disconnect", json={})
    told = connected(shop)
    distribution = submitted(shop)
    found = comes_to(shop, distribution, "processing")
    body = json.dumps({"external_id": found["external_id"], "status": "live"}).encode()
    signed = sign(body, told["callback_secret"], message_id="msg_1")
    assert httpx.post(told["callback_url"], content=body, headers=signed).status_code == 202
    until(lambda: "store_called" in history(shop, distribution))
    assert comes_to(shop, distribution, "processing")  # what it said is not believed
