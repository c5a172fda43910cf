from __future__ import annotations

import pytest

from aimusicverse.cli import progress as module
from aimusicverse.cli.output import Output
from aimusicverse.cli.progress import Lines, Silent, of_download, of_generation, progress
from aimusicverse.types import Generation


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds, which the test moves."""
    now = [0.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    return now


def test_a_log_gets_a_line_for_each_stage_and_one_every_few_seconds(
    clock: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    with Lines(Output()) as lines:
        for second in range(12):
            clock[0] = second + 1.0
            lines.show("render" if second < 11 else "master", second / 20)
    assert capsys.readouterr().err.splitlines() == [
        "render 0%",
        "render 25%, about 0:15 left",
        "render 50%, about 0:10 left",
        "master 55%, about 0:09 left",
    ]


def test_a_download_gets_a_line_only_when_it_takes_long(
    clock: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    lines = Lines(Output())
    lines.show("completed", 1.0)
    for second in range(0, 24, 4):
        clock[0] = float(second)
        of_download(lines, second, 20)
    assert capsys.readouterr().err.splitlines() == [
        "completed 100%",
        "download 40%, about 0:12 left",
        "download 80%, about 0:04 left",
    ]


def test_time_left_is_not_guessed_from_nothing(
    clock: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    lines = Lines(Output())
    for second, fraction in ((0.0, 0.0), (10.0, 0.5), (20.0, 0.5), (30.0, 0.1), (40.0, 0.2)):
        clock[0] = second
        lines.show("render", fraction)
    shown = capsys.readouterr().err.splitlines()
    assert shown == ["render 0%", "render 50%", "render 50%", "render 10%", "render 20%, about 1:20 left"]


@pytest.mark.parametrize("output", [Output(quiet=True), Output(json=True)])
def test_nobody_who_wants_quiet_or_reads_json_in_a_pipe_is_bothered(output: Output) -> None:
    assert isinstance(progress(output), Silent)


def test_stages_come_from_the_state_and_cannot_steer_the_terminal() -> None:
    class Shown(Silent):
        def show(self, stage: str, fraction: float) -> None:
            seen.append((stage, fraction))

    seen: list[tuple[str, float]] = []
    for status, stage in (
        ("queued", None),
        ("processing", None),
        ("processing", "mix\x1b[2J"),
        ("completed", "x"),
    ):
        of_generation(Shown(), Generation.model_construct(status=status, stage=stage, progress=0.5))
    of_download(Shown(), 1, 4)
    of_download(Shown(), 1, None)
    assert seen == [
        ("queued", 0.5),
        ("processing", 0.5),
        ("mix\\x1b[2J", 0.5),
        ("completed", 0.5),
        ("download", 0.25),
        ("download", 0.0),
    ]
