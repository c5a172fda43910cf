from __future__ import annotations

import pytest

from tests.cli.conftest import Run

pytestmark = pytest.mark.usefixtures("at_server")


def test_engines_are_shown_with_what_they_can_do(amv: Run) -> None:
    assert amv("engines").out == "quick\t1\tembedded\tdefault\tno\t0:05-10:00\t\n"
    assert amv("engines", "--json").data["data"][0]["name"] == "quick"
