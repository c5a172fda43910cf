"""What a receiver of webhooks is tried out with: genuine messages, and such as somebody might make up.

Each case says what is sent, what has to be done with it, and why. Nothing is sent here, and nothing judged:
`receiver_messages` makes the messages, `receiver_verdicts` judges the answers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from aimusicverse.webhooks.receiver_messages import OVERSIZED, Recipe

#: `accept`: a 2xx. `refuse`: a 4xx. `answer`: one of them, so no failure of the receiver's own.
Expected = Literal["accept", "refuse", "answer"]

#: Seconds that no receiver tolerates; the standard's libraries have 300.
AWAY = 3_600
#: Of a signature; there is none such.
NO_VERSION = "v9z"


@dataclass(frozen=True, slots=True)
class Case:
    """One thing that a receiver is tried out with.

    Attributes:
        name: stable; what the command line calls it.
        expected: what has to be done with each message, in order.
        sent: what is sent, in words.
        because: why it has to be done.
        recipe: in what they differ from a genuine one.
        may_cut: closing the connection before the end refuses it, too.
    """

    name: str
    expected: tuple[Expected, ...]
    sent: str
    because: str
    recipe: Recipe
    may_cut: bool = False


def choose(only: Iterable[str] = (), skip: Iterable[str] = ()) -> tuple[Case, ...]:
    """The cases of these names (all, if there are none), without those.

    Raises:
        ValueError: no case has such a name.
    """
    wanted, unwanted = set(only), set(skip)
    unknown = sorted((wanted | unwanted) - {case.name for case in CASES})
    if unknown:
        raise ValueError(f"there is no case {', '.join(unknown)}")
    return tuple(case for case in CASES if (not wanted or case.name in wanted) and case.name not in unwanted)


CASES = (
    Case(
        "valid",
        ("accept",),
        "a genuine message",
        "whatever else it refuses means nothing while it refuses this",
        Recipe(),
    ),
    Case(
        "odd-spacing",
        ("accept",),
        "a genuine message whose JSON is spaced oddly",
        "what is signed is the bytes that come, not JSON that was parsed and written again",
        Recipe(body="spaced"),
    ),
    Case(
        "header-case",
        ("accept",),
        "a genuine message with its header names in capitals",
        "names of headers have no case (RFC 9110, 5.1)",
        Recipe(capitals=True),
    ),
    Case(
        "rotated",
        ("accept",),
        "a message with two signatures, of which the second is genuine",
        "while a secret is rotated there is one of the old and one of the new",
        Recipe(version_before="v1"),
    ),
    Case(
        "newer-version",
        ("accept",),
        "a signature of a version that does not exist yet, and the genuine one",
        "signatures of other versions are passed over, or no sender could introduce one",
        Recipe(version_before=NO_VERSION),
    ),
    Case(
        "unknown-type",
        ("accept",),
        "a genuine message of a type that nobody knows",
        "senders add types, and send what is refused again until they switch the endpoint off",
        Recipe(body="unknown_type"),
    ),
    Case(
        "slow",
        ("accept",),
        "a genuine message that is sent slowly",
        "a slow network is no fault of the message",
        Recipe(slowly=True),
    ),
    Case(
        "replayed",
        ("accept", "answer"),
        "a genuine message twice",
        "a duplicate is acknowledged or refused; a failure makes the sender send it once more",
        Recipe(times=2),
    ),
    Case(
        "oversized",
        ("answer",),
        f"a genuine message of {OVERSIZED // 2**20} MiB",
        "it is accepted, or refused (413), and nothing falls over",
        Recipe(body="oversized"),
        may_cut=True,
    ),
    Case(
        "not-utf8",
        ("answer",),
        "a signed body that is not UTF-8",
        "it is accepted or refused, and nothing falls over",
        Recipe(body="not_utf8"),
    ),
    Case(
        "empty",
        ("answer",),
        "a signed body without a byte",
        "it is accepted or refused, and nothing falls over",
        Recipe(body="empty"),
    ),
    Case(
        "tampered",
        ("refuse",),
        "a message of which one byte was changed after signing",
        "anybody on the way could have changed it",
        Recipe(body_sent="flipped"),
    ),
    Case(
        "respaced",
        ("refuse",),
        "a message whose JSON was spaced anew after signing",
        "who parses and writes JSON again before judging judges something else than what came",
        Recipe(body_sent="spaced"),
    ),
    Case(
        "changed-id",
        ("refuse",),
        "a message whose id was changed after signing",
        "the id is signed, too; or what was seen before comes again as new",
        Recipe(headers={"id": b"msg_of_another"}),
    ),
    Case(
        "changed-timestamp",
        ("refuse",),
        "an old message whose timestamp was changed to now",
        "the timestamp is signed, too; or what was recorded stays fresh for ever",
        Recipe(timestamp=-AWAY, timestamp_sent=0),
    ),
    Case(
        "wrong-secret",
        ("refuse",),
        "a message signed by another secret",
        "anybody can make one",
        Recipe(key="other"),
    ),
    Case(
        "empty-key",
        ("refuse",),
        "a message signed by no key at all",
        "anybody can make one, if the receiver's setting is missing",
        Recipe(key="empty"),
    ),
    Case(
        "stale",
        ("refuse",),
        f"a message that was signed {AWAY // 60} minutes ago",
        "whoever recorded it could send it again for ever",
        Recipe(timestamp=-AWAY),
    ),
    Case(
        "future",
        ("refuse",),
        f"a message that was signed {AWAY // 60} minutes from now",
        "it would stay fresh for too long",
        Recipe(timestamp=AWAY),
    ),
    Case(
        "unsigned",
        ("refuse",),
        "an event without any of the three headers",
        "anybody can make one",
        Recipe(headers={"id": None, "timestamp": None, "signature": None}),
    ),
    Case(
        "missing-id",
        ("refuse",),
        "a message without its id",
        "the id is signed, too",
        Recipe(headers={"id": None}),
    ),
    Case(
        "missing-timestamp",
        ("refuse",),
        "a message without its timestamp",
        "nobody can tell how old it is",
        Recipe(headers={"timestamp": None}),
    ),
    Case(
        "missing-signature",
        ("refuse",),
        "a message without its signature",
        "anybody can make one",
        Recipe(headers={"signature": None}),
    ),
    Case(
        "malformed-signature",
        ("refuse",),
        "signatures that are no base64, and one without a version",
        "what cannot be decoded is refused, and nothing falls over",
        Recipe(headers={"signature": b"v1,%%% v1,a v1 ,"}),
    ),
    Case(
        "non-ascii-signature",
        ("refuse",),
        "a signature with bytes that are not ASCII",
        "what cannot be compared is refused, and nothing falls over",
        Recipe(headers={"signature": b"v1,\xe9\xff"}),
    ),
    Case(
        "unknown-version",
        ("refuse",),
        "nothing but a signature of a version that does not exist",
        "what an unknown version means is not known",
        Recipe(version=NO_VERSION),
    ),
    Case(
        "malformed-timestamp",
        ("refuse",),
        "a signed timestamp that is no number",
        "nobody can tell how old it is",
        Recipe(timestamp="soon"),
    ),
    Case(
        "forged-not-utf8",
        ("refuse",),
        "a body that is not UTF-8, under the signature of another",
        "it is judged before it is decoded, and nothing falls over",
        Recipe(body_sent="not_utf8"),
    ),
)
