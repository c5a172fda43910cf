"""Guards: what is listed is what is there, and what is not needed is not loaded."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import import_module
from typing import Any

import pytest
import typer

from aimusicverse.cli.app import Root, command, main
from aimusicverse.cli.distributions import DistributionCommands
from aimusicverse.cli.lazy import Entry, LazyGroup
from aimusicverse.cli.platforms import PlatformCommands
from aimusicverse.cli.release import ReleaseCommands
from aimusicverse.cli.webhooks import Webhooks

_HEAVY = (
    "httpx",
    "pydantic",
    "rich",
    "aimusicverse.client",
    "aimusicverse.types",
    "aimusicverse.local",
    "numpy",
)
_WATCHED = """
import sys
from aimusicverse.cli.app import main
try:
    main()
finally:
    sys.stdout.flush()
    print("modules", *sorted(sys.modules), file=sys.stderr)
"""


def loaded(*words: str, **environment: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", _WATCHED, *words],
        capture_output=True,
        check=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env={**os.environ, **environment},
    )
    return set(done.stderr.splitlines()[-1].split())


def leaves() -> list[tuple[str, Any]]:
    """Every command with its path, loaded."""

    def walk(path: str, node: Any) -> list[tuple[str, Any]]:
        for name in getattr(node, "table", ()):
            node.load(name)
        inner = getattr(node, "commands", None)
        if inner is None:
            return [(path, node)]
        return [leaf for name, child in inner.items() for leaf in walk(f"{path} {name}", child)]

    return walk("amv", command())


_GROUPS = {
    "webhooks": Webhooks,
    "release": ReleaseCommands,
    "distributions": DistributionCommands,
    "platforms": PlatformCommands,
}
_ENTRIES = {
    **Root.table,
    **{f"{group} {name}": entry for group, lazy in _GROUPS.items() for name, entry in lazy.table.items()},
}


def test_no_group_of_lazy_commands_is_forgotten_here() -> None:
    assert set(LazyGroup.__subclasses__()) == {Root, *_GROUPS.values()}


@pytest.mark.parametrize("entry", _ENTRIES.values(), ids=_ENTRIES)
def test_the_line_about_a_command_is_its_own_first_line(entry: Entry) -> None:
    actual = typer.main.get_command(import_module(entry.module).app)
    assert (actual.help or "").split("\n\n")[0] == entry.help


@pytest.mark.parametrize(
    "words",
    [
        ["--help"],
        ["--version"],
        ["generate", "--help"],
        ["serve", "--help"],
        ["listen", "--help"],
        ["webhooks", "create", "--help"],
        ["release", "check", "--help"],
        ["tracks", "list", "--help"],
    ],
)
def test_help_and_version_load_nothing_heavy(words: list[str]) -> None:
    assert sorted(loaded(*words) & set(_HEAVY)) == []


def test_a_command_does_not_load_the_command_line_of_httpx() -> None:
    modules = loaded("engines", "--base-url", "http://127.0.0.1:9", AMV_API_KEY="k", AMV_DEBUG="")
    assert "httpx" in modules
    assert "httpx._main" not in modules
    assert not {"rich.console", "pygments", "click"} & modules


def test_help_loads_no_command() -> None:
    modules = {entry.module for entry in Root.table.values()}
    assert not loaded("--help") & modules


def test_a_command_of_a_lazy_group_does_not_load_the_others() -> None:
    modules = {entry.module for entry in Webhooks.table.values()}
    assert not loaded("webhooks", "--help") & modules
    assert loaded("webhooks", "sign", "--help") & modules == {"aimusicverse.cli.webhooks.sign"}


def test_text_is_given_to_a_command_without_pydantic() -> None:
    variable = {"S": "whsec_" + "A" * 32}
    assert "pydantic" not in loaded("webhooks", "sign", "--secret-env", "S", "--id", "a", **variable)


@pytest.mark.parametrize(
    "line", ["amv ", "amv --", "amv tracks ", "amv --json tracks l", "amv generate x --for"]
)
def test_completion_loads_nothing_heavy(line: str) -> None:
    words = line.split(" ")
    modules = loaded(
        _AMV_COMPLETE="complete_bash",
        COMP_WORDS=line,
        COMP_CWORD=str(len(words) - 1),
        _TYPER_COMPLETE_ARGS=line,
    )
    assert sorted(modules & set(_HEAVY)) == []


def completions(line: str) -> list[str]:
    words = line.split(" ")
    environment = {"_AMV_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)}
    done = subprocess.run(
        [sys.executable, "-c", "from aimusicverse.cli.app import main; main()"],
        capture_output=True,
        check=True,
        text=True,
        env={**os.environ, **environment},
    )
    return done.stdout.split()


def test_completion_knows_commands_their_commands_options_and_choices() -> None:
    assert "generate" in completions("amv ge")
    assert "list" in completions("amv tracks l")
    assert "--variants" in completions("amv generate x --var")
    assert completions("amv generate x --format f") == ["flac"]


@pytest.mark.parametrize(
    ("path", "leaf"), leaves(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_command_has_a_sentence_an_example_and_the_common_options(path: str, leaf: Any) -> None:
    first = leaf.help.splitlines()[0]
    assert first.endswith(".")
    assert f"Example:\n    {path}" in leaf.help
    options = {option for param in leaf.params for option in param.opts}
    assert {"--json", "--quiet", "--no-color", "--base-url"} <= options
    for param in leaf.params:
        assert getattr(param, "help", None), f"{path}: {param.name} says nothing about itself"


def test_an_example_stays_as_it_was_written(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["generate", "--help"]) == 0
    assert '  amv generate "synthwave, 110 bpm" --plan-only --json > plan.json\n' in capsys.readouterr().out


def test_a_group_without_a_command_shows_its_help_and_fails(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tracks"]) == 2
    shown = capsys.readouterr()
    assert "play-url" in shown.err
    assert shown.out == ""


def test_a_mistyped_command_is_guessed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["generat"]) == 2
    assert "Did you mean 'generate'" in capsys.readouterr().err
