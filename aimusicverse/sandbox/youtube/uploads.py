"""Uploads that can be gone on with: a session, pieces of a file, and the video that it becomes.

How far a session is, its file says; so it survives whatever happens to this process. Of a piece that broke
off only whole steps of 256 KiB count.
"""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from aimusicverse.sandbox.orders import Order
from aimusicverse.sandbox.state import get, put, remove
from aimusicverse.sandbox.surroundings import Surroundings
from aimusicverse.sandbox.youtube.channel import channel_of
from aimusicverse.sandbox.youtube.errors import GoogleError
from aimusicverse.sandbox.youtube.faults import STORE
from aimusicverse.sandbox.youtube.film import Film, look_into
from aimusicverse.sandbox.youtube.resource import FAILURES, checked, shown

STEP: Final = 256 * 1024
_PACIFIC: Final = ZoneInfo("America/Los_Angeles")
_SESSION_LIVES: Final = timedelta(days=7)
_RANGE: Final = re.compile(r"bytes (?:(\d{1,15})-(\d{1,15})|\*)/(\d{1,15}|\*)", re.ASCII)
_RESUME = 308


def begin(
    surroundings: Surroundings,
    who: tuple[str, str],
    request: Request,
    body: dict[str, Any],
    *,
    uploads_a_day: int,
    verified: bool,
) -> Response:
    """A new session; its address is in `Location`."""
    account, client = who
    now = surroundings.now()
    parts = request.query_params.get("part", "").split(",")
    kind = request.headers.get("x-upload-content-type", "application/octet-stream")
    if request.query_params.get("uploadType") != "resumable":
        raise GoogleError(400, "badRequest", "Only resumable uploads are taken here.", domain="global")
    if not kind.startswith("video/") and kind != "application/octet-stream":
        raise GoogleError(400, "badContent", f"Media type '{kind}' is not supported.", domain="global")
    video = checked(body, ["snippet", "status"], now)
    if not verified:
        video["status"] |= {"privacyStatus": "private", "publishAt": None}
    length = request.headers.get("x-upload-content-length", "")
    session = secrets.token_urlsafe(24)
    day = now.astimezone(_PACIFIC).date().isoformat()
    with surroundings.state.writing() as connection:
        used = (get(connection, STORE, "quota", f"{client} {day}") or {"uploads": 0})["uploads"]
        if used >= uploads_a_day:
            raise quota_exceeded()
        put(connection, STORE, "quota", f"{client} {day}", {"uploads": used + 1})
        put(connection, STORE, "session", session, {
            "account": account,
            "parts": [part for part in parts if part],
            "total": int(length) if length.isascii() and length.isdigit() else None,
            "until": (now + _SESSION_LIVES).isoformat(),
            "video": None,
            **video,
        })  # fmt: skip
    place = request.url.include_query_params(upload_id=session)
    return Response(status_code=200, headers={"Location": str(place), "X-GUploader-UploadID": session})


def quota_exceeded() -> GoogleError:
    """The day's uploads are used up."""
    return GoogleError(
        403,
        "quotaExceeded",
        "The request cannot be completed because you have exceeded your quota.",
        domain="youtube.quota",
    )


async def go_on(surroundings: Surroundings, account: str, request: Request) -> Response:
    """`PUT`: a piece, or the question how far it is (`bytes */N`)."""
    identifier = request.query_params.get("upload_id", "")
    session = await run_in_threadpool(_session, surroundings, account, identifier)
    if session["video"] is not None:
        return await run_in_threadpool(_done, surroundings, session)
    path = _path(surroundings, identifier)
    have = _have(path, session["total"])
    start, end, total = _asked(request, session["total"])
    if start is None:
        return _so_far(have)
    if start > have:
        raise GoogleError(
            400, "badRequest", f"The upload offset {start} exceeds the uploaded size {have}.", domain="global"
        )
    if (end + 1 - start) % STEP and end + 1 != total:
        raise GoogleError(400, "badRequest", f"Pieces are multiples of {STEP} bytes.", domain="global")
    try:
        await _write(path, request, start, have, end + 1)
    except ClientDisconnect:
        return Response(status_code=499)  # nobody hears it
    have = path.stat().st_size
    if have < end + 1 or have < total:
        return _so_far(_have(path, total))
    await run_in_threadpool(_finish, surroundings, identifier, session, path)
    return await run_in_threadpool(_done, surroundings, _session(surroundings, account, identifier))


def give_up(surroundings: Surroundings, account: str, request: Request) -> Response:
    """`DELETE`: forget a session, and what came of its file."""
    identifier = request.query_params.get("upload_id", "")
    _session(surroundings, account, identifier)
    with surroundings.state.writing() as connection:
        remove(connection, STORE, "session", identifier)
    _path(surroundings, identifier).unlink(missing_ok=True)
    return Response(status_code=499)  # Google's own answer to it


def sweep(surroundings: Surroundings) -> None:
    """Delete files of sessions that are over, or that nobody knows any more."""
    for file in (surroundings.folder / "youtube").glob("*.part"):
        session = surroundings.state.get(STORE, "session", file.stem)
        if session is None or datetime.fromisoformat(session["until"]) <= surroundings.now():
            file.unlink(missing_ok=True)


def _session(surroundings: Surroundings, account: str, identifier: str) -> dict[str, Any]:
    session = surroundings.state.get(STORE, "session", identifier)
    if session is None or session["account"] != account:
        raise GoogleError(404, "notFound", "Not Found", domain="global")
    if datetime.fromisoformat(session["until"]) <= surroundings.now():
        raise GoogleError(410, "uploadSessionExpired", "The upload session has expired.", domain="global")
    return session


def _path(surroundings: Surroundings, identifier: str) -> Path:
    """Of its file. The id is ours: it was found among the sessions."""
    return surroundings.folder / "youtube" / f"{identifier}.part"


def _have(path: Path, total: int | None) -> int:
    size = path.stat().st_size if path.exists() else 0
    return size if size == total else size // STEP * STEP


def _asked(request: Request, total: int | None) -> tuple[int | None, int, int]:
    """From where, up to where, of how many; from `None`: only asked."""
    written = request.headers.get("content-range")
    if written is None:
        length = int(request.headers.get("content-length", "0"))
        return 0, length - 1, length
    found = _RANGE.fullmatch(written.strip())
    if found is None:
        raise GoogleError(400, "badRequest", "Failed to parse Content-Range header.", domain="global")
    of = total if found[3] == "*" else int(found[3])
    if found[1] is None:
        return None, 0, of or 0
    start, end = int(found[1]), int(found[2])
    if of is None or start > end or end >= of or (total is not None and of != total):
        raise GoogleError(400, "badRequest", "Invalid Content-Range header.", domain="global")
    return start, end, of


async def _write(path: Path, request: Request, start: int, have: int, end: int) -> None:
    """What is new of this piece, behind what there is. What came stays, whatever happens."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    at = start
    with path.open("r+b" if path.exists() else "w+b") as file:
        file.truncate(have)
        file.seek(have)
        async for piece in request.stream():
            new = piece[max(have - at, 0) : max(end - at, 0)]
            at += len(piece)
            file.write(new)


def _so_far(have: int) -> Response:
    return Response(status_code=_RESUME, headers={"Range": f"bytes=0-{have - 1}"} if have else {})


def _finish(surroundings: Surroundings, identifier: str, session: dict[str, Any], path: Path) -> None:
    film = look_into(path)
    with surroundings.state.writing() as connection:
        now_there = get(connection, STORE, "session", identifier)
        if now_there is None or now_there["video"] is not None:
            return  # another did it
        video = secrets.token_urlsafe(8)
        put(connection, STORE, "session", identifier, {**session, "video": video})
        put(connection, STORE, "video", video, _video(surroundings, video, session, film))
    path.unlink(missing_ok=True)
    _carry_out(surroundings, video)


def _video(surroundings: Surroundings, video: str, session: dict[str, Any], film: Film) -> dict[str, Any]:
    now = surroundings.now()
    is_public = session["status"]["privacyStatus"] == "public"
    wrong = "emptyFile" if not film.size else "invalidFile" if film.seconds is None else None
    return {
        "id": video,
        "account": session["account"],
        "channel": channel_of(session["account"]),
        "snippet": session["snippet"],
        "status": session["status"],
        "uploaded_at": now.isoformat(),
        "ready_at": (now + surroundings.review).isoformat(),
        "ends": "failed" if wrong else None,
        "reason": wrong,
        "public_at": (now + surroundings.review).isoformat() if is_public and not wrong else None,
        "first_public_at": (now + surroundings.review).isoformat() if is_public and not wrong else None,
        "seen": 0,
        "updates": 0,
        "sha256": film.sha256,
        "size": film.size,
        "seconds": film.seconds,
    }


def _carry_out(surroundings: Surroundings, video: str) -> None:
    """What was ordered for the next release."""
    reject, delay, silence = (
        surroundings.orders.take(STORE, what) for what in ("reject", "delay", "silence")
    )
    if not (reject or delay or silence):
        return
    with surroundings.state.writing() as connection:
        if (there := get(connection, STORE, "video", video)) is not None:
            put(connection, STORE, "video", video, _as_ordered(there, reject, delay, silence))


def _as_ordered(
    video: dict[str, Any], reject: Order | None, delay: Order | None, silence: Order | None
) -> dict[str, Any]:
    if reject:
        reason = reject.reason or "duplicate"
        ends = "failed" if reason in FAILURES else "rejected"
        video |= {"ends": ends, "reason": reason, "public_at": None, "first_public_at": None}
    if delay:
        ready = datetime.fromisoformat(video["ready_at"]) + timedelta(seconds=delay.seconds)
        video["ready_at"] = ready.isoformat()
        if video["public_at"] is not None:
            video |= {"public_at": ready.isoformat(), "first_public_at": ready.isoformat()}
    if silence:
        video |= {"ready_at": None, "public_at": None, "first_public_at": None}
    return video


def _done(surroundings: Surroundings, session: dict[str, Any]) -> Response:
    video = surroundings.state.get(STORE, "video", session["video"])
    if video is None:  # it was deleted since
        raise GoogleError(404, "notFound", "Not Found", domain="global")
    return JSONResponse(shown(video, session["parts"], surroundings.now()), 201)
