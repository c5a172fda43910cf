from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run


def test_its_options_reach_the_worker_and_its_exit_code_is_the_workers(
    amv: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: dict[str, object] = {}

    def work(**given: object) -> int:
        seen.update(given)
        return 130

    monkeypatch.setattr("aimusicverse.server.run.work", work)
    words = ["--slots", "4", "--data-dir", "~/x", "--durable", "--log-level", "debug"]
    assert amv("worker", *words).code == 130
    assert seen == {
        "slots": 4,
        "data_dir": Path("~/x").expanduser(),
        "durable": True,
        "log_level": "debug",
    }
    assert amv("worker").code == 130
    assert set(seen.values()) == {None}  # the environment decides
