"""What goes wrong with covers."""

from __future__ import annotations

from aimusicverse.errors import AMVError


class ArtworkError(AMVError):
    """A cover cannot be made as asked. The message says what, where and what to do.

    Args:
        code: `bad_design`, `unknown_style`, `unknown_template`, `lettering`, `bad_size` or
            `unreadable_image`.
        message: for a person.
        field: of the design, where it is one field's fault.
    """

    def __init__(self, code: str, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.field = field


class LetteringError(ArtworkError):
    """A title or name cannot be set in letters: no font here has them, or they cannot be set right."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__("lettering", message, field)

    def __reduce__(self) -> tuple[object, ...]:
        return LetteringError, (self.message, self.field)
