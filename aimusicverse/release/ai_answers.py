"""What a store or distributor asks about machines, answered from a release's own disclosure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from aimusicverse.release.ai_parts import HEARD, WRITTEN, contained, recorded_parts
from aimusicverse.release.ern.ai_disclosure import NAMES
from aimusicverse.release.rules.case import Track
from aimusicverse.release.targets import Distributor, Store
from aimusicverse.types.release import AiPart, Release

#: What is said of an aspect that nobody has answered.
OPEN: Final = "?"


@dataclass(frozen=True, slots=True)
class AiAnswer:
    """A question and its answer.

    Args:
        target: who asks: id of a store or distributor.
        track: number of the track that it is about, 1 is the first; `None`: the whole release.
        question: as it is asked, in our words.
        answer: what to say; `?` where the disclosure does not say it.
        source: who says that this is asked.
    """

    target: str
    track: int | None
    question: str
    answer: str
    source: str


def ai_answers(release: Release, stores: Sequence[Store], via: Distributor | None = None) -> list[AiAnswer]:
    """All questions that these ask about machines, in their order.

    A store that is reached by a distributor is told by him: then it is he who asks.
    """
    tracks = [Track(index, one, release) for index, one in enumerate(release.tracks)]
    targets = [store.id for store in stores] if via is None else [via.id, *(store.id for store in stores)]
    return [answer for target in targets for answer in _ASKED.get(target, _nothing)(release, tracks)]


def _nothing(release: Release, tracks: Sequence[Track]) -> Iterator[AiAnswer]:
    return iter(())


def _distrokid(release: Release, tracks: Sequence[Track]) -> Iterator[AiAnswer]:
    source = "support.distrokid.com, read in November 2026"
    for track in tracks:
        lyrics, music = contained(track, ["lyrics"]), contained(track, ["composition"])
        yield AiAnswer("distrokid", track.number, "AI in the lyrics?", _yes(lyrics), source)
        yield AiAnswer("distrokid", track.number, "AI in the music (composition)?", _yes(music), source)
        audio = contained(track, HEARD)
        told = {None: OPEN, "none": "no", "partly": "yes, part of it", "all": "yes, all of it"}[audio]
        yield AiAnswer("distrokid", track.number, "AI in the audio: all, or part of it?", told, source)
        if audio == "all":
            question = "Is the artist a human being or an AI persona?"
            yield AiAnswer("distrokid", track.number, question, OPEN, source)


def _spotify(release: Release, tracks: Sequence[Track]) -> Iterator[AiAnswer]:
    source = "providersupport.spotify.com, AI credits (beta, April 2026): optional"
    roles = {"lyrics": "Lyricist", "composition": "Composer", "vocals": "Vocalist", "instruments": "Musician"}
    for track in tracks:
        said = {roles[aspect]: part for aspect, part in recorded_parts(track).items()}
        wholly = ", ".join(role for role, part in said.items() if part == "all")
        answer = OPEN if None in said.values() else wholly or "none"
        yield AiAnswer("spotify", track.number, "Roles made wholly by AI", answer, source)


def _apple(release: Release, tracks: Sequence[Track]) -> Iterator[AiAnswer]:
    source = "Apple's Transparency Tags (March 2026), as reported by the-decoder.com"
    yield AiAnswer("apple_music", None, "Tag: Artwork", _yes(release.ai.artwork), source)
    for track in tracks:
        yield AiAnswer("apple_music", track.number, "Tag: Track", _yes(contained(track, HEARD)), source)
        yield AiAnswer(
            "apple_music",
            track.number,
            "Tag: Composition (with lyrics)",
            _yes(contained(track, WRITTEN)),
            source,
        )


def _youtube(release: Release, tracks: Sequence[Track]) -> Iterator[AiAnswer]:
    source = "YouTube Data API v3, status.containsSyntheticMedia"
    for track in tracks:
        told = release.youtube.synthetic_media
        vocals = contained(track, ["vocals"])
        if told is None and vocals is not None:
            # It is asked of what could be taken for real people; voices could.
            told = vocals == "all" or bool(track.ai.imitates_voice)
        answer = OPEN if told is None else "yes" if told else "no"
        yield AiAnswer("youtube_music", track.number, "Altered or synthetic content?", answer, source)


def _ddex(target: str) -> Callable[[Release, Sequence[Track]], Iterator[AiAnswer]]:
    def answers(release: Release, tracks: Sequence[Track]) -> Iterator[AiAnswer]:
        source = "DDEX ERN 4.3.2, ContainsAI"
        yield AiAnswer(target, None, "ContainsAI of the cover", _contains(release.ai.artwork), source)
        for track in tracks:
            told = _contains(contained(track))
            yield AiAnswer(target, track.number, "ContainsAI of the recording", told, source)

    return answers


_ASKED: Final[dict[str, Callable[[Release, Sequence[Track]], Iterator[AiAnswer]]]] = {
    "distrokid": _distrokid,
    "spotify": _spotify,
    "apple_music": _apple,
    "youtube_music": _youtube,
    "ddex": _ddex("ddex"),
}


def _yes(part: AiPart | None) -> str:
    return OPEN if part is None else "no" if part == "none" else "yes"


def _contains(part: AiPart | None) -> str:
    return OPEN if part is None else NAMES[part]
