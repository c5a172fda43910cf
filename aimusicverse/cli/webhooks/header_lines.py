"""The headers of a message out of a file: `Name: value` lines, raw HTTP, or what curl shows (-D, -i, -v).

What a file means must not depend on who reads it. So a name that is there twice stays there twice, for the
judge to refuse, and of several messages with webhook headers none is chosen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from aimusicverse.cli.errors import UsageProblem
from aimusicverse.cli.input_files import read_bytes
from aimusicverse.errors import WebhookVerificationError
from aimusicverse.webhooks.headers import NAMES

Pairs = list[tuple[str, str]]
#: With its number, for whoever has to find it.
Line = tuple[int, str]

_LARGEST = 2**20
_START = re.compile(r"(?:[A-Z-]+ [!-~]+ )?HTTP/\d(?:\.\d)?(?: .*)?")
_HEADER = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*", re.DOTALL)  # RFC 9110, 5.1 and 5.5
_OF_HTTP_2 = re.compile(r":[a-z]+: ?.*")
#: curl's progress may stand before it on the same line.
_OF_CURL = re.compile(r"[ \r0-9kMGT:.-]*([<>]) (" + _START.pattern + ")")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def pair(line: str) -> tuple[str, str] | None:
    """Name and value of one line, if it is a header."""
    found = _HEADER.fullmatch(line)
    return (found[1], found[2]) if found else None


def given(texts: Iterable[str], option: str = "--header") -> Pairs:
    """What an option says that takes `Name: value`, or `@FILE` with such lines.

    Raises:
        UsageProblem: it is no header, or a file that has none.
    """
    found: Pairs = []
    for text in texts:
        if text.startswith("@"):
            found += read(read_bytes(text[1:], option, most=_LARGEST), text[1:], option)
        elif header := pair(text):
            found.append(header)
        else:
            raise UsageProblem(f"{option}: a header is: Name: value")
    return found


def read(data: bytes, name: str, option: str = "--headers") -> Pairs:
    """Names and values in the order in which they stand.

    Args:
        data: what the file holds.
        name: the file's, for errors.
        option: that named it, for errors.

    Raises:
        UsageProblem: it is no list of headers, or of more than one message.
        WebhookVerificationError: `malformed_header`: one of a webhook's headers goes over several lines.
    """
    if data.startswith(_UTF_16):
        raise UsageProblem(f"{option}: {name} is UTF-16", hint="Save it as UTF-8 or ASCII.")
    text = data.removeprefix(b"\xef\xbb\xbf").decode("latin-1")  # headers are bytes; this keeps all
    lines = [(number, line.removesuffix("\r")) for number, line in enumerate(text.split("\n"), 1)]
    messages = [message for side in _sides(lines) for message in _messages(side, name, option)]
    if not any(messages):
        raise UsageProblem(f"{option}: {name} has no headers in it")
    bearing = [message for message in messages if any(_is_ours(header) for header, _ in message)]
    if len(bearing) > 1:
        raise UsageProblem(
            f"{option}: {name} has {len(bearing)} messages with webhook headers",
            hint="Leave the one in it that is to be judged.",
        )
    return bearing[0] if bearing else [pair for message in messages for pair in message]


def _sides(lines: list[Line]) -> Iterator[list[Line]]:
    """What curl sent and what it got, where these are lines of `curl -v`; else the lines."""
    starts = {number: found for number, line in lines if (found := _OF_CURL.fullmatch(line))}
    if not starts:
        yield lines
        return
    for mark in ">", "<":
        side = []
        for number, line in lines:
            if number in starts:
                if starts[number][1] == mark:
                    side.append((number, starts[number][2]))
            elif line.startswith(mark):
                side.append((number, line[1:].removeprefix(" ")))
        yield side


def _messages(lines: Iterable[Line], name: str, option: str) -> Iterator[Pairs]:
    """The headers of each message. After an empty line another may begin, or a body, which is not for us."""
    message: Pairs = []
    raw = over = False
    for number, line in lines:
        if _START.fullmatch(line):
            if message:
                yield message
            message, raw, over = [], True, False
        elif not line.strip(" \t"):
            over = over or raw or bool(message)
        elif over and raw:
            break  # the body
        elif over:
            raise UsageProblem(
                f"{option}: line {number} of {name} comes after an empty line, where headers end",
                hint="Headers go into one file, the body into another.",
            )
        elif line.startswith((" ", "\t")):
            _go_on(message, number, line, name, option)
        elif header := pair(line):
            message.append(header)
        elif not _OF_HTTP_2.fullmatch(line):
            raise UsageProblem(
                f"{option}: line {number} of {name} is no header", hint="A header is: Name: value"
            )
    yield message


def _go_on(message: Pairs, number: int, line: str, name: str, option: str) -> None:
    """A value over several lines, which RFC 9112 (5.2) has for obsolete."""
    if not message:
        raise UsageProblem(f"{option}: line {number} of {name} goes on with a header that is not there")
    header, value = message.pop()
    if _is_ours(header):
        raise WebhookVerificationError(
            f"The header {header.lower()} goes on in line {number} of {name}, which no server may accept.",
            reason="malformed_header",
        )
    message.append((header, f"{value} {line.strip()}"))


def _is_ours(header: str) -> bool:
    return header.lower() in NAMES
