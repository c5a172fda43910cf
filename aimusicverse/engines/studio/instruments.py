"""The instruments the studio can play, their usual roles, and the words people use for them."""

from __future__ import annotations

from dataclasses import dataclass

#: What an instrument does in an arrangement.
ROLES = ("drums", "percussion", "bass", "chords", "pad", "arp", "lead", "counter", "texture")


@dataclass(frozen=True, slots=True)
class Instrument:
    """A name, the role it takes when a genre says nothing else, and other words for it."""

    name: str
    role: str
    words: tuple[str, ...] = ()


_ALL = (
    Instrument("drums", "drums", ("drum", "drum kit", "drumkit", "beat", "beats", "drum machine")),
    Instrument("percussion", "percussion", ("shaker", "congas", "bongos", "tambourine")),
    Instrument("orchestral percussion", "drums", ("timpani", "taiko", "taikos")),
    Instrument("electric bass", "bass", ("bass guitar", "slap bass", "bassline", "bass line", "bass")),
    Instrument("upright bass", "bass", ("double bass", "contrabass", "acoustic bass", "walking bass")),
    Instrument("synth bass", "bass", ("acid bass", "reese", "reese bass")),
    Instrument("sub bass", "bass", ("808", "808s", "sub")),
    Instrument("piano", "chords", ("grand piano", "pianos", "keys", "keyboard")),
    Instrument("electric piano", "chords", ("rhodes", "wurlitzer", "e-piano", "epiano")),
    Instrument("organ", "chords", ("hammond",)),
    Instrument("acoustic guitar", "chords", ("nylon guitar", "classical guitar", "fingerpicking")),
    Instrument("electric guitar", "chords", ("clean guitar", "guitar", "guitars")),
    Instrument("distorted guitar", "chords", ("distortion guitar", "power chords", "heavy guitar", "riffs")),
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
    Instrument("vinyl crackle", "texture", ("vinyl", "crackle", "tape hiss")),
    Instrument("rain", "texture", ("rainy", "raindrops")),
)

INSTRUMENTS: dict[str, Instrument] = {instrument.name: instrument for instrument in _ALL}

#: Every word or phrase that means an instrument, in lower case.
INSTRUMENT_WORDS: dict[str, str] = {
    word: instrument.name for instrument in _ALL for word in (instrument.name, *instrument.words)
}
