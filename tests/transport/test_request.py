from __future__ import annotations

import dataclasses
import json
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimusicverse import ConfigurationError
from aimusicverse.transport.request import build, encode


def test_every_post_has_an_idempotency_key_of_its_own():
    first, second = (build("POST", "/generate", json_body={}) for _ in range(2))
    assert UUID(first.headers["idempotency-key"]).version == 4
    assert first.headers["idempotency-key"] != second.headers["idempotency-key"]
    assert build("POST", "/generate", idempotency_key="mine").headers["idempotency-key"] == "mine"
    assert "idempotency-key" not in build("GET", "/tracks").headers


def test_only_what_is_free_of_harm_may_be_repeated():
    assert build("GET", "/x").repeatable
    assert build("DELETE", "/x").repeatable
    assert build("POST", "/x").repeatable
    assert not build("PATCH", "/x").repeatable
    assert build("PATCH", "/x", idempotency_key="mine").repeatable


def test_a_callers_header_replaces_ours_whatever_its_case():
    headers = {"ACCEPT": "text/plain", "Content-type": "text/json", "X-Mine": "1", "idempotency-KEY": "mine"}
    assert build("POST", "/x", json_body={}, accept="audio/*", headers=headers).headers == {
        "accept": "text/plain",
        "content-type": "text/json",
        "x-mine": "1",
        "idempotency-key": "mine",
    }


def test_a_query_leaves_out_what_was_not_given():
    query = {"limit": 5, "genre": None, "draft": True, "q": "a b&c"}
    assert build("GET", "/tracks", query=query).target == "/tracks?limit=5&draft=true&q=a+b%26c"
    assert build("GET", "/tracks", query={"genre": None}).target == "/tracks"


def test_a_request_is_frozen_and_shows_neither_body_nor_headers():
    request = build("POST", "/x", json_body={"lyrics": "private words"}, headers={"X-Token": "hidden"})
    with pytest.raises(dataclasses.FrozenInstanceError):
        request.body = b""  # type: ignore[misc]
    assert "private" not in repr(request)
    assert "hidden" not in repr(request)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object(), {"a": {1, 2}}, b"bytes"])
def test_what_json_cannot_carry_is_refused_before_it_is_sent(value):
    with pytest.raises(ConfigurationError, match="cannot be sent as JSON") as caught:
        encode({"x": value})
    assert caught.value.__context__ is None


def test_a_circle_is_refused():
    circle: list = []
    circle.append(circle)
    with pytest.raises(ConfigurationError):
        encode(circle)


@given(st.text())
def test_every_text_can_be_sent(text):
    assert json.loads(encode({"prompt": text})) == {"prompt": text}


def test_text_that_is_no_unicode_is_left_to_the_server():
    assert encode("\ud800") == b'"\\ud800"'
    with pytest.raises(ConfigurationError):
        build("GET", "/tracks", query={"genre": "\ud800"})
