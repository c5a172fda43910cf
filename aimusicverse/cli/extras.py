"""Commands that need more than the SDK itself has: said in a line, before anything begins."""

from __future__ import annotations

from aimusicverse.cli import exits
from aimusicverse.cli.errors import CommandError


def require(*packages: str) -> None:
    """See whether packages can be imported.

    Raises:
        CommandError: one cannot; its hint is the command that installs it.
    """
    from importlib import import_module

    for package in packages:
        try:
            import_module(package)
        except ImportError:
            raise CommandError(
                f"this needs the package {'Pillow' if package == 'PIL' else package}, which is not installed",
                exit_code=exits.FAILED,
                code="missing_extra",
                hint="Install it: pip install 'aimusicverse[release]'",
            ) from None
