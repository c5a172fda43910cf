"""End to end: the receiver that the documentation shows, in a process of its own, hears of a song."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from tests.server.deliveries.sending import Sending
from tests.server.processes import ROOT


def test_it_verifies_that_a_generation_is_completed_within_five_seconds(
    sending: Sending, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        webhook = sending.webhook(f"http://127.0.0.1:{port}/webhooks", events=["generation.completed"])
        log = tmp_path / "receiver.log"
        command = [sys.executable, "-u", "-m", "uvicorn", "--app-dir", str(ROOT / "examples" / "receivers")]
        with (
            log.open("wb") as output,
            subprocess.Popen(
                [*command, "--fd", str(listener.fileno()), "fastapi_receiver:app"],
                env={**os.environ, "WEBHOOK_SECRET": webhook["secret"], "PYTHONPATH": str(ROOT)},
                cwd=tmp_path,
                stdout=output,
                stderr=output,
                pass_fds=[listener.fileno()],
            ) as receiver,
        ):
            try:
                sending.until(lambda: "startup complete" in log.read_text())
                generation = sending.api.generate()
                ended = time.monotonic()
                sending.until(lambda: "generation.completed evt_" in log.read_text())
                assert time.monotonic() - ended < 5
                [delivered] = sending.settled(webhook, "succeeded")
                sending.until(lambda: log.read_text().count('"POST /webhooks HTTP/1.1" 200') >= 1)
            finally:
                receiver.terminate()
    [attempt] = sending.delivery(delivered["id"])["attempts"]
    assert attempt["status_code"] == 200
    event = sending.api.get(f"/events/{delivered['event_id']}").json()
    assert event["data"]["id"] == generation["id"]
