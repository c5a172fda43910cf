"""What somebody might send, or a careless framework make of a message. It reads like the list of attacks."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import pickle
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimusicverse import webhooks
from aimusicverse.errors import ConfigurationError, WebhookVerificationError
from aimusicverse.secret import Secret
from aimusicverse.webhooks import MemoryReplayStore, SQLiteReplayStore, signature

NOW = 1_800_000_000
KEY = bytes(range(32))
SECRET = "whsec_" + base64.b64encode(KEY).decode()
OTHER = "whsec_" + base64.b64encode(KEY[::-1]).decode()
BODY = b'{"type":"generation.completed","timestamp":"2027-01-15T08:00:00Z","data":{"id":"gen_1"}}'
ID = "evt_035Abc-x"


def signed(body: bytes = BODY, **changed: str) -> dict[str, str]:
    headers = webhooks.sign(body, SECRET, message_id=ID, timestamp=NOW)
    for name, value in changed.items():
        headers["webhook-" + name] = value
    return headers


def signature_over(message_id: str, timestamp: str, body: bytes, key: bytes = KEY) -> str:
    """As an attacker who has the key would make it: any text goes."""
    digest = hmac.new(key, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def reason(body: Any, headers: Any, secrets: Any = SECRET, **options: Any) -> str:
    with pytest.raises(WebhookVerificationError) as caught:
        webhooks.verify(body, headers, secrets, **{"now": NOW, **options})
    error = caught.value
    shown = f"{error} {error!r} {error.__dict__} {error.__cause__}"
    assert SECRET not in shown
    assert SECRET.removeprefix("whsec_") not in shown
    assert pickle.loads(pickle.dumps(error)).reason == error.reason
    return error.reason


def reason_or_none(judge: Callable[[], Any]) -> str | None:
    try:
        judge()
    except WebhookVerificationError as error:
        return error.reason
    except ConfigurationError:
        return "configuration"
    return None


def test_what_was_signed_is_accepted() -> None:
    assert webhooks.verify(BODY, signed(), SECRET, now=NOW) == ID


# -- the body ----------------------------------------------------------------------------------


def with_each_bit_flipped(value: bytes) -> Iterator[bytes]:
    for bit in range(8 * len(value)):
        flipped = bytearray(value)
        flipped[bit // 8] ^= 1 << bit % 8
        yield bytes(flipped)


def test_one_bit_flipped_anywhere_in_the_body() -> None:
    headers = signed()
    for flipped in with_each_bit_flipped(BODY):
        assert reason(flipped, headers) == "wrong_signature"


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_one_bit_flipped_anywhere_in_the_headers(name: str) -> None:
    headers = signed()
    for flipped in with_each_bit_flipped(headers[name].encode()):
        reason(BODY, {**headers, name: flipped.decode("latin-1")})


@pytest.mark.parametrize(
    "changed",
    [
        json.dumps(json.loads(BODY)).encode(),
        b"\xef\xbb\xbf" + BODY,
        BODY + b"\n",
        BODY + b"\r\n",
        BODY.replace(b",", b",\r\n"),
        b"",
        BODY.decode().encode("utf-16"),
    ],
    ids=["re-serialised", "BOM", "trailing newline", "CRLF at the end", "CRLF inside", "empty", "UTF-16"],
)
def test_a_body_that_was_written_again(changed: bytes) -> None:
    assert reason(changed, signed()) == "wrong_signature"


@pytest.mark.parametrize("body", [b"", b"\xff\xfe\x00\xc3", b"\0", bytes(range(256)) * 100])
def test_any_bytes_can_be_signed_and_accepted(body: bytes) -> None:
    for kind in (bytes, bytearray, memoryview):
        assert webhooks.verify(kind(body), signed(body), SECRET, now=NOW) == ID


def test_a_hundred_megabytes_are_judged_without_a_copy() -> None:
    import tracemalloc

    body = bytes(100_000_000)
    headers = signed(body)
    tracemalloc.start()
    assert webhooks.verify(body, headers, SECRET, now=NOW) == ID
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()
    changed = bytearray(body)
    changed[-1] = 1
    assert reason(changed, headers) == "wrong_signature"


RELEASED = memoryview(BODY)
RELEASED.release()


@pytest.mark.parametrize(
    "body", [BODY.decode(), json.loads(BODY), None, 7, [BODY], memoryview(BODY)[::2], RELEASED]
)
def test_a_body_that_is_no_bytes(body: Any) -> None:
    assert reason(body, signed()) == "body_not_bytes"
    with pytest.raises(TypeError, match="bytes"):
        webhooks.sign(body, SECRET, message_id=ID)


class Untouchable(bytes):
    """Fails when anybody looks at it."""

    def __len__(self) -> int:
        raise AssertionError("the body was touched")

    __iter__ = __getitem__ = __add__ = __radd__ = __len__  # type: ignore[assignment]


@pytest.mark.parametrize(
    "changed",
    [
        {"id": "a b"},
        {"timestamp": str(NOW - 301)},
        {"timestamp": "x"},
        {"signature": "v2,x"},
        {"signature": ""},
    ],
)
def test_a_body_is_not_touched_before_the_headers_are_right(changed: dict[str, str]) -> None:
    reason(Untouchable(BODY), signed(**changed))


# -- the timestamp -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "timestamp",
    [
        "", " ", "1800000000.0", "1800000000.5", "1_800_000_000", "+1800000000", "-1800000000", " 1800000000",
        "1800000000 ", "01800000000", "1.8e9", "NaN", "nan", "inf", "0x6B49D200", "1" * 5_000, "\u0661\u0668",
        "\uff11\uff18\uff10\uff10", "\u00b2", "2027-01-15T08:00:00Z", "1800000000\n", "None", "true",
    ],
)  # fmt: skip
def test_a_timestamp_that_is_not_a_whole_number_in_ascii(timestamp: str) -> None:
    try:
        signature = signature_over(ID, timestamp, BODY)
    except UnicodeEncodeError:
        signature = "v1,"
    found = reason(BODY, signed(timestamp=timestamp, signature=signature))
    assert found in ("malformed_timestamp", "malformed_header")


@pytest.mark.parametrize(
    ("timestamp", "expected"),
    [
        (NOW - 301, "too_old"),
        (NOW + 301, "too_new"),
        (0, "too_old"),
        (NOW + 315_360_000, "too_new"),
        (NOW * 1_000, "too_new"),
    ],
    ids=["stale", "future", "1970", "ten years ahead", "milliseconds"],
)
def test_a_timestamp_outside_the_tolerance(timestamp: int, expected: str) -> None:
    signature = signature_over(ID, str(timestamp), BODY)
    assert reason(BODY, signed(timestamp=str(timestamp), signature=signature)) == expected


@pytest.mark.parametrize("offset", [-300, -299, 0, 299, 300])
def test_at_exactly_the_tolerance_it_is_accepted(offset: int) -> None:
    assert webhooks.verify(BODY, signed(), SECRET, now=NOW + offset) == ID
    assert webhooks.verify(BODY, signed(), SECRET, now=float(NOW + offset)) == ID


def test_another_tolerance_is_kept_to() -> None:
    assert reason(BODY, signed(), now=NOW + 1, tolerance=0) == "too_old"
    assert webhooks.verify(BODY, signed(), SECRET, now=NOW + 3600, tolerance=3600) == ID


@pytest.mark.parametrize("nonsense", [float("nan"), float("inf"), float("-inf")])
def test_a_clock_that_shows_no_time_accepts_nothing(nonsense: float) -> None:
    assert reason(BODY, signed(), now=nonsense) in ("too_old", "too_new")
    if nonsense != float("inf"):
        assert reason(BODY, signed(), tolerance=nonsense) in ("too_old", "too_new")


# -- signatures --------------------------------------------------------------------------------

GOOD = signature_over(ID, str(NOW), BODY)


@pytest.mark.parametrize(
    "before",
    [
        "v1",
        "v1,",
        "v1,!",
        "v1,====",
        ",",
        "v1,a v1,b",
        "v1a,AAAA",
        "v2,AAAA",
        "\x01",
        " ",
        "v1,v1,v1",
        "garbage",
    ],
)
def test_malformed_tokens_before_a_valid_one_are_passed_over(before: str) -> None:
    assert webhooks.verify(BODY, signed(signature=f"{before} {GOOD}"), SECRET, now=NOW) == ID
    assert webhooks.verify(BODY, signed(signature=f"{GOOD} {before}"), SECRET, now=NOW) == ID


def test_ten_thousand_signatures() -> None:
    many = " ".join([GOOD] * 10_000)
    assert reason(BODY, signed(signature=many)) == "malformed_header"
    assert reason(BODY, signed(signature=" ".join([GOOD] * 33))) == "too_many_signatures"


def test_versions_that_are_not_known() -> None:
    unknown = " ".join(version + GOOD[2:] for version in ("v2", "v1a", "V1", "v10", "v", ""))
    assert reason(BODY, signed(signature=unknown)) == "no_known_signature"


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.rstrip("="),
        lambda text: text + "=",
        lambda text: text + "AAAA",
        lambda text: text.replace("+", "-").replace("/", "_") + "\t",
        lambda text: text[:-2] + chr(ord(text[-2]) + 1) + "=",  # other bits that decoding throws away
        lambda text: text.lower(),
        lambda text: text[:20] + "\t" + text[20:],
        lambda text: text[:8],
        lambda text: "",
    ],
)
def test_base64_that_is_not_canonical_and_junk_after_it(change: Callable[[str], str]) -> None:
    assert reason(BODY, signed(signature="v1," + change(GOOD[3:]))) == "wrong_signature"


def test_a_signature_of_letters_that_are_not_ascii() -> None:
    assert reason(BODY, signed(signature=GOOD[:-1] + "\u00e9")) == "malformed_header"


def test_the_dot_shift() -> None:
    """What is signed has dots between its parts; so no part may have one where another begins."""
    headers = webhooks.sign(b"2.body", SECRET, message_id="a", timestamp=NOW)
    shifted = {**headers, "webhook-id": f"a.{NOW}", "webhook-timestamp": "2"}
    assert reason(b"body", shifted, now=2) == "malformed_id"
    shifted = {**headers, "webhook-timestamp": f"{NOW}.2"}
    assert reason(b"body", shifted) == "malformed_timestamp"
    with pytest.raises(ValueError, match="id"):
        webhooks.sign(b"x", SECRET, message_id="a.1", timestamp=NOW)


def test_all_secrets_are_held_against_all_signatures_whichever_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    """So the time that it takes does not tell which one did."""
    held: list[tuple[str, str]] = []

    def compare(one: str, other: str) -> bool:
        held.append((one, other))
        return hmac.compare_digest(one, other)

    monkeypatch.setattr(signature, "compare_digest", compare)
    wrong = "v1," + base64.b64encode(bytes(32)).decode()
    for tokens in ([GOOD, wrong, wrong], [wrong, wrong, GOOD]):
        for secrets in ([SECRET, OTHER], [OTHER, SECRET]):
            held.clear()
            webhooks.verify(BODY, signed(signature=" ".join(tokens)), secrets, now=NOW)
            assert sorted(token for token, _ in held) == sorted(tokens * 2)


def test_while_a_secret_is_rotated_either_is_accepted_and_both_are_sent() -> None:
    both = webhooks.sign(BODY, [OTHER, SECRET], message_id=ID, timestamp=NOW)
    for secrets in (SECRET, OTHER, (SECRET, OTHER), {SECRET}, iter([OTHER])):
        assert webhooks.verify(BODY, both, secrets, now=NOW) == ID
    assert webhooks.verify(BODY, signed(), [OTHER, SECRET], now=NOW) == ID


# -- ids and headers ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "message_id", ["", " ", "a b", "a.b", "a\n", "a\0", "\u00e4", "x" * 257, "a,b", "../a"]
)
def test_an_id_that_is_none(message_id: str) -> None:
    found = reason(BODY, signed(id=message_id, signature=signature_over(message_id, str(NOW), BODY)))
    assert found in ("malformed_id", "malformed_header")


@pytest.mark.parametrize(
    "headers",
    [
        signed(),
        {name.upper(): value for name, value in signed().items()},
        {name.title(): value for name, value in signed().items()},
        {name.replace("webhook", "svix"): value for name, value in signed().items()},
        list(signed().items()),
        tuple((name.encode(), value.encode()) for name, value in signed().items()),
        {name.encode(): value.encode() for name, value in signed().items()},
        {**signed(), "svix-id": "another", "svix-signature": "v1,x", "Content-Type": "application/json"},
    ],
)
def test_headers_of_any_framework(headers: Any) -> None:
    assert webhooks.verify(BODY, headers, SECRET, now=NOW) == ID


@pytest.mark.parametrize("kind", ["webhook", "svix"])
@pytest.mark.parametrize("name", ["id", "timestamp", "signature"])
def test_a_header_that_is_there_twice_or_not_at_all(kind: str, name: str) -> None:
    headers = {text.replace("webhook", kind): value for text, value in signed().items()}
    pairs, name = list(headers.items()), f"{kind}-{name}"
    for again in (name, name.title(), name.upper()):
        assert reason(BODY, [*pairs, (again, headers[name])]) == "duplicate_header"
        assert reason(BODY, [(again.encode(), b"x"), *pairs]) == "duplicate_header"
    assert reason(BODY, {**headers, name.title(): "x"}) == "duplicate_header"
    assert reason(BODY, [pair for pair in pairs if pair[0] != name]) == "missing_header"
    assert reason(BODY, {}) == "missing_header"


def test_names_of_both_kinds_are_not_mixed() -> None:
    headers = signed()
    headers["svix-id"] = headers.pop("webhook-id")
    assert reason(BODY, headers) == "missing_header"


@pytest.mark.parametrize(
    "headers", [None, 7, "webhook-id", [1, 2], [("a",)], [("webhook-id", 7)], {"webhook-id": None}]
)
def test_what_is_no_headers(headers: Any) -> None:
    assert reason(BODY, headers) in ("malformed_header", "missing_header")


# -- secrets -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "secret",
    [
        "", "whsec_", "whsec_ ", " ", b"", "whsk_" + SECRET[6:], "whpk_" + SECRET[6:], b"whpk_" + KEY,
        "whsec_" + base64.b64encode(KEY[:23]).decode(), "whsec_" + base64.b64encode(bytes(65)).decode(),
        KEY[:23], bytes(65), SECRET + "\n", SECRET + "=", SECRET[:-1], "whsec_" + KEY.hex()[:63],
        SECRET[:-2] + chr(ord(SECRET[-2]) + 1) + "=", base64.urlsafe_b64encode(b"\xff" * 32).decode(),
        "whsec_\u00e4", "WHSEC_" + SECRET[6:], SECRET.encode(), None, 7, [], [None], [SECRET, ""],
        [SECRET, "whpk_x"],
    ],
)  # fmt: skip
def test_a_secret_that_cannot_be_one_is_refused_before_anything_is_judged(secret: Any) -> None:
    for refuse in (
        lambda: webhooks.Webhook(secret),
        lambda: webhooks.verify(None, None, secret),  # type: ignore[arg-type]
        lambda: webhooks.sign(BODY, secret, message_id=ID),
    ):
        with pytest.raises(ConfigurationError) as caught:
            refuse()
        assert SECRET[6:] not in str(caught.value)


def test_a_public_key_is_no_hmac_key() -> None:
    """Anybody has it, so anybody could sign with it."""
    public = base64.b64encode(KEY).decode()
    forged = signature_over(ID, str(NOW), BODY)
    for secret in ("whpk_" + public, ["whpk_" + public, OTHER]):
        with pytest.raises(ConfigurationError, match="public key"):
            webhooks.verify(BODY, signed(signature=forged), secret, now=NOW)


@pytest.mark.parametrize("secret", [SECRET, SECRET[6:], KEY, Secret(SECRET), bytearray(KEY)[:0] + KEY])
def test_secrets_as_text_with_and_without_prefix_as_bytes_and_hidden(secret: Any) -> None:
    if isinstance(secret, bytearray):
        secret = bytes(secret)
    assert webhooks.verify(BODY, signed(), secret, now=NOW) == ID
    hook = webhooks.Webhook(secret)
    assert hook.verify(BODY, signed(), now=NOW) == ID
    assert hook.sign(BODY, message_id=ID, timestamp=NOW) == signed()
    assert SECRET[6:] not in repr(hook)


# -- replays: what stores promise besides is in test_replay.py ---------------------------------


@pytest.fixture(params=["memory", "sqlite"])
def store_at(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Any]:
    """Opens a store that keeps messages as briefly as one may, as it is at a time that is given."""
    opened: list[Any] = []
    moment = [0.0]
    kind: Any = MemoryReplayStore if request.param == "memory" else SQLiteReplayStore
    monkeypatch.setattr(kind, "_now", lambda self: moment[0])

    def store_at(now: float) -> Any:
        moment[0] = now
        if kind is MemoryReplayStore and opened:
            return opened[0]
        opened.append(kind(*([tmp_path / "seen.db"] * (kind is SQLiteReplayStore)), keep=600))
        return opened[-1]

    yield store_at
    for store in opened:
        getattr(store, "close", lambda: None)()


@pytest.mark.parametrize("again", [-300, -299, 0, 299, 300])
def test_a_replay_inside_the_window_at_exactly_the_tolerance_and_after_a_restart(
    store_at: Callable[[float], Any], again: int
) -> None:
    """One that came from the future stays fresh for twice the tolerance."""

    def deliver(now: float) -> str:
        with store_at(now).claim(webhooks.verify(BODY, signed(), SECRET, now=now)) as claim:
            return str(claim.state)

    assert deliver(NOW - 300) == "new"
    assert deliver(NOW + again) == "done"


def test_duplicates_at_once() -> None:
    store, together, states = MemoryReplayStore(), threading.Barrier(16), []

    def deliver() -> None:
        together.wait()
        states.append(store.claim(webhooks.verify(BODY, signed(), SECRET, now=NOW)).state)

    threads = [threading.Thread(target=deliver) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(states) == ["busy"] * 15 + ["new"]


def test_a_replay_to_another_endpoint() -> None:
    """Each has a secret of its own, so it is refused there before any store is asked."""
    assert reason(BODY, signed(), OTHER) == "wrong_signature"


# -- signing -----------------------------------------------------------------------------------


def test_a_time_of_another_zone_is_the_same_time_and_one_without_a_zone_is_refused() -> None:
    there = timezone(timedelta(hours=5, minutes=30))
    for moment in (datetime.fromtimestamp(NOW, UTC), datetime.fromtimestamp(NOW, there)):
        assert webhooks.sign(BODY, SECRET, message_id=ID, timestamp=moment) == signed()
    for wrong in (datetime(2027, 1, 15), 1.5, "1800000000", -1, True):
        with pytest.raises(ValueError, match="timestamp"):
            webhooks.sign(BODY, SECRET, message_id=ID, timestamp=wrong)  # type: ignore[arg-type]


def test_left_out_the_time_is_now() -> None:
    assert webhooks.verify(BODY, webhooks.sign(BODY, SECRET, message_id=ID), SECRET) == ID


# -- events ------------------------------------------------------------------------------------


def test_an_event_is_read_and_one_of_an_unknown_type_is_kept() -> None:
    event = webhooks.unwrap(BODY, signed(), SECRET, now=NOW)
    assert (event.id, event.type, event.data) == (ID, "generation.completed", {"id": "gen_1"})
    assert event.timestamp == datetime(2027, 1, 15, 8, tzinfo=UTC)
    other = b'{"id":"evt_9","type":"response.completed","created_at":1750861210,"data":{"id":"resp_1"}}'
    event = webhooks.Webhook(SECRET).unwrap(other, signed(other), now=NOW)
    assert (event.id, event.type, event.data) == (ID, "response.completed", {"id": "resp_1"})
    assert event.model_extra == {"created_at": 1750861210}


@pytest.mark.parametrize(
    "body",
    [
        b"", b"null", b"[]", b"{}", b'{"type":7}', b"\xff", b"{", b'{"type":"x"', b"[" * 100_000,
        b"1" * 10_000, b'{"type":"x","a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"type":"x","timestamp":"yesterday"}',
    ],
)  # fmt: skip
def test_a_signed_body_that_is_no_event(body: bytes) -> None:
    with pytest.raises(WebhookVerificationError) as caught:
        webhooks.unwrap(body, signed(body), SECRET, now=NOW)
    assert caught.value.reason == "malformed_event"


# -- anything at all ---------------------------------------------------------------------------

_ANYTHING = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary()
_NAMES = st.sampled_from(["webhook-id", "Webhook-Timestamp", "webhook-signature", "svix-id", "x"]) | st.text()
_HEADERS = (
    st.dictionaries(_NAMES, st.text() | st.sampled_from([ID, str(NOW), GOOD]) | _ANYTHING)
    | st.lists(st.tuples(_NAMES, _ANYTHING) | _ANYTHING)
    | _ANYTHING
)


@given(body=_ANYTHING, headers=_HEADERS)
def test_nothing_but_one_exception_ever_comes_out(body: Any, headers: Any) -> None:
    with pytest.raises(WebhookVerificationError):
        webhooks.unwrap(body, headers, SECRET, now=NOW)


_SECRETS = st.builds("whsec_{}".format, st.text()) | st.text() | st.binary() | _ANYTHING


@given(_SECRETS | st.lists(_SECRETS) | st.dictionaries(_SECRETS, _SECRETS))
def test_of_a_secret_nothing_but_another_exception_comes_out(secret: Any) -> None:
    assert reason_or_none(lambda: webhooks.verify(BODY, {}, secret)) in ("configuration", "missing_header")


_TEXT = st.text(st.characters(codec=None))  # lone surrogates too, which JSON can name
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(_TEXT, inner),
    max_leaves=4,
)
_EVENTS = st.fixed_dictionaries(
    {"type": _TEXT | _JSON},
    optional=dict.fromkeys(("timestamp", "data", "id", "seq", "model_extra", "__class__"), _JSON),
)


@given(_JSON | _EVENTS)
def test_of_a_signed_body_an_event_comes_out_or_that_one_exception(content: Any) -> None:
    body = json.dumps(content).encode()
    events: list[Any] = []
    found = reason_or_none(lambda: events.append(webhooks.unwrap(body, signed(body), SECRET, now=NOW)))
    assert found == (None if events else "malformed_event")
    for event in events:
        assert (event.id, event.type) == (ID, content["type"])


@given(st.binary())
def test_what_is_signed_is_accepted_whatever_it_is(body: bytes) -> None:
    assert webhooks.verify(body, signed(body), SECRET, now=NOW) == ID


def test_many_threads_may_judge_at_once() -> None:
    failed: list[BaseException] = []

    def work(number: int) -> None:
        try:
            secret = "whsec_" + base64.b64encode(number.to_bytes(32, "big")).decode()
            for _ in range(200):
                headers = webhooks.sign(BODY, secret, message_id=ID)
                assert webhooks.verify(BODY, headers, [OTHER, secret]) == ID
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
