"""`amv distributions export` and `import`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run
from tests.types.exports import export_of

pytestmark = pytest.mark.usefixtures("at_server")


def saved(name: str, *distributions: dict[str, Any]) -> str:
    Path(name).write_text(json.dumps(export_of(*distributions)), "utf-8")
    return name


def test_a_file_comes_in_once_and_leaves_in_both_formats(amv: Run) -> None:
    file = saved("in.json", {"status": "processing", "step": "look"})
    first = amv("distributions", "import", file)
    assert first.code == 0, first.err
    rows = dict(line.split("\t") for line in first.out.splitlines())
    assert (rows["imported"], rows["deliveries paused"]) == ("1", "1")
    assert amv("distributions", "export", "-o", "out.csv").out == "out.csv\n"
    again = amv("distributions", "import", "out.csv", "--json").data
    assert (again["imported"], again["unchanged"]) == (0, 1)
    assert json.loads(amv("distributions", "export", "--status", "paused").out)["distributions"][0]["mode"]
    assert amv("distributions", "export", "--format", "csv").out.startswith('"id","mode"')


def test_a_file_with_a_mistake_is_refused_with_its_place(amv: Run) -> None:
    file = saved("bad.json", {"step": "dance"})
    refused = amv("distributions", "import", file, "--json")
    assert refused.code == 2
    assert "distributions[0].deliveries[0].step" in refused.err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("export", "--format", "xml"), "json or csv"),
        (("export", "-o", "no/such/folder/x.csv"), "no folder"),
        (("import", "x.json", "--format", "xml"), "json or csv"),
        (("import", "there-is-none.json"), "there-is-none"),
    ],
)
def test_wrong_usage_is_said_before_anything_is_done(amv: Run, words: tuple[str, ...], says: str) -> None:
    failed = amv("distributions", *words)
    assert failed.code in (1, 2, 4)
    assert says in failed.err
