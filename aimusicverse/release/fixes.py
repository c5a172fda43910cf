"""Repairs that rules offer, made in the file's own text: the value of a key is replaced, and nothing else.
Comments, order and ends of lines stay. What is offered is shown as a diff; whoever calls decides.
"""

from __future__ import annotations

import copy
import difflib
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from aimusicverse.release import toml_values
from aimusicverse.release.toml_file import ReleaseFileError, TomlFile, of_content
from aimusicverse.release.toml_mistakes import annotation_at
from aimusicverse.release.toml_places import Path, parsed
from aimusicverse.types.release import Release
from aimusicverse.types.validation import Finding, ValidationReport

#: A repair may bring up another one (a title without "feat." is of another case); not without end.
_MOST_ROUNDS: Final = 10

Judge = Callable[[TomlFile[Release]], ValidationReport]


@dataclass(frozen=True)
class Left:
    """A repair that was offered, and not made.

    Args:
        finding: that offers it.
        why: a sentence for a person.
    """

    finding: Finding
    why: str


@dataclass
class Repaired:
    """What came of it.

    Args:
        file: as it is after all of them; nothing was written.
        made: the findings whose repairs were made, in their order.
        left: those that were not.
    """

    file: TomlFile[Release]
    made: list[Finding] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)


def repaired(
    file: TomlFile[Release], judge: Judge, wanted: Callable[[str], bool] = lambda rule: True
) -> Repaired:
    """Make what is offered, and judge again, until nothing more is offered.

    Args:
        file: that was read. It is not written to.
        judge: says what rules say of a file.
        wanted: whether the repairs of a rule, by its id, are to be made.
    """
    done = Repaired(file)
    seen = {file.text}
    for _ in range(_MOST_ROUNDS):
        offered = _offered(judge(done.file), wanted)
        done.left = []
        before = done.file
        for path, findings in _all_at_once(done, offered).items():
            _one(done, path, findings)
        if done.file is before or done.file.text in seen:
            break
        seen.add(done.file.text)
    return done


def diff(before: TomlFile[Any], after: TomlFile[Any]) -> str:
    """What changes, as a unified diff; empty: nothing does."""
    name = before.path.as_posix()
    lines = difflib.unified_diff(
        before.text.split("\n"), after.text.split("\n"), f"{name} (now)", f"{name} (then)", lineterm=""
    )
    return "\n".join(line.removesuffix("\r") for line in lines)


def _offered(report: ValidationReport, wanted: Callable[[str], bool]) -> dict[str, list[Finding]]:
    """Findings that offer a repair, by the field that it is of."""
    found: dict[str, list[Finding]] = {}
    for target in report.targets:
        for finding in target.findings:
            if finding.repair is not None and wanted(finding.rule):
                found.setdefault(finding.repair.field, []).append(finding)
    return found


def _all_at_once(done: Repaired, offered: dict[str, list[Finding]]) -> dict[str, list[Finding]]:
    """Put all new texts in the place of old ones in one go, as with 500 titles; what is left is returned."""
    file = done.file
    spans: dict[tuple[int, int], str] = {}
    changes: dict[Path, tuple[str, str]] = {}
    for path, findings in offered.items():
        repair = findings[0].repair
        written = file.written(path)
        if written is None or repair is None or repair.after is None or _is_disputed(findings):
            continue
        place = file.places.by_path[written]
        if place.kind == "value" and isinstance(_at(file.data, written), str) and written not in changes:
            spans[place.start, place.end] = repair.after
            changes[written] = (path, repair.after)
    text, expected = file.text, copy.deepcopy(file.data)
    for (start, end), after in sorted(spans.items(), reverse=True):
        text = text[:start] + toml_values.text(after) + text[end:]
    for written, (_, after) in changes.items():
        _at(expected, written[:-1])[written[-1]] = after
    changed = _opened(file, text) if len(changes) > 1 else None
    if changed is None or changed.data != expected:
        return offered
    done.file = changed
    those = {path for path, _ in changes.values()}
    done.made += [offered[path][0] for path in offered if path in those]
    return {path: findings for path, findings in offered.items() if path not in those}


def _is_disputed(findings: list[Finding]) -> bool:
    """Whether one rule wants several things, as with two stores. Two rules come one after the other."""
    first = findings[0].rule
    return len({one.repair.after for one in findings if one.repair and one.rule == first}) > 1


def _one(done: Repaired, path: str, findings: list[Finding]) -> None:
    """Make one repair, if all who offer one at that place offer the same."""
    first = findings[0]
    if _is_disputed(findings):
        told = " or ".join(sorted({repr(finding.repair.after) for finding in findings if finding.repair}))
        done.left.append(Left(first, f"stores want different things here: {told}"))
        return
    after = first.repair.after if first.repair else None
    changed = changed_at(done.file, path, after)
    if changed is None:
        done.left.append(Left(first, "the line has to be changed by hand"))
        return
    if changed.text != done.file.text:
        done.file = changed
        done.made.append(first)


def changed_at(file: TomlFile[Release], path: str, after: str | None) -> TomlFile[Release] | None:
    """The file with another value at a path, or without it; `None`: that cannot be done in its text.

    Args:
        file: that was read.
        path: in the long form, like `tracks[0].title`.
        after: the value; `None` takes the key out.
    """
    steps = parsed(path)
    written = file.written(steps)
    if written is None:
        if after is None:
            return file
        text, written = _with_key(file, steps, _typed(steps, after))
    elif after is None:
        text = _without_key(file, written)
    else:
        place = file.places.by_path[written]
        value = after if isinstance(_at(file.data, written), str) else _typed(steps, after)
        if place.kind != "value" or value is None:
            return None
        text = file.text[: place.start] + toml_values.value(value) + file.text[place.end :]
    if text is None:
        return None
    return _checked(file, text, written)


def _checked(file: TomlFile[Release], text: str, path: Path) -> TomlFile[Release] | None:
    """The changed file, if it is one and says the same as before everywhere else."""
    changed = _opened(file, text)
    if changed is None:
        return None
    others = _without(tomllib.loads(file.text), path), _without(tomllib.loads(text), path)
    return changed if repr(others[0]) == repr(others[1]) else None


def _opened(file: TomlFile[Release], text: str) -> TomlFile[Release] | None:
    """The file with another text; `None`: that is no release."""
    mark = b"\xef\xbb\xbf" if file.content.startswith(b"\xef\xbb\xbf") else b""
    try:
        return of_content(Release, file.path, mark + text.encode())
    except (ReleaseFileError, UnicodeEncodeError):
        return None


def _typed(path: Path, after: str) -> Any:
    """What a repair says in text, as the key wants it; `None`: it cannot be said so."""
    kind = annotation_at(Release, path)
    if kind is bool:
        return {"true": True, "false": False}.get(after.lower())
    if kind is int or kind is float:
        try:
            return kind(after)
        except ValueError:
            return None
    return None if getattr(kind, "__origin__", None) in (list, dict) else after


def _with_key(file: TomlFile[Release], path: Path, value: Any) -> tuple[str | None, Path]:
    """A line more: below its heading, or at the end of the release's own keys."""
    *around, key = path
    if value is None or not isinstance(key, str):
        return None, path
    if around == ["tracks", 0] and "tracks" not in file.data:
        around = []
    end = "\r\n" if "\r\n" in file.text else "\n"
    line = f"{key} = {toml_values.value(value)}"
    written = (*around, key)
    if not around:
        at = file.places.root_end
        if at == 0:
            return line + end + file.text, written
        at = _line_end(file.text, at)
        return file.text[:at] + end + line + file.text[at:], written
    place = file.places.by_path.get(tuple(around))
    if place is None:
        if len(around) > 1:
            return None, written
        return f"{file.text.rstrip()}{end}{end}[{around[0]}]{end}{line}{end}", written
    if place.kind == "header" and file.text[place.key_start] == "[":
        at = _line_end(file.text, place.end)
        return file.text[:at] + end + line + file.text[at:], written
    if place.kind == "inline":
        inner = "" if file.text[place.start + 1 : place.end - 1].strip() == "" else ","
        rest = file.text[place.start + 1 :]
        return f"{file.text[: place.start + 1]} {line}{inner}{rest}", written
    return None, written


def _without_key(file: TomlFile[Release], path: Path) -> str | None:
    """Its line taken out, if it has one to itself."""
    place, text = file.places.by_path[path], file.text
    if place.kind != "value" or isinstance(path[-1], int):
        return None
    start, stop = text.rfind("\n", 0, place.key_start) + 1, _line_end(text, place.end)
    if text[start : place.key_start].strip() or text[place.end : stop].partition("#")[0].strip():
        return None
    return text[:start] + text[stop + len(text[stop : stop + 2].partition("\n")[0]) + 1 :]


def _line_end(text: str, at: int) -> int:
    """Where the line ends, before its `\\r\\n` or `\\n`."""
    stop = text.find("\n", at)
    stop = len(text) if stop < 0 else stop
    return stop - 1 if stop > at and text[stop - 1] == "\r" else stop


def _at(data: Any, path: Path) -> Any:
    for step in path:
        data = data[step]
    return data


def _without(data: Any, path: Path) -> Any:
    """The same without the value at a path, and without tables that are empty then."""
    around, last = path[:-1], path[-1]
    way: list[Any] = [data]
    for step in around:
        try:
            way.append(way[-1][step])
        except (KeyError, IndexError):
            return data
    if isinstance(way[-1], list) and isinstance(last, int):
        way[-1][last] = None
    else:
        way[-1].pop(last, None)
    for step, outer in zip(reversed(around), reversed(way[:-1]), strict=True):
        if isinstance(outer, dict) and outer[step] == {}:
            del outer[step]
    return data
