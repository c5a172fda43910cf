"""Without the official schemas tests say that they are skipped and why; with a wrong folder they fail."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.release.ern import schemas


def test_without_the_variable_a_test_is_skipped_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schemas, "_NAMED", None)
    with pytest.raises(pytest.skip.Exception, match="AMV_DDEX_SCHEMAS is not set"):
        schemas.schemas()


def test_with_a_folder_that_has_none_a_test_fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(schemas, "_NAMED", str(tmp_path))
    with pytest.raises(pytest.fail.Exception, match="cannot be read"):
        schemas.schemas()
