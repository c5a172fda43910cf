"""What a person gives to connect a store is checked field by field, kept sealed, and never told."""

from __future__ import annotations

import json
import logging
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from aimusicverse.egress import Rules
from aimusicverse.platforms.table import route
from aimusicverse.secret import Secret
from aimusicverse.server.connections import fields, queries
from aimusicverse.server.problems import Refusal
from tests.server.conftest import Api
from tests.server.security.keys import create_key, new_owner

HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJyC0bYWQ4jQ0mRnbXqYyY1Yo8v0mU7c2ZyQ1mJ1Lr9J store"
KEY = ed25519.Ed25519PrivateKey.generate()
PRIVATE_KEY = KEY.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode()
UNDER_A_PASSPHRASE = KEY.private_bytes(
    Encoding.PEM, PrivateFormat.OpenSSH, BestAvailableEncryption(b"secret")
).decode()
WHOLE: dict[str, str] = {
    "sender_dpid": "PADPIDA2026112601X",
    "host": "sftp.example.com",
    "port": "22",
    "username": "label",
    "private_key": PRIVATE_KEY,
    "host_key": HOST_KEY,
    "folder": "in/new",
}


def connect(api: Api, platform: str = "spotify", mode: str = "live", **settings: str) -> httpx.Response:
    return api.post(f"/platforms/{platform}/connect", json={"mode": mode, "settings": settings})


def errors(answer: httpx.Response) -> dict[str, str]:
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request"), answer.text
    return {error["field"]: error["message"] for error in answer.json()["errors"]}


def listed(api: Api, platform: str) -> dict[str, Any]:
    outlets = api.get("/platforms").json()["data"]
    return next(outlet for outlet in outlets if outlet["id"] == platform)


def test_a_store_is_connected_and_shows_no_secret(shared: Api, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    answer = connect(shared, **WHOLE)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["status"], told["mode"], told["account"]) == ("connected", "live", "label")
    assert told["callback_secret"].startswith("whsec_")
    assert told["settings"] == {name: text for name, text in WHOLE.items() if name != "private_key"}
    (kept,) = listed(shared, "spotify")["connections"]
    assert kept["settings"] == told["settings"]
    assert kept.get("callback_secret") is None
    row = shared.server.services.store.read_now(
        lambda tx: next(one for one in queries.of_owner(tx, owner_of(shared)) if one.platform == "spotify")
    )
    for place in (kept, row, caplog.text):
        assert "BEGIN OPENSSH" not in str(place)
        assert told["callback_secret"] not in str(place)


def test_a_servers_key_may_be_told_by_its_fingerprint(shared: Api) -> None:
    fingerprint = "SHA256:" + 43 * "A"
    answer = connect(shared, **{**WHOLE, "host_key": fingerprint})
    assert answer.status_code == 200, answer.text
    assert answer.json()["settings"]["host_key"] == fingerprint


def owner_of(api: Api) -> str:
    from aimusicverse.server.api_keys import queries as owners

    return api.server.services.store.read_now(owners.first_owner) or ""


def test_connecting_again_replaces_all_that_was_given_and_keeps_the_callbacks_secret(shared: Api) -> None:
    connect(shared, "ddex", recipient_dpid="PADPIDA2026112602X", **WHOLE)
    whole = {**WHOLE, "host": "other.example.com", "recipient_dpid": "PADPIDA2026112602X"}
    del whole["folder"]
    again = connect(shared, "ddex", **whole).json()
    assert again["settings"]["host"] == "other.example.com"
    assert "folder" not in again["settings"]
    assert again.get("callback_secret") is None


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"sender_dpid": None}, "sender_dpid", "required"),
        ({"sender_dpid": "PADPIDA1"}, "sender_dpid", "DDEX Party Id"),
        ({"host": "sftp://example.com/in"}, "host", "no name of a host"),
        ({"host": "127.0.0.1.1"}, "host", "no name of a host"),
        ({"host": "169.254.169.254"}, "host", "a cloud tells"),
        ({"host": None}, "host", "of no use without it"),
        ({"port": "0"}, "port", "no port"),
        ({"port": "２２"}, "port", "no port"),
        ({"username": None}, "username", "required"),
        ({"username": "a\nb"}, "username", "one line"),
        ({"private_key": None}, "private_key", "neither"),
        ({"private_key": "-----BEGIN OPENSSH PRIVATE KEY-----\nxx"}, "private_key", "no private key"),
        ({"private_key": UNDER_A_PASSPHRASE}, "private_key", "passphrase"),
        ({"host_key": None}, "host_key", "whose server"),
        ({"host_key": "SHA256:abc"}, "host_key", "no public key"),
        ({"folder": "../../etc"}, "folder", "out of itself"),
        ({"sender": "x"}, "sender", "no such field"),
    ],
)
def test_each_field_says_what_is_wrong_with_it(
    shared: Api, changes: dict[str, str | None], field: str, words: str
) -> None:
    given = {name: text for name, text in (WHOLE | changes).items() if text is not None}
    answer = connect(shared, **given)
    assert words in errors(answer)[f"settings.{field}"]
    for value in changes.values():
        assert not value or len(value) < 20 or value not in answer.text


def test_packages_need_somewhere_to_go(shared: Api) -> None:
    assert "nowhere" in errors(connect(shared, sender_dpid=WHOLE["sender_dpid"]))["settings.host"]


def test_a_folder_of_the_server_is_somewhere(start: Any, tmp_path: Any) -> None:
    api = start(delivery_folder=str(tmp_path))
    assert connect(api, sender_dpid=WHOLE["sender_dpid"]).status_code == 200


def test_the_sandbox_needs_no_field_and_takes_no_wrong_one(shared: Api) -> None:
    answer = connect(shared, "apple_music", "sandbox")
    assert (answer.status_code, answer.json()["status"]) == (200, "connected")
    assert "settings.host" in errors(connect(shared, "spotify", "sandbox", host="a b"))


def test_a_store_where_one_signs_in_takes_no_fields(shared: Api) -> None:
    message = errors(connect(shared, "soundcloud", "sandbox", password="x"))["settings.password"]
    assert "no such field" in message


def test_a_test_key_connects_accounts_of_the_sandbox_alone(shared: Api) -> None:
    key = create_key(shared, mode="test")
    headers = {"Authorization": f"Bearer {key}"}
    for action in ("connect", "disconnect"):
        url = f"/platforms/apple_music/{action}"
        answer = shared.post(url, json={"mode": "live"}, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "live_key_needed")
    answer = shared.post("/platforms/apple_music/connect", json={"mode": "sandbox"}, headers=headers)
    assert answer.status_code == 200


def test_it_needs_the_scope_to_publish(shared: Api) -> None:
    key = create_key(shared, scopes=["distributions:write", "distributions:read"])
    answer = shared.post("/platforms/ddex/connect", json={}, headers={"Authorization": f"Bearer {key}"})
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")


def test_accounts_of_others_are_neither_seen_nor_disconnected(shared: Api) -> None:
    connect(shared, "apple_music", "sandbox")
    headers = {"Authorization": f"Bearer {create_key(shared, owner_id=new_owner(shared))}"}
    outlets = shared.get("/platforms", headers=headers).json()["data"]
    assert not any(outlet["connections"] for outlet in outlets)
    answer = shared.post("/platforms/apple_music/disconnect", json={}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (404, "connection_not_found")
    assert listed(shared, "apple_music")["connections"]


def test_what_cannot_be_connected_says_so(shared: Api) -> None:
    assert connect(shared, "nowhere").json()["code"] == "platform_not_found"
    assert connect(shared, "deezer").json()["code"] == "nothing_to_connect"
    assert connect(shared, "distrokid").json()["code"] == "nothing_to_connect"


def test_disconnecting_forgets_what_was_given(shared: Api) -> None:
    connect(shared, "spotify", **WHOLE)
    answer = shared.post("/platforms/spotify/disconnect", json={"mode": "live"}).json()
    assert (answer["status"], answer["settings"], answer["account"]) == ("disconnected", {}, None)
    assert not listed(shared, "spotify")["connections"]
    again = shared.post("/platforms/spotify/disconnect", json={"mode": "live"})
    assert (again.status_code, again.json()["code"]) == (404, "connection_not_found")
    assert connect(shared, "spotify", **WHOLE).json()["callback_secret"]  # a new one


def test_the_same_request_again_gets_the_first_answer_with_its_secret(shared: Api) -> None:
    headers = {"Idempotency-Key": "connect-once"}
    body = {"mode": "sandbox"}
    first, second = (
        shared.post("/platforms/ddex_43/connect", json=body, headers=headers).json() for _ in range(2)
    )
    assert first == second
    assert first["callback_secret"]


def test_platforms_say_how_a_release_gets_there_from_this_server(shared: Api) -> None:
    outlets = {outlet["id"]: outlet for outlet in shared.get("/platforms").json()["data"]}
    found = {name: (outlet["connector"], outlet["live"]) for name, outlet in outlets.items()}
    assert found["soundcloud"] == ("api", "server")  # without an app of the server's
    assert found["spotify"] == ("package", "connect")
    assert found["apple_music"] == ("package", "server")
    assert found["distrokid"] == ("kit", "by_person")
    assert found["deezer"] == (None, "not_possible")
    assert outlets["spotify"]["connect_fields"][0] == "sender_dpid"
    assert outlets["spotify"]["exactly_once"]
    assert outlets["spotify"]["sandbox"] is True


def test_a_server_with_an_app_says_that_one_can_connect(start: Any) -> None:
    api = start(soundcloud_client_id="app", soundcloud_client_secret=Secret("s"), sandbox=False)
    outlet = listed(api, "soundcloud")
    assert (outlet["live"], outlet["sandbox"]) == ("connect", False)
    assert connect(api, "soundcloud", "sandbox").json()["code"] == "sandbox_off"


@given(st.dictionaries(st.sampled_from([*WHOLE, "password", "recipient_dpid"]), st.text(max_size=80)))
@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_is_taken_or_refused_by_name(given_: dict[str, str]) -> None:
    found = route("spotify")
    assert found is not None
    problem = None
    try:
        kept = fields.checked(found, given_, live=True, rules=Rules(), has_folder=True)
    except Refusal as refusal:
        problem = refusal.problem()
    if problem is not None:
        assert problem.errors
        json.dumps(problem.model_dump())
    else:
        assert set(kept.settings) | set(kept.secrets) <= set(given_)
        assert not set(kept.settings) & found.secret_fields
