"""Reads a file of distributions, and judges all of it before anything is kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, NamedTuple

from pydantic import TypeAdapter, ValidationError

from aimusicverse.release.outlets import OUTLETS
from aimusicverse.server.distributions import export_csv, submitting
from aimusicverse.server.distributions.states import Step
from aimusicverse.server.problems import Refusal, shortened
from aimusicverse.types import FieldError, Quote
from aimusicverse.types.distribution_export import (
    EXPORT_FORMAT,
    MOST_DISTRIBUTIONS,
    ExportedDelivery,
    ExportedDistribution,
)
from aimusicverse.types.release import Release

_RECORD: Final = TypeAdapter(ExportedDistribution)
_RELEASE: Final = TypeAdapter(Release)
_QUOTE: Final = TypeAdapter(Quote)
_MOST_ERRORS: Final = 100

#: Where a value stands in what was read.
Path = tuple[str | int, ...]
#: Of what is wrong: where, a code, and words.
Wrong = tuple[Path, str, str]


class Read(NamedTuple):
    """A distribution of a file, judged."""

    said: ExportedDistribution
    release: dict[str, Any]


def read_json(content: bytes) -> list[Read]:
    """The distributions of a JSON file.

    Raises:
        Refusal: `malformed_json`; `invalid_request` with each place.
    """
    try:
        whole = json.loads(content.decode("utf-8-sig"), parse_constant=_nothing)
    except (ValueError, RecursionError) as error:
        raise Refusal("malformed_json", f"The file is no JSON: {str(error)[:200]}") from None
    if not isinstance(whole, dict) or whole.get("format") != EXPORT_FORMAT or set(whole) != {
        "format", "distributions"
    }:  # fmt: skip
        message = f'it is no export: {{"format": "{EXPORT_FORMAT}", "distributions": […]}}'
        raise _invalid([FieldError(field="format", code="format", message=message)])
    found = whole["distributions"]
    if not isinstance(found, list):
        message = "it is no list"
        raise _invalid([FieldError(field="distributions", code="list_type", message=message)])

    def placed(number: int, path: Path) -> str:
        return "".join(
            f"[{part}]" if isinstance(part, int) else f".{part}" for part in ("distributions", number, *path)
        ).lstrip(".")

    return _judged(found, placed)


def read_csv(content: bytes) -> list[Read]:
    """The distributions of a CSV file.

    Raises:
        Refusal: `invalid_request` with each place, by line and column.
    """
    try:
        records = list(export_csv.read(content.decode("utf-8-sig")))
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        message = "this is no UTF-8"
        hint = "Save the file as CSV in UTF-8."
        raise _invalid(
            [FieldError(field=f"line {line}", code="encoding", message=message, hint=hint)]
        ) from None
    except export_csv.CsvError as error:
        field = f"line {error.line}, column {error.column}"
        raise _invalid(
            [FieldError(field=field, code="csv", message=error.message, hint=error.hint)]
        ) from None

    def placed(number: int, path: Path) -> str:
        line, column = records[number].place(path)
        return f"line {line}, column {column}"

    return _judged([record.value for record in records], placed)


def _judged(found: list[Any], placed: Callable[[int, Path], str]) -> list[Read]:
    if len(found) > MOST_DISTRIBUTIONS:
        message = f"{len(found):,} distributions; at most {MOST_DISTRIBUTIONS:,} in one file"
        raise _invalid([FieldError(field="distributions", code="too_long", message=message)])
    errors: list[FieldError] = []
    judged: list[Read] = []
    seen: set[str] = set()
    for number, value in enumerate(found):
        wrong = list(_wrong(value, judged, seen))
        errors += [
            FieldError(field=placed(number, path), code=code, message=message)
            for path, code, message in wrong
        ]
        if len(errors) > _MOST_ERRORS:
            break
    if errors:
        raise _invalid(errors[:_MOST_ERRORS])
    return judged


def _wrong(value: Any, judged: list[Read], seen: set[str]) -> Iterator[Wrong]:
    """What is wrong with a distribution: path, code and message. What is right is added to `judged`."""
    try:
        said = _RECORD.validate_python(value, strict=False)
    except ValidationError as error:
        for one in error.errors(include_url=False, include_input=False):
            yield one["loc"], one["type"], one["msg"]
        return
    before = len(seen)
    seen.add(said.id)
    if len(seen) == before:
        yield ("id",), "repeated", f"{said.id} is there twice"
    try:
        release = submitting.storable(_RELEASE.validate_python(said.metadata))
    except ValidationError as error:
        for one in error.errors(include_url=False, include_input=False):
            yield ("metadata", *one["loc"]), one["type"], one["msg"]
        return
    except Refusal as refusal:
        yield ("metadata",), "refused", (refusal.detail or refusal.code)
        return
    if said.title != submitting.title_of(release):
        yield ("title",), "contradiction", f"metadata says {shortened(submitting.title_of(release))}"
    if said.via is not None and (said.via not in OUTLETS or OUTLETS[said.via].kind != "distributor"):
        yield ("via",), "unknown", f"no distributor is called {shortened(said.via)}"
    if said.quote is not None:
        try:
            _QUOTE.validate_python(said.quote)
        except ValidationError as error:
            for one in error.errors(include_url=False, include_input=False):
                yield ("quote", *one["loc"]), one["type"], one["msg"]
    yield from _wrong_deliveries(said.deliveries)
    judged.append(Read(said, submitting.dumped(release)))


def _wrong_deliveries(deliveries: Iterable[ExportedDelivery]) -> Iterator[Wrong]:
    there: set[str] = set()
    for number, one in enumerate(deliveries):
        path = ("deliveries", number)
        if one.platform not in OUTLETS or OUTLETS[one.platform].kind != "store":
            yield (*path, "platform"), "unknown", f"no store is called {shortened(one.platform)}"
        if one.platform in there:
            yield (*path, "platform"), "repeated", f"{one.platform} is there twice"
        there.add(one.platform)
        for field in ("step", "paused_from"):
            if (step := getattr(one, field)) is not None and step not in list(Step):
                yield (*path, field), "unknown", f"no step is called {shortened(step)}"


def _nothing(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _invalid(errors: list[FieldError]) -> Refusal:
    summary = "; ".join(f"{error.field}: {error.message}" for error in errors[:3])
    more = f"; and {len(errors) - 3} more" if len(errors) > 3 else ""
    return Refusal("invalid_request", f"{summary}{more}. Nothing was imported.", errors=errors)
