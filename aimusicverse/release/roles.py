"""Roles of people on a recording, by the names that DDEX messages have for them.

A choice: what a musician credits. Others are allowed by `UserDefined`. Tests compare with DDEX's own sets.
"""

from __future__ import annotations

import difflib
from typing import Final

#: Of artists that are shown (DDEX `DisplayArtistRole`, ERN 4.3.2).
DISPLAY_ARTIST_ROLES: Final = frozenset(
    {"MainArtist", "FeaturedArtist", "Artist", "Composer", "Brand", "UserDefined"}
)
#: Those of them that ERN 4.3 has not.
DISPLAY_ARTIST_ROLES_OF_432: Final = frozenset({"Brand", "UserDefined"})
#: Of everybody else (DDEX `ContributorRole`).
CONTRIBUTOR_ROLES: Final[frozenset[str]] = frozenset(
    """
    Accompanyist Actor AdditionalEngineer AdditionalMixingEngineer AdditionalPerformer Adapter Arranger
    AdditionalProgrammingEngineer AdditionalStudioProducer AAndRAdministrator AAndRCoordinator
    ArtDirector Artist ArtistVocalEngineer AssistantConductor AssistantEngineer AssistantProducer
    AssociatedPerformer AssociateProducer Author BackgroundVocalist BalanceEngineer BandLeader Choir
    ChoirMember ChorusMaster ClubDJ CoExecutiveProducer CoMixer CoMixingEngineer CompilationProducer Composer
    ComposerLyricist ConcertMaster Conductor Contractor CoProducer CoverDesigner Dancer
    DigitalAudioWorkstationEngineer DigitalEditingEngineer Director DJ Editor Engineer Ensemble
    ExecutiveProducer GraphicDesigner GroupMember GuestConductor Illustrator ImmersiveMasteringEngineer
    ImmersiveMixingEngineer LeadPerformer LeadVocalist Librettist Lyricist MasteringEngineer
    MasteringSecondEngineer Mixer MixingEngineer MixingSecondEngineer MusicArranger MusicCopyist MusicDirector
    MusicGroup Musician MusicPublisher Narrator NonLyricAuthor Orchestra OrchestraMember OriginalArtist
    OriginalPublisher OverdubEngineer Performer Photographer PlaybackSinger PostProducer PreProduction
    PrimaryMusician ProductionAssistant ProductionCoordinator Programmer ProgrammingEngineer ProjectEngineer
    RecordingEngineer RecordingSecondEngineer ReissueProducer RemixedArtist Remixer RemixingEngineer
    Repetiteur SecondEngineer Soloist SoundDesigner SoundMixer SoundRecordist Speaker StoryTeller
    StringEngineer StringProducer StringsDirector StudioConductor StudioMusician StudioPersonnel
    StudioProducer SubArranger SubLyricist SubPublisher SurroundMixingEngineer TapeOperator Tonmeister
    TrackingEngineer Translator Unknown UserDefined VideoDirector Videographer VideoProducer VocalArranger
    VocalEditingEngineer VocalEngineer Vocalist VocalProducer VoiceActor
    """.split()
)
#: Those of them that ERN 4.3 has not.
CONTRIBUTOR_ROLES_OF_432: Final = frozenset({"ImmersiveMasteringEngineer"})
#: Of artists that are named beside the title, for whoever stands among `artists`.
BILLED_ARTISTS: Final = frozenset({"MainArtist", "FeaturedArtist", "Artist", "Brand"})
#: The same for whoever stands among `contributors`, where an artist is any performer.
BILLED_CONTRIBUTORS: Final = frozenset({"MainArtist", "FeaturedArtist"})
#: `Producer` is a role in our form, and a `StudioProducer` in DDEX's.
ALSO_CALLED: Final[dict[str, str]] = {"Producer": "StudioProducer"}
#: What people say instead.
_SAID: Final[dict[str, str]] = {
    "singer": "Vocalist", "vocals": "Vocalist", "leadvocals": "LeadVocalist", "leadsinger": "LeadVocalist",
    "backingvocals": "BackgroundVocalist", "backingvocalist": "BackgroundVocalist",
    "backgroundvocals": "BackgroundVocalist", "drummer": "Musician", "drums": "Musician",
    "guitarist": "Musician", "guitar": "Musician", "bassist": "Musician", "bass": "Musician",
    "pianist": "Musician", "piano": "Musician", "keyboards": "Musician", "violin": "Musician",
    "violinist": "Musician", "saxophone": "Musician", "beatmaker": "StudioProducer",
    "beats": "StudioProducer",
    "songwriter": "ComposerLyricist", "writer": "ComposerLyricist", "musicandlyrics": "ComposerLyricist",
    "music": "Composer", "lyrics": "Lyricist", "words": "Lyricist", "featured": "FeaturedArtist",
    "featuring": "FeaturedArtist", "feat": "FeaturedArtist", "primary": "MainArtist",
    "primaryartist": "MainArtist", "main": "MainArtist", "mastering": "MasteringEngineer",
    "mixing": "Mixer", "mix": "Mixer", "remix": "Remixer", "recording": "RecordingEngineer",
    "with": "FeaturedArtist", "rapper": "Vocalist", "producedby": "StudioProducer", "cover": "CoverDesigner",
}  # fmt: skip
_KNOWN: Final = {role.lower(): role for role in DISPLAY_ARTIST_ROLES | CONTRIBUTOR_ROLES | {*ALSO_CALLED}}


def is_producer(role: str) -> bool:
    """Whether somebody with this role produced the recording."""
    return role in {
        "Producer",
        "StudioProducer",
        "CoProducer",
        "AdditionalStudioProducer",
        "AssociateProducer",
        "AssistantProducer",
        "VocalProducer",
        "StringProducer",
    }


def nearest_role(role: str) -> str:
    """What was probably meant; `UserDefined` when nothing is near."""
    said = "".join(sign for sign in role.lower() if sign.isalnum())
    if said in _KNOWN or said in _SAID:
        return _KNOWN.get(said) or _SAID[said]
    near = difflib.get_close_matches(said[:80], [*_KNOWN, *_SAID], n=1, cutoff=0.75)
    return (_KNOWN.get(near[0]) or _SAID[near[0]]) if near else "UserDefined"
