"""ERN: what stands in the way of a message, as far as it can be seen before there is one.

What only a message can have wrong (references, deals, sums of files) is checked on the message, ours or
another's: `aimusicverse/release/ern/checks.py`, by the ids of `CHECKS` in `ern/fault.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from aimusicverse.release.package_error import CannotPackage
from aimusicverse.release.rules.case import Case
from aimusicverse.release.rules.rule import Evidence, Found, Group, Rule
from aimusicverse.release.targets import Scope
from aimusicverse.release.xml_text import xml_text

_SCHEMAS: Final = "DDEX, ERN 4.3 and 4.3.2: release-notification.xsd"
#: Where text that goes into no message is, or text that rules of titles and people judge already.
_NOT_WRITTEN: Final = frozenset(
    ("ai", "soundcloud", "youtube", "cover", "lyrics", "file", "track_id", "title", "version", "name")
)


def _no_partner(case: Case) -> Iterator[Found]:
    for field, who in (("sender_dpid", "sends"), ("recipient_dpid", "receives")):
        if not getattr(case.release, field):
            yield Found(field, words={"who": who})


def _no_duration(case: Case) -> Iterator[Found]:
    for track in case.tracks:
        if track.duration_seconds is None:
            yield Found(track.path("duration_seconds"), words={"n": track.number})


def _live(case: Case) -> Iterator[Found]:
    if case.release.live_message:
        yield Found("live_message", "true")


def _not_for_xml(case: Case) -> Iterator[Found]:
    for path, text in _texts(case.release.model_dump(exclude=set(_NOT_WRITTEN)), ""):
        try:
            xml_text(text, path)
        except CannotPackage as refused:
            yield Found(path, text, words={"what": refused.obstacles[0].message.rstrip(".")})


def _texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from _texts(item, f"{path}[{place}]")
    elif isinstance(value, dict):
        for name, item in value.items():
            if name not in _NOT_WRITTEN:
                yield from _texts(item, f"{path}.{name}" if path else str(name))


RULES: Final = (
    Rule(
        id="DX-PARTNERS",
        group=Group.ERN,
        scopes=frozenset({Scope.ERN}),
        severity="error",
        field="sender_dpid",
        test=_no_partner,
        message="There is no DDEX party id of whoever {who} the message.",
        passes="PADPIDA, ten letters or digits, and the check character",
        fix="Register at dpid.ddex.net, which is free; the store tells its own. Or use a distributor.",
        example="PADPIDA2011072101T",
        source=f"{_SCHEMAS}, MessageHeader",
        evidence=frozenset({Evidence.VERIFIED}),
        term="dpid",
    ),
    Rule(
        id="DX-DUR",
        group=Group.ERN,
        scopes=frozenset({Scope.ERN}),
        severity="error",
        field="tracks[].duration_seconds",
        test=_no_duration,
        message="Nobody knows how long track {n} is.",
        passes="a sound file, or seconds",
        fix="Give its file (`file = …`), or `duration_seconds`.",
        example="185.0",
        source=f"{_SCHEMAS}, SoundRecording/Duration",
        evidence=frozenset({Evidence.VERIFIED}),
    ),
    Rule(
        id="DX-MCT",
        group=Group.ERN,
        scopes=frozenset({Scope.ERN}),
        severity="info",
        field="live_message",
        test=_live,
        message="The message is a real one: a store that takes it will publish the release.",
        passes="`live_message = false` for a test",
        fix="Nothing, once the store has taken a test message of yours.",
        example="false",
        source=f"{_SCHEMAS}, MessageControlType; aimusicverse: a test unless it is said not to be",
        evidence=frozenset({Evidence.OWN}),
    ),
    Rule(
        id="DX-TEXT",
        group=Group.ERN,
        scopes=frozenset({Scope.ERN, Scope.APPLE}),
        severity="error",
        field="label",
        test=_not_for_xml,
        message="No message can hold this text: {what}.",
        passes="text without control characters",
        fix="Take the character out, or type the text anew.",
        example=None,
        source="W3C, XML 1.0 (fifth edition), 2.2 Characters",
        evidence=frozenset({Evidence.OFFICIAL}),
    ),
)
