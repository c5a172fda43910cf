from __future__ import annotations

import json
import re
import signal
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.cli.conftest import Run, running


def test_it_serves_says_where_and_ends_when_asked(amv: Run, tmp_path: Path) -> None:
    with running("serve", "--port", "0", "--log-level", "warning") as process:
        assert process.stderr is not None
        said = process.stderr.readline().decode()
        url = re.search(r"http://127\.0\.0\.1:\d+", said)
        assert url, said
        with urlopen(f"{url.group()}/healthz") as answer:
            assert answer.status == 200
        assert json.loads((tmp_path / "data" / "server.json").read_text())["url"] == url.group()
        assert amv("tracks", "list", "--json").data["data"] == []  # found by itself
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=20)
        assert process.returncode == 0
    assert out == b""
    assert not (tmp_path / "data" / "server.json").exists()


def test_its_options_reach_the_server(amv: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, object] = {}

    def serve(**given: object) -> int:
        seen.update(given)
        return 0

    monkeypatch.setattr("aimusicverse.server.run.serve", serve)
    words = ["--host", "::1", "--port", "1", "--data-dir", "~/x", "--durable", "--log-level", "debug"]
    words += ["--workers", "2", "--no-jobs"]
    assert amv("serve", *words).code == 0
    assert seen == {
        "host": "::1",
        "port": 1,
        "data_dir": Path("~/x").expanduser(),
        "workers": 2,
        "jobs": False,
        "durable": True,
        "dev": None,
        "log_level": "debug",
    }
    assert amv("serve").code == 0
    assert set(seen.values()) == {None}  # the environment decides


def test_its_exit_code_is_the_servers(amv: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aimusicverse.server.run.serve", lambda **_: 130)
    assert amv("serve").code == 130
