"""The request that the options of `amv generate` add up to, checked before any server is asked."""

from __future__ import annotations

import json
from typing import Any

from aimusicverse.cli import exits
from aimusicverse.cli.errors import CommandError, UsageProblem
from aimusicverse.cli.input_files import read_bytes

#: More than any text that a request may hold.
_LONGEST = 2**20
_OPTION_OF = {
    "duration_seconds": "--duration",
    "tempo_bpm": "--tempo",
    "tags": "--tag",
    "prompt": "PROMPT",
    "sections": "--section",
    "extend_track_id": "--extend",
    "extend_from_seconds": "--extend-from",
}

_CLIENT_NAMES = {"extend_track_id": "extend"}


class InvalidRequest(CommandError):
    """A request that no server would take."""

    def __init__(self, fields: list[tuple[str, str]]) -> None:
        super().__init__("the request is not valid", exit_code=exits.USAGE, code="invalid_request")
        self.fields = fields


def checked(arguments: dict[str, Any]) -> dict[str, Any]:
    """The arguments that were given, if the contract allows them; by the names that the client has for them.

    Raises:
        InvalidRequest: with each option that is to blame.
    """
    from pydantic import ValidationError

    from aimusicverse.types import GenerationCreate

    given = {name: value for name, value in arguments.items() if value is not None and value != []}
    try:
        GenerationCreate.model_validate(given)
    except ValidationError as error:
        raise InvalidRequest([_field(item) for item in error.errors()]) from None
    return {_CLIENT_NAMES.get(name, name): value for name, value in given.items()}


def _field(item: Any) -> tuple[str, str]:
    first, *rest = item["loc"] or ("request",)
    option = _OPTION_OF.get(str(first), f"--{str(first).replace('_', '-')}")
    return ".".join([option, *map(str, rest)]), item["msg"].removeprefix("Value error, ")


def read_text(name: str, option: str) -> str:
    """A text file, or standard input for `-`.

    Raises:
        UsageProblem: it cannot be read, is longer than 1 MiB, or is not UTF-8.
    """
    data = read_bytes(name, option, most=_LONGEST)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageProblem(f"{option}: {name} is not UTF-8 text") from None


def read_plan(name: str) -> dict[str, Any]:
    """A plan as `--plan-only --json` printed it, edited or not.

    Raises:
        UsageProblem: no JSON, or no object.
    """
    text = read_text(name, "--plan")
    try:
        plan = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageProblem(f"--plan: {name} is not JSON: {error}", hint="See: amv generate --help") from None
    if not isinstance(plan, dict):
        raise UsageProblem(f"--plan: {name} holds no JSON object", hint="See: amv generate --help")
    return plan
