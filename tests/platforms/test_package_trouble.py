"""What goes wrong while a package is written, and whose trouble it is."""

from __future__ import annotations

import errno

import pytest

from aimusicverse.platforms.base import DeliveryError
from aimusicverse.platforms.package_trouble import package_trouble
from aimusicverse.release.package_error import CannotPackage, Obstacle, refuse


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_passes_by_itself(number: int) -> None:
    full = OSError(number, "No space left on device")
    with pytest.raises(DeliveryError) as direct, package_trouble():
        raise full
    with pytest.raises(DeliveryError) as inside, package_trouble():
        raise refuse("/srv/out/1.itmsp", "it could not be written.", "Look at the disk.") from full
    for failed in (direct, inside):
        assert (failed.value.problem.code, failed.value.problem.kind) == ("disk_full", "transient")
        assert "/srv" not in failed.value.problem.message


def test_what_the_release_lacks_is_told_with_its_fields() -> None:
    missing = [Obstacle(f"tracks[{number}].isrc", "there is none.", "Give one.") for number in range(5)]
    with pytest.raises(DeliveryError) as failed, package_trouble():
        raise CannotPackage(missing)
    problem = failed.value.problem
    assert (problem.code, problem.kind, problem.field) == ("package_failed", "metadata", "tracks[0].isrc")
    assert problem.message.startswith("there is none. tracks[1].isrc: there is none. tracks[2].isrc")
    assert "And 2 more." in problem.message
    assert problem.hint == "Give one."


def test_other_errors_pass_as_they_are() -> None:
    with pytest.raises(KeyError), package_trouble():
        raise KeyError("x")
