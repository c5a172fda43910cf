from __future__ import annotations

import json
import subprocess
import sys

import pytest

import aimusicverse

HEAVY = [
    "httpx",
    "httpcore",
    "pydantic",
    "pydantic_core",
    "typer",
    "rich",
    "tenacity",
    "numpy",
    "fastapi",
    "sqlalchemy",
    "asyncio",
    "ssl",
]


def loaded_by(code: str) -> set[str]:
    script = f"{code}\nimport json, sys\nprint(json.dumps(sorted(m.split('.')[0] for m in sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout))


def test_importing_the_package_loads_nothing_heavy():
    assert loaded_by("import aimusicverse; aimusicverse.__version__; dir(aimusicverse)").isdisjoint(HEAVY)


@pytest.mark.parametrize("name", ["AMVError", "ConfigurationError", "Secret", "RequestOptions"])
def test_small_names_load_nothing_heavy_either(name):
    assert loaded_by(f"from aimusicverse import {name}").isdisjoint(HEAVY)


def test_looking_for_a_server_loads_nothing_heavy():
    code = "from aimusicverse.credentials.sources import running_local_server; running_local_server()"
    assert loaded_by(code).isdisjoint(HEAVY)


def test_a_client_needs_no_server_engine_or_sound():
    code = "from aimusicverse import Client; Client('k', 'http://127.0.0.1:1').generation"
    assert loaded_by(code).isdisjoint({"fastapi", "sqlalchemy", "numpy", "soundfile", "typer"})


@pytest.mark.parametrize("name", [name for name in aimusicverse.__all__ if name != "LocalServer"])
def test_every_public_name_can_be_imported(name):
    assert getattr(aimusicverse, name) is not None


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="Nothing"):
        aimusicverse.Nothing  # noqa: B018
    assert set(dir(aimusicverse)) == set(aimusicverse.__all__)
