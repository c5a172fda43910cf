"""The exit table of the contract, and what is told with each number."""

from __future__ import annotations

import pytest
import typer

from aimusicverse import errors
from aimusicverse.cli.errors import CommandError, Interrupted, OutputProblem, UsageProblem
from aimusicverse.cli.failure import failure
from aimusicverse.cli.outcome import lines, wants_json
from aimusicverse.types import FieldError, Generation, Problem


def answered(status: int, code: str = "some_code", **options: object) -> errors.APIStatusError:
    return errors.error_class_for(status)("no", status=status, code=code, request_id="req_1", **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("error", "exit_code"),
    [
        (answered(400), 2),
        (answered(401), 3),
        (answered(403), 3),
        (answered(404), 4),
        (answered(408), 7),
        (answered(409), 1),
        (answered(412), 1),
        (answered(413), 2),
        (answered(415), 2),
        (answered(418), 1),
        (answered(422), 2),
        (answered(429), 5),
        (answered(500), 1),
        (answered(503), 1),
        (answered(504), 7),
        (errors.ConfigurationError("no server"), 2),
        (errors.APIConnectionError("refused"), 6),
        (errors.APITimeoutError("late"), 7),
        (errors.JobFailedError("failed"), 1),
        (errors.WebhookVerificationError("bad", reason="wrong_signature"), 8),
        (errors.WebhookVerificationError("bad", reason="malformed_timestamp"), 8),
        (errors.WebhookVerificationError("old", reason="too_old"), 9),
        (errors.WebhookVerificationError("new", reason="too_new"), 9),
        (errors.AMVError("other"), 1),
        (UsageProblem("wrong"), 2),
        (OutputProblem("full"), 1),
        (Interrupted("stopped"), 130),
        (Interrupted("stopped", exit_code=143), 143),
        (CommandError("no", exit_code=3, code="no_api_key"), 3),
        (typer.BadParameter("bad"), 2),
        (OSError(28, "No space left on device"), 1),
        (ModuleNotFoundError("no", name="fastapi"), 1),
        (RuntimeError("?"), 1),
    ],
)
def test_every_error_has_its_exit_code(error: BaseException, exit_code: int) -> None:
    assert failure(error).exit_code == exit_code


def test_every_error_of_the_package_is_in_the_table_above() -> None:
    def descendants(kind: type) -> set[type]:
        return {kind, *(deeper for child in kind.__subclasses__() for deeper in descendants(child))}

    ours = {kind for kind in descendants(errors.AMVError) if kind.__module__ == "aimusicverse.errors"}
    table = test_every_error_has_its_exit_code.pytestmark[0].args[1]  # type: ignore[attr-defined]
    seen = {type(error) for error, _ in table} | {type(answered(status)) for status in (400, 500)}
    assert ours - seen == set()


@pytest.mark.parametrize(
    ("error", "retryable"),
    [
        (answered(429), True),
        (answered(500), True),
        (answered(408), True),
        (answered(409, "idempotency_in_progress"), True),
        (answered(409, "generation_final"), False),
        (answered(422), False),
        (errors.APIConnectionError("refused"), True),
        (errors.APITimeoutError("late"), True),
        (errors.ConfigurationError("no server"), False),
    ],
)
def test_a_program_is_told_whether_trying_again_makes_sense(error: Exception, retryable: bool) -> None:
    assert failure(error).as_json()["retryable"] is retryable


def test_the_error_object_has_exactly_the_promised_fields() -> None:
    assert failure(answered(404, "track_not_found")).as_json() == {
        "code": "track_not_found",
        "message": "no",
        "status": 404,
        "request_id": "req_1",
        "retryable": False,
        "hint": None,
    }


def test_the_fields_that_are_to_blame_are_listed() -> None:
    blamed = [
        FieldError(field="prompt", code="x", message="too long", hint="write less"),
        FieldError(field="seed", code="x", message="negative"),
    ]
    problem = Problem(title="Not valid", status=422, code="invalid_request", detail="a; b", errors=blamed)
    told = failure(answered(422, "invalid_request", problem=problem))
    assert lines(told) == ["error: Not valid.", "  prompt: too long (write less)", "  seed: negative"]
    assert told.as_json()["errors"][1] == {"field": "seed", "message": "negative"}


def test_one_field_alone_fits_into_the_line() -> None:
    blamed = [FieldError(field="prompt", code="x", message="too long")]
    problem = Problem(title="Not valid", status=422, code="invalid_request", errors=blamed)
    assert lines(failure(answered(422, problem=problem))) == ["error: prompt: too long."]


def test_a_rate_limit_says_when_to_come_back() -> None:
    error = answered(429, headers={"retry-after": "12"})
    assert lines(failure(error)) == ["error: no. Try again in 12 s."]


def test_a_failed_job_is_told_by_its_own_code() -> None:
    generation = Generation.model_construct(problem=Problem(title="x", status=500, code="engine_crashed"))
    assert failure(errors.JobFailedError("no", object=generation)).code == "engine_crashed"


def test_a_missing_id_is_told_with_the_list_it_would_be_in() -> None:
    error = errors.NotFoundError("There is no track 'trk_1'", status=404, code="track_not_found")
    assert failure(error).hint == "See: amv tracks list"


def test_a_missing_extra_is_told_with_the_command_that_installs_it() -> None:
    told = failure(ModuleNotFoundError("No module named 'fastapi'", name="fastapi"))
    assert lines(told) == [
        "error: this needs the package 'fastapi', which is not installed. "
        "Install it: pip install 'aimusicverse[server]'"
    ]


def test_a_module_of_ours_that_is_missing_is_a_defect_and_no_missing_extra() -> None:
    told = failure(ModuleNotFoundError("No module named 'aimusicverse.x'", name="aimusicverse.x"))
    assert (told.exit_code, told.code) == (1, "unexpected_error")
    assert "pip install" not in lines(told)[0]
    assert "aimusicverse.x" in lines(told)[0]


def test_text_from_elsewhere_cannot_steer_the_terminal_through_an_error() -> None:
    assert lines(failure(errors.AMVError("\x1b[2Jgone"))) == ["error: \\x1b[2Jgone."]


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["--json", "tracks", "list"], True),
        (["tracks", "list", "--json"], True),
        (["tracks", "--jsn"], False),
        (["generate", "--", "--json"], False),
        (["generate", "--json", "--", "x"], True),
    ],
)
def test_json_is_wanted_wherever_it_was_said_before_the_double_dash(words: list[str], wanted: bool) -> None:
    assert wants_json(words) is wanted
