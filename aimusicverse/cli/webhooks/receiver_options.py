"""What the options of `amv webhooks check` mean, checked before anything is sent."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from aimusicverse.cli.destination import try_out
from aimusicverse.cli.errors import UsageProblem
from aimusicverse.cli.input_files import read_bytes
from aimusicverse.cli.webhooks import header_lines
from aimusicverse.transport.lean_httpx import httpx
from aimusicverse.webhooks import receiver_cases

if TYPE_CHECKING:
    from urllib.parse import SplitResult

_LARGEST = 2**20
#: These make a request what it is.
_OF_THE_REQUEST = ("content-length", "transfer-encoding", "connection", "expect")
_OF_THE_MESSAGE = ("webhook-", "svix-")


def cases(only: Sequence[str], skip: Sequence[str]) -> Sequence[receiver_cases.Case]:
    """Those that are wanted.

    Raises:
        UsageProblem: a name that none has, or none is left.
    """
    try:
        chosen = receiver_cases.choose(only, skip)
    except ValueError as error:
        known = ", ".join(case.name for case in receiver_cases.CASES)
        raise UsageProblem(str(error), hint=f"The cases: {known}.") from None
    if not chosen:
        raise UsageProblem("--only and --skip leave no case")
    return chosen


def address(url: str) -> SplitResult:
    """The parts of an address that can be sent to.

    Raises:
        UsageProblem: it is none; what was given is not repeated, as it may hold a password.
    """
    if not url.isprintable() or any(char.isspace() or char == "\\" for char in url):
        raise UsageProblem("URL has characters that no address has")
    try:
        parts = urlsplit(url)
        httpx.URL(url)
        port = parts.port
    except (ValueError, httpx.InvalidURL):
        raise UsageProblem("URL cannot be read as an address") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise UsageProblem("URL is no address; one looks like http://127.0.0.1:8000/hook")
    if "@" in parts.netloc:
        raise UsageProblem(
            "URL holds a user name or password, which other users of this machine can read",
            hint="Put an Authorization header into a file: --header @FILE",
        )
    return parts


def shown(parts: SplitResult) -> str:
    """The address as it may be shown: receivers are often told apart by a token in the query."""
    return f"{parts.scheme}://{parts.netloc}{parts.path or '/'}" + ("?…" if parts.query else "")


def length(given: float | None, usual: float, option: str) -> float:
    """A length of time.

    Raises:
        UsageProblem: it is none.
    """
    if given is not None and given <= 0:
        raise UsageProblem(f"{option} is more than 0")
    return usual if given is None else given


def event_type(text: str) -> str:
    """A type that an event can have.

    Raises:
        UsageProblem: it cannot.
    """
    if not text.strip() or not text.isprintable():
        raise UsageProblem("--event: that is no type of an event")
    return text


def data(name: str | None) -> Any:
    """What the events carry.

    Raises:
        UsageProblem: it is no JSON.
    """
    if name is None:
        return {"check": "amv webhooks check"}
    text = read_bytes(name, "--data", most=_LARGEST)
    try:
        found = json.loads(text, parse_constant=_refuse)
        json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise UsageProblem(f"--data: {name} is not JSON") from None
    return found


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def headers(texts: Sequence[str]) -> list[tuple[bytes, bytes]]:
    """What is sent besides the message's own.

    Raises:
        UsageProblem: it is no header, or one that the check itself sets. Values are not repeated.
    """
    found = header_lines.given(texts)
    for name, value in found:
        if name.lower() in _OF_THE_REQUEST or name.lower().startswith(_OF_THE_MESSAGE):
            raise UsageProblem(f"--header: {name} is what the check itself sets")
        if not (value.isprintable() and value.isascii()):
            raise UsageProblem(f"--header: the value of {name} has characters that no header has")
    is_typed = any(name.lower() == "content-type" for name, _ in found)
    usual = [] if is_typed else [("content-type", "application/json")]
    return [(name.encode(), value.encode()) for name, value in [*usual, *found]]


def report(junit: str | None) -> Path | None:
    """Where the report goes, tried out.

    Raises:
        UsageProblem: no file can be there.
        OutputProblem: it cannot be written.
    """
    if junit is None:
        return None
    if not junit:
        raise UsageProblem("--junit needs a name that a file can have")
    place = Path(junit)
    try_out(place, "--junit")
    return place
