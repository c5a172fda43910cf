from __future__ import annotations

import copy
import pickle

import pytest

import aimusicverse
from aimusicverse import errors
from aimusicverse.errors import AMVError, APIStatusError, error_class_for
from aimusicverse.types import Generation, Problem
from tests.transport.samples import generation

KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)]


def example(kind: type[AMVError]) -> AMVError:
    if issubclass(kind, APIStatusError):
        problem = Problem(title="t", status=422, code="c", request_id="req_1")
        return kind(
            "no", status=422, code="c", request_id="req_1", problem=problem, headers={"retry-after": "3"}
        )
    if kind is errors.JobFailedError:
        return kind("no", object=Generation.model_validate(generation("failed")))
    if kind is errors.WebhookVerificationError:
        return kind("no", reason="stale")
    return kind("no")


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_survives_pickling_and_copying(kind):
    error = example(kind)
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert type(again) is kind
        assert (again.args, again.message, str(again)) == (("no",), "no", "no")
        assert vars(again) == vars(error)


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_is_public_and_has_one_root(kind):
    assert issubclass(kind, AMVError)
    assert getattr(aimusicverse, kind.__name__) is kind


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, errors.UnprocessableEntityError),
        (401, errors.AuthenticationError),
        (403, errors.PermissionDeniedError),
        (404, errors.NotFoundError),
        (409, errors.ConflictError),
        (412, errors.PreconditionFailedError),
        (413, errors.UnprocessableEntityError),
        (415, errors.UnprocessableEntityError),
        (418, errors.APIStatusError),
        (422, errors.UnprocessableEntityError),
        (429, errors.RateLimitError),
        (500, errors.InternalServerError),
        (599, errors.InternalServerError),
        (302, errors.APIStatusError),
    ],
)
def test_every_status_has_its_error(status, kind):
    assert error_class_for(status) is kind


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("3", 3.0), ("1.5", 1.5), ("", None), ("soon", None), ("nan", None), ("-1", None), ("inf", None)],
)
def test_retry_after_is_seconds_or_unknown(header, seconds):
    error = errors.RateLimitError("no", status=429, code="c", headers={"retry-after": header})
    assert error.retry_after == seconds
    assert errors.RateLimitError("no", status=429, code="c").retry_after is None
