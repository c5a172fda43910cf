"""What the documentation shows works: its programs run, its commands parse, its lists are whole."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from aimusicverse import LocalServer, errors
from aimusicverse.cli import exits
from aimusicverse.cli.app import command

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
_FENCE = re.compile(r"^```(\w*)([^\n]*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_TEST_FILE = re.compile(r'title="(test_\w+\.py)"')
_LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)[^)]*\)")


def blocks(page: Path, language: str) -> list[str]:
    """The fenced blocks of a page in one language."""
    return [body for found, _, body in _FENCE.findall(page.read_text("utf-8")) if found == language]


def shown_tests(page: Path) -> dict[str, str]:
    """What a page shows as a test of somebody's own, by its name."""
    found = ((_TEST_FILE.search(more), body) for _, more, body in _FENCE.findall(page.read_text("utf-8")))
    return {name.group(1): body for name, body in found if name}


def program(page: Path) -> str:
    """A page's Python as one program, with empty lines for the rest: line numbers are those of the page.

    Durations are cut to the shortest there is.
    """
    text = page.read_text("utf-8")
    lines = [""] * text.count("\n")
    for match in _FENCE.finditer(text):
        if match.group(1) == "python" and not _TEST_FILE.search(match.group(2)):
            first = text.count("\n", 0, match.start(3))
            body = match.group(3).splitlines()
            lines[first : first + len(body)] = body
    return re.sub(r"duration_seconds=\d+\b", "duration_seconds=5", "\n".join(lines))


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a server that runs, as `amv serve` would."""
    folder = tmp_path_factory.mktemp("docs") / "data"
    with LocalServer(folder):
        yield folder


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "python")], ids=named)
def test_the_programs_of_a_page_run(page: Path, data_dir: Path, tmp_path: Path) -> None:
    script = tmp_path / page.with_suffix(".py").name
    script.write_text(program(page), "utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AMV_")}
    done = subprocess.run(
        [sys.executable, "-W", "error", str(script)],
        cwd=tmp_path,
        env=environment | {"AMV_DATA_DIR": str(data_dir)},
        capture_output=True,
        text=True,
        timeout=110,
    )
    assert done.returncode == 0, f"{named(page)}:\n{done.stderr}"


@pytest.mark.parametrize("page", [page for page in PAGES if shown_tests(page)], ids=named)
def test_the_tests_of_a_page_pass(page: Path, tmp_path: Path) -> None:
    for name, body in shown_tests(page).items():
        (tmp_path / name).write_text(body, "utf-8")
    options = ["-q", "-W", "error", "-p", "no:cacheprovider", "-p", "no:schemathesis", "-p", "no:asyncio"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options],
        cwd=tmp_path,
        env={name: value for name, value in os.environ.items() if not name.startswith(("AMV_", "PYTEST_"))},
        capture_output=True,
        text=True,
        timeout=110,
    )
    assert done.returncode == 0, f"{named(page)}:\n{done.stdout}{done.stderr}"


def amv_lines() -> Iterator[tuple[Path, str]]:
    for page in PAGES:
        shown = [
            re.sub(r"^(?!\$ ).*$", "", block, flags=re.M) for block in blocks(page, "console")
        ]  # of these, what is typed
        for block in [*blocks(page, "sh"), *blocks(page, "bash"), *shown]:
            for line in block.replace("\\\n", " ").splitlines():
                found = re.search(r"(?:^|/|\s)amv ((?!/).*)$", line.split("#")[0].strip())
                if found and not line.startswith("systemctl"):
                    yield page, re.split(r" [>|] ", found.group(1))[0]


@pytest.mark.parametrize(("page", "line"), list(amv_lines()), ids=str)
def test_the_commands_of_a_page_exist_with_their_options(page: Path, line: str) -> None:
    import shlex

    node: Any = command()
    context = node.make_context("amv", [], resilient_parsing=True)
    words = shlex.split(line)
    while words and hasattr(node, "commands"):
        _, node, words = node.resolve_command(context, words)
    known = {option for param in node.params for option in (*param.opts, *param.secondary_opts)}
    asked = {word.split("=")[0] for word in words if word.startswith("-") and word != "-"}
    assert asked <= known | {"--help"}, f"{named(page)}: amv {line}"


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_to_files_lead_somewhere(page: Path) -> None:
    text = _FENCE.sub("", page.read_text("utf-8"))
    targets = [target for target in _LINK.findall(text) if not target.startswith(("http:", "https:"))]
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_the_navigation_names_every_page() -> None:
    configuration = re.sub(r"!!python\S+", "", (ROOT / "mkdocs.yml").read_text("utf-8"))

    def leaves(node: Any) -> Iterator[str]:
        if isinstance(node, str):
            yield node
        elif node is not None:
            for child in node.values() if isinstance(node, dict) else node:
                yield from leaves(child)

    listed = set(leaves(yaml.safe_load(configuration)["nav"]))
    there = {str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md")}
    # Each problem code and each group of rules has a page that a list leads to.
    lists = {"problems/index.md", "rules/index.md", "rules/terms.md"}
    codes = {page for page in there if page.startswith(("problems/", "rules/"))} - lists
    assert listed == there - codes


def test_the_table_of_calls_is_that_of_the_specification() -> None:
    shown = re.findall(
        r"^\| (GET|POST|PUT|PATCH|DELETE) \| `([^`]+)`", (DOCS / "http-api.md").read_text(), re.M
    )
    specification = yaml.load((DOCS / "api/openapi.yaml").read_text("utf-8"), yaml.CSafeLoader)
    real = {(method.upper(), path) for path, calls in specification["paths"].items() for method in calls}
    assert len(shown) == len(set(shown))
    assert set(shown) == real


def test_the_page_of_errors_shows_the_whole_tree() -> None:
    text = (DOCS / "errors.md").read_text("utf-8")
    classes = {
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, errors.AMVError)
    }
    assert {name for name in classes if not re.search(rf"\b{name}\b", text)} == set()


def test_the_page_of_errors_lists_the_exit_codes() -> None:
    listed = {
        int(code) for code in re.findall(r"^\| (\d+) \|", (DOCS / "errors.md").read_text("utf-8"), re.M)
    }
    assert {value for value in vars(exits).values() if isinstance(value, int)} <= listed


def test_the_page_of_settings_has_every_variable_that_is_read() -> None:
    sources = (ROOT / "aimusicverse").rglob("*.py")
    read = {
        name for source in sources for name in re.findall(r'"(AMV_[A-Z0-9_]+)"', source.read_text("utf-8"))
    }
    read.remove("AMV_PROVENANCE")  # what a file's tag is called
    assert len(read) >= 40
    read -= {"AMV_PROVENANCE"}  # a tag inside sound files
    assert read <= set(re.findall(r"`(AMV_[A-Z0-9_]+)`", (DOCS / "settings.md").read_text("utf-8")))


def test_nothing_sends_a_reader_to_a_hosted_service() -> None:
    for page in PAGES:
        hosts = set(re.findall(r"https?://([\w.-]+)", page.read_text("utf-8")))
        strangers = {host for host in hosts if "aimusicverse" in host}
        assert not strangers, f"{named(page)}: there is no hosted service"
