"""Videos as they are kept, as they are at a moment, and as the API shows them."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime
from typing import Any, Final

from aimusicverse.release.rules.youtube import LONGEST_DESCRIPTION, MOST_OF_TAGS, PRIVACY, length_of_tags
from aimusicverse.sandbox.youtube.bodies import part_of
from aimusicverse.sandbox.youtube.errors import GoogleError

#: What can be set, and what it is where nobody sets it. An update of a part resets what it leaves out.
_SNIPPET: Final[dict[str, Any]] = {"title": "", "description": "", "tags": [], "categoryId": "22"}
_STATUS: Final[dict[str, Any]] = {
    "privacyStatus": "public",
    "publishAt": None,
    "license": "youtube",
    "embeddable": True,
    "publicStatsViewable": True,
    "selfDeclaredMadeForKids": None,
    "containsSyntheticMedia": None,
}
#: `status.failureReason`, and `status.rejectionReason`.
FAILURES: Final = ("codec", "conversion", "emptyFile", "invalidFile", "tooSmall", "uploadAborted")
REJECTIONS: Final = (
    "claim", "copyright", "duplicate", "inappropriate", "legal", "length", "termsOfUse", "trademark",
    "uploaderAccountClosed", "uploaderAccountSuspended",
)  # fmt: skip
_LONGEST_TITLE: Final = 100


def checked(body: dict[str, Any], parts: list[str], now: datetime) -> dict[str, dict[str, Any]]:
    """The parts of a video that are set.

    Raises:
        GoogleError: a value that YouTube does not take.
    """
    found = {}
    if "snippet" in parts:
        found["snippet"] = _snippet({**_SNIPPET, **_known(_SNIPPET, part_of(body, "snippet"))})
    if "status" in parts:
        found["status"] = _status({**_STATUS, **_known(_STATUS, part_of(body, "status"))}, now)
    return found


def _known(of: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if name in of and value is not None}


def _snippet(snippet: dict[str, Any]) -> dict[str, Any]:
    title, description, tags = snippet["title"], snippet["description"], snippet["tags"]
    if not isinstance(title, str) or not title.strip() or len(title) > _LONGEST_TITLE or _angled(title):
        raise _bad("invalidTitle", "an invalid or empty video title", "body.snippet.title")
    if (
        not isinstance(description, str)
        or len(description.encode("utf-8", "surrogatepass")) > LONGEST_DESCRIPTION
        or _angled(description)
    ):
        raise _bad("invalidDescription", "an invalid video description", "body.snippet.description")
    if (
        not isinstance(tags, list)
        or not all(isinstance(tag, str) for tag in tags)
        or length_of_tags(tags) > MOST_OF_TAGS
        or any(map(_angled, tags))
    ):
        raise _bad("invalidTags", "invalid video keywords", "body.snippet.tags[]")
    if not isinstance(snippet["categoryId"], str) or not snippet["categoryId"].isdecimal():
        raise _bad("invalidCategoryId", "an invalid category ID", "body.snippet.categoryId")
    return snippet


def _status(status: dict[str, Any], now: datetime) -> dict[str, Any]:
    if status["privacyStatus"] not in PRIVACY:
        raise _bad("invalidVideoMetadata", "an invalid privacy status", "body.status.privacyStatus")
    if status["publishAt"] is not None:
        try:
            at = datetime.fromisoformat(status["publishAt"])
        except (TypeError, ValueError):
            at = None
        if at is None or at.tzinfo is None or at <= now or status["privacyStatus"] != "private":
            raise _bad("invalidPublishAt", "an invalid scheduled publishing time", "body.status.publishAt")
        status["publishAt"] = at.astimezone(UTC).isoformat()
    for name in ("selfDeclaredMadeForKids", "containsSyntheticMedia", "embeddable", "publicStatsViewable"):
        if status[name] not in (None, True, False):
            raise _bad("invalidVideoMetadata", "invalid video metadata", f"body.status.{name}")
    return status


def _angled(text: str) -> bool:
    return "<" in text or ">" in text


def _bad(reason: str, what: str, location: str) -> GoogleError:
    return GoogleError(400, reason, f"The request metadata specifies {what}.", location=location)


def settled(video: dict[str, Any], now: datetime) -> dict[str, Any]:
    """As it is by now: what was to be published has been."""
    at = video["status"]["publishAt"]
    if at is None or datetime.fromisoformat(at) > now or upload_status(video, now) != "processed":
        return video
    begins = max(at, video["ready_at"], key=datetime.fromisoformat)
    return {
        **video,
        "status": {**video["status"], "privacyStatus": "public", "publishAt": None},
        "public_at": begins,
        "first_public_at": video["first_public_at"] or begins,
    }


def changed(video: dict[str, Any], parts: dict[str, dict[str, Any]], now: datetime) -> dict[str, Any]:
    """With these parts instead; what was seen until now stays counted."""
    new = {**video, **parts}
    was, will = (one["status"]["privacyStatus"] == "public" for one in (video, new))
    if was and not will:
        new |= {"seen": views(video, now), "public_at": None}
    elif will and not was:
        # Nobody sees what was not looked at; what never is, never.
        ready = video["ready_at"] and max(datetime.fromisoformat(video["ready_at"]), now).isoformat()
        new |= {"public_at": ready, "first_public_at": video["first_public_at"] or ready}
    return new


def upload_status(video: dict[str, Any], now: datetime) -> str:
    """`uploaded` until it was looked at; then `processed`, `failed` or `rejected`."""
    if video["ready_at"] is None or now < datetime.fromisoformat(video["ready_at"]):
        return "uploaded"
    return video["ends"] or "processed"


def views(video: dict[str, Any], now: datetime) -> int:
    """They grow steadily while it is public: 1 to 9 a minute, by its id."""
    if video["public_at"] is None:
        return int(video["seen"])
    since = max(now, datetime.fromisoformat(video["public_at"])) - datetime.fromisoformat(video["public_at"])
    return int(video["seen"]) + int(since.total_seconds() / 60 * (1 + zlib.crc32(video["id"].encode()) % 9))


def shown(video: dict[str, Any], parts: list[str], now: datetime) -> dict[str, Any]:
    """The resource, with the parts that are asked for."""
    given = {name: value for name, value in video["status"].items() if value is not None}
    status = {**given, "uploadStatus": upload_status(video, now)}
    if status["uploadStatus"] in ("failed", "rejected"):
        kind = "failureReason" if status["uploadStatus"] == "failed" else "rejectionReason"
        status[kind] = video["reason"]
    processing = {"uploaded": "processing", "processed": "succeeded"}.get(
        status["uploadStatus"], "terminated"
    )
    every: dict[str, Any] = {
        "snippet": {
            **video["snippet"],
            "publishedAt": _published_at(video, now),
            "channelId": video["channel"],
        },
        "status": status,
        "processingDetails": {"processingStatus": processing},
        "statistics": {"viewCount": str(views(video, now))},
        "contentDetails": {"duration": duration(video["seconds"])},
        "fileDetails": {"fileSize": str(video["size"])},
    }
    return {
        "kind": "youtube#video",
        "id": video["id"],
        **{name: every[name] for name in parts if name in every},
    }


def _published_at(video: dict[str, Any], now: datetime) -> str:
    """When it was opened, if it was; else when it came."""
    opened = video["first_public_at"]
    is_open = opened is not None and datetime.fromisoformat(opened) <= now
    return str(opened if is_open else video["uploaded_at"])


def duration(seconds: float | None) -> str:
    """ISO 8601, in whole seconds: `PT3M5S`."""
    whole = round(seconds or 0)
    hours, minutes = whole // 3600, whole // 60 % 60
    return f"PT{f'{hours}H' if hours else ''}{f'{minutes}M' if minutes else ''}{whole % 60}S"
