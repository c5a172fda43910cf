"""Bad input to the API of webhooks, as a list: refused by its name, and nothing is left of it."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from aimusicverse.egress.headers import RESERVED
from aimusicverse.server.problems import Refusal
from aimusicverse.server.store.base import Store
from aimusicverse.server.webhooks import service
from tests.server.deliveries.box import ME, Box
from tests.server.deliveries.sending import Sending

JSON = {"content-type": "application/json"}
#: Nobody listens there.
URL = "http://127.0.0.1:9/hook"


def refused(answer: httpx.Response, field: str, *codes: str) -> None:
    """A problem that names the field, without a traceback."""
    assert answer.status_code == 422, answer.text
    body = answer.json()
    assert (answer.headers["content-type"], body["code"]) == ("application/problem+json", "invalid_request")
    error = body["errors"][0]
    assert error["field"].startswith(field), body
    assert not codes or error["code"] in codes, body
    assert error["message"]
    assert "Traceback" not in answer.text


def nothing_is_left(sending: Sending) -> None:
    assert sending.api.get("/webhooks").json()["data"] == []


# -- addresses --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "code"),
    [
        pytest.param("", "string_too_short", id="none"),
        pytest.param("   ", "string_too_short", id="blank"),
        pytest.param(None, "string_type", id="null"),
        pytest.param(7, "string_type", id="a number"),
        pytest.param("https://x.example/" + "a" * 2_000, "string_too_long", id="2018 characters"),
        pytest.param("hooks.example.com/music", "bad_url", id="no scheme"),
        pytest.param("//hooks.example.com/music", "bad_url", id="only slashes"),
        pytest.param("ftp://hooks.example.com/", "bad_url", id="ftp"),
        pytest.param("file:///etc/passwd", "bad_url", id="a file"),
        pytest.param("javascript:alert(1)", "bad_url", id="a program"),
        pytest.param("gopher://127.0.0.1:6379/_FLUSHALL", "bad_url", id="gopher"),
        pytest.param("https://", "bad_url", id="no host"),
        pytest.param("https:///hook", "bad_url", id="no host, a path"),
        pytest.param("https://:443/", "bad_url", id="only a port"),
        pytest.param("https://hooks.example.com:0/", "bad_url", id="port 0"),
        pytest.param("https://hooks.example.com:65536/", "bad_url", id="port 65536"),
        pytest.param("https://hooks.example.com:https/", "bad_url", id="a port in letters"),
        pytest.param("https://me:secret@hooks.example.com/", "bad_url", id="user and password"),
        pytest.param("https://hooks.example.com@127.0.0.1/", "bad_url", id="a host as a user"),
        pytest.param("https://hooks.example.com/#x", "bad_url", id="a fragment"),
        pytest.param("https://hooks.example.com/a b", "bad_url", id="a space"),
        pytest.param("https://hooks.example.com/a\r\nX-Own: 1", "bad_url", id="CR LF"),
        pytest.param("https://hooks.example.com/a\x00b", "bad_url", id="NUL"),
        pytest.param("https://hooks.example.com\\@127.0.0.1/", "bad_url", id="a backslash"),
        pytest.param("https://hooks.example.com/100%", "bad_url", id="a stray percent"),
        pytest.param("https://hooks..example.com/", "bad_url", id="two dots"),
        pytest.param("https://0x7f.1/", "bad_url", id="0x7f.1"),
        pytest.param("https://2130706433/", "bad_url", id="decimal"),
        pytest.param("https://0177.0.0.1/", "bad_url", id="octal"),
        pytest.param("https://127.1/", "bad_url", id="127.1"),
        pytest.param("https://[::1%25lo]/", "bad_url", id="a scope id"),
        pytest.param("https://[fe80::1%eth0]/", "bad_url", id="a scope id, not escaped"),
        pytest.param("https://[::1/", "bad_url", id="half a bracket"),
        pytest.param("https://169.254.169.254/latest/meta-data/", "refused_address", id="metadata"),
        pytest.param("https://10.0.0.1/", "refused_address", id="private"),
        pytest.param("https://192.168.1.1/", "refused_address", id="private, at home"),
        pytest.param("https://0.0.0.0/", "refused_address", id="no address"),
        pytest.param("https://255.255.255.255/", "refused_address", id="broadcast"),
        pytest.param("https://[fe80::1]/", "refused_address", id="link-local"),
        pytest.param("https://[fd00:ec2::254]/", "refused_address", id="metadata, IPv6"),
        pytest.param("https://[::ffff:10.0.0.1]/", "refused_address", id="mapped"),
        pytest.param("https://[64:ff9b::a9fe:a9fe]/", "refused_address", id="NAT64"),
        pytest.param("https://[2002:7f00:1::]/", "refused_address", id="6to4"),
    ],
)
def test_an_address_that_cannot_be_sent_to(sending: Sending, url: object, code: str) -> None:
    refused(sending.api.post("/webhooks", json={"url": url}), "url", code)
    nothing_is_left(sending)
    if isinstance(url, str):
        webhook = sending.webhook(URL)
        changed = sending.api.patch(f"/webhooks/{webhook['id']}", json={"url": url})
        refused(changed, "url", code)
        assert sending.api.get(f"/webhooks/{webhook['id']}").json()["etag"] == webhook["etag"]


def test_a_token_in_a_refused_address_is_not_repeated(sending: Sending) -> None:
    for url in ("https://10.0.0.1/t0ken?t0ken", "https://u:t0ken@x.example/", "https://x.example/#t0ken"):
        answer = sending.api.post("/webhooks", json={"url": url})
        assert answer.status_code == 422
        assert "t0ken" not in answer.text


# -- events, headers, and the rest ------------------------------------------------------------------

TOO_MANY = {f"X-{n}": "1" for n in range(21)}


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        pytest.param({"events": []}, "events", id="no events"),
        pytest.param({"events": "*"}, "events", id="events as text"),
        pytest.param({"events": ["generation"]}, "events", id="half a type"),
        pytest.param({"events": ["generation.comleted"]}, "events", id="a type with a typing error"),
        pytest.param({"events": ["Generation.completed"]}, "events", id="a capital"),
        pytest.param({"events": ["*.*"]}, "events", id="two stars"),
        pytest.param({"events": ["gen*"]}, "events", id="a star within"),
        pytest.param({"events": ["concert.*"]}, "events", id="a family that is none"),
        pytest.param({"events": [""]}, "events", id="an empty type"),
        pytest.param({"events": [None]}, "events", id="null in the list"),
        pytest.param({"events": ["*"] * 51}, "events", id="51 events"),
        pytest.param({"headers": {"": "1"}}, "headers", id="a header without a name"),
        pytest.param({"headers": {"X Own": "1"}}, "headers", id="a space in a name"),
        pytest.param({"headers": {"X-Own:": "1"}}, "headers", id="a colon in a name"),
        pytest.param({"headers": {"X-Öwn": "1"}}, "headers", id="a name that is not ASCII"),
        pytest.param({"headers": {"X-Own\r\nX-Two": "1"}}, "headers", id="CR LF in a name"),
        pytest.param({"headers": {"X-Own": "1\r\nX-Two: 2"}}, "headers", id="CR LF in a value"),
        pytest.param({"headers": {"X-Own": "1\nX-Two: 2"}}, "headers", id="LF in a value"),
        pytest.param({"headers": {"X-Own": "1\x00"}}, "headers", id="NUL in a value"),
        pytest.param({"headers": {"X-Own": ""}}, "headers", id="an empty value"),
        pytest.param({"headers": {"X-Own": "é"}}, "headers", id="a value that is not ASCII"),
        pytest.param({"headers": {"X-Own": "x" * 4_001}}, "headers", id="4001 characters"),
        pytest.param({"headers": {"X-Own": 1}}, "headers", id="a number as a value"),
        pytest.param({"headers": {"x-own": "1", "X-Own": "2"}}, "headers", id="one name in two spellings"),
        pytest.param({"headers": TOO_MANY}, "headers", id="21 headers"),
        pytest.param({"headers": [["X-Own", "1"]]}, "headers", id="a list of headers"),
        pytest.param({"description": "x" * 2_001}, "description", id="a long description"),
        pytest.param({"description": "a\x1b[2Jb"}, "description", id="clears the screen"),
        pytest.param({"retry_schedule": "slow"}, "retry_schedule", id="no such schedule"),
        pytest.param({"secret": "whsec_" + "QUJD" * 11}, "secret", id="a secret of one's own"),
        pytest.param({"status": "enabled"}, "status", id="a field that is only answered"),
        pytest.param({"URL": URL}, "URL", id="an unknown field"),
    ],
)
def test_a_field_that_cannot_be_taken(sending: Sending, fields: dict[str, Any], field: str) -> None:
    refused(sending.api.post("/webhooks", json={"url": URL, **fields}), field)
    nothing_is_left(sending)
    webhook = sending.webhook(URL)
    refused(sending.api.patch(f"/webhooks/{webhook['id']}", json=fields), field)
    assert sending.api.get(f"/webhooks/{webhook['id']}").json()["etag"] == webhook["etag"]


SET_BY_THE_SERVER = sorted(
    RESERVED
    | {"content-type", "content-encoding", "user-agent", "cookie", "proxy-anything", "sec-fetch-site"}
    | {"webhook-id", "webhook-timestamp", "webhook-signature", "webhook-anything", "svix-id", "x-amv-test"}
)


@pytest.mark.parametrize("name", SET_BY_THE_SERVER)
def test_a_header_that_the_server_or_the_connection_sets(sending: Sending, name: str) -> None:
    for spelled in (name, name.title()):
        headers = {spelled: "1"}
        answer = sending.api.post("/webhooks", json={"url": URL, "headers": headers})
        refused(answer, "headers", "value_error")
        assert spelled in answer.json()["errors"][0]["message"]
    nothing_is_left(sending)


def test_a_value_that_is_refused_is_not_repeated(sending: Sending) -> None:
    for value in ("t0ken\r\nX-Two: 2", "t0ken é"):
        answer = sending.api.post("/webhooks", json={"url": URL, "headers": {"Authorization": value}})
        assert answer.status_code == 422
        assert "t0ken" not in answer.text


@pytest.mark.parametrize("field", ["url", "events", "headers", "retry_schedule", "enabled"])
def test_null_for_what_cannot_be_missing(sending: Sending, field: str) -> None:
    webhook = sending.webhook(URL)
    refused(sending.api.patch(f"/webhooks/{webhook['id']}", json={field: None}), field, "value_error")


@pytest.mark.parametrize("overlap", [-1, 10**9, 2**63, 0.5, "long", None])
def test_an_overlap_that_cannot_be_one(sending: Sending, overlap: object) -> None:
    webhook = sending.webhook(URL)
    path = f"/webhooks/{webhook['id']}"
    refused(sending.api.post(f"{path}/rotate-secret", json={"overlap_seconds": overlap}), "overlap_seconds")
    assert sending.api.get(path).json()["secrets_valid"] == 1


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"delivered_too": True}, id="no events"),
        pytest.param({"event_ids": []}, id="an empty list"),
        pytest.param({"event_ids": ["evt_" + "0" * 22] * 101}, id="101 events"),
        pytest.param({"event_ids": ["gen_1"]}, id="an id of something else"),
        pytest.param({"event_ids": ["evt_1' OR '1'='1"]}, id="SQL as an id"),
        pytest.param({"event_ids": ["evt_1"], "after": 0}, id="two ways"),
        pytest.param({"event_ids": ["evt_1"], "since": "2026-01-01T00:00:00Z"}, id="two other ways"),
        pytest.param({"after": -1}, id="before the first"),
        pytest.param({"after": 2**63}, id="beyond any number"),
        pytest.param({"since": "yesterday"}, id="a day in words"),
        pytest.param({"since": 1_700_000_000}, id="a number as a time"),
        pytest.param({"since": "2026-01-01T00:00:00"}, id="a time without a zone"),
        pytest.param({"after": 0, "until": 5}, id="an unknown field"),
    ],
)
def test_a_replay_of_nothing_that_can_be_named(sending: Sending, body: dict[str, Any]) -> None:
    webhook = sending.webhook(URL)
    answer = sending.api.post(f"/webhooks/{webhook['id']}/replay", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request"), answer.text
    assert sending.deliveries(webhook) == []


@pytest.mark.parametrize(
    "query", ["status=done", "status=", "limit=0", "limit=101", "status=dead&status=dead"]
)
def test_a_list_that_cannot_be_asked_for(sending: Sending, query: str) -> None:
    webhook = sending.webhook(URL)
    answer = sending.api.get(f"/webhooks/{webhook['id']}/deliveries?{query}")
    refused(answer, f"query.{query.partition('=')[0]}")


def test_a_cursor_of_another_list(sending: Sending) -> None:
    one, other = (sending.webhook(URL) for _ in range(2))
    for _ in range(3):
        sending.trigger()
    page = sending.api.get(f"/webhooks/{one['id']}/deliveries?limit=1").json()
    for path in (f"/webhooks/{other['id']}/deliveries", f"/webhooks/{one['id']}/deliveries?status=pending"):
        sep = "&" if "?" in path else "?"
        answer = sending.api.get(f"{path}{sep}cursor={page['next_cursor']}")
        assert (answer.status_code, answer.json()["code"]) == (400, "cursor_invalid")


@pytest.mark.parametrize("name", ["whk_nothing", "evt_1", "%00", "x" * 500])
def test_an_id_that_names_nothing(sending: Sending, name: str) -> None:
    for method, path in (("GET", ""), ("DELETE", ""), ("POST", "/test"), ("GET", "/deliveries")):
        answer = sending.api.http.request(method, f"/webhooks/{name}{path}")
        assert answer.status_code in (400, 404), answer.text
    for method, path in (("GET", ""), ("POST", "/redeliver")):
        answer = sending.api.http.request(method, f"/deliveries/{name}{path}")
        assert answer.status_code in (400, 404), answer.text


# -- a sample ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        pytest.param('{"type": "concert.began"}', id="no such type"),
        pytest.param('{"type": "*"}', id="all types"),
        pytest.param("{}", id="no type"),
        pytest.param('{"type": "track.updated", "data": null}', id="no data"),
        pytest.param('{"type": "track.updated", "data": []}', id="a list"),
        pytest.param('{"type": "track.updated", "test": false}', id="not a test"),
        pytest.param('{"type": "track.updated", "id": "evt_1"}', id="an id of one's own"),
        pytest.param('{"type": "track.updated", "data": {"x": "\\ud800"}}', id="half a pair"),
        pytest.param('{"type": "track.updated", "data": {"\\ud800": 1}}', id="half a pair as a name"),
        pytest.param('{"type": "track.updated", "data": {"x": [{"y": "\\udc00"}]}}', id="half a pair within"),
        pytest.param('{"type": "track.updated", "data": {"x": NaN}}', id="not a number"),
        pytest.param('{"type": "track.updated", "data": {"x": [1e999]}}', id="infinity"),
        *(
            pytest.param(
                '{"type": "track.updated", "data": {"x": ' + "[" * deep + "]" * deep + "}}",
                id=f"lists {deep} deep",
            )
            for deep in (100, 250, 900)
        ),
        pytest.param(
            '{"type": "track.updated", "data": ' + '{"a":' * 250 + "1" + "}" * 250 + "}",
            id="objects 250 deep",
        ),
    ],
)
def test_a_sample_that_cannot_be_sent(sending: Sending, body: str) -> None:
    webhook = sending.webhook(URL)
    answer = sending.api.http.post("/events/trigger", content=body, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request"), answer.text
    assert sending.deliveries(webhook) == []


def test_a_sample_with_all_that_json_can_have_is_taken(sending: Sending) -> None:
    data = {"text": "夜 \U0001f319 \u0000", "n": [0, -1.5, 10**300, True, None], "deep": {"a": {"b": [[]]}}}
    made = sending.api.http.post(
        "/events/trigger", content=json.dumps({"type": "track.updated", "data": data}), headers=JSON
    )
    assert made.status_code == 201, made.text
    got = sending.api.get(f"/events/{made.json()['id']}").json()["data"]
    assert {name: got[name] for name in data} == data


# -- too many ---------------------------------------------------------------------------------------


def test_the_101st_endpoint_is_refused_until_one_is_deleted(store: Store) -> None:
    box = Box(store)
    made = [box.webhook() for _ in range(service.MOST_WEBHOOKS)]
    with pytest.raises(Refusal) as refusal:
        box.webhook()
    assert (refusal.value.code, refusal.value.status) == ("too_many_webhooks", 409)
    store.write_now(service.delete, ME, made[0].id, None)
    box.webhook()
