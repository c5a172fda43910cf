"""What each key of `release.toml` is, in a line, with an example: for whoever edits the file."""

from __future__ import annotations

from functools import cache
from typing import Any, Final, NamedTuple

from pydantic import BaseModel

from aimusicverse.types.release import (
    AiDisclosure,
    Contributor,
    Cover,
    Delivered,
    Recording,
    Release,
    SoundCloudFields,
    Writer,
    YouTubeFields,
)


class Word(NamedTuple):
    """About one key.

    Args:
        says: what it is, for a musician.
        example: a value, as it is shown where none is given.
    """

    says: str
    example: Any


_PART: Final = "none, partly or all"
_RELEASE: Final = {
    "title": Word("Title, without the artist's name, \"Single\" or \"EP\".", "Paper Lanterns"),
    "version": Word("What kind of version it is, without brackets.", "Deluxe Edition"),
    "type": Word("single, ep or album. Left out: as its tracks make it.", "single"),
    "upc": Word("UPC or EAN. Left out: a distributor assigns it. A re-release keeps it.", "036000291452"),
    "grid": Word("GRid, if the release has one.", "A1-2425G-ABC1234002-M"),
    "vendor_id": Word("Apple's vendor id: never changed once delivered.", "LANTERNS_2026"),
    "catalog_number": Word("Your own number of the release.", "MOR-001"),
    "label": Word("Label. Without one: your name and Records.", "Maren Okafor Records"),
    "p_line": Word("Who owns the recordings: year and name (the ℗ line).", "2026 Maren Okafor"),
    "c_line": Word("Who owns cover and texts: year and name (the © line).", "2026 Maren Okafor"),
    "language": Word("Language of the vocals, like en, de or ja; zxx: nobody sings.", "en"),
    "metadata_language": Word("Language of titles and names.", "en"),
    "explicit": Word("explicit, clean (a cleaned version of an explicit song) or none.", "none"),
    "genre": Word("Genre, as you would say it.", "Pop"),
    "release_at": Word("Day of release (00:00 in each territory), or a time with its zone.", "2027-01-08"),
    "time_zone": Word("Zone of the day, if it is to begin at one moment everywhere.", "Europe/Berlin"),
    "original_release_date": Word("When it came out first, if it came out before.", "2019-05-17"),
    "as_soon_as_possible": Word("true: as soon as a store can, whatever the day.", True),
    "preorder_at": Word("Day from which it can be ordered.", "2026-12-18"),
    "preorder_tracks": Word("Numbers of tracks that can be heard before; 1 is the first.", [1]),
    "territories": Word("Where it is sold: Worldwide, or countries like DE, FR.", ["Worldwide"]),
    "excluded_territories": Word("Where it is not.", ["US"]),
    "intentional_styling": Word("true: capitals are as you want them, stores shall not mend them.", True),
    "sender_dpid": Word("Your DDEX party id, if you deliver yourself.", "PADPIDA2011072101T"),
    "recipient_dpid": Word("DDEX party id of who receives it.", "PADPIDA2013020802I"),
    "live_message": Word("true: DDEX messages are real ones, and no tests.", True),
    "artists": Word("Who it is by, as it is shown.", None),
    "contributors": Word("Who else is credited on all tracks: producers, mixers, players.", None),
    "genres": Word("Genre in the words of a store.", {"apple_music": "POP-00"}),
    "ai": Word(
        "What a machine made. Each answer is none, partly or all; every store and distributor asks. "
        "Mixing and mastering by machine do not count.",
        None,
    ),
    "cover": Word("The picture: square, 3000 x 3000 pixels, JPEG in RGB.", None),
    "tracks": Word("A track. What it leaves out is as the release says.", None),
    "soundcloud": Word("What only SoundCloud asks.", None),
    "youtube": Word("What only YouTube asks.", None),
    "delivered": Word("What stores have already, which cannot be changed.", None),
}  # fmt: skip
_RECORDING: Final = {
    "title": Word('Title, without the artist\'s name and "feat."', "Paper Lanterns"),
    "version": Word("What kind of version it is, without brackets.", "Radio Edit"),
    "isrc": Word(
        "ISRC. Left out: a distributor assigns it. A recording keeps its ISRC for ever.", "USSKG2600001"
    ),
    "iswc": Word("ISWC of the song, if it has one.", "T-034.524.680-1"),
    "artists": Word("Who this track is by, where it is another than the release's.", None),
    "contributors": Word("Who else is credited: featured artists, remixers, producers, players.", None),
    "writers": Word("Who wrote words and music: people, by their legal first and last names.", None),
    "p_line": Word("Who owns this recording, where it is another than the release's.", "2026 Maren Okafor"),
    "language": Word("Language of its vocals; zxx: nobody sings.", "en"),
    "explicit": Word("explicit, clean or none, where it is another than the release's.", "none"),
    "clean_of": Word("Of a clean version: ISRC of the explicit one.", "USSKG2600002"),
    "genre": Word("Genre, where it is another than the release's.", "Pop"),
    "lyrics": Word("Its words.", "Light after light…"),
    "recording_country": Word("Where it was recorded.", "DE"),
    "original_release_date": Word("When it came out first, if it came out before.", "2019-05-17"),
    "is_cover": Word("true: somebody else's song. Its writers are the original ones.", True),
    "intentional_styling": Word("true: capitals are as you want them.", True),
    "ai": Word("What a machine made of this track, where it is another answer than the release's.", None),
    "duration_seconds": Word("Its length, where no sound file says so.", 185.0),
    "file": Word(
        "Its sound file: WAV or FLAC, 44.1 kHz or more, 16 or 24 bit, stereo.", "paper-lanterns.wav"
    ),
    "track_id": Word("Instead of a file: the track's id on your server.", "trk_…"),
}
_CONTRIBUTOR: Final = {
    "name": Word("Name, as it is shown: one artist each.", "Maren Okafor"),
    "roles": Word("MainArtist, FeaturedArtist, Remixer, Producer, Mixer, …", ["MainArtist"]),
    "is_group": Word("true: one name, though it looks like several.", True),
    "isni": Word("ISNI, if there is one.", "0000 0001 2170 7484"),
    "apple_id": Word("Number at the end of the artist's page at music.apple.com.", "1419227"),
    "spotify_id": Word(
        "From the artist's page at Spotify: Share, Copy link.", "spotify:artist:4Z8W4fKeB5YxbusRsdQVPb"
    ),
    "ai": Word(f"How much of this contribution a machine made: {_PART}.", "none"),
}
_WRITER: Final = {
    "name": Word("Legal first and last name.", "Maren Okafor"),
    "roles": Word(
        "Composer (music), Lyricist (words), ComposerLyricist (both) or Arranger.", ["ComposerLyricist"]
    ),
    "ipi": Word("IPI number, from the collecting society.", "00014107338"),
    "isni": Word("ISNI, if there is one.", "0000 0001 2170 7484"),
    "publisher": Word("Music publisher, if there is one.", "Weil Music"),
    "ai": Word(f"How much of it a machine made: {_PART}.", "none"),
}
_AI: Final = {
    "lyrics": Word(f"The words: {_PART}. Without words: none.", "none"),
    "composition": Word(f"The music, as it could be written down: {_PART}.", "none"),
    "vocals": Word(f"The voices: {_PART}. Without voices: none.", "none"),
    "instruments": Word(f"What is played, the sound: {_PART}.", "none"),
    "artwork": Word(f"The cover: {_PART}.", "none"),
    "video": Word(f"The video, where there is one: {_PART}.", "none"),
    "tool": Word("The generator.", "aimusicverse studio"),
    "tool_version": Word("Its version.", "1.0"),
    "plan": Word("Under which plan it was used: free, paid or own. Free plans often forbid selling.", "paid"),
    "licence": Word("Licence of what the tool made: a name, or where it stands.", "MIT"),
    "made_on": Word("Day on which it was made.", "2026-11-26"),
    "prompt": Word("What you asked the tool for.", "lofi, rainy night"),
    "seed": Word("Its seed, if it has one.", 7),
    "output_id": Word("The tool's own id of what it made.", "gen_…"),
    "imitates_voice": Word("true: the voice of a real person is imitated.", False),
    "consent": Word("Where that person's written consent is kept.", "consent.pdf"),
}
_COVER: Final = {
    "file": Word("The picture's file.", "cover.jpg"),
    "artwork_id": Word("Instead of a file: the picture's id on your server.", "art_…"),
    "lettering": Word(
        "All words in the picture, line by line; []: it has none.", ["Maren Okafor", "Paper Lanterns"]
    ),
    "parental_advisory": Word("true: it bears the Parental Advisory mark.", True),
    "rights": Word("Whose it is: own, licensed or ai.", "own"),
}
_SOUNDCLOUD: Final = {
    "sharing": Word("public or private.", "public"),
    "embeddable_by": Word("Who may embed it: all, me or none.", "all"),
    "licence": Word("all-rights-reserved, no-rights-reserved, or cc-by and its like.", "all-rights-reserved"),
    "tags": Word("Tags.", ["lofi", "rainy night"]),
    "description": Word("What stands below it.", "Recorded in Bremen."),
    "paid_account": Word("true: the account is a paid one, which alone sets pictures by the API.", True),
    "purchase_url": Word("Where it can be bought.", "https://example.com/lanterns"),
}
_YOUTUBE: Final = {
    "title": Word("Title of the video. Left out: Artist - Title.", "Maren Okafor - Paper Lanterns"),
    "description": Word("What stands below it.", "Recorded in Bremen."),
    "tags": Word("Tags.", ["lofi"]),
    "privacy": Word("private, unlisted or public.", "public"),
    "publish_at": Word("When a private video becomes public.", "2027-01-08T00:00:00Z"),
    "made_for_kids": Word("Whether it is made for children: YouTube wants an answer.", False),
    "synthetic_media": Word(
        "true: voices or scenes could be taken for real ones, and are made by a machine.", True
    ),
    "channel_verified": Word(
        "true: your channel is verified, so videos may be longer than 15 minutes.", True
    ),
}
_DELIVERED: Final = {
    "upc": Word("UPC under which they have it.", "036000291452"),
    "vendor_id": Word("Apple's vendor id under which it has it.", "LANTERNS_2026"),
    "isrcs": Word("ISRCs of its tracks, in order.", ["USSKG2600001"]),
}

#: For every model that a release is made of, every key.
WORDS: Final[dict[type[BaseModel], dict[str, Word]]] = {
    Release: _RELEASE,
    Recording: _RECORDING,
    Contributor: _CONTRIBUTOR,
    Writer: _WRITER,
    AiDisclosure: _AI,
    Cover: _COVER,
    SoundCloudFields: _SOUNDCLOUD,
    YouTubeFields: _YOUTUBE,
    Delivered: _DELIVERED,
}


@cache
def words_of(model: type[BaseModel]) -> dict[str, Word]:
    """Every key of a model. One that is not told here is still shown, as the model describes it."""
    told = WORDS.get(model, {})
    return {
        name: told.get(name) or Word(field.description or f"{name}.", "…")
        for name, field in model.model_fields.items()
    }
