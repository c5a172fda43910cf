"""A stand-in store for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.platforms.apple_music.delivering import Apple


@pytest.fixture
def apple(tmp_path: Path) -> Apple:
    return Apple(tmp_path)
