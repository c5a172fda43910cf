"""AI: what is to be declared, to whom, and who refuses what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from aimusicverse.release.ai_parts import HEARD, RECORDED, WRITTEN, contained, recorded_parts
from aimusicverse.release.ai_stance import AI_STANCES
from aimusicverse.release.ai_tools import FREE_PLAN_IS_NOT_COMMERCIAL, is_tool, plain_tool
from aimusicverse.release.ern.ai_disclosure import contradictions
from aimusicverse.release.ern.credits import credits_of
from aimusicverse.release.rules.case import Case, Track
from aimusicverse.release.rules.rule import Evidence, Found, Group, Rule, Severity
from aimusicverse.release.targets import Scope
from aimusicverse.release.territories import COUNTRIES, meant
from aimusicverse.release.well_known_artists import well_known_like

_MADE: Final = ("partly", "all")
_NOT_COMMERCIAL: Final = re.compile(r"(?i)\bby[-_ ]nc\b|\bnon[-_ ]?commercial\b")
_RECORD: Final = ("tool", "plan", "made_on", "licence")
_AI_ROLE: Final = "generativeai"


def _answers(track: Track, *names: str) -> list[str]:
    """Which of these a machine made of a track, wholly or partly."""
    return [name for name in names if getattr(track.ai, name) in _MADE]


def _where(track: Track, name: str) -> str:
    """Where an answer stands: in the track, or in the release."""
    own = track.recording.ai
    if own is not None and getattr(own, name) is not None:
        return f"tracks[{track.index}].ai.{name}"
    return f"ai.{name}"


def _any_ai(case: Case, *names: str) -> tuple[str, ...]:
    """Aspects that a machine made, somewhere in the release; the picture counts once."""
    found = {name for track in case.tracks for name in _answers(track, *names)}
    return tuple(name for name in names if name in found)


def _wholly(case: Case) -> list[Track]:
    return [track for track in case.tracks if contained(track) == "all"]


def _numbers(tracks: Iterable[Track]) -> str:
    """`track 1`; `tracks 1, 2 and 5`; of many, the first and how many more."""
    numbers = [str(track.number) for track in tracks]
    if len(numbers) == 1:
        return f"track {numbers[0]}"
    if len(numbers) > 6:
        return f"tracks {', '.join(numbers[:5])} and {len(numbers) - 5} more"
    return f"tracks {', '.join(numbers[:-1])} and {numbers[-1]}"


def _declared(case: Case) -> Iterator[Found]:
    for aspect in RECORDED:
        lacking = [track for track in case.tracks if recorded_parts(track).get(aspect, "none") is None]
        if len(lacking) == len(case.tracks):
            yield Found(f"ai.{aspect}", words={"aspect": aspect, "of": "of the release"})
        else:
            for track in lacking:
                yield Found(
                    f"tracks[{track.index}].ai.{aspect}",
                    words={"aspect": aspect, "of": f"of track {track.number}"},
                )
    if case.release.ai.artwork is None:
        yield Found("ai.artwork", words={"aspect": "artwork", "of": "of the release"})


def _no_person(case: Case) -> Iterator[Found]:
    """A machine among the people: in ERN 4.3.2 it is a `SpecialContributor` and no party."""
    release = case.release
    parts = [("", release.artists, release.contributors)]
    parts += [(f"tracks[{t.index}].", t.recording.artists, t.recording.contributors) for t in case.tracks]
    for where, artists, contributors in parts:
        for kind, people in (("artists", artists), ("contributors", contributors)):
            for place, person in enumerate(people):
                by_role = any(re.sub(r"\W", "", role).casefold() == _AI_ROLE for role in person.roles)
                if by_role or (kind == "contributors" and is_tool(person.name)):
                    yield Found(f"{where}{kind}[{place}]", person.name)


def _consistent(case: Case) -> Iterator[Found]:
    for track in case.tracks:
        for obstacle in contradictions(track, credits_of(track)):
            words = {"what": obstacle.message.rstrip("."), "todo": obstacle.fix.rstrip(".")}
            yield Found(obstacle.field, words=words)


def _lost(case: Case) -> Iterator[Found]:
    made = [*_any_ai(case, *RECORDED), *(["artwork"] if case.release.ai.artwork in _MADE else [])]
    if made:
        yield Found("ai", words={"made": ", ".join(made)})


def _spotify_credits(case: Case) -> Iterator[Found]:
    for track in case.tracks:
        roles = [name for name in RECORDED if getattr(track.ai, name) == "all"]
        if roles:
            yield Found(_where(track, roles[0]), "all", words={"n": track.number, "roles": ", ".join(roles)})


def _imitated(case: Case) -> Iterator[Found]:
    for track in case.tracks:
        if track.ai.imitates_voice and not (track.ai.consent or "").strip():
            words = {"why": f"Track {track.number} imitates the voice of a real person, without consent"}
            yield Found(_where(track, "imitates_voice"), "true", words=words)


def _confused(case: Case) -> Iterator[Found]:
    if not _any_ai(case, *RECORDED):
        return
    seen = set()
    lists = [("artists", case.release.artists)]
    lists += [(f"tracks[{t.index}].artists", t.recording.artists) for t in case.tracks]
    for path, artists in lists:
        for place, artist in enumerate(artists):
            known = well_known_like(artist.name)
            if known and artist.name not in seen:
                seen.add(artist.name)
                yield Found(f"{path}[{place}].name", artist.name, words={"known": known})


def _apple_tags(case: Case) -> Iterator[Found]:
    tags = [
        *(["Track"] if _any_ai(case, *HEARD) else []),
        *(["Composition"] if _any_ai(case, *WRITTEN) else []),
        *(["Artwork"] if case.release.ai.artwork in _MADE else []),
        *(["Music Video"] if case.release.ai.video in _MADE else []),
    ]
    if tags:
        yield Found("ai", words={"tags": ", ".join(tags)})


def _distrokid_persona(case: Case) -> Iterator[Found]:
    for track in case.tracks:
        if contained(track, HEARD) != "all":
            continue
        path = f"tracks[{track.index}].artists" if track.recording.artists else "artists"
        for place, artist in enumerate(track.artists):
            if "MainArtist" in artist.roles and artist.ai is None:
                yield Found(f"{path}[{place}].ai", words={"n": track.number, "who": artist.name})
        if path == "artists":
            return


def _youtube_synthetic(case: Case) -> Iterator[Found]:
    declared = case.release.youtube.synthetic_media
    sung = [
        t for t in case.tracks if t.ai.vocals == "all" or (t.ai.vocals == "partly" and t.ai.imitates_voice)
    ]
    partly = [t for t in case.tracks if t.ai.vocals == "partly"]
    why = None
    if sung and not declared:
        why = f"AI sings in {_numbers(sung)}"
    elif declared is None and partly:
        why = f"AI has a part in the vocals of {_numbers(partly)}"
    elif declared is None and case.release.ai.video in _MADE:
        why = "AI made the video"
    if why:
        yield Found(
            "youtube.synthetic_media",
            None if declared is None else "false",
            words={"why": why},
            instead="true" if sung and declared is None else None,
        )


def _labelgrid(case: Case) -> Iterator[Found]:
    for track in case.tracks:
        country = track.recording.recording_country
        if not country:
            why = f"Track {track.number} does not say in which country it was recorded"
            yield Found(f"tracks[{track.index}].recording_country", words={"why": why})
        elif country not in COUNTRIES:
            why = f"Track {track.number} was recorded in {country!r}, which is no ISO 3166-1 code"
            yield Found(
                f"tracks[{track.index}].recording_country",
                country,
                words={"why": why},
                instead=meant(country, worldwide=False),
            )


def _blocked(case: Case) -> Iterator[Found]:
    stance = AI_STANCES.get(case.distributor.id) if case.distributor else None
    if case.distributor is None or case.store is not None or stance is None or stance.refuses is None:
        return
    name, wholly = case.distributor.name, _wholly(case)
    made = _any_ai(case, *RECORDED)
    heard = _any_ai(case, *HEARD)
    why, passes = None, "music that people made"
    if "any" in stance.refuses and made:
        why = f"{name} takes no music that AI has a part in ({', '.join(made)})"
    elif "any_audio" in stance.refuses and heard:
        why = f"{name} takes no recording that AI has a part in ({', '.join(heard)})"
    elif "wholly" in stance.refuses and wholly:
        why = f"{name} takes no music that AI made alone, as it did {_numbers(wholly)}"
        passes = "music to which a person gave a substantial part"
    if why:
        yield Found(
            f"ai.{made[0]}",
            words={"why": why, "source": stance.source, "as_of": stance.as_of},
            passes=passes,
            severity=None if stance.own_words else "warning",
        )
    elif "unlicensed" in stance.refuses and made:
        for track in case.tracks:
            if _answers(track, *RECORDED) and not track.ai.licence:
                lacks = f"track {track.number} shows none"
                why = f"{name} takes nothing of models trained without licences, and {lacks}"
                yield Found(
                    _where(track, "licence"),
                    words={"why": why, "source": stance.source, "as_of": stance.as_of},
                    passes="a model whose training was licensed, with its licence at hand",
                    severity="warning",
                )
                return
    elif stance.most and any(getattr(t.ai, aspect) == "all" for t in case.tracks for aspect in RECORDED):
        why = f"{name} takes only so much made by AI: {stance.most.rstrip('.')}"
        yield Found(
            f"ai.{made[0]}",
            words={"why": why, "source": stance.source, "as_of": stance.as_of},
            passes=stance.most,
            severity="warning",
        )


def _deezer(case: Case) -> Iterator[Found]:
    if case.store is None and (wholly := _wholly(case)):
        yield Found("ai", words={"tracks": _numbers(wholly).capitalize()})


def _licence(case: Case) -> Iterator[Found]:
    """Once for each place where the record is kept: the release, or a track with answers of its own."""
    seen: set[str] = set()
    for track in case.tracks:
        if not _answers(track, *RECORDED):
            continue
        for path, value, why, severity in _faults_of_record(case, track):
            if path not in seen:
                seen.add(path)
                yield Found(path, value, words={"why": f"Of track {track.number}, {why}"}, severity=severity)


def _faults_of_record(case: Case, track: Track) -> Iterator[tuple[str, str | None, str, Severity]]:
    ai = track.ai
    if ai.licence and _NOT_COMMERCIAL.search(ai.licence):
        at_home = case.distributor is None and case.goes_to(Scope.SOUNDCLOUD, Scope.YOUTUBE)
        yield (
            _where(track, "licence"), ai.licence,
            f"what made it is licensed for non-commercial use alone ({ai.licence})",
            "warning" if at_home else "error",
        )  # fmt: skip
    for name in _RECORD:
        if not getattr(ai, name):
            yield _where(track, name), None, f"{name} is not recorded", "warning"
    if not ai.prompt and not ai.output_id and ai.seed is None:
        yield (
            _where(track, "prompt"),
            None,
            "neither prompt nor seed nor output_id is recorded",
            "warning",
        )
    if (
        ai.tool
        and (ai.plan or "").casefold() == "free"
        and plain_tool(ai.tool) in FREE_PLAN_IS_NOT_COMMERCIAL
    ):
        yield (
            _where(track, "plan"),
            ai.plan,
            f"the free plan of {ai.tool} is not for commercial use",
            "warning",
        )


def _soundcloud_pictures(case: Case) -> Iterator[Found]:
    to, ai = case.distributor, case.release.ai
    if to is None or to.id != "soundcloud_for_artists" or case.store is not None:
        return
    if ai.artwork in _MADE and not ai.licence:
        yield Found("ai.artwork", ai.artwork)


_DDEX: Final = "DDEX ERN 4.3.2 and its allowed value sets (AVS 9)"
_OFFICIAL: Final = frozenset({Evidence.OFFICIAL})
_VERIFIED: Final = frozenset({Evidence.VERIFIED})
_THIRD_PARTY: Final = frozenset({Evidence.THIRD_PARTY})

RULES: Final = (
    Rule(
        id="AI-DECLARE",
        group=Group.AI,
        scopes=frozenset({Scope.ALL}),
        severity="error",
        field="ai",
        test=_declared,
        message="Nobody has said how much of the {aspect} {of} AI made.",
        passes="none, partly or all; of an instrumental (language zxx) lyrics and vocals need no answer",
        fix="Answer it under [ai]: none, partly or all. Mixing and mastering do not count.",
        example='vocals = "none"',
        source="aimusicverse: stores and distributors ask, and a default would be an untruth",
        evidence=frozenset({Evidence.OWN}),
        term="ai",
    ),
    Rule(
        id="AI-DX-432",
        group=Group.AI,
        scopes=frozenset({Scope.ERN_432}),
        severity="error",
        field="contributors",
        test=_no_person,
        message="{value!r} is credited like a person, and is AI.",
        passes="people and groups alone: AI becomes a SpecialContributor, by the answers under [ai]",
        fix="Take it out, name the tool as ai.tool, and answer under [ai] what it made.",
        example='tool = "aimusicverse studio"',
        source=_DDEX,
        evidence=_VERIFIED,
        term="ai",
    ),
    Rule(
        id="AI-DX-CONSIST",
        group=Group.AI,
        scopes=frozenset({Scope.ERN_432}),
        severity="error",
        field="tracks[].contributors[].ai",
        test=_consistent,
        message="Answers about AI contradict each other: {what}.",
        passes="all made by AI: contributions of AI alone; nothing made by AI: no contribution of AI",
        fix="Let both say the same. {todo}.",
        example='ai = "all"',
        source=f"{_DDEX}; the schema does not check it",
        evidence=_VERIFIED,
        term="ai",
    ),
    Rule(
        id="AI-DX-43",
        group=Group.AI,
        scopes=frozenset({Scope.ERN_43}),
        severity="warning",
        field="ai",
        test=_lost,
        message="ERN 4.3 cannot say that AI made {made}: it is lost.",
        passes="ERN 4.3.2, or music without AI",
        fix="Send ERN 4.3.2 (ddex) where the receiver takes it; else tell the receiver in another way.",
        example="ddex instead of ddex_43",
        source="DDEX ERN 4.3: it has no fields for AI",
        evidence=_VERIFIED,
        term="ai",
    ),
    Rule(
        id="AI-SP",
        group=Group.AI,
        scopes=frozenset({Scope.SPOTIFY}),
        severity="info",
        field="ai",
        test=_spotify_credits,
        message="Spotify can show AI credits for track {n}: {roles}.",
        passes="nothing: it is optional, for roles that AI filled wholly",
        fix="Ask your provider whether he delivers AI credits (beta, April 2026).",
        example=None,
        source="providersupport.spotify.com, AI credits on Spotify",
        evidence=_OFFICIAL,
        term="ai",
    ),
    Rule(
        id="AI-SP-IMPERSONATION",
        group=Group.AI,
        scopes=frozenset({Scope.ALL}),
        severity="error",
        field="ai.imitates_voice",
        test=_imitated,
        message="{why}.",
        passes="consent in writing of whose voice it is, or another voice",
        fix="Say under ai.consent where that consent is kept, or sing it with another voice.",
        example='consent = "contracts/voice-2026-03.pdf"',
        source="support.spotify.com, artists: AI credits and impersonation",
        evidence=_OFFICIAL,
    ),
    Rule(
        id="AI-SP-IMPERSONATION-NAME",
        group=Group.AI,
        scopes=frozenset({Scope.ALL}),
        severity="warning",
        field="artists[].name",
        test=_confused,
        message="With music made by AI, {value!r} could be taken for {known}.",
        passes="a name that is nobody else's; or your own, if you are {known}",
        fix="Take another name, or be ready to show that you are who you say.",
        example="Maren Okafor",
        source="support.spotify.com, artists: AI credits and impersonation",
        evidence=_OFFICIAL,
    ),
    Rule(
        id="AI-AP",
        group=Group.AI,
        scopes=frozenset({Scope.APPLE}),
        severity="warning",
        field="ai",
        test=_apple_tags,
        message="Apple asks for Transparency Tags where AI made a material portion: {tags}.",
        passes="tags delivered by your provider, or music without AI",
        fix="Tell your provider or distributor to set them: their XML is not public, so no package has them.",
        example='instruments = "none"',
        source="the-decoder.com, 2026-03-05; pulse.ng",
        evidence=_THIRD_PARTY,
        term="ai",
    ),
    Rule(
        id="AI-DK",
        group=Group.AI,
        scopes=frozenset({Scope.DISTROKID}),
        severity="error",
        field="artists[].ai",
        test=_distrokid_persona,
        message="Track {n} sounds by AI alone: DistroKid asks whether {who} is a person or an AI persona.",
        passes='ai = "none" (a person) or ai = "all" (a persona) of the artist',
        fix='Say so of the artist {who}: under [[artists]], beside name and roles, ai = "none" is a person, '
        'and ai = "all" a persona. Help with mixing and mastering needs no answer.',
        example='ai = "none"',
        source="support.distrokid.com",
        evidence=_THIRD_PARTY,
        publisher=Scope.DISTROKID,
        term="ai",
    ),
    Rule(
        id="AI-YT",
        group=Group.AI,
        scopes=frozenset({Scope.YOUTUBE}),
        severity="warning",
        field="youtube.synthetic_media",
        test=_youtube_synthetic,
        message="{why}, and YouTube is not told that the media is synthetic.",
        passes="true; or false, if nobody could take it for real people or events",
        fix="Set youtube.synthetic_media: true is the safe choice where AI sings.",
        example="synthetic_media = true",
        source="developers.google.com/youtube/v3, videos: status.containsSyntheticMedia (2024-10-30)",
        evidence=_OFFICIAL,
        term="ai",
    ),
    Rule(
        id="AI-LG",
        group=Group.AI,
        scopes=frozenset({Scope.LABELGRID}),
        severity="error",
        field="tracks[].recording_country",
        test=_labelgrid,
        message="{why}: LabelGrid requires it, beside the answers on AI.",
        passes="two letters, ISO 3166-1: the country where it was recorded, or where the machine's user was",
        fix="Set recording_country of the track.",
        example='recording_country = "DE"',
        source="labelgrid/labelgrid-mcp@e623c2a",
        evidence=frozenset({Evidence.CODE}),
    ),
    Rule(
        id="AI-BLOCK",
        group=Group.AI,
        scopes=frozenset({Scope.DISTRIBUTOR}),
        severity="error",
        field="ai",
        test=_blocked,
        message="{why} ({source}; read {as_of}).",
        passes="music that people made",
        fix="Choose a distributor who takes it (amv release where). Who hides it loses the account.",
        example='via = "distrokid"',
        source="the distributor's own words, in the message",
        evidence=_THIRD_PARTY,
        publisher=Scope.DISTRIBUTOR,
    ),
    Rule(
        id="AI-DEEZER",
        group=Group.AI,
        scopes=frozenset({Scope.DISTRIBUTOR}),
        severity="info",
        field="ai",
        test=_deezer,
        message="{tracks}: Deezer labels what AI made alone, and recommends it to nobody.",
        passes="nothing: it is delivered all the same",
        fix="Nothing. Do not expect streams there.",
        example=None,
        source="Deezer newsroom, June 2025 and 2026",
        evidence=frozenset({Evidence.OFFICIAL, Evidence.THIRD_PARTY}),
    ),
    Rule(
        id="AI-LICENCE",
        group=Group.AI,
        scopes=frozenset({Scope.ALL}),
        severity="warning",
        field="ai.licence",
        test=_licence,
        message="{why}.",
        passes="tool, plan, made_on, licence (that permits selling) and prompt, seed or output_id under [ai]",
        fix="Fill it in under [ai], or make the music with a tool whose licence permits selling it.",
        example='plan = "own"',
        source="creativecommons.org, BY-NC 4.0, 1(k) and 2(a); dynamoi.com, AI policy comparison 2026",
        evidence=frozenset({Evidence.OFFICIAL, Evidence.THIRD_PARTY}),
    ),
    Rule(
        id="AI-ART-SC",
        group=Group.AI,
        scopes=frozenset({Scope.DISTRIBUTOR}),
        severity="warning",
        field="ai.artwork",
        test=_soundcloud_pictures,
        message="AI made the artwork ({value}): SoundCloud may ask for the licence of the picture.",
        passes="a licence under ai.licence, or a picture that people made",
        fix="Keep the generator's licence at hand and name it under ai.licence.",
        example='licence = "CC0-1.0"',
        source="help.soundcloud.com 40259650089243",
        evidence=_THIRD_PARTY,
        publisher=Scope.DISTRIBUTOR,
    ),
)
