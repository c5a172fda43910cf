"""Write the reference that follows from the code: the API's specification, settings, problem codes.

python scripts/write_reference.py            write
python scripts/write_reference.py --check    exit 1 and name the files that are stale
"""

from __future__ import annotations

import sys
from dataclasses import fields
from pathlib import Path

import yaml

from aimusicverse.server.app import application
from aimusicverse.server.problems import CODES
from aimusicverse.server.settings import Settings

ROOT = Path(__file__).resolve().parent.parent


def reference() -> dict[Path, str]:
    """Every generated file with its content."""
    files = {
        ROOT / "docs/api/openapi.yaml": specification(),
        ROOT / "docs/settings.md": settings(),
        ROOT / ".env.example": environment(),
        ROOT / "docs/problems/index.md": problems(),
    }
    for code in CODES:
        files[ROOT / f"docs/problems/{code}.md"] = problem(code)
    return files


def specification() -> str:
    """OpenAPI 3.1 as YAML."""
    return yaml.safe_dump(application().openapi(), sort_keys=False, allow_unicode=True, width=110)


def settings() -> str:
    """The page of settings."""
    rows = "\n".join(
        "| `{variable}` | {default} | {meaning} |".format(**setting.metadata, default=default(setting.name))
        for setting in fields(Settings)
    )
    return f"""# Settings

The server reads them from the environment when it starts; options of `amv serve` win over them.

| variable | default | meaning |
|---|---|---|
{rows}

The client and `amv` read:

| variable | meaning |
|---|---|
| `AMV_API_KEY` | The API key. |
| `AMV_BASE_URL` | Origin of the server, without `/api/v1`. |
| `AMV_ALLOW_HTTP` | 1: the key may go without TLS, as in a container network. |
| `AMV_DATA_DIR` | Where a server that runs on this machine is found, and where `amv` starts one. |
| `AMV_CONFIG_DIR` | Where your own defaults of releases are: `release-defaults.toml`. |
| `AMV_PLAYER` | The program that `amv tracks play` plays with, and its options: `mpv --volume=60`. |
| `AMV_MIGRATE_TO` | What `amv server migrate` takes for `--to`, where it would show a password. |
| `AMV_DEBUG` | 1: `amv` shows the traceback of an error, and the log of a server that it started itself. |
| `NO_COLOR` | No colours. |

The sandbox's receivers of DDEX batches read:

| variable | meaning |
|---|---|
| `AMV_DDEX_SCHEMAS` | A folder with DDEX's schemas (`ern43/`, `ern432/`): messages must fit them too. |
"""


def environment() -> str:
    """`.env.example`."""
    lines = ["# Settings of the server; see docs/settings.md. Every line is optional.", ""]
    for setting in fields(Settings):
        lines += [
            f"# {setting.metadata['meaning']}",
            f"#{setting.metadata['variable']}={plain(setting.name)}",
            "",
        ]
    return "\n".join(lines)


def plain(name: str) -> str:
    """A default as it would stand in the environment."""
    if name == "data_dir":
        return "~/.local/share/aimusicverse"
    value = getattr(Settings(), name)
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, bool) else str(value)


def default(name: str) -> str:
    """A default as the page shows it."""
    return f"`{plain(name)}`" if plain(name) else ""


def problems() -> str:
    """The list of problem codes."""
    rows = "\n".join(
        f"| [`{code}`]({code}.md) | {known.status} | {known.title} |" for code, known in CODES.items()
    )
    return f"""# Problems

Every error answer is a problem (RFC 9457) with a stable `code`. Branch on the code, not on the text.

| code | status | title |
|---|---|---|
{rows}
"""


def problem(code: str) -> str:
    """A code's page."""
    known = CODES[code]
    return f"""# {code}

**{known.title}.** HTTP {known.status}.

{known.advice}
"""


def main(arguments: list[str]) -> int:
    """Write, or check."""
    stale = [
        path for path, text in reference().items() if not path.exists() or path.read_text("utf-8") != text
    ]
    expected = set(reference())
    orphans = [path for path in (ROOT / "docs/problems").glob("*.md") if path not in expected]
    if "--check" in arguments:
        for path in stale + orphans:
            print(f"stale: {path.relative_to(ROOT)}; run python scripts/write_reference.py", file=sys.stderr)
        return 1 if stale or orphans else 0
    for path in orphans:
        path.unlink()
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(reference()[path], "utf-8")
        print(path.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
