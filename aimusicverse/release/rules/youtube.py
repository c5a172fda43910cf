"""What only an upload to one's own YouTube channel asks: it becomes a video, not an art track."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from typing import Final

from aimusicverse.release.moments import MomentError, moment_of
from aimusicverse.release.rules.case import Case
from aimusicverse.release.rules.rule import Evidence, Found, Group, Rule
from aimusicverse.release.targets import Scope

PRIVACY: Final = ("private", "unlisted", "public")
#: UTF-8 bytes, not characters.
LONGEST_DESCRIPTION: Final = 5_000
MOST_OF_TAGS: Final = 500
#: `videos.insert` calls a day that a project has unless it asks for more.
UPLOADS_A_DAY: Final = 100
_ANGLES: Final = re.compile(r"[<>]")


def length_of_tags(tags: Sequence[str]) -> int:
    """As YouTube counts: the characters, a comma between tags, and two quotes around one that has a blank."""
    return sum(len(tag) + 2 * (" " in tag) for tag in tags) + max(len(tags) - 1, 0)


def _title(case: Case) -> Iterator[Found]:
    title = case.release.youtube.title
    if title is not None and not title.strip():
        yield Found("youtube.title", title)


def _description(case: Case) -> Iterator[Found]:
    text = case.release.youtube.description or ""
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > LONGEST_DESCRIPTION:
        why = f"has {size} bytes (letters outside ASCII count two to four)"
        yield Found("youtube.description", f"{text[:40]}…", words={"why": why})
    elif found := _ANGLES.search(text):
        why = f"has a {found[0]!r} at character {found.start() + 1}"
        start = max(found.start() - 15, 0)
        yield Found("youtube.description", text[start : start + 40], words={"why": why})


def _tags(case: Case) -> Iterator[Found]:
    length = length_of_tags(case.release.youtube.tags)
    if length > MOST_OF_TAGS:
        yield Found("youtube.tags", str(length))


def _privacy(case: Case) -> Iterator[Found]:
    value = case.release.youtube.privacy
    if value not in PRIVACY:
        near = difflib.get_close_matches(value.casefold(), PRIVACY, 1, 0.7)
        yield Found("youtube.privacy", value, instead=near[0] if near else None)


def _locked(case: Case) -> Iterator[Found]:
    value = case.release.youtube.privacy
    if value in ("public", "unlisted"):
        yield Found("youtube.privacy", value)


def _publish_at(case: Case) -> Iterator[Found]:
    fields = case.release.youtube
    if not fields.publish_at:
        return
    if fields.privacy != "private":
        why = f"it is for private videos alone, and this one is {fields.privacy}"
        yield Found("youtube.publish_at", fields.publish_at, words={"why": why})
    try:
        moment = moment_of(fields.publish_at)
    except MomentError as error:
        yield Found("youtube.publish_at", fields.publish_at, words={"why": error.why}, instead=error.instead)
        return
    if moment.at is None:
        why = "it must be a time with its zone, not a date alone"
        yield Found("youtube.publish_at", fields.publish_at, words={"why": why})
    elif moment.at <= case.now:
        yield Found("youtube.publish_at", fields.publish_at, words={"why": "it has gone by"})


def _kids(case: Case) -> Iterator[Found]:
    if case.release.youtube.made_for_kids is None:
        yield Found("youtube.made_for_kids")


def _quota(case: Case) -> Iterator[Found]:
    if len(case.tracks) > UPLOADS_A_DAY:
        yield Found("tracks", str(len(case.tracks)))


_VIDEOS: Final = "developers.google.com/youtube/v3, videos"
_SCOPE: Final = frozenset({Scope.YOUTUBE})
_OFFICIAL: Final = frozenset({Evidence.OFFICIAL})

RULES: Final = (
    Rule(
        id="YT-TITLE",
        group=Group.YOUTUBE,
        scopes=_SCOPE,
        severity="error",
        field="youtube.title",
        test=_title,
        message="The title of the video is blank.",
        passes="a title; or nothing: then it is the artist and the title",
        fix="Write one, or leave youtube.title out.",
        example='title = "Maren Okafor - Paper Lanterns"',
        source=f"{_VIDEOS}: snippet.title",
        evidence=_OFFICIAL,
    ),
    Rule(
        id="YT-DESCRIPTION",
        group=Group.YOUTUBE,
        scopes=_SCOPE,
        severity="error",
        field="youtube.description",
        test=_description,
        message="The description of the video {why}.",
        passes=f"at most {LONGEST_DESCRIPTION} bytes as UTF-8, without < and >",
        fix="Shorten it, and write other brackets.",
        example='description = "Recorded at home in two nights."',
        source=f"{_VIDEOS}: snippet.description",
        evidence=_OFFICIAL,
    ),
    Rule(
        id="YT-TAGS",
        group=Group.YOUTUBE,
        scopes=_SCOPE,
        severity="error",
        field="youtube.tags",
        test=_tags,
        message="The tags have {value} characters, with the commas between and quotes around blanks.",
        passes=f"at most {MOST_OF_TAGS} characters in all",
        fix="Leave some out.",
        example='tags = ["ambient", "field recording"]',
        source=f"{_VIDEOS}: snippet.tags[]",
        evidence=_OFFICIAL,
    ),
    Rule(
        id="YT-PRIVACY",
        group=Group.YOUTUBE,
        scopes=_SCOPE,
        severity="error",
        field="youtube.privacy",
        test=_privacy,
        message="YouTube knows no privacy {value!r}.",
        passes="private, unlisted or public",
        fix="Set youtube.privacy to one of these.",
        example='privacy = "private"',
        source=f"{_VIDEOS}: status.privacyStatus",
        evidence=_OFFICIAL,
    ),
    Rule(
        id="YT-PRIVACY-LOCKED",
        group=Group.YOUTUBE,
        scopes=_SCOPE,
        severity="warning",
        field="youtube.privacy",
        test=_locked,
        message="A {value} upload stays private if your API project was not verified by YouTube.",
        passes="private; or a project that was verified, or dates from before 2020-07-28",
        fix="Have the project audited, or make the video {value} by hand in YouTube Studio.",
        example='privacy = "private"',
        source="developers.google.com/youtube/v3, videos.insert",
        evidence=_OFFICIAL,
    ),
    Rule(
        id="YT-PUBLISH-AT",
        group=Group.YOUTUBE,
        scopes=_SCOPE,
        severity="error",
        field="youtube.publish_at",
        test=_publish_at,
        message="YouTube cannot publish it at {value!r}: {why}.",
        passes="a time to come, with its zone, of a private video",
        fix='Write it like the example, and set youtube.privacy = "private".',
        example='publish_at = "2027-01-08T00:00:00Z"',
        source=f"{_VIDEOS}: status.publishAt; RFC 3339",
        evidence=_OFFICIAL,
    ),
    Rule(
        id="YT-KIDS",
        group=Group.YOUTUBE,
        scopes=_SCOPE,
        severity="warning",
        field="youtube.made_for_kids",
        test=_kids,
        message="Nobody says whether the video is made for children.",
        passes="true or false",
        fix="Set youtube.made_for_kids: the law asks you, though the API does not.",
        example="made_for_kids = false",
        source=f"{_VIDEOS}: status.selfDeclaredMadeForKids; aimusicverse: said is better than guessed",
        evidence=frozenset({Evidence.OWN}),
    ),
    Rule(
        id="YT-QUOTA",
        group=Group.YOUTUBE,
        scopes=_SCOPE,
        severity="info",
        field="tracks",
        test=_quota,
        message=f"{{value}} tracks are {{value}} videos, and a project uploads {UPLOADS_A_DAY} a day.",
        passes=f"nothing, or at most {UPLOADS_A_DAY} tracks",
        fix="Nothing: the rest goes up on the next days. Or ask YouTube for more.",
        example=None,
        source="developers.google.com/youtube/v3, determine_quota_cost, 2026",
        evidence=_OFFICIAL,
    ),
)
