"""What is right is left alone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.release.bad_releases import ALL_STORES, findings
from tests.release.sound_releases import ALBUM, SINGLE


@pytest.mark.parametrize("via", [None, "distrokid", "tunecore", "cd_baby", "labelgrid"])
@pytest.mark.parametrize("release", [SINGLE, ALBUM], ids=["single", "album"])
def test_a_sound_release_has_no_findings_anywhere(release: dict[str, Any], via: str | None) -> None:
    assert findings(release, ALL_STORES, via) == []
