"""What is said when a release cannot be prepared."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from aimusicverse.cli import exits
from aimusicverse.cli.errors import CommandError


@contextmanager
def told() -> Iterator[None]:
    """Errors of files, drawing and packages, told as every error of a command is.

    Raises:
        CommandError: instead of them.
    """
    from aimusicverse.audio.errors import AudioError
    from aimusicverse.release.artwork import ArtworkError
    from aimusicverse.release.image_check import ImageError
    from aimusicverse.release.package_error import CannotPackage

    try:
        yield
    except CannotPackage as refused:
        first = refused.obstacles[0]
        message = f"{first.field}: {first.message.rstrip('.')}"
        raise CommandError(message, exit_code=exits.FAILED, code="cannot_prepare", hint=first.fix) from None
    except (AudioError, ImageError) as error:
        ours = error.code in ("unwritable", "disk_full")
        raise CommandError(
            error.message, exit_code=exits.FAILED if ours else exits.USAGE, code=error.code
        ) from None
    except ArtworkError as error:
        raise CommandError(
            str(error),
            exit_code=exits.USAGE,
            code=error.code,
            hint="Bring a cover of your own, or go without --lettering.",
        ) from None
