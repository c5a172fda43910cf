"""A secret in the environment, and `amv` with something on its standard input."""

from __future__ import annotations

import io
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from tests.cli.conftest import Result, Run
from tests.cli.webhooks.receivers import SECRET


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("SECRET", SECRET)
    return SECRET


@pytest.fixture
def given(amv: Run, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run `amv webhooks …` with bytes on its standard input; nothing that it says has the secret."""

    def run(stdin: bytes, *words: str) -> Result:
        monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(stdin), isatty=lambda: False))
        done = amv("webhooks", *words)
        assert SECRET.removeprefix("whsec_") not in done.out + done.err
        return done

    return run
