"""How further languages join: a table each.

`words` gives, for a word or phrase of the language, the English one of the other tables that means the same;
a `*` stands for any of the language's `endings`, or for none. Accents are optional, in prompts and here. To
add a language, write its `Language` and put it into `LANGUAGES`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Language:
    """A language's words for what English words of the tables mean, and how it names keys."""

    name: str
    words: Mapping[str, str]
    endings: tuple[str, ...]
    filler: str
    notes: Mapping[str, str]
    sharp: str
    flat: str
    modes: Mapping[str, str]

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Every form of every word with its English meaning."""
        for word, meaning in self.words.items():
            for ending in ("", *self.endings) if "*" in word else ("",):
                yield word.replace("*", ending), meaning


GERMAN = Language(
    "German",
    {
        "klassik": "classical", "klassisch*": "classical", "filmmusik": "film score",
        "orchestermusik": "orchestral",
        "elektronisch*": "electronic", "volksmusik": "folk", "volkslied": "folk",
        "liedermacher": "singer songwriter",
        "tanzmusik": "dance music", "rockmusik": "rock", "popmusik": "pop", "schlafmusik": "sleep music",
        "meditationsmusik": "meditation music", "kammermusik": "chamber music",
        "streichquartett": "string quartet",
        "klaviersonate": "piano sonata", "walzer": "waltz", "hausmusik": "chamber music", "jazzig*": "jazzy",
        "videospiel": "video game", "achtziger": "80s", "neunziger": "90s", "siebziger": "70s",
        "fröhlich*": "happy", "glücklich*": "happy", "heiter*": "happy", "traurig*": "sad",
        "melancholisch*": "sad",
        "ruhig*": "calm", "entspannt*": "calm", "entspannend*": "calm", "sanft*": "gentle", "leise*": "quiet",
        "dunkel": "dark", "dunkl*": "dark", "düster*": "dark", "unheimlich*": "haunting",
        "energisch*": "energetic",
        "kraftvoll*": "powerful", "verträumt*": "dreamy", "episch*": "epic", "heroisch*": "heroic",
        "romantisch*": "romantic", "spannend*": "tense", "geheimnisvoll*": "mysterious", "warm*": "warm",
        "regen": "rain", "nacht": "night", "nachts": "night", "langsam*": "slow", "schnell*": "fast",
        "sehr langsam*": "very slow", "sehr schnell*": "very fast", "gemächlich*": "laid back",
        "trocken*": "dry",
        "klavier": "piano", "klaviermusik": "piano", "sondern": "but", "aber": "but", "flügel": "piano",
        "e klavier": "electric piano", "orgel": "organ", "gitarre*": "guitar",
        "akustikgitarre": "acoustic guitar", "e gitarre": "electric guitar", "geige*": "violin",
        "streicher*": "strings",
        "flöte*": "flute", "schlagzeug": "drums", "trommel*": "drums", "bläser*": "brass",
        "trompete*": "trumpet",
        "chor": "choir", "glocke*": "bells", "harfe*": "harp", "kontrabass": "double bass", "cello": "cello",
        "ohne": "without", "kein*": "no", "nicht": "not", "nur": "only", "oder": "or", "und": "and",
        "weder": "no", "noch": "nor", "mundharmonika": "harmonica",
    },
    ("e", "er", "es", "en", "em", "n"),
    "der die das den dem des ein eine einen einem einer eines mit für in im am zum zur von vom auf bei als"
    " wie ist sind ich du es bitte stück lied musik schlägen takt tonart ein bisschen sehr etwas mach mir",
    {"c": "C", "cis": "C#", "des": "Db", "d": "D", "dis": "D#", "es": "Eb", "e": "E", "f": "F", "fis": "F#",
     "ges": "Gb", "g": "G", "gis": "G#", "as": "Ab", "a": "A", "ais": "A#", "b": "Bb", "h": "B"},
    "", "", {"dur": "major", "moll": "minor"},
)  # fmt: skip

SPANISH = Language(
    "Spanish",
    {
        "música clásica": "classical", "clásic*": "classical", "banda sonora": "soundtrack",
        "orquestal": "orchestral",
        "música de cine": "film score", "electrónic*": "electronic", "folclore": "folk", "folclor": "folk",
        "música para dormir": "sleep music", "música para meditar": "meditation music",
        "jazz suave": "smooth jazz",
        "ambiental": "ambient", "videojuego*": "video game", "vals": "waltz",
        "cuarteto de cuerda*": "string quartet",
        "rock duro": "hard rock", "años ochenta": "80s", "años 80": "80s", "años noventa": "90s",
        "años 90": "90s",
        "años setenta": "70s", "música disco": "disco", "brasileñ*": "brazilian",
        "feliz": "happy", "felices": "happy", "alegre*": "happy", "triste*": "sad",
        "melancólic*": "melancholic",
        "tranquil*": "calm", "relajad*": "calm", "relajante*": "calm", "suave*": "gentle", "oscur*": "dark",
        "sombrí*": "dark", "enérgic*": "energetic", "potente*": "powerful", "soñador*": "dreamy",
        "épic*": "epic",
        "heroic*": "heroic", "romántic*": "romantic", "tens*": "tense", "misterios*": "mysterious",
        "cálid*": "warm",
        "lluvia": "rain", "noche": "night", "lent*": "slow", "rápid*": "fast", "muy lent*": "very slow",
        "muy rápid*": "very fast", "sec*": "dry", "bailar": "dance", "bailable*": "dance",
        "guitarra*": "guitar", "guitarra acústica": "acoustic guitar",
        "guitarra eléctrica": "electric guitar",
        "piano eléctrico": "electric piano", "órgano": "organ", "violín": "violin", "violines": "violins",
        "cuerda*": "strings", "flauta*": "flute", "batería": "drums", "tambores": "drums", "bajo": "bass",
        "contrabajo": "double bass", "metales": "brass", "trompeta*": "trumpet", "coro": "choir",
        "campana*": "bells",
        "arpa": "harp", "violonchelo": "cello", "armónica": "harmonica", "percusión": "percussion",
        "sin": "without", "ni": "nor", "solo piano": "solo piano", "sólo": "only", "solamente": "only",
        "o": "or",
        "y": "and", "e": "and", "pero": "but", "sino": "but",
    },
    ("o", "a", "os", "as", "s"),
    "el la los las un una unos unas de del con para por en al que es son muy más mi tu su yo algo"
    " música canción tema pieza estilo tono tonalidad compás quiero haz",
    {"do": "C", "re": "D", "mi": "E", "fa": "F", "sol": "G", "la": "A", "si": "B"},
    "sostenido", "bemol", {"mayor": "major", "menor": "minor"},
)  # fmt: skip

LANGUAGES = (GERMAN, SPANISH)
