"""What is told about any exception that ended a command: its exit code, one line for people, an object for
programs. Loaded when something has failed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from aimusicverse.cli import exits
from aimusicverse.cli.errors import CommandError, exit_code_of_webhook

#: A webhook secret that somebody put among the words. Those are repeated in errors, and logs keep them.
_SECRET = re.compile(r"wh(?:sec|sk)_[A-Za-z0-9+/=_-]*")


@dataclass(frozen=True, slots=True)
class Failure:
    """What is told about an error."""

    exit_code: int
    code: str
    message: str
    status: int | None = None
    request_id: str | None = None
    retryable: bool = False
    hint: str | None = None
    fields: list[tuple[str, str]] = field(default_factory=list)
    findings: list[tuple[str, str]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The error object of `--json`; `errors` only where fields are to blame, `findings` where the reason
        was looked for.
        """
        told: dict[str, Any] = {
            "code": self.code,
            "message": self.message,
            "status": self.status,
            "request_id": self.request_id,
            "retryable": self.retryable,
            "hint": self.hint,
        }
        if self.fields:
            told["errors"] = [{"field": name, "message": message} for name, message in self.fields]
        if self.findings:
            told["findings"] = [{"code": code, "text": text} for code, text in self.findings]
        return told


def failure(error: BaseException) -> Failure:
    """What to say about any exception that ended a command."""
    if isinstance(error, CommandError):
        return Failure(
            error.exit_code,
            error.code,
            error.message,
            retryable=error.retryable,
            hint=error.hint,
            fields=error.fields,
            findings=error.findings,
        )
    if (usage := _usage(error)) is not None:
        return usage
    from aimusicverse.errors import AMVError

    if isinstance(error, AMVError):
        return _of_the_sdk(error)
    if (fields := _invalid_fields(error)) is not None:
        return Failure(exits.USAGE, "invalid_request", "the request is not valid", fields=fields)
    if isinstance(error, ModuleNotFoundError) and error.name and not error.name.startswith("aimusicverse"):
        return _missing_module(error)
    if isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename else ""
        return Failure(exits.FAILED, "io_error", f"{where}{error.strerror}")
    return Failure(
        exits.FAILED,
        "unexpected_error",
        f"unexpected {type(error).__name__}: {error}".rstrip(": "),
        hint="AMV_DEBUG=1 shows where.",
    )


def _usage(error: BaseException) -> Failure | None:
    import typer

    usage_error: Any = typer.BadParameter.__mro__[1]  # Typer has no public name for its UsageError
    if not isinstance(error, usage_error):
        return None
    ctx = getattr(error, "ctx", None)
    message = " ".join(error.format_message().replace("Value error, ", "").split())
    message = _SECRET.sub("***", message)
    return Failure(
        exits.USAGE,
        "usage_error",
        message[:1].lower() + message[1:],
        hint=f"See: {ctx.command_path} --help" if ctx else None,
    )


def _of_the_sdk(error: Any) -> Failure:
    from aimusicverse import errors

    if isinstance(error, errors.APIStatusError):
        return _of_the_server(error)
    if isinstance(error, errors.APITimeoutError):
        return Failure(exits.TIMED_OUT, "timeout", error.message, retryable=True)
    if isinstance(error, errors.APIConnectionError):
        hint = "Is the server running? `amv serve` starts one here."
        return Failure(exits.NETWORK, "connection_error", error.message, retryable=True, hint=hint)
    if isinstance(error, errors.ConfigurationError):
        return Failure(exits.USAGE, "configuration_error", error.message)
    if isinstance(error, errors.JobFailedError):
        problem = getattr(error.object, "problem", None)
        return Failure(exits.FAILED, getattr(problem, "code", None) or "job_failed", error.message)
    if isinstance(error, errors.WebhookVerificationError):
        return Failure(exit_code_of_webhook(error.reason), error.reason, error.message)
    return Failure(exits.FAILED, "error", error.message)


def _of_the_server(error: Any) -> Failure:
    from aimusicverse import errors

    by_class = {
        errors.AuthenticationError: (exits.REFUSED, "Check AMV_API_KEY."),
        errors.PermissionDeniedError: (exits.REFUSED, None),
        errors.NotFoundError: (exits.NOT_FOUND, _where_to_look(error.message)),
        errors.UnprocessableEntityError: (exits.USAGE, None),
        errors.PreconditionFailedError: (exits.FAILED, "Look at it again, and name its new etag."),
        errors.RateLimitError: (exits.RATE_LIMITED, None),
    }
    exit_code, hint = by_class.get(type(error), (exits.FAILED, None))
    hint = _BY_CODE.get(error.code, hint)
    exit_code = _EXITS.get(error.code, exit_code)
    if isinstance(error, errors.RateLimitError) and error.retry_after is not None:
        hint = f"Try again in {error.retry_after:.0f} s."
        if error.problem is not None and error.problem.upgrade_url:
            hint += f" How to get more calls: {error.problem.upgrade_url}"
    if error.status in (408, 504):
        exit_code = exits.TIMED_OUT
    elif error.status >= 500:
        hint = "The server's log has more (AMV_DEBUG=1, if amv started it)."
    fields = [
        (item.field, item.message + (f" ({item.hint})" if _adds(item.hint, item.message) else ""))
        for item in (error.problem.errors if error.problem else [])
    ]
    return Failure(
        exit_code,
        error.code,
        # The detail of an invalid request repeats the fields.
        error.problem.title if error.problem and error.code == "invalid_request" else error.message,
        status=error.status,
        request_id=error.request_id,
        retryable=error.status in (408, 429)
        or error.status >= 500
        or error.code == "idempotency_in_progress",
        hint=hint,
        fields=fields,
    )


def _adds(hint: str | None, message: str) -> bool:
    """Whether a hint says something that the message does not."""
    return bool(hint) and str(hint).removeprefix("one of: ") not in message


#: What to type, where the problem's own words cannot know that somebody types.
_BY_CODE = {
    "test_key_needed": "Make a test key (amv keys create desk --test --scope webhooks:read --scope "
    "webhooks:write), and put it into AMV_API_KEY.",
    "nothing_to_connect": "How a release gets there: amv platforms list",
    "webhook_disabled": "Enable it first: amv webhooks update ID --enable",
}
#: Where a code says more than its status.
_EXITS = {"release_refused": exits.RELEASE_REFUSED}
_OF_RELEASES = ("numpy", "soundfile", "PIL", "lxml", "langcodes")
_LISTS = {
    "trk": "amv tracks list",
    "gen": "amv generations list",
    "pls": "amv playlists list",
    "evt": "amv events list",
    "key": "amv keys list",
    "usr": "amv users list",
    "whk": "amv webhooks list",
    "dst": "amv distributions list",
    "art": "amv artwork list",
    "dlv": "amv webhooks deliveries WEBHOOK",
}


def _where_to_look(message: str) -> str | None:
    match = re.search(rf"\b({'|'.join(_LISTS)})_", message)
    return f"See: {_LISTS[match.group(1)]}" if match else None


def _invalid_fields(error: BaseException) -> list[tuple[str, str]] | None:
    """pydantic's, when the client refused a request before it was sent."""
    if type(error).__name__ != "ValidationError" or not hasattr(error, "errors"):
        return None
    return [
        (".".join(str(part) for part in item["loc"]) or "request", item["msg"]) for item in error.errors()
    ]


def _missing_module(error: ModuleNotFoundError) -> Failure:
    extra = "release" if (error.name or "").partition(".")[0] in _OF_RELEASES else "server"
    return Failure(
        exits.FAILED,
        "missing_extra",
        f"this needs the package {error.name!r}, which is not installed",
        hint=f"Install it: pip install 'aimusicverse[{extra}]'",
    )
