"""Bossa nova: a nylon guitar off the beat, the surdo's heart, a clave of two bars, ninths that lead home."""

from aimusicverse.engines.studio.genres.vocabulary import Colour, Genre, Groove, Space

_SHAKE = "8.2.7.2. 8.2.7.2."
_FILL = {
    "kick": "5.....6. 8.......",
    "rim": "7.....7. ....7.7.",
    "shaker": _SHAKE,
    "snare": "........ ..4.4.5.",
}

BOSSA_NOVA = Genre(
    name="bossa nova",
    words=("bossa", "bossa-nova", "bossanova", "bosa nova", "samba", "brazilian", "ipanema", "latin",
           "latin jazz", "latin lounge"),
    tempo=(112, 128, 144),
    minor=0.4,
    instruments=("nylon guitar", "upright bass", "drums", "flute", "electric piano", "strings"),
    roles={"acoustic guitar": "chords", "piano": "counter", "electric piano": "counter", "strings": "pad",
           "vibraphone": "lead", "percussion": "percussion"},
    minor_progressions=("11442511", "11662511", "14736251", "16251625", "11223625"),
    major_progressions=("11222511", "11662511", "11443625", "16251625", "14362511"),
    grooves=(
        Groove({"kick": "6....... 9.....3.", "rim": "5.....4. ....5... ....5... ..4.....", "shaker": _SHAKE},
            _FILL),
        Groove({"kick": "6....... 9.....3.", "rim": "....5... ..4..... 5.....4. ....5...", "shaker": _SHAKE},
            _FILL),
        Groove({"kick": "6....... 9.....3.", "rim": "5.....4. ....5... ....5... ......4.",
                "hat": "8.2.7.2. 8.2.7.2."}, _FILL),
    ),
    comping=("X---..x-....x--- ..x-....x---x---", "....x---..x-x---x---..x-....x---",
             "X---..x-x---..x- ....x-..x-......", "X-..x---x-..x--- ..x-x---....x---"),
    bass=("r-------f-----r-", "r-----f-f-------", "r-------o---f-a-", "r-------f-----a-"),
    cells=("..x---x---x---..", "x---..x-x-----x-", "x-x---x-..x-----", "....x-x---x-x---", "x-----x---x---..",
           "x-..x-..x-..x---", "..x-x-x---x-----"),
    form="head",
    chord_size=5,
    human_ms=7,
    kit="bossa",
    levels={"chords": 4.0, "bass": 0.5, "drums": -1.0, "lead": 0.0, "pad": 1.0, "counter": 1.0},
    space=Space(1.3, -14, 6000),
    colour=Colour(0.9, 0.4, 0.2, cadences=True),
    feel={"lead": 8, "rim": 3},
    riffs=0.3,
    entries={"electric piano": 0.8, "strings": 0.8},
    held=0.3,
    rests={"shaker": ("intro", "head", "outro"), "hat": ("intro", "head", "outro")},
    dynamics_db=7,
    lead_register=74,
    lead_from=0.6,
)  # fmt: skip
