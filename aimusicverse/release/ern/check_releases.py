"""Releases of a message: which there are, in what order, by whom, how long."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from aimusicverse.release.ern.fault import Fault, error
from aimusicverse.release.ern.reading import Element, Message, text_of

#: Of a number with more digits, nothing is to be counted: it is refused as no duration.
_DIGITS: Final = "[0-9]{1,12}"
_DURATION: Final = re.compile(
    rf"P(?:({_DIGITS})D)?(?:T(?:({_DIGITS})H)?(?:({_DIGITS})M)?(?:({_DIGITS}(?:\.{_DIGITS})?)S)?)?", re.ASCII
)


def check_releases(message: Message) -> Iterator[Fault]:
    """The main release and those of its tracks."""
    yield from _numbered(message)
    yield from _sequence(message)
    yield from _artists(message)
    yield from _durations(message)
    yield from _explicit(message)


def _numbered(message: Message) -> Iterator[Fault]:
    main = message.release
    if main is None:
        yield error("DX-R0", message.root, "It has no main release.", "Write one, R0.")
        return
    reference = main.find("ReleaseReference")
    if text_of(reference) != "R0":
        yield error("DX-R0", main, f"The main release is {text_of(reference)!r}.", "Call it R0.")
    if message.root.get("ReleaseProfileVersionId") in ("SimpleAudioSingle", "SimpleVideoSingle", "Ringtone"):
        return  # profiles of one resource, whose release is that of the track too
    left = {f"R{number}" for number in range(1, len(message.track_releases) + 1)}
    in_main = {text_of(item) for item in main.iter("ReleaseResourceReference")}
    for release in message.track_releases:
        own = text_of(release.find("ReleaseReference"))
        if own not in left:
            yield error("DX-R0", release, f"The release of a track is {own!r}.", "Call them R1, R2, R3, …")
        left.discard(own)
        recording = text_of(release.find("ReleaseResourceReference"))
        if recording not in in_main:
            yield error("DX-R0", release, f"The main release does not have {recording}.", "Add it there.")
    own_release = Counter(text_of(it.find("ReleaseResourceReference")) for it in message.track_releases)
    for element in message.recordings:
        name = text_of(element.find("ResourceReference"))
        count = own_release[name]
        if count == 0 and element.get("IsSupplemental") != "true":
            yield error("DX-R0", element, f"{name} has no release of its own.", "Write a TrackRelease of it.")
        elif count > 1:
            yield error("DX-R0", element, f"{name} has {count} track releases.", "Leave one.")


def _sequence(message: Message) -> Iterator[Fault]:
    for group in message.root.iter("ResourceGroup"):
        numbers = group.findall("ResourceGroupContentItem/SequenceNumber")
        left = {str(place) for place in range(1, len(numbers) + 1)}
        for number in numbers:
            if text_of(number) in left:
                left.discard(text_of(number))
                continue
            fix = f"Count from 1 to {len(numbers)}."
            yield error("DX-SEQ", number, f"{text_of(number)} is there twice, or no position.", fix)


def _artists(message: Message) -> Iterator[Fault]:
    parts = [*message.recordings, *([message.release] if message.release is not None else [])]
    for part in parts:
        roles = {text_of(role) for role in part.findall("DisplayArtist/DisplayArtistRole")}
        if "MainArtist" not in roles and part.find("DisplayArtist/SpecialDisplayArtist") is None:
            yield error("DX-ARTIST", part, "Nobody is its MainArtist.", "Give an artist that role.")


def _durations(message: Message) -> Iterator[Fault]:
    lengths: dict[str, Decimal] = {}
    for element in message.root.iter("Duration"):
        if _seconds(element) is None:
            yield error(
                "DX-DUR",
                element,
                f"{text_of(element)!r} is no duration.",
                "Write it as PT3M15S, more than nothing.",
            )
    for recording in message.recordings:
        whole = _seconds(recording.find("Duration"))
        if whole is None:
            continue
        lengths[text_of(recording.find("ResourceReference"))] = whole
        for details in recording.findall("SoundRecordingEdition/TechnicalDetails"):
            if text_of(details.find("IsClip")) not in ("true", "1"):
                yield from _file_length(details, whole)
    yield from _sum(message, lengths)


def _file_length(details: Element, whole: Decimal) -> Iterator[Fault]:
    for element in details.findall("DeliveryFile/Duration"):
        own = _seconds(element)
        if own is not None and abs(own - whole) > 1:
            yield error("DX-DUR", element, f"The file is {own} s, its recording {whole} s.", "Agree on one.")


def _sum(message: Message, lengths: dict[str, Decimal]) -> Iterator[Fault]:
    main = message.release
    element = main.find("Duration") if main is not None else None
    told = _seconds(element)
    if main is None or element is None or told is None:
        return
    listed = [text_of(item) for item in main.iter("ReleaseResourceReference") if text_of(item) in lengths]
    total = sum((lengths[reference] for reference in listed), Decimal())
    if listed and abs(total - told) > len(listed):
        yield error(
            "DX-DUR",
            element,
            f"The release is {told} s, its {len(listed)} recordings {total} s.",
            "Add them up.",
        )


def _explicit(message: Message) -> Iterator[Fault]:
    def warned(part: Element) -> set[str]:
        return {text_of(it) for it in part.findall("ParentalWarningType")}

    main = message.release
    if main is None or "Explicit" in warned(main):
        return
    for recording in message.recordings:
        if "Explicit" in warned(recording):
            name = text_of(recording.find("ResourceReference"))
            yield error("DX-EXPLICIT", main, f"{name} is explicit, the release is not.", "Make it Explicit.")
            return


def _seconds(element: Element | None) -> Decimal | None:
    """How long; `None`: nothing, or no duration."""
    found = _DURATION.fullmatch(text_of(element))
    if found is None or not any(found.groups()):
        return None
    days, hours, minutes, seconds = (Decimal(it or 0) for it in found.groups())
    total = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    return total or None
