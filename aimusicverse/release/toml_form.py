"""Writes a `release.toml` that a person can edit: each key with a line of what it is; what is optional is
there behind a `#`. What is written reads back as the same release.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from pydantic import BaseModel

from aimusicverse.release import toml_values
from aimusicverse.release.toml_mistakes import annotation_at, model_at
from aimusicverse.release.toml_words import WORDS, words_of
from aimusicverse.types.release import Contributor, Recording, Release, Writer

_HEAD: Final = """\
# A release, as stores are told of it.
#
# Lines that begin with # are explanations, or keys that can be left out: take the # away to use one.
# Keys of the release stand above the first [heading]; each [[tracks]] begins another track.
#
#   amv release check            what stores and distributors would say of it
#   amv release fix              what can be mended by itself, shown before it is done
#   amv release rules isrc       what a word means, or what a rule wants
"""
#: What keys of the short form stand for.
_LONG: Final = {"artist": "artists", "composers": "writers"}
_WIDTH: Final = 110


def written(release: Release, notes: Mapping[str, str] | None = None) -> str:
    """The file.

    Args:
        release: what is known so far.
        notes: a line more above a key, by path like `ai` or `title`: where a value comes from.

    Raises:
        ValueError: it has a lone surrogate, which is no text and cannot be saved.
    """
    lines = [_HEAD, *_table(release, (), notes or {}, everything=True)]
    text = "\n".join(lines).rstrip("\n") + "\n"
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"{error.object[error.start]!r} is no character, and cannot be saved") from None
    return text


def _table(
    model: BaseModel, path: tuple[str | int, ...], notes: Mapping[str, str], *, everything: bool
) -> Iterator[str]:
    """The lines of a table below its heading.

    Args:
        model: what it holds.
        path: of it, from the top.
        notes: by path.
        everything: whether to show keys that are not used, too.
    """
    plain: list[str] = []
    below: list[str] = []
    for name in _in_order(type(model)):
        is_table = model_at(type(model), (name,)) or model_at(type(model), (name, 0)) or name == "genres"
        (below if is_table else plain).append(name)
    short, missing = _short(model), _missing(model) if everything else []
    for name in plain:
        yield from _key(model, name, path, notes, everything=everything)
        if name == "title":
            for key, value, says in short:
                yield from _comment(says)
                yield f"{key} = {toml_values.value(value)}"
                yield ""
            for key, example, says in missing:
                yield from _comment(says)
                yield f"#{key} = {toml_values.value(example)}"
                yield ""
    replaced = {_LONG[key] for key, _, _ in (*short, *missing)}
    for name in below:
        if name not in replaced:
            yield from _below(model, name, path, notes, everything=everything)


def _key(
    model: BaseModel, name: str, path: tuple[str | int, ...], notes: Mapping[str, str], *, everything: bool
) -> Iterator[str]:
    word, field = words_of(type(model))[name], type(model).model_fields[name]
    value = getattr(model, name)
    left_out = not field.is_required() and value == field.get_default(call_default_factory=True)
    if left_out and not everything:
        return
    note = notes.get(_dotted((*path, name)))
    yield from _comment(word.says if note is None else f"{word.says} {note}")
    if left_out:
        yield f"#{name} = {toml_values.value(value if value not in (None, [], False) else word.example)}"
    elif isinstance(value, str) and "\n" in value:
        yield f"{name} = {toml_values.lines(value)}"
    else:
        yield f"{name} = {toml_values.value(value)}"
    yield ""


def _below(
    model: BaseModel, name: str, path: tuple[str | int, ...], notes: Mapping[str, str], *, everything: bool
) -> Iterator[str]:
    """Tables within a table."""
    word, value = words_of(type(model))[name], getattr(model, name)
    here = (*path, name)
    heading = _dotted(here)
    note = notes.get(heading)
    says = list(_comment(word.says if note is None else f"{word.says} {note}"))
    if name == "genres":
        if value:
            yield from [*says, f"[{heading}]"]
            yield from (
                f"{toml_values.key(key)} = {toml_values.value(inner)}" for key, inner in value.items()
            )
            yield ""
        elif everything:
            yield from [*says, *_unused(f"[{heading}]", word.example), ""]
    elif isinstance(value, list):
        for index, item in enumerate(value):
            # What a track can have is shown at the first; at the others it would hide what they have.
            full = everything and index == 0 and isinstance(item, Recording)
            yield from (says if index == 0 else ())
            yield f"[[{heading}]]"
            yield from _compact(_table(item, here, notes, everything=full), full)
        if not value and everything:
            inner = annotation_at(type(model), (name, 0))
            examples = {key: one.example for key, one in words_of(inner).items()}
            if name == "contributors":
                examples |= {"roles": ["Producer"], "name": "Jonas Weil"}
            yield from [
                *says,
                *_unused(f"[[{heading}]]", {key: examples[key] for key in ("name", "roles")}),
                "",
            ]
    elif value is not None:
        defaults = type(value)()
        if everything or value != defaults or type(model).model_fields[name].default is None:
            yield from [*says, f"[{heading}]"]
            yield from _table(value, here, notes, everything=everything)
    elif everything:
        inner = annotation_at(type(model), (name,))
        examples = {key: one.example for key, one in list(words_of(inner).items())[:4]}
        yield from [*says, *_unused(f"[{heading}]", examples), ""]


def _compact(lines: Iterable[str], full: bool) -> Iterator[str]:
    """Without a line of what each key is and without empty lines, where they were told before."""
    if full:
        yield from lines
        return
    for line in lines:
        if line and not line.startswith("# "):
            yield line
    yield ""


def _unused(heading: str, examples: Mapping[str, Any]) -> Iterator[str]:
    yield f"#{heading}"
    for key, example in examples.items():
        yield f"#{toml_values.key(key)} = {toml_values.value(example)}"


def _short(model: BaseModel) -> list[tuple[str, Any, str]]:
    """What the short form can say of it: a key, its value, and what it is."""
    found: list[tuple[str, Any, str]] = []
    artists = getattr(model, "artists", None)
    if artists and len(artists) == 1 and artists[0] == Contributor(name=artists[0].name):
        found.append(("artist", artists[0].name, words_of(Release)["artists"].says))
    writers = getattr(model, "writers", None)
    if writers and all(writer == Writer(name=writer.name) for writer in writers):
        found.append(("composers", [writer.name for writer in writers], words_of(Recording)["writers"].says))
    return found


def _missing(model: BaseModel) -> list[tuple[str, Any, str]]:
    """What everybody has to say, and the short form is enough for mostly."""
    found: list[tuple[str, Any, str]] = []
    if isinstance(model, Release) and not model.artists:
        found.append(("artist", "Maren Okafor", words_of(Release)["artists"].says))
    if isinstance(model, Recording) and not model.writers:
        found.append(("composers", ["Maren Okafor"], words_of(Recording)["writers"].says))
    return found


def _comment(text: str) -> Iterator[str]:
    words, line = text.split(), "#"
    for word in words:
        if len(line) + 1 + len(word) > _WIDTH:
            yield line
            line = "#"
        line += f" {word}"
    yield line


def _dotted(path: tuple[str | int, ...]) -> str:
    return ".".join(str(step) for step in path if isinstance(step, str))


def _in_order(model: type[BaseModel]) -> list[str]:
    """The keys of a model as somebody fills them in."""
    return [*WORDS.get(model, {}), *(name for name in words_of(model) if name not in WORDS.get(model, {}))]
