"""An answer is judged by what was sent."""

from __future__ import annotations

import pytest

from aimusicverse.webhooks.receiver_cases import choose
from aimusicverse.webhooks.receiver_verdicts import Answer, Verdict, judge


def verdict(name: str, *answers: int | str) -> Verdict:
    (case,) = choose([name])
    return judge(
        case,
        [
            Answer(answer, seconds=0.25) if isinstance(answer, int) else Answer(None, answer)  # type: ignore[arg-type]
            for answer in answers
        ],
    )


@pytest.mark.parametrize(
    ("name", "answers", "code"),
    [
        ("valid", (200,), "right"),
        ("valid", (204,), "right"),
        ("valid", (299,), "right"),
        ("valid", (400,), "refused_genuine"),
        ("valid", (404,), "refused_genuine"),
        ("valid", (500,), "crashed"),
        ("valid", (302,), "unclear"),
        ("valid", (429,), "unclear"),
        ("valid", ("timed_out",), "timed_out"),
        ("valid", ("cut",), "cut"),
        ("valid", ("unreachable",), "unreachable"),
        ("valid", (), "not_run"),
        ("tampered", (400,), "right"),
        ("tampered", (401,), "right"),
        ("tampered", (200,), "accepted_forged"),
        ("tampered", (500,), "crashed"),
        ("tampered", (503,), "crashed"),
        ("tampered", (307,), "unclear"),
        ("tampered", (408,), "unclear"),
        ("tampered", (429,), "unclear"),
        ("tampered", (600,), "unclear"),
        ("tampered", ("cut",), "cut"),
        ("not-utf8", (200,), "right"),
        ("not-utf8", (400,), "right"),
        ("not-utf8", (500,), "crashed"),
        ("not-utf8", ("cut",), "cut"),
        ("oversized", (200,), "right"),
        ("oversized", (413,), "right"),
        ("oversized", ("cut",), "right"),
        ("oversized", (502,), "crashed"),
        ("oversized", ("timed_out",), "timed_out"),
        ("replayed", (200, 200), "right"),
        ("replayed", (200, 409), "right"),
        ("replayed", (200, 500), "crashed"),
        ("replayed", (400, 400), "refused_genuine"),
        ("replayed", (200, "cut"), "cut"),
        ("replayed", ("timed_out",), "timed_out"),
    ],
)
def test_each_answer_to_each_kind_of_message(name: str, answers: tuple[int | str, ...], code: str) -> None:
    assert verdict(name, *answers).code == code


def test_what_is_wrong_says_what_had_to_be_done_and_why() -> None:
    found = verdict("stale", 200)
    assert not found.right
    assert found.did == "accepted (200)"
    assert found.text == (
        "has to refuse (4xx) a message that was signed 60 minutes ago: whoever recorded it could send it "
        "again for ever"
    )


def test_what_is_right_says_what_was_done_and_no_more() -> None:
    found = verdict("replayed", 204, 409)
    assert (found.right, found.text) == (True, "")
    assert found.did == "accepted (204), then refused (409)"
    assert found.statuses == (204, 409)
    assert found.seconds == 0.5
