"""Play links in a real browser: the length is known, it plays, it seeks by ranges, and it ends."""

from __future__ import annotations

import io
import json
import os
import queue
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from fastapi import Request

from aimusicverse.server.running import RunningServer
from aimusicverse.server.settings import Settings
from aimusicverse.server.tracks import routes
from tests.server.conftest import Api
from tests.server.quick_engine import QuickEngine

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="needs Chromium: apt-get install chromium")

SECONDS, RATE = 60, 44_100
PAGE = """<!doctype html><meta charset="utf-8"><title>Listening</title>
{elements}
<script>
function happens(audio, type) {{
  return new Promise((resolve, reject) => {{
    audio.addEventListener(type, resolve, {{once: true}});
    audio.addEventListener("error", () => reject(audio.error), {{once: true}});
    setTimeout(() => reject({{code: "no " + type}}), 20000);
  }});
}}
async function listen(audio) {{
  const ready = happens(audio, "loadedmetadata");
  audio.load();
  await ready;
  const seen = {{duration: audio.duration}};
  await audio.play();
  while (audio.currentTime < 0.3) await happens(audio, "timeupdate");
  seen.played = audio.currentTime;
  const there = happens(audio, "seeked");
  audio.currentTime = audio.duration - 1;
  await there;
  seen.sought = audio.currentTime;
  await happens(audio, "ended");
  seen.ended = audio.currentTime;
  return seen;
}}
(async () => {{
  const report = {{}};
  for (const audio of document.querySelectorAll("audio"))
    report[audio.id] = await listen(audio).catch(error => ({{error: error.code}}));
  await fetch("/report", {{method: "POST", body: JSON.stringify(report)}});
}})();
</script>
"""


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    """One server, on SQLite: what is served is the same on both databases."""
    settings = Settings.from_environment({}, data_dir=tmp_path / "server", port=0)
    api = Api(RunningServer(settings, engines={"quick": QuickEngine()}), QuickEngine())
    yield api
    api.http.close()
    api.server.close()


@contextmanager
def page_with(links: dict[str, str]) -> Iterator[tuple[str, queue.Queue[Any]]]:
    """A page, on another origin than the audio, with an element for each link; and what it reports."""
    elements = "\n".join(
        f'<audio id="{name}" preload="none" src="{url}"></audio>' for name, url in links.items()
    )
    page = PAGE.format(elements=elements.replace("&", "&amp;")).encode()
    reports: queue.Queue[Any] = queue.Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        def do_POST(self) -> None:
            reports.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/", reports
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def browser_at(url: str) -> Iterator[subprocess.Popen[bytes]]:
    """Chromium without a window, on a page."""
    # In a folder with a short name: it makes a socket there, whose path may have 107 characters.
    with (
        tempfile.TemporaryDirectory(prefix="amv-", ignore_cleanup_errors=True) as folder,
        started(url, Path(folder)) as process,
    ):
        yield process


@contextmanager
def started(url: str, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    options = [
        "--headless=new",
        "--autoplay-policy=no-user-gesture-required",
        "--mute-audio",
        "--disable-gpu",
    ]
    options += ["--no-first-run", "--disable-dev-shm-usage", f"--user-data-dir={folder / 'profile'}"]
    if os.geteuid() == 0:
        options.append("--no-sandbox")  # it refuses to run as root with one
    assert CHROMIUM
    with subprocess.Popen(
        [CHROMIUM, *options, url],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | dict.fromkeys(("HOME", "TMPDIR"), str(folder)),  # it leaves files behind
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            os.killpg(process.pid, signal.SIGKILL)


def the_report(reports: queue.Queue[Any], browser: subprocess.Popen[bytes]) -> Any:
    """What the page says, as long as there is a browser to say it."""
    for _ in range(90):
        assert browser.poll() is None, "the browser has ended"
        with suppress(queue.Empty):
            return reports.get(timeout=1)
    raise AssertionError("the page says nothing")


def noise(seconds: int) -> bytes:
    """A WAV file that no coding makes small."""
    file = io.BytesIO()
    sound = np.random.default_rng(1).normal(0, 0.05, (seconds * RATE, 2))
    soundfile.write(file, sound, RATE, format="WAV", subtype="PCM_16")
    return file.getvalue()


def test_a_play_link_plays_and_seeks_in_a_browser_until_it_ends(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    wav = noise(SECONDS)
    sent = api.post("/tracks?title=Noise", content=wav, headers={"Content-Type": "audio/wav"})
    path = f"/tracks/{sent.json()['id']}"

    def link(format: str) -> str:
        return str(api.post(f"{path}/play-url", json={"format": format}).json()["url"])

    links = {"expired": link("wav")}
    api.advance(timedelta(hours=2))
    links |= {format: link(format) for format in ("wav", "flac", "mp3")}
    assert api.key not in "".join(links.values())

    parts: list[tuple[str, int, str]] = []
    answer = routes.audio_response

    async def watched(request: Request, title: str, format: Any, *rest: Any, **more: Any) -> Any:
        given = await answer(request, title, format, *rest, **more)
        parts.append((format, given.status_code, given.headers.get("content-range", "bytes 0-")))
        return given

    monkeypatch.setattr(routes, "audio_response", watched)
    with page_with(links) as (url, reports), browser_at(url) as browser:
        seen = the_report(reports, browser)

    assert seen["expired"] == {"error": 4}  # MEDIA_ERR_SRC_NOT_SUPPORTED: there is nothing to play
    for format in ("wav", "flac", "mp3"):
        heard = seen[format]
        assert "error" not in heard, (format, seen)
        assert heard["duration"] == pytest.approx(SECONDS, abs=0.06), format
        assert 0.3 <= heard["played"] < SECONDS - 2
        assert heard["sought"] == pytest.approx(heard["duration"] - 1, abs=0.2)
        assert heard["ended"] == pytest.approx(heard["duration"], abs=0.1)
    wanted = [
        (status, int(part.split()[1].partition("-")[0])) for form, status, part in parts if form == "wav"
    ]
    assert {status for status, _ in wanted} == {206}
    assert max(first for _, first in wanted) > len(wav) / 2  # without what lies before
