"""Names of roles that ERN knows. Others are written as `UserDefined`, with their own name beside it.

They are the names of DDEX's allowed value sets as those of ERN 4.3 and 4.3.2 have them (November 2026).
"""

from __future__ import annotations

from typing import Final

_NAMES: Final = """
AAndRAdministrator AAndRCoordinator Accompanyist Actor Adapter AdditionalEngineer
AdditionalMixingEngineer AdditionalPerformer AdditionalProgrammingEngineer AdditionalStudioProducer
AnchorPerson AnimalTrainer Animator Annotator Announcer Architect Armourer Arranger ArtCopyist
ArtDirector Artist ArtistBackgroundVocalEngineer ArtistVocalEngineer ArtistVocalSecondEngineer
AssistantCameraOperator AssistantChiefLightingTechnician AssistantConductor AssistantDirector
AssistantEditor AssistantEngineer AssistantProducer AssistantVisualEditor AssociateProducer
AssociatedPerformer AuralTrainer Author AuthorInQuotations AuthorOfAfterword BackgroundVocalist
BalanceEngineer BandLeader Binder BindingDesigner BookDesigner BookProducer BookPublisher
BookjackDesigner BookplateDesigner BroadcastAssistant BroadcastJournalist Calligrapher CameraOperator
Carpenter Cartographer Cartoonist CastingDirector Causeur Censor ChiefLightingTechnician Choir
ChoirMember Choreographer ChorusMaster CircusArtist ClapperLoader ClubDJ CoDirector CoExecutiveProducer
CoMixer CoMixingEngineer CoProducer ColorSeparator Comedian Commentator CommissioningBroadcaster
CompilationProducer Compiler Composer ComposerLyricist ComputerGraphicCreator ComputerProgrammer
Conceptor ConcertMaster Conductor Consultant ContinuityChecker Contractor CopyrightClaimant
CopyrightHolder Correspondent CostumeDesigner CoverDesigner Creator DJ Dancer Delineator Designer
DialogueAuthor DialogueCoach DialogueDirector DigitalAudioWorkstationEngineer DigitalEditingEngineer
DigitalEditingSecondEngineer DirectStreamDigitalEngineer Director Dissertant DistributionCompany
Draughtsman Dresser Dubber Editor EditorInChief EditorOfTheDay Encoder Engineer Engraver Ensemble Etcher
ExecutiveProducer Expert Facsimilist FightDirector FilmDirector FilmDistributor FilmEditor FilmProducer
FilmSoundEngineer FloorManager FocusPuller FoleyArtist FoleyEditor FoleyMixer GraphicArtist
GraphicAssistant GraphicDesigner Greensman Grip GroupMember GuestConductor Hairdresser Illustrator
ImmersiveMasteringEngineer ImmersiveMixingEngineer InitialProducer InterviewedGuest Interviewer
Journalist KeyCharacter KeyGrip KeyTalent LandscapeArchitect LeadPerformer LeadVocalist Leadman
Librettist LightingDirector LightingTechnician Lithographer LocationManager Lyricist MakeUpArtist
Manufacturer MasteringEngineer MasteringSecondEngineer MatteArtist MetalEngraver Mime Mixer
MixingEngineer MixingSecondEngineer MusicArranger MusicCopyist MusicDirector MusicGroup MusicPublisher
Musician Narrator NewsProducer NewsReader NewspaperPublisher NonLyricAuthor NotSpecified Orchestra
OrchestraMember OriginalArtist OriginalPublisher OverdubEngineer OverdubSecondEngineer Painter Performer
PeriodicalPublisher Photographer PhotographyDirector PlateMaker PlaybackSinger Playwright PostProducer
PreProduction PreProductionEngineer PreProductionSecondEngineer Presenter PrimaryMusician
ProductionAssistant ProductionCompany ProductionCoordinator ProductionDepartment ProductionManager
ProductionSecretary ProgramProducer Programmer ProgrammingEngineer ProjectEngineer PropertyManager
PublishingDirector Puppeteer Pyrotechnician RecordingEngineer RecordingSecondEngineer Redactor
ReissueProducer RemixedArtist Remixer RemixingEngineer RemixingSecondEngineer Repetiteur Reporter
ResearchTeamHead ResearchTeamMember Researcher Restager Reviewer Rigger RightsControllerOnProduct
Rubricator Runner ScenicOperative ScientificAdvisor ScreenplayAuthor ScriptSupervisor Sculptor
SecondAssistantCameraOperator SecondAssistantDirector SecondConductor SecondEngineer SecondUnitDirector
SeriesProducer SetDesigner SetDresser SignLanguageInterpreter Soloist SoundDesigner SoundMixer
SoundRecordist SoundSupervisor Speaker SpecialEffectsTechnician Sponsor StageAssistantEngineer
StageDirector StageEngineer StoryTeller StringEngineer StringProducer StringsDirector StudioConductor
StudioMusician StudioPersonnel StudioProducer Stunts SubArranger SubLyricist SubPublisher
SubstitutedPublisher SubtitlesEditor SubtitlesTranslator SupportingActor SurroundMixingEngineer
SurroundMixingSecondEngineer TapeOperator TechnicalDirector Tonmeister TrackingEngineer
TrackingSecondEngineer TransfersAndSafetiesEngineer TransfersAndSafetiesSecondEngineer Translator
TransportationManager Treatment/ProgramProposal TypeDesigner Unknown UserDefined VideoDirector
VideoMusicalDirector VideoProducer Videographer VisionMixer VisualEditor VisualEffectsTechnician
VocalArranger VocalEditingEngineer VocalEditingSecondEngineer VocalEngineer VocalProducer
VocalSecondEngineer Vocalist VoiceActor Wardrobe WoodEngraver Woodcutter WriterOfAccompanyingMaterial
"""
#: Of contributors, ERN 4.3.2.
CONTRIBUTOR_ROLES: Final = frozenset(_NAMES.split()) - {"UserDefined"}
#: Those that ERN 4.3 does not have.
NEW_IN_432: Final = frozenset({"ImmersiveMasteringEngineer", "Mime"})
#: Of artists that are named beside the title, for whoever stands among `artists`.
ARTIST_ROLES: Final = frozenset({"MainArtist", "FeaturedArtist", "Artist", "Brand"})
#: The same for whoever stands among `contributors`, where an artist is any performer.
BILLED_CONTRIBUTORS: Final = frozenset({"MainArtist", "FeaturedArtist"})
#: What everybody calls a role for which DDEX has another name, by its definition.
ALSO_CALLED: Final = {"Producer": "StudioProducer"}
