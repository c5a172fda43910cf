"""Stores and distributors: whether they take what a machine made, what they need, how a release gets there.

Gathered from public pages; no account was used. What nobody of ours knows is said to be not known: it is
never taken for yes or no.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from aimusicverse.release.ai_stance import AI_STANCES, AiStance, Refusal
from aimusicverse.release.rules.rule import COMPILED, Evidence
from aimusicverse.release.targets import DISTRIBUTORS, STORES
from aimusicverse.types.outlet import AiTerms, Outlet

#: Evidence that makes a fact verified: a page of the outlet's own, or a trial.
_SURE: Final = frozenset({Evidence.OFFICIAL, Evidence.VERIFIED})
_NOWHERE: Final = "nothing that was read says it"
_COMPARISONS: Final = "public comparisons of distributors"


def _told(source: str, evidence: Evidence, as_of: date = COMPILED) -> dict[str, Any]:
    return {"source": source, "evidence": evidence.value, "as_of": as_of, "verified": evidence in _SURE}


def _ai(stance: str, note: str, source: str, evidence: Evidence) -> AiTerms:
    return AiTerms(stance=stance, note=note, **_told(source, evidence))


#: Of distributors. TuneCore is Believe's own, and it is Believe that speaks.
STANCES: Final[dict[str, AiStance]] = {**AI_STANCES, "believe": AI_STANCES["tunecore"]}


def ai_terms_of(stance: AiStance | None) -> AiTerms:
    """What is known of a distributor's stance, as it is shown."""
    if stance is None:
        return _AI_NOT_KNOWN
    if stance.refuses is None:
        note = f"{_AI_NOT_KNOWN.note} {stance.asks or ''}".strip()
        terms = _ai("not_known", note, stance.source, stance.evidence)
        return terms.model_copy(update={"as_of": stance.as_of})
    said = [_REFUSED[refusal] for refusal in stance.refuses]
    said += [f"What it asks: {stance.asks}"] if stance.asks else []
    said += [stance.most] if stance.most else []
    if "any" in stance.refuses:
        answer = "no"
    elif stance.refuses or stance.most:
        answer = "partly"
    else:
        answer = "with_disclosure" if stance.asks else "yes"
    terms = _ai(answer, " ".join(said), stance.source, stance.evidence)
    return terms.model_copy(update={"as_of": stance.as_of})


_REFUSED: Final[dict[Refusal, str]] = {
    "any": "Refuses all music and words that a machine has a part in.",
    "any_audio": "Refuses all sound that a machine has a part in.",
    "wholly": "Refuses what a machine made alone.",
    "unlicensed": "Refuses what comes from models that were trained without licences.",
}
_AI_NOT_KNOWN: Final = _ai("not_known", "Not known: ask before you pay.", _NOWHERE, Evidence.UNVERIFIED)
_ACCOUNT: Final = "an account there"


def _store(key: str, name: str, source: str, evidence: Evidence, **facts: Any) -> Outlet:
    return Outlet(id=key, name=name, kind="store", checked=key in STORES, **_told(source, evidence), **facts)


def _distributor(
    key: str, name: str, source: str = _NOWHERE, evidence: Evidence = Evidence.UNVERIFIED, **facts: Any
) -> Outlet:
    mine = DISTRIBUTORS.get(key)
    defaults: dict[str, Any] = {
        "ai": ai_terms_of(STANCES.get(key)),
        "needs": [_ACCOUNT],
        "delivered_by": "by_hand",
        "delivery": "By its own form, with the files and metadata that a check has passed.",
        "lead_time": "Not known: four weeks are never wrong.",
    }
    return Outlet(
        id=key,
        name=name,
        kind="distributor",
        checked=mine is not None,
        assigns=sorted(mine.assigns) if mine else [],
        **_told(source, evidence),
        **{**defaults, **facts},
    )


_OUTLETS: Final = (
    _store(
        "spotify",
        "Spotify",
        "providersupport.spotify.com",
        Evidence.OFFICIAL,
        ai=_ai(
            "yes",
            "AI credits (beta, April 2026) can be given for roles that a machine did wholly; it is optional. "
            "The voice of a real person without consent is refused.",
            "providersupport.spotify.com, AI credits on Spotify",
            Evidence.OFFICIAL,
        ),
        needs=["an approved provider or a distributor", "ISRC for each track", "UPC or EAN"],
        requires=["isrc", "upc"],
        delivered_by="package",
        delivery="ERN 4.3 or later over SFTP, from approved providers only (below 4.3 is refused since "
        "2026-04-01). The package is for such a provider; everybody else goes by a distributor.",
        lead_days=5,
        lead_time="New releases 5 days before, updates and takedowns 2; a pitch to editors needs 7.",
    ),
    _store(
        "apple_music",
        "Apple Music",
        "itunespartner.apple.com; help.apple.com/itc/musicspec",
        Evidence.OFFICIAL,
        ai=_ai(
            "with_disclosure",
            "Transparency Tags (March 2026) for artwork, track, composition and video, when a machine made a "
            "material part; announced as required for deliveries to come.",
            "the-decoder.com, 2026-03-05",
            Evidence.THIRD_PARTY,
        ),
        needs=["a contract of your own, an encoding house or a distributor", "ISRC for each track", "UPC"],
        requires=["isrc", "upc"],
        delivered_by="package",
        delivery="A folder <vendor id>.itmsp with metadata.xml and files, by Transporter or an encoding "
        "house. Apple's schema is not public: the package is marked as not verified against it.",
        lead_days=5,
        lead_time="Quality control usually takes a day or two, up to about 5.",
    ),
    _store(
        "youtube_music",
        "YouTube Music",
        "developers.google.com/youtube/v3; support.google.com/youtube/answer/3503737",
        Evidence.OFFICIAL,
        ai=_ai(
            "with_disclosure",
            "Realistic synthetic media is marked (status.containsSyntheticMedia), where it could be taken "
            "for real people or events.",
            "developers.google.com/youtube/v3, videos",
            Evidence.OFFICIAL,
        ),
        needs=[
            "by yourself: a channel and a Google API project, locked to private until it is verified",
            "for an art track: a distributor, or a Content Manager account",
        ],
        delivered_by="api",
        delivery="By yourself an upload makes a video (YouTube Data API, 100 a day), no art track. Art "
        "tracks come by a distributor or the partner feed.",
        lead_days=0,
        lead_time="At once; a later time can be set while the video is private.",
    ),
    _store(
        "soundcloud",
        "SoundCloud",
        "soundcloud/api, OpenAPI description of July 2026, issues #554 and #565",
        Evidence.OFFICIAL,
        needs=["a paid artist account, with which an app is registered", "sign-in there (OAuth 2.1)"],
        ai=_AI_NOT_KNOWN,
        delivered_by="api",
        delivery="POST /tracks with the sound file. A release date schedules nothing: the track is kept "
        "private until then.",
        lead_days=0,
        lead_time="At once.",
    ),
    _store(
        "ddex",
        "any DDEX receiver (ERN 4.3.2)",
        "kb.ddex.net; the ERN 4.3.2 schema",
        Evidence.VERIFIED,
        ai=_ai(
            "not_known",
            "ERN 4.3.2 has fields for it; whether it is taken, the receiver says.",
            "the ERN 4.3.2 schema and allowed values",
            Evidence.VERIFIED,
        ),
        needs=[
            "an agreement with the receiver",
            "a DDEX party id",
            "ISRC for each track",
            "UPC, EAN or GRid",
        ],
        requires=["isrc", "upc"],
        delivered_by="package",
        delivery="A batch folder with a folder for each release; the manifest or BatchComplete comes last "
        "and starts the work.",
        lead_time="As the receiver says.",
    ),
    _store(
        "ddex_43",
        "any DDEX receiver (ERN 4.3)",
        "kb.ddex.net; the ERN 4.3 schema",
        Evidence.VERIFIED,
        ai=_ai(
            "not_known",
            "ERN 4.3 has no fields for it: what you disclose is lost. Prefer 4.3.2.",
            "the ERN 4.3 schema and allowed values",
            Evidence.VERIFIED,
        ),
        needs=[
            "an agreement with the receiver",
            "a DDEX party id",
            "ISRC for each track",
            "UPC, EAN or GRid",
        ],
        requires=["isrc", "upc"],
        delivered_by="package",
        delivery="As for ERN 4.3.2.",
        lead_time="As the receiver says.",
    ),
    _store(
        "deezer",
        "Deezer",
        "Deezer newsroom, June 2025 and 2026",
        Evidence.THIRD_PARTY,
        ai=_ai(
            "yes",
            "What a machine made wholly is labelled, left out of recommendations, and filtered for fraud.",
            "Deezer newsroom, June 2025 and 2026",
            Evidence.THIRD_PARTY,
        ),
        needs=["a distributor"],
        delivered_by="none",
        delivery="By a distributor; no rules of ours judge a release for it.",
        lead_time="Not known.",
    ),
    _distributor(
        "distrokid",
        "DistroKid",
        "support.distrokid.com; news.distrokid.com; musicdelta.com for the stores",
        Evidence.THIRD_PARTY,
        needs=[_ACCOUNT, "a plan, paid by the year", "a higher plan for ISRCs of your own"],
        delivered_by="kit",
        delivery="It has no public API: you get a kit with named files and a checklist, and fill in its "
        "form. Nothing here signs in for you.",
        reaches=["spotify", "apple_music", "youtube_music"],
        lead_days=28,
        lead_time="4 weeks are recommended; below 4 working days a date cannot be had.",
    ),
    _distributor(
        "tunecore",
        "TuneCore",
        _COMPARISONS,
        Evidence.THIRD_PARTY,
        needs=[_ACCOUNT, "a plan, paid by the year"],
    ),
    _distributor("cd_baby", "CD Baby"),
    _distributor(
        "ditto", "Ditto", _COMPARISONS, Evidence.THIRD_PARTY, needs=[_ACCOUNT, "a plan, paid by the year"]
    ),
    _distributor("routenote", "RouteNote"),
    _distributor("unitedmasters", "UnitedMasters"),
    _distributor("awal", "AWAL"),
    _distributor(
        "once",
        "ONCE",
        "ONCE's API description",
        Evidence.THIRD_PARTY,
        delivery="By its own form. It has a real API (drafts, status), which nothing here speaks yet.",
    ),
    _distributor(
        "labelgrid",
        "LabelGrid",
        "labelgrid/labelgrid-mcp, read as code",
        Evidence.CODE,
        delivery="By its own form. It has a real API (releases, validation), which nothing here speaks yet.",
    ),
    _distributor("beatchain", "Beatchain"),
    _distributor("landr", "LANDR"),
    _distributor("amuse", "Amuse"),
    _distributor(
        "soundcloud_for_artists",
        "SoundCloud for Artists",
        "help.soundcloud.com/40259650089243",
        Evidence.THIRD_PARTY,
        needs=["a paid artist account"],
    ),
    _distributor(
        "believe",
        "Believe",
    ),
    _distributor("emastered", "eMastered"),
    _distributor(
        "revelator",
        "Revelator",
        "Revelator's API description",
        Evidence.THIRD_PARTY,
        delivery="By its own form. It has a real API, which nothing here speaks yet.",
    ),
)
OUTLETS: Final[dict[str, Outlet]] = {outlet.id: outlet for outlet in _OUTLETS}
