"""What a receiver is tried out with is what it says: our own judge, which no socket is needed for, agrees."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from aimusicverse import webhooks
from aimusicverse.errors import WebhookVerificationError
from aimusicverse.secret import Secret
from aimusicverse.webhooks.receiver_cases import CASES, Case, choose
from aimusicverse.webhooks.receiver_messages import OVERSIZED, Message, Sender

NOW = 1_800_000_000
TEXT = "whsec_" + base64.b64encode(bytes(range(32))).decode()
DATA = {"id": "gen_1", "title": "Café"}
#: Why each is refused.
REASONS = {
    "tampered": "wrong_signature",
    "respaced": "wrong_signature",
    "changed-id": "wrong_signature",
    "changed-timestamp": "wrong_signature",
    "wrong-secret": "wrong_signature",
    "empty-key": "wrong_signature",
    "stale": "too_old",
    "future": "too_new",
    "unsigned": "missing_header",
    "missing-id": "missing_header",
    "missing-timestamp": "missing_header",
    "missing-signature": "missing_header",
    "malformed-signature": "wrong_signature",
    "non-ascii-signature": "malformed_header",
    "unknown-version": "no_known_signature",
    "malformed-timestamp": "malformed_timestamp",
    "forged-not-utf8": "wrong_signature",
}


def sender(**options: Any) -> Sender:
    return Sender(Secret(TEXT), **{"event": "track.created", "data": DATA, "now": NOW, **options})


def messages(name: str) -> tuple[Message, ...]:
    (case,) = choose([name])
    return sender().messages(case.recipe)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_has_to_be_accepted_is_genuine_and_what_has_to_be_refused_is_not(case: Case) -> None:
    sent = sender().messages(case.recipe)
    assert len(sent) == len(case.expected)
    for message, expected in zip(sent, case.expected, strict=True):
        if expected == "refuse":
            with pytest.raises(WebhookVerificationError) as caught:
                webhooks.verify(message.body, message.headers, TEXT, now=NOW)
            assert caught.value.reason == REASONS[case.name]
        else:
            webhooks.verify(message.body, message.headers, TEXT, now=NOW)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_nothing_of_the_secret_is_sent_and_no_message_is_another(case: Case) -> None:
    first, second = (sender().messages(case.recipe) for _ in range(2))
    sent = b"\n".join(b": ".join(header) for header in first[0].headers) + first[0].body
    assert TEXT.removeprefix("whsec_").encode() not in sent
    if "signature" not in case.recipe.headers:
        signatures = [message.headers[-1] for message in (first[0], second[0])]
        assert signatures[0] != signatures[1]


def test_a_name_is_of_one_case_and_every_case_says_what_and_why() -> None:
    assert len({case.name for case in CASES}) == len(CASES)
    assert CASES[0].name == "valid"
    for case in CASES:
        assert case.sent
        assert case.because


def test_a_genuine_event_is_of_the_type_and_with_the_data_that_were_asked_for() -> None:
    (message,) = messages("valid")
    event = webhooks.unwrap(message.body, message.headers, TEXT, now=NOW)
    assert (event.type, event.data) == ("track.created", DATA)
    assert json.loads(message.body)["timestamp"] == "2027-01-15T08:00:00Z"


def test_an_unknown_type_is_not_the_usual_one() -> None:
    (message,) = messages("unknown-type")
    assert json.loads(message.body)["type"].startswith("check.unknown_")


def test_respaced_json_is_the_same_event_in_other_bytes() -> None:
    usual, odd, respaced = (messages(name)[0].body for name in ("valid", "odd-spacing", "respaced"))
    assert odd == respaced != usual
    assert json.loads(odd) == json.loads(usual)
    for separators in ((",", ":"), (", ", ": ")):
        for ascii_only in (True, False):
            again = json.dumps(json.loads(odd), separators=separators, ensure_ascii=ascii_only).encode()
            assert again != odd


def test_a_tampered_body_differs_in_one_byte() -> None:
    usual, flipped = messages("valid")[0].body, messages("tampered")[0].body
    assert len(usual) == len(flipped)
    assert sum(one != other for one, other in zip(usual, flipped, strict=True)) == 1
    json.loads(flipped)


def test_bodies_that_are_said_to_be_large_or_no_utf8_are() -> None:
    assert len(messages("oversized")[0].body) > OVERSIZED
    for name in ("not-utf8", "forged-not-utf8"):
        with pytest.raises(UnicodeDecodeError):
            messages(name)[0].body.decode()


def test_a_replayed_message_is_the_same_to_the_byte() -> None:
    first, second = messages("replayed")
    assert first == second


def test_only_the_slow_one_is_slow() -> None:
    slow = {case.name: sender(slow_seconds=7).messages(case.recipe)[0].seconds for case in CASES}
    assert {name for name, seconds in slow.items() if seconds} == {"slow"}
    assert slow["slow"] == 7


def test_cases_are_chosen_by_name_in_their_own_order() -> None:
    assert [case.name for case in choose(["stale", "valid"])] == ["valid", "stale"]
    assert [case.name for case in choose(["stale", "valid"], ["valid"])] == ["stale"]
    assert len(choose(skip=["slow"])) == len(CASES) - 1
    with pytest.raises(ValueError, match="no case vaild"):
        choose(["vaild"])
