"""What is installed: light to import, typed, complete, honest about what is missing."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import tomllib
from importlib import metadata, resources
from pathlib import Path

import pytest

import aimusicverse

ROOT = Path(__file__).parent.parent
HEAVY = [
    "httpx",
    "pydantic",
    "typer",
    "rich",
    "numpy",
    "soundfile",
    "fastapi",
    "sqlalchemy",
    "asyncio",
    "ssl",
]


def python(program: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a program in a fresh interpreter."""
    return subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def without(*packages: str) -> str:
    """The beginning of a program in which some packages cannot be imported, as without an extra."""
    return f"""
import sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {packages!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Missing())
"""


SERVER_PACKAGES = (
    "numpy",
    "soundfile",
    "fastapi",
    "starlette",
    "uvicorn",
    "sqlalchemy",
    "alembic",
    "bcrypt",
    "aiohttp",
)


def environment_without_coverage() -> dict[str, str]:
    """Coverage's start-up hook imports modules of its own, which is not what is counted here."""
    return dict.fromkeys(("COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG"), "")


def test_importing_the_package_loads_nothing_heavy() -> None:
    done = python(
        "import sys, json, aimusicverse; print(json.dumps(sorted(sys.modules)))",
        **environment_without_coverage(),
    )
    loaded = set(json.loads(done.stdout))
    assert loaded & set(HEAVY) == set()
    ours = {name for name in loaded if name.startswith("aimusicverse")}
    assert ours == {"aimusicverse", "aimusicverse._version"}


def test_the_command_line_shows_its_version_without_the_sdk() -> None:
    done = python(
        "import sys; from aimusicverse.cli.app import main; code = main(['--version']); "
        "assert not {'httpx', 'pydantic', 'numpy', 'fastapi'} & set(sys.modules), sorted(sys.modules); "
        "raise SystemExit(code)",
        **environment_without_coverage(),
    )
    assert (done.returncode, done.stdout) == (0, f"amv {aimusicverse.__version__}\n"), done.stderr


@pytest.mark.parametrize("name", aimusicverse.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(aimusicverse, name) is not None
    assert name in dir(aimusicverse)


def test_the_names_that_are_loaded_are_those_that_are_public() -> None:
    assert {*aimusicverse._MODULE_OF, "__version__"} == set(aimusicverse.__all__)


def test_other_names_are_refused() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Nothing'"):
        _ = aimusicverse.Nothing


def test_the_package_says_that_it_is_typed() -> None:
    assert resources.files("aimusicverse").joinpath("py.typed").is_file()


def test_the_version_is_the_same_everywhere() -> None:
    assert metadata.version("aimusicverse") == aimusicverse.__version__


def test_the_licence_is_there() -> None:
    assert (ROOT / "LICENSE").read_text("utf-8").startswith("MIT License")
    assert metadata.metadata("aimusicverse")["License-Expression"] == "MIT AND OFL-1.1"  # a font


def test_the_changelog_knows_what_is_not_released() -> None:
    assert "## [Unreleased]" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_every_extra_is_described_by_what_it_needs() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    assert {"release", "server", "testing", "dev"} <= set(extras)
    for extra, requirements in extras.items():
        for requirement in requirements:
            # A lower bound always; types-* packages follow their library by date.
            assert ">=" in requirement or requirement.startswith(("aimusicverse[", "types-")), (
                extra,
                requirement,
            )


def test_a_local_server_without_its_extra_says_what_to_install() -> None:
    done = python(
        without(*SERVER_PACKAGES)
        + "from aimusicverse import LocalServer, ConfigurationError\n"
        + "try:\n    LocalServer()\nexcept ConfigurationError as error:\n    print(error)\n"
    )
    assert done.stdout.count("\n") == 1, done.stderr
    assert "pip install 'aimusicverse[server]'" in done.stdout


@pytest.mark.parametrize("arguments", [["generate", "lofi", "-o", "x.wav"], ["serve", "--port", "0"]])
def test_amv_without_the_extra_says_what_to_install(arguments: list[str], tmp_path: Path) -> None:
    done = python(
        without(*SERVER_PACKAGES)
        + f"from aimusicverse.cli.app import main\nraise SystemExit(main({arguments!r}))",
        AMV_DATA_DIR=str(tmp_path / "data"),
        AMV_BASE_URL="",
    )
    errors = [line for line in done.stderr.splitlines() if line.startswith("error:")]
    assert done.returncode in (1, 2)
    assert len(errors) == 1, done.stderr
    assert "pip install 'aimusicverse[server]'" in errors[0]
    assert "Traceback" not in done.stderr


def test_the_sdk_needs_no_package_of_the_server() -> None:
    done = python(
        without(*SERVER_PACKAGES)
        + "from aimusicverse import *\n"
        + "with Client('key', 'http://127.0.0.1:9') as client:\n    print(client)\n"
    )
    assert done.returncode == 0, done.stderr


def test_the_command_is_installed() -> None:
    scripts = metadata.entry_points(group="console_scripts", name="amv")
    assert [script.value for script in scripts] == ["aimusicverse.cli.entry:main"]
    assert importlib.util.find_spec("aimusicverse.cli.app") is not None
