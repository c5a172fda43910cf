"""Every way a command of ours can fail. `failure` says what is told about it, and about all the others."""

from __future__ import annotations

from aimusicverse.cli import exits


class CommandError(Exception):
    """A command that cannot go on, and says what to do."""

    def __init__(
        self, message: str, *, exit_code: int, code: str, hint: str | None = None, retryable: bool = False
    ) -> None:
        super().__init__(message)
        self.retryable = retryable
        self.message = message
        self.exit_code = exit_code
        self.code = code
        self.hint = hint
        self.fields: list[tuple[str, str]] = []
        self.findings: list[tuple[str, str]] = []


class UsageProblem(CommandError):
    """Wrong usage that the option parser cannot see."""

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message, exit_code=exits.USAGE, code="usage_error", hint=hint)


class MissingCommand(UsageProblem):
    """A group without a command; its help is the answer."""

    def __init__(self, path: str, page: str) -> None:
        super().__init__("a command is missing", hint=f"See: {path} --help")
        self.page = page


class OutputProblem(CommandError):
    """A place that cannot be written to."""

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message, exit_code=exits.FAILED, code="output_error", hint=hint)


class Interrupted(CommandError):
    """Stopped by a person (SIGINT) or by the system (SIGTERM, SIGHUP). `hint` is the command that goes on."""

    def __init__(self, message: str, *, exit_code: int = exits.INTERRUPTED, hint: str | None = None) -> None:
        code = "interrupted" if exit_code == exits.INTERRUPTED else "terminated"
        super().__init__(message, exit_code=exit_code, code=code, hint=hint)


def exit_code_of_webhook(reason: str) -> int:
    """The exit code for a webhook that is not to be trusted. A timestamp that cannot be one is not stale."""
    return exits.SIGNATURE_STALE if reason in ("too_old", "too_new") else exits.SIGNATURE_INVALID
