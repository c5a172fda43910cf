"""The instruments the studio can play, their usual roles, and the words people use for them."""

from __future__ import annotations

from dataclasses import dataclass

from aimusicverse.engines.studio.genres.vocabulary import Genre

#: What an instrument does in an arrangement.
ROLES = ("drums", "percussion", "bass", "chords", "pad", "arp", "lead", "counter", "texture")


@dataclass(frozen=True, slots=True)
class Instrument:
    """A name, the role it takes when a genre says nothing else, and other words for it."""

    name: str
    role: str
    words: tuple[str, ...] = ()


_ALL = (
    Instrument(
        "drums",
        "drums",
        (
            "drum",
            "hi hats",
            "hi hat",
            "kick",
            "snare",
            "drum kit",
            "drumkit",
            "beat",
            "beats",
            "drum machine",
            "claps",
            "clap",
        ),
    ),
    Instrument("percussion", "percussion", ("shaker", "congas", "bongos", "tambourine")),
    Instrument("orchestral percussion", "drums", ("timpani", "taiko", "taikos")),
    Instrument("electric bass", "bass", ("bass guitar", "slap bass", "bassline", "bass line", "bass")),
    Instrument("upright bass", "bass", ("double bass", "contrabass", "acoustic bass", "walking bass")),
    Instrument("synth bass", "bass", ("acid bass", "reese", "reese bass")),
    Instrument("sub bass", "bass", ("808", "808s", "sub")),
    Instrument("piano", "chords", ("grand piano", "pianos", "keys", "keyboard")),
    Instrument("electric piano", "chords", ("rhodes", "wurlitzer", "e-piano", "epiano")),
    Instrument("organ", "chords", ("hammond",)),
    Instrument(
        "acoustic guitar",
        "chords",
        ("fingerpicking", "steel guitar", "fingerpicked guitar", "acoustic guitars", "steel string guitar"),
    ),
    Instrument("nylon guitar", "chords", ("classical guitar", "spanish guitar", "nylon string guitar")),
    Instrument(
        "electric guitar", "chords", ("clean guitar", "electric guitars", "guitar", "guitars", "wah guitar")
    ),
    Instrument(
        "distorted guitar",
        "chords",
        ("distortion guitar", "distorted guitars", "power chords", "heavy guitar", "heavy guitars", "riffs"),
    ),
    Instrument("strings", "pad", ("string", "string section", "violin", "violins", "orchestra", "viola")),
    Instrument("cello", "counter", ("cellos",)),
    Instrument("brass", "counter", ("trumpet", "trumpets", "horn", "horns", "trombone")),
    Instrument("flute", "lead", ("flutes", "recorder")),
    Instrument("choir", "pad", ("choirs", "voices")),
    Instrument("pad", "pad", ("pads", "synth pad", "drone", "drones")),
    Instrument("synth lead", "lead", ("lead", "lead synth", "synth", "synths", "synthesizer")),
    Instrument("pluck", "arp", ("plucks", "arp", "arpeggio", "arpeggios", "sequencer")),
    Instrument("bells", "lead", ("bell", "glockenspiel", "music box", "celesta", "chimes")),
    Instrument("vibraphone", "lead", ("vibes", "xylophone")),
    Instrument("marimba", "arp", ("kalimba",)),
    Instrument("harp", "arp", ("harps",)),
    Instrument("melodica", "lead", ("accordion",)),
    Instrument("harmonica", "lead", ("harmonicas", "blues harp", "mouth organ")),
    Instrument(
        "pulse lead", "lead", ("chip lead", "square lead", "pulse wave", "square wave", "square waves")
    ),
    Instrument("pulse arp", "arp", ("chip arp", "chip arpeggio", "chip arpeggios")),
    Instrument("square chords", "chords", ("chip chords",)),
    Instrument("triangle bass", "bass", ("chip bass", "triangle wave", "triangle waves")),
    Instrument("vinyl crackle", "texture", ("vinyl", "crackle", "tape hiss")),
    Instrument("rain", "texture", ("rainy", "raindrops")),
)

INSTRUMENTS: dict[str, Instrument] = {instrument.name: instrument for instrument in _ALL}

#: Instruments that people ask for and the studio cannot play, and what plays in their place (with a warning).
SUBSTITUTES: dict[str, str] = {
    "clarinet": "flute", "oboe": "flute", "bassoon": "cello", "piccolo": "flute", "pan flute": "flute",
    "tin whistle": "flute", "whistle": "flute",
    "bagpipes": "flute",
    "saxophone": "brass", "sax": "brass", "tuba": "brass", "harmonium": "organ",
    "banjo": "acoustic guitar", "ukulele": "acoustic guitar", "mandolin": "acoustic guitar",
    "lute": "acoustic guitar",
    "sitar": "electric guitar", "slide guitar": "electric guitar", "pedal steel": "electric guitar",
    "fiddle": "strings", "fiddles": "strings", "erhu": "strings", "harpsichord": "harp", "koto": "harp",
    "kora": "harp",
    "clavinet": "electric piano", "clavichord": "electric piano", "mellotron": "choir",
    "theremin": "synth lead",
    "steel drums": "marimba", "steelpan": "marimba", "handpan": "marimba", "cajon": "percussion",
    "djembe": "percussion", "tabla": "percussion",
}  # fmt: skip

#: Words that leave open which of several instruments is meant: asked for, the genre's own one plays; refused,
#: none does.
FAMILIES: dict[str, tuple[str, ...]] = {
    word: members
    for words, members in (
        (("guitar", "guitars"), ("electric guitar", "acoustic guitar", "nylon guitar", "distorted guitar")),
        (("bass", "bassline", "bass line"), ("electric bass",)),
    )
    for word in words
}

#: Every word or phrase that means an instrument, in lower case.
INSTRUMENT_WORDS: dict[str, str] = {
    word: instrument.name for instrument in _ALL for word in (instrument.name, *instrument.words)
}


def role_of(instrument: str, genre: Genre) -> str:
    """What an instrument does in a genre."""
    return genre.roles.get(instrument, INSTRUMENTS[instrument].role)
