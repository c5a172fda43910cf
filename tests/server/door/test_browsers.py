"""What a real browser makes of the headers: it plays links anywhere, and shows the documentation."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.server.conftest import Api
from tests.server.door.conftest import started

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="needs Chromium: apt install chromium")

PAGE = """<!doctype html><title>nothing</title><p id=fetched></p><audio id=player src="{link}"></audio>
<script>
player.addEventListener("canplaythrough", () => document.title = "plays " + player.duration);
player.addEventListener("error", () => document.title = "error " + player.error.message);
fetch("{url}/api/v1/engines", {{headers: {{"X-API-Key": "{key}"}}}})
  .then(answer => answer.json().then(found => fetched.textContent =
      "read " + found.data[0].name + " " + answer.headers.get("x-request-id").slice(0, 4)))
  .catch(error => fetched.textContent = "blocked");
</script>"""


class Site:
    """A page of somebody else's, on an origin of its own; it isolates itself, so that nothing slips in."""

    def __init__(self) -> None:
        site = self
        self.page = ""

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.send_header("Cross-Origin-Embedder-Policy", "require-corp")
                self.end_headers()
                self.wfile.write(site.page.encode())

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://localhost:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def site() -> Iterator[Site]:
    found = Site()
    yield found
    found.server.shutdown()
    found.server.server_close()


def shown(url: str, folder: Path) -> tuple[str, str]:
    """The page as it stands after its scripts, and what the browser said on its console."""
    words = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--dump-dom"]
    words += [f"--user-data-dir={folder}", "--virtual-time-budget=10000", "--enable-logging=stderr", url]
    found = subprocess.run([CHROMIUM, *words], capture_output=True, text=True, timeout=100)
    return found.stdout, "\n".join(line for line in found.stderr.splitlines() if "CONSOLE" in line)


@pytest.mark.parametrize("allowed", [True, False])
def test_a_page_elsewhere_plays_a_link_and_calls_only_if_it_is_on_the_list(
    tmp_path: Path, site: Site, allowed: bool
) -> None:
    api = started(tmp_path / "server", cors_origins=site.origin if allowed else "")
    try:
        [track] = api.generate()["tracks"]
        link = api.post(f"/tracks/{track['id']}/play-url", json={"format": "wav"}).json()["url"]
        site.page = PAGE.format(link=link, url=api.server.url, key=api.key)
        page, _ = shown(site.origin, tmp_path / "browser")
        assert "<title>plays 5" in page
        assert (">read quick req_<" in page) == allowed
        assert (">blocked<" in page) == (not allowed)
    finally:
        api.http.close()
        api.server.close()


def test_the_documentation_shows_and_breaks_none_of_its_own_rules(api: Api, tmp_path: Path) -> None:
    page, console = shown(f"{api.server.url}/docs", tmp_path / "browser")
    assert page.count("opblock-summary-path") > 20
    assert console == ""
