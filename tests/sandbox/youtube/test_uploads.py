from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from aimusicverse.sandbox.youtube import advance
from aimusicverse.sandbox.youtube.uploads import STEP
from tests.sandbox.youtube.films import film
from tests.sandbox.youtube.stand_in import StandIn, stand_in

FILM = film(3 * STEP + 777)
RESOURCE = {"snippet": {"title": "Paper Lanterns"}, "status": {"privacyStatus": "private"}}


def begin(youtube: StandIn, headers: dict[str, str], **resource: Any) -> httpx.Response:
    return httpx.post(
        f"{youtube.address.upload}/videos",
        params={"uploadType": "resumable", "part": "snippet,status"},
        json={**RESOURCE, **resource},
        headers={
            **headers,
            "X-Upload-Content-Length": str(len(FILM)),
            "X-Upload-Content-Type": "video/mp4",
        },
    )


def put(session: str, headers: dict[str, str], start: int, end: int, content: bytes = FILM) -> httpx.Response:
    said = f"bytes {start}-{end - 1}/{len(content)}"
    return httpx.put(session, content=content[start:end], headers={**headers, "Content-Range": said})


def how_far(session: str, headers: dict[str, str]) -> httpx.Response:
    return httpx.put(session, headers={**headers, "Content-Range": f"bytes */{len(FILM)}"})


def reason(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["errors"][0]["reason"]


def test_a_film_goes_up_piece_by_piece_and_becomes_a_video(youtube: StandIn) -> None:
    headers = youtube.headers()
    session = begin(youtube, headers).headers["location"]
    first = how_far(session, headers)
    assert (first.status_code, first.headers.get("range")) == (308, None)
    for start in range(0, 3 * STEP, STEP):
        answer = put(session, headers, start, start + STEP)
        assert (answer.status_code, answer.headers["range"]) == (308, f"bytes=0-{start + STEP - 1}")
    last = put(session, headers, 3 * STEP, len(FILM))
    assert last.status_code == 201
    assert last.json()["status"]["uploadStatus"] == "uploaded"
    again = how_far(session, headers)
    assert (again.status_code, again.json()["id"]) == (201, last.json()["id"])
    (video,) = youtube.records("video").values()
    assert (video["sha256"], video["size"]) == (hashlib.sha256(FILM).hexdigest(), len(FILM))
    assert not list((youtube.around.folder / "youtube").iterdir())  # nobody keeps what was looked into


def test_of_a_piece_that_broke_off_whole_steps_count(youtube: StandIn) -> None:
    headers = youtube.headers()
    session = begin(youtube, headers).headers["location"]
    youtube.order("fault", call="upload", status=0, after_bytes=STEP + 1000)
    with pytest.raises(httpx.TransportError):
        put(session, headers, 0, len(FILM))
    assert how_far(session, headers).headers["range"] == f"bytes=0-{STEP - 1}"
    assert put(session, headers, STEP, len(FILM)).status_code == 201
    (video,) = youtube.records("video").values()
    assert video["sha256"] == hashlib.sha256(FILM).hexdigest()


def test_the_same_bytes_twice_are_taken_once_and_gaps_are_refused(youtube: StandIn) -> None:
    headers = youtube.headers()
    session = begin(youtube, headers).headers["location"]
    assert put(session, headers, 0, 2 * STEP).status_code == 308
    assert put(session, headers, STEP, 3 * STEP).headers["range"] == f"bytes=0-{3 * STEP - 1}"
    assert put(session, headers, 0, 2 * STEP).headers["range"] == f"bytes=0-{3 * STEP - 1}"
    assert put(session, headers, 0, 1000).status_code == 400  # no step
    session = begin(youtube, headers).headers["location"]
    assert put(session, headers, STEP, 2 * STEP).status_code == 400
    bad = httpx.put(session, content=b"x", headers={**headers, "Content-Range": "bytes 0-9"})
    assert bad.status_code == 400


def test_sessions_that_are_not_there_or_too_old_are_said_to_be_gone(youtube: StandIn) -> None:
    headers = youtube.headers()
    session = begin(youtube, headers).headers["location"]
    assert how_far(session + "x", headers).status_code == 404
    put(session, headers, 0, STEP)
    advance(youtube.around)
    assert how_far(session, headers).headers["range"]
    youtube.clock.forward(timedelta(days=7))
    assert how_far(session, youtube.headers()).status_code == 410
    advance(youtube.around)
    assert not list((youtube.around.folder / "youtube").iterdir())
    session = begin(youtube, youtube.headers()).headers["location"]
    assert httpx.delete(session, headers=youtube.headers()).status_code == 499
    assert how_far(session, youtube.headers()).status_code == 404


def test_a_session_is_one_account_s_alone(youtube: StandIn) -> None:
    session = begin(youtube, youtube.headers()).headers["location"]
    other = youtube.sign_in(login_hint="another").access.get_secret_value()
    assert how_far(session, {"Authorization": f"Bearer {other}"}).status_code == 404
    assert how_far(session, {}).status_code == 401


def test_the_day_s_uploads_are_new_at_midnight_pacific(tmp_path: Path) -> None:
    with stand_in(tmp_path, uploads_a_day=2) as youtube:
        headers = youtube.headers()
        assert [begin(youtube, headers).status_code for _ in range(2)] == [200, 200]
        assert reason(begin(youtube, headers)) == (403, "quotaExceeded")
        youtube.clock.at = datetime(2026, 11, 27, 7, 59, tzinfo=UTC)
        assert reason(begin(youtube, youtube.headers())) == (403, "quotaExceeded")
        youtube.clock.forward(timedelta(minutes=1))
        assert begin(youtube, youtube.headers()).status_code == 200


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ({"snippet": {"title": " "}}, "invalidTitle"),
        ({"snippet": {"title": "x" * 101}}, "invalidTitle"),
        ({"snippet": {"title": "a <b>"}}, "invalidTitle"),
        ({"snippet": {"title": "x", "description": "é" * 2501}}, "invalidDescription"),
        ({"snippet": {"title": "x", "tags": ["y" * 251, "z" * 250]}}, "invalidTags"),
        ({"snippet": {"title": "x", "categoryId": "music"}}, "invalidCategoryId"),
        ({"status": {"privacyStatus": "secret"}}, "invalidVideoMetadata"),
        ({"status": {"privacyStatus": "private", "publishAt": "2020-01-01T00:00:00Z"}}, "invalidPublishAt"),
        ({"status": {"privacyStatus": "public", "publishAt": "2030-01-01T00:00:00Z"}}, "invalidPublishAt"),
        ({"status": {"privacyStatus": "private", "publishAt": "tomorrow"}}, "invalidPublishAt"),
        ({"status": "private"}, "badRequest"),
    ],
)
def test_what_youtube_does_not_take_is_refused_before_a_byte(
    youtube: StandIn, resource: dict[str, Any], expected: str
) -> None:
    assert reason(begin(youtube, youtube.headers(), **resource)) == (400, expected)
    assert youtube.records("session") == {}


def test_what_is_no_film_fails_when_it_is_looked_at(youtube: StandIn) -> None:
    headers = youtube.headers()
    session = begin(youtube, headers).headers["location"]
    video = put(session, headers, 0, len(FILM), bytes(len(FILM))).json()["id"]
    youtube.reviewed()
    asked = {"part": "status", "id": video}
    status = httpx.get(f"{youtube.address.api}/videos", params=asked, headers=headers).json()["items"][0][
        "status"
    ]
    assert (status["uploadStatus"], status["failureReason"]) == ("failed", "invalidFile")


_SERVER = """
import sys; from pathlib import Path
from tests.sandbox.youtube.stand_in import stand_in
with stand_in(Path(sys.argv[1])) as youtube:
    print(youtube.url, flush=True)
    sys.stdin.read()
"""


def test_half_an_upload_survives_kill_9(tmp_path: Path) -> None:
    def served() -> tuple[subprocess.Popen[str], str]:
        process = subprocess.Popen(
            [sys.executable, "-c", _SERVER, str(tmp_path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[3],
        )
        assert process.stdout is not None
        return process, process.stdout.readline().strip()

    process, url = served()
    try:
        with stand_in(tmp_path) as here:  # another process of the same memory: it signs in
            headers = here.headers()
            session = begin(here, headers).headers["location"].replace(here.url, url)
        assert put(session, headers, 0, STEP).status_code == 308
        with httpx.Client() as client:
            request = client.build_request(
                "PUT",
                session,
                content=_endless(FILM[STEP:]),
                headers={
                    **headers,
                    "Content-Range": f"bytes {STEP}-{len(FILM) - 1}/{len(FILM)}",
                    "Content-Length": str(len(FILM) - STEP),
                },
            )
            os.kill(process.pid, signal.SIGSTOP)
            os.kill(process.pid, signal.SIGKILL)
            with pytest.raises(httpx.TransportError):
                client.send(request)
    finally:
        process.kill()
        process.communicate()
    process, new = served()
    try:
        session = session.replace(url, new)
        have = int(how_far(session, headers).headers["range"].removeprefix("bytes=0-")) + 1
        assert have >= STEP
        assert put(session, headers, have, len(FILM)).status_code == 201
    finally:
        process.communicate()
    with stand_in(tmp_path) as here:
        (video,) = here.records("video").values()
        assert video["sha256"] == hashlib.sha256(FILM).hexdigest()


def _endless(content: bytes) -> Any:
    for start in range(0, len(content), 65_536):
        yield content[start : start + 65_536]
        time.sleep(0)
