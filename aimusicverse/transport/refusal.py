"""From an answer that says no to the exception for it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING

from aimusicverse.errors import APIStatusError, error_class_for
from aimusicverse.secret import MASK, Secret

if TYPE_CHECKING:  # loaded when the first refusal is read
    from pydantic import TypeAdapter

    from aimusicverse.types.problem import Problem

_FIELDS_SHOWN = 3


def refusal(status: int, headers: Mapping[str, str], body: bytes, *, key: Secret) -> APIStatusError:
    """The exception for an answer of 300 or more.

    A body that is no problem of ours (a proxy's HTML page) is left out of the message, and the key is
    taken out of everything, should the other side have repeated it.
    """
    secret = key.get_secret_value()
    shown = {name.lower(): value.replace(secret, MASK) for name, value in headers.items()}
    problem = _problem(body.replace(secret.encode(), MASK.encode()), shown.get("content-type", ""))
    request_id = (problem.request_id if problem else None) or shown.get("x-request-id")
    return error_class_for(status)(
        _sentence(problem) if problem else _plain_sentence(status, shown),
        status=status,
        code=problem.code if problem else f"http_{status}",
        request_id=request_id,
        problem=problem,
        headers=shown,
    )


@cache
def _problems() -> TypeAdapter[Problem]:
    from pydantic import TypeAdapter

    from aimusicverse.types.problem import Problem

    return TypeAdapter(Problem)


def _problem(body: bytes, content_type: str) -> Problem | None:
    if "json" not in content_type.lower():
        return None
    try:
        return _problems().validate_json(body)
    except ValueError:  # pydantic's ValidationError is one
        return None


def _sentence(problem: Problem) -> str:
    if problem.detail:
        return problem.detail
    fields = [f"{error.field}: {error.message}" for error in problem.errors[:_FIELDS_SHOWN]]
    more = len(problem.errors) - len(fields)
    if more > 0:
        fields.append(f"and {more} more")
    return f"{problem.title} ({'; '.join(fields)})" if fields else problem.title


def _plain_sentence(status: int, headers: Mapping[str, str]) -> str:
    try:
        phrase = f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        phrase = str(status)
    if 300 <= status < 400 and "location" in headers:
        return f"the server answered {phrase}; redirects are not followed: name the final address as base_url"
    return f"the server answered {phrase}"
