"""What is wrong with a message is named, and no secret is."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimusicverse import webhooks
from aimusicverse.secret import Secret

NOW = 1_800_000_000
KEY = bytes(range(40, 72))
SECRET = "whsec_" + base64.b64encode(KEY).decode()
OTHER = "whsec_" + base64.b64encode(KEY[::-1]).decode()
SENT = b'{"type":"track.created","data":{"title":"Caf\xc3\xa9","n":[1,2]}}'


def signed(body: bytes = SENT, secret: Any = SECRET, timestamp: int = NOW) -> dict[str, str]:
    return webhooks.sign(body, secret, message_id="evt_1", timestamp=timestamp)


def codes(body: Any, headers: Any, secrets: Any = SECRET, **options: Any) -> list[str]:
    found = webhooks.explain(body, headers, secrets, **{"now": NOW, **options})
    told = f"{found} {found!r}"
    for secret in (SECRET, OTHER):
        assert secret.removeprefix("whsec_") not in told
    assert not found.accepted
    return [finding.code for finding in found.findings]


def test_nothing_is_wrong() -> None:
    found = webhooks.explain(SENT, signed(), SECRET, now=NOW)
    assert (found.accepted, found.reason, found.findings) == (True, None, ())


@pytest.mark.parametrize(
    "changed",
    [
        json.dumps(json.loads(SENT)).encode(),
        json.dumps(json.loads(SENT), indent=2).encode(),
        json.dumps(json.loads(SENT), separators=(",", ":")).encode(),
    ],
)
def test_a_body_that_was_written_again(changed: bytes) -> None:
    assert codes(changed, signed()) == ["reserialised_body"]


@pytest.mark.parametrize(
    ("sent", "came", "code"),
    [
        (SENT, SENT + b"\n", "trailing_newline"),
        (SENT, SENT + b"\r\n", "trailing_newline"),
        (SENT + b"\n", SENT, "trailing_newline"),
        (SENT, b"\xef\xbb\xbf" + SENT, "byte_order_mark"),
        (b"a\r\nb\r\n.", b"a\nb\n.", "line_ends"),
        (b"a\nb\n.", b"a\r\nb\r\n.", "line_ends"),
    ],
)
def test_a_body_that_was_changed_on_its_way(sent: bytes, came: bytes, code: str) -> None:
    assert codes(came, signed(sent)) == [code]


@pytest.mark.parametrize("body", [SENT.decode(), json.loads(SENT), None])
def test_a_body_that_was_decoded(body: Any) -> None:
    assert codes(body, signed()) == ["decoded_body"]


@pytest.mark.parametrize("key", [SECRET.encode(), SECRET[6:].encode()])
def test_a_sender_that_takes_the_text_for_the_key(key: bytes) -> None:
    code = hmac.new(key, f"evt_1.{NOW}.".encode() + SENT, hashlib.sha256).digest()
    headers = {**signed(), "webhook-signature": "v1," + base64.b64encode(code).decode()}
    for secret in (SECRET, Secret(SECRET), [OTHER, SECRET]):
        assert codes(SENT, headers, secret) == ["undecoded_secret"]


def test_a_clock_in_milliseconds() -> None:
    found = webhooks.explain(SENT, signed(timestamp=NOW * 1000), SECRET, now=NOW)
    assert [finding.code for finding in found.findings] == ["millisecond_clock"]
    assert "The signature fits" in str(found)


@pytest.mark.parametrize(("away", "word"), [(-4_000, "4000 s behind"), (4_000, "4000 s ahead of")])
def test_clocks_that_differ(away: int, word: str) -> None:
    found = webhooks.explain(SENT, signed(timestamp=NOW + away), SECRET, now=NOW)
    assert [finding.code for finding in found.findings] == ["skew"]
    assert word in str(found)
    assert codes(SENT + b"\n", signed(timestamp=NOW + away)) == ["skew", "trailing_newline"]


def test_the_secret_of_another_endpoint() -> None:
    headers = signed(secret=OTHER)
    assert codes(SENT, headers, others={"staging": OTHER}) == ["other_endpoint"]
    assert codes(SENT, headers) == ["nothing_fits"]


@pytest.mark.parametrize("secret", ["", "whsec_x", "whsec_\udcff", "whpk_" + SECRET[6:], None, []])
def test_a_secret_that_cannot_be_one(secret: Any) -> None:
    found = webhooks.explain(SENT, signed(), secret, now=NOW)
    assert (found.reason, found.findings[0].code) == ("configuration", "unusable_secret")


def test_headers_that_are_missing_or_of_another_scheme() -> None:
    assert codes(SENT, {}) == ["headers"]
    assert codes(SENT, {"Stripe-Signature": "t=1,v1=2"}) == ["other_scheme"]
    assert codes(SENT, [(b"x-hub-signature-256", b"sha256=1")]) == ["other_scheme"]


_TEXT = st.text(st.characters(codec=None))  # lone surrogates too, as the environment can bring
_ANY: Any = st.none() | st.integers() | _TEXT | st.binary() | st.floats()
_SECRETS: Any = st.sampled_from([SECRET, OTHER]) | st.builds("whsec_{}".format, _TEXT) | _ANY
_HEADERS: Any = st.dictionaries(
    st.sampled_from([*signed(), "x"]), st.sampled_from(["1", *signed().values()]) | _ANY
)


@given(body=_ANY, headers=_HEADERS | st.lists(_ANY) | _ANY, secret=_SECRETS | st.lists(_SECRETS))
def test_it_raises_nothing(body: Any, headers: Any, secret: Any) -> None:
    assert str(webhooks.explain(body, headers, secret, now=NOW))
