"""Trap: an 808 that is drum and bass at once, hats that roll, a dark bell figure."""

from aimusicverse.engines.studio.genres.vocabulary import Colour, Genre, Groove, Space

_FILL = {
    "kick": "9.....8. 8.......",
    "clap": "........ 9.......",
    "hat": "6.4.6.44 66666666",
    "snare": "........ ....5678",
}

TRAP = Genre(
    name="trap",
    words=("drill", "trap beat", "hip hop trap", "rap", "phonk", "808 beat", "dubstep", "reggaeton"),
    tempo=(132, 142, 152),
    minor=0.95,
    instruments=("bells", "drums", "sub bass", "pad", "piano", "choir"),
    roles={"bells": "arp", "piano": "lead", "choir": "counter", "flute": "lead"},
    minor_progressions=("1163", "1165", "1476", "1644", "6655"),
    major_progressions=("1164", "1445", "6645", "1563"),
    grooves=(
        Groove({"kick": "9.....7. ..7.....", "clap": "........ 9.......", "hat": "7.4.6.4. 7.4.6.44"}, _FILL),
        Groove({"kick": "9....... ..8..7..", "clap": "........ 9.......", "hat": "7.4.6.44 7.4.6.4."}, _FILL),
        Groove({"kick": "9..7.... ......8.", "clap": "........ 9......3", "hat": "7.4.6666 7.4.6.4."}, _FILL),
    ),
    comping=("X---------------",),
    bass=("r-----r- ..r-----", "r------- ..r--r--", "r--r---- ......o-"),
    cells=("x---x---x-----x-", "x-----x-----x---", "x---....x---x---",
           "x--x--x---x-....", "x-x---x-----x---", "x------x--x-x---", "..x---x-x---x-x-"),
    arpeggios=("0...2...1...2...", "0...1...2.1.3...", "2...0...1...0.1.", "0...2.1.3...2.1."),
    form="song",
    chord_size=3,
    human_ms=3,
    kit="808",
    levels={"arp": 4.0, "bass": 0.5, "drums": 1.0, "lead": -2.0, "pad": 1.0},
    space=Space(1.9, -13, 5500),
    colour=Colour(0.4, 0.0, 0.2),
    duck=0.2,
    riffs=0.4,
    dynamics_db=4,
    lead_register=72,
    lead_from=0.7,
)  # fmt: skip
