from __future__ import annotations

import csv
import io
import itertools
from datetime import UTC, datetime, timedelta

import pytest

from aimusicverse import Client
from aimusicverse.cli import usage as module
from aimusicverse.cli.usage_view import BAR_CELLS, bar
from aimusicverse.server.running import RunningServer
from aimusicverse.types import Latency, UsageFigures, UsageGroup, UsageStats
from tests.cli.conftest import Run

pytestmark = pytest.mark.usefixtures("at_server")
MIDNIGHT = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def asked(client: Client) -> None:
    for _ in range(3):
        client.tracks.list().page()


def rows(text: str) -> list[list[str]]:
    return [line.split("\t") for line in text.splitlines()]


@pytest.mark.usefixtures("asked")
def test_in_a_pipe_there_is_a_line_for_each_endpoint_and_no_bar(amv: Run) -> None:
    shown = {row[0]: row[1:] for row in rows(amv("usage").out)}
    assert int(shown["GET /tracks"][0]) >= 3
    assert all(len(row) == 7 and row[0].isdigit() for row in shown.values())
    assert "█" not in amv("usage").out


@pytest.mark.usefixtures("asked")
def test_json_is_what_the_api_says(amv: Run) -> None:
    found = amv("usage", "--by", "hour", "--from", "2h", "--json")
    assert found.code == 0
    assert found.err == ""
    assert found.data["group_by"] == "hour"
    assert sum(group["requests"] for group in found.data["data"]) == found.data["total"]["requests"]


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize(
    ("by", "names"),
    [
        ("endpoint", ["endpoint"]),
        ("key", ["key_id", "key_name"]),
        ("hour", ["start", "seconds"]),
        ("day", ["start", "seconds"]),
    ],
)
def test_csv_has_names_and_the_same_figures(amv: Run, by: str, names: list[str]) -> None:
    text = amv("usage", "--by", by, "--csv").out
    found = list(csv.DictReader(io.StringIO(text)))
    assert list(found[0])[: len(names) + 1] == [*names, "requests"]
    assert all(int(row["requests"]) > 0 and float(row["p95_ms"]) > 0 for row in found)


def test_a_name_that_a_spreadsheet_would_run_is_made_harmless(
    amv: Run, client: Client, server: RunningServer
) -> None:
    for name in ('=HYPERLINK("http://evil")', "+1", "-1", "@x", 'a "quoted", one'):
        made = client.api_keys.create(name, scopes=["tracks:read"])
        assert made.key is not None
        with Client(made.key, server.url) as theirs:
            theirs.tracks.list().page()
    names = {row["key_name"] for row in csv.DictReader(io.StringIO(amv("usage", "--by", "key", "--csv").out))}
    assert names >= {'\'=HYPERLINK("http://evil")', "'+1", "'-1", "'@x", 'a "quoted", one'}


def test_one_key_can_be_looked_at_alone(amv: Run, client: Client, server: RunningServer) -> None:
    made = client.api_keys.create("alone", scopes=["tracks:read"])
    assert made.key is not None
    with Client(made.key, server.url) as theirs:
        theirs.tracks.list().page()
        theirs.tracks.list().page()
    shown = rows(amv("usage", "--key", made.id).out)
    assert [row[:2] for row in shown] == [["GET /tracks", "2"]]
    assert amv("usage", "--key", "key_unknown").out == ""


@pytest.mark.parametrize(
    "words",
    [
        ("usage", "--csv", "--json"),
        ("usage", "--by", "planet"),
        ("usage", "--from", "yesterday"),
        ("usage", "--to", "2026-13-01"),
        ("usage", "--from", "1h", "--to", "2h"),
        ("usage", "--by", "hour", "--from", "60d"),
        ("admin", "usage", "--csv", "--json"),
        ("admin", "usage", "--by", "planet"),
        ("admin", "usage", "--from", "9999d"),
    ],
)
def test_what_cannot_be_is_wrong_usage(amv: Run, words: tuple[str, ...]) -> None:
    refused = amv(*words)
    assert (refused.code, refused.out) == (2, "")
    assert refused.err


def test_a_bar_grows_with_its_value_and_nothing_has_none() -> None:
    assert bar(0, 10) == ""
    assert bar(10, 10) == "█" * BAR_CELLS
    assert bar(5, 10) == "█" * (BAR_CELLS // 2)
    assert bar(1, 1_000_000) == "▏"
    assert bar(0, 0) == ""
    widths = [bar(value, 100) for value in range(101)]
    assert all(len(one) <= len(other) for one, other in itertools.pairwise(widths))


def figures(requests: int) -> dict[str, object]:
    return {
        "requests": requests,
        "errors": 0,
        "server_errors": 0,
        "limit_hits": 0,
        "bytes_sent": 2_500_000,
        "latency_ms": Latency(p50=1.234, p95=250.0, p99=None),
    }


def test_on_a_terminal_there_are_bars_and_a_gap_is_seen() -> None:
    data = [
        UsageGroup(**figures(count), start=MIDNIGHT + timedelta(days=day), seconds=86_400)
        for day, count in ((0, 100), (3, 50))
    ]
    found = UsageStats(
        start=MIDNIGHT,
        end=MIDNIGHT,
        group_by="day",
        total=UsageFigures(**figures(150)),
        data=data,
        statuses={},
        clients=[],
    )

    class Shown:
        to_terminal = True

        def table(self, headings: list[str], lines: object, *, gives_way: str) -> None:
            self.headings, self.lines = headings, [*lines]  # type: ignore[misc]

        def note(self, text: str) -> None:
            self.noted = text

    class Ctx:
        output = Shown()

    module._show(Ctx, module.By.DAY, found)  # type: ignore[arg-type]
    assert [line[:2] for line in Ctx.output.lines] == [
        ["2026-03-01", "100"],
        ["2026-03-02", "0"],
        ["2026-03-03", "0"],
        ["2026-03-04", "50"],
    ]
    assert [line[2] for line in Ctx.output.lines] == ["█" * 20, "", "", "█" * 10]
    assert Ctx.output.lines[0][5:] == ["1.23", "250", "-", "2.5 MB"]
    assert Ctx.output.noted.startswith("150 requests, 0 errors, 0 over a limit, p95 250 ms")
