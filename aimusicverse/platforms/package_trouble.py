"""What stood in the way of a package, as a step of a delivery tells it."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from aimusicverse.platforms.base import DeliveryError
from aimusicverse.platforms.store_problems import general
from aimusicverse.release.package_error import CannotPackage

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_TOLD: Final = 3


@contextmanager
def package_trouble() -> Iterator[None]:
    """Turn what goes wrong while a package is written into a `DeliveryError`.

    A full disk passes by itself; a folder that cannot be written is the server's; all else is the
    release's. Paths of the server are not told.

    Raises:
        DeliveryError: `disk_full`, `server_not_ready` or `package_failed`.
    """
    try:
        yield
    except CannotPackage as refused:
        if isinstance(refused.__cause__, OSError):
            raise _of_the_disk(refused.__cause__) from refused
        first, *more = refused.obstacles
        # The field of the first one is the problem's.
        told = " ".join([first.message, *(f"{one.field}: {one.message}" for one in more[: _TOLD - 1])])
        rest = f" And {len(more) + 1 - _TOLD} more." if len(more) >= _TOLD else ""
        field = first.field if "/" not in first.field else None
        message = f"{told}{rest}" if field else "A file of the release has changed or is gone."
        raise DeliveryError(general("package_failed", message, field=field, hint=first.fix)) from refused
    except OSError as error:
        raise _of_the_disk(error) from error


def _of_the_disk(error: OSError) -> DeliveryError:
    if error.errno in _FULL:
        return DeliveryError(general("disk_full"))
    return DeliveryError(
        general(
            "server_not_ready",
            f"The package could not be written: {error.strerror or type(error).__name__}.",
            hint="Whoever runs the server looks at AMV_DELIVERY_FOLDER and the data folder. Retry then.",
        )
    )
