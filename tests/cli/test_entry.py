"""The way in, before and after everything else."""

from __future__ import annotations

import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from tests.cli.conftest import AMV

_INTERRUPTED_AT = """
import sys

class CtrlC:
    def find_spec(self, name, path=None, target=None):
        if name == {name!r}:
            raise KeyboardInterrupt

sys.meta_path.insert(0, CtrlC())
from aimusicverse.cli.entry import main
sys.argv = ["amv", "--version"]
sys.exit(main())
"""


@pytest.mark.parametrize("name", ["aimusicverse.cli.app", "typer", "aimusicverse.cli.output"])
def test_an_interrupt_while_the_program_is_loaded_leaves_no_traceback(name: str) -> None:
    code = _INTERRUPTED_AT.format(name=name)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=30)
    assert done.returncode == 130
    assert b"Traceback" not in done.stderr
    assert done.stdout == b""


def test_the_installed_command_comes_in_through_the_light_module() -> None:
    (script,) = metadata.entry_points(group="console_scripts", name="amv")
    assert script.value == "aimusicverse.cli.entry:main"
    watched = "import sys, aimusicverse.cli.entry; print('typer' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", watched], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
    assert "aimusicverse.cli.entry" in Path(AMV).read_text()
