"""What is wrong with the values of a file, in words: for each mistake its place, and what to do about it."""

from __future__ import annotations

import difflib
import json
import types
import typing
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from pydantic import BaseModel, ValidationError

from aimusicverse.release.toml_places import Path, spelled
from aimusicverse.types.release import Release
from aimusicverse.types.release_short import OF_THE_TRACK

if TYPE_CHECKING:
    from aimusicverse.release.toml_file import TomlFile

#: Keys of the short form, and what each of them is.
_SHORT: Final = {"artist": 'the name of one artist: "…"', "composers": 'a list of names: ["…", "…"]'}


class Mistake(NamedTuple):
    """One of them.

    Args:
        line: 1 is the first; `None`: it is the whole file's.
        column: in characters, 1 is the first.
        key: its path, like `tracks[0].isrc`.
        message: what is wrong.
        hint: what to do.
    """

    line: int | None
    column: int | None
    key: str | None
    message: str
    hint: str

    def where(self, path: str) -> str:
        """`release.toml:3:5`."""
        return ":".join([path, *(str(number) for number in (self.line, self.column) if number is not None)])

    def told(self) -> str:
        """`key: what is wrong. What to do`, without the place."""
        return f"{self.key}: {self.message}. {self.hint}" if self.key else f"{self.message}. {self.hint}"


def mistakes_of(error: ValidationError, model: type[BaseModel], file: TomlFile[Any]) -> list[Mistake]:
    """Each of pydantic's errors as somebody who edits a file needs it, in the order of lines."""
    found = []
    for item in error.errors(include_url=False):
        path = tuple(step for step in item["loc"] if step != "function-before")
        written = file.written(path)
        place = file.nearest(path)
        message, hint = _told(item, path, written, model, file.data)
        found.append(
            Mistake(
                1 if place is None else place.line,
                1 if place is None else place.column,
                spelled(written or path) or None,
                message,
                hint,
            )
        )
    if "tracks" not in file.data:  # what the release lacks, the one track that is made of it lacks as well
        keys = {mistake.key for mistake in found}
        found = [
            one for one in found if not one.key or one.key.removeprefix("tracks[0].") not in keys - {one.key}
        ]
    return sorted(dict.fromkeys(found), key=lambda mistake: (mistake.line or 0, mistake.column or 0))


def model_at(model: type[BaseModel], path: Path) -> type[BaseModel] | None:
    """The model that a path leads to; `None`: it leads to a value."""
    kind = annotation_at(model, path)
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def annotation_at(model: type[BaseModel], path: Path) -> Any:
    """The annotation of what a path leads to, without `None`; `None`: there is no such value."""
    kind: Any = model
    for step in path:
        if isinstance(step, int):
            kind = next(iter(typing.get_args(kind)), None)
        elif typing.get_origin(kind) is dict:
            kind = typing.get_args(kind)[1]
        elif isinstance(kind, type) and issubclass(kind, BaseModel):
            field = kind.model_fields.get(step)
            kind = None if field is None else field.annotation
        else:
            return None
        kind = _without_none(kind)
    return kind


def _without_none(kind: Any) -> Any:
    if isinstance(kind, types.UnionType) or typing.get_origin(kind) is typing.Union:
        kinds = [one for one in typing.get_args(kind) if one is not type(None)]
        return kinds[0] if len(kinds) == 1 else kind
    return kind


def _told(
    item: Any, path: Path, written: Path | None, model: type[BaseModel], data: dict[str, Any]
) -> tuple[str, str]:
    """What is wrong, and what to do."""
    kind, given = item["type"], item["input"]
    if kind == "extra_forbidden":
        return _unknown(path, model, data, given)
    if kind == "missing":
        return "is missing", f"Write it: {_example(path, model)}"
    if kind in ("model_type", "dict_type", "model_attributes_type"):
        if written is not None and "composers" in written:
            return f"must be a name, and is {_shown(given)}", 'Write it in quotes: "…".'
        return f"must be a table, and is {_shown(given)}", _as_table(path)
    if kind == "list_type":
        if model_at(model, (*path, 0)) is not None:
            return f"must be a list of tables, and is {_shown(given)}", _as_table(path)
        return (
            f"must be a list, and is {_shown(given)}",
            f"Put it in brackets: {_key(path)} = [{_toml(given)}]",
        )
    if kind == "string_type":
        return f"must be text, and is {_shown(given)}", _as_text(path, given)
    if kind.startswith("bool"):
        return f"must be true or false, and is {_shown(given)}", "Write true or false, without quotes."
    if kind.startswith(("int", "float")):
        return f"must be a number, and is {_shown(given)}", "Write digits, without quotes."
    if kind == "literal_error":
        choices = [str(choice) for choice in typing.get_args(annotation_at(model, path) or Literal[""])]
        return f"cannot be {_shown(given)}", _one_of(given, choices)
    if kind == "too_short" and path == ("tracks",):
        return "is empty", "A release has one track at least: write [[tracks]] and its title below."
    if kind == "too_long" and path == ("tracks",):
        return f"are {len(given)}", "A release has 500 tracks at most: make several of it."
    message = str(item["msg"])
    return message[:1].lower() + message[1:], f"Found: {_shown(given)}."


def _unknown(path: Path, model: type[BaseModel], data: dict[str, Any], given: Any) -> tuple[str, str]:
    key, around = str(path[-1]), path[:-1]
    if key in _SHORT:
        if isinstance(given, str if key == "artist" else list):
            return (
                "stands beside what it stands for",
                "Give artists or artist, writers or composers: not both.",
            )
        return f"must be {_SHORT[key]}, and is {_shown(given)}", "Write it like that."
    here = model_at(model, around)
    known = [*(here.model_fields if here is not None else ()), *_short_keys(here)]
    if here is Release and "tracks" not in data:
        known += OF_THE_TRACK
    close = difflib.get_close_matches(key.lower().replace("-", "_"), known, 1, 0.7)
    if close:
        return "is no known key", f"Did you mean {close[0]}?"
    elsewhere = _elsewhere(key, around, model)
    if elsewhere is not None:
        return "does not belong here", elsewhere
    near = difflib.get_close_matches(key.lower(), known, 3, 0.4) or known[:8]
    return "is no known key", f"There are {', '.join(near)}, …; take it away, or put # before it."


def _short_keys(model: type[BaseModel] | None) -> tuple[str, ...]:
    fields = () if model is None else model.model_fields
    return tuple(short for short, long in (("artist", "artists"), ("composers", "writers")) if long in fields)


def _elsewhere(key: str, around: Path, model: type[BaseModel]) -> str | None:
    """Where a key belongs that is written somewhere else: under the wrong heading, mostly."""
    if around and key in model.model_fields:
        return f"{key} is the release's: write it above the first [heading]."
    for name in model.model_fields:
        inner = model_at(model, (name,)) or model_at(model, (name, 0))
        if inner is not None and key in inner.model_fields:
            heading = f"[{name}]" if model_at(model, (name,)) else f"[[{name}]]"
            return f"Write {key} below {heading}."
    return None


def _key(path: Path) -> str:
    return next((step for step in reversed(path) if isinstance(step, str)), "")


def _example(path: Path, model: type[BaseModel]) -> str:
    inner = annotation_at(model, path)
    value = '"…"' if inner is str else "[[…]]" if typing.get_origin(inner) is list else "…"
    return f"[[{_key(path)}]]" if value == "[[…]]" else f"{_key(path)} = {value}"


def _as_text(path: Path, given: Any) -> str:
    if isinstance(given, dict | list):
        return 'Write one text in quotes: "…".'
    text = str(given).lower() if isinstance(given, bool) else str(given)
    said = f'"{text}"' if isinstance(path[-1], int) else f'{_key(path)} = "{text}"'
    return f"Put it in quotes: {said}"


def _as_table(path: Path) -> str:
    if isinstance(path[-1], int) or _key(path) in ("artists", "writers", "contributors", "tracks"):
        return f'Write [[{_key(path)}]], and below it name = "…"' + (
            "." if _key(path) != "tracks" else ' or title = "…".'
        )
    return f"Write [{_key(path)}], and its keys below."


def _one_of(given: Any, choices: list[str]) -> str:
    close = difflib.get_close_matches(str(given).strip().lower(), choices, 1, 0.6)
    all_of_them = " or ".join(
        filter(None, [", ".join(f'"{one}"' for one in choices[:-1]), f'"{choices[-1]}"'])
    )
    return (f'Did you mean "{close[0]}"? ' if close else "") + f"It is {all_of_them}."


def _shown(value: Any) -> str:
    """As it stands in the file, or nearly; never long."""
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    text = _toml(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _toml(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
