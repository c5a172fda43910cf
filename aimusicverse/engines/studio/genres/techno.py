"""Techno: one chord, a relentless kick, patterns that shift against each other."""

from aimusicverse.engines.studio.genres.vocabulary import Colour, Genre, Groove, Space

_FILL = {
    "kick": "9...9... 9.......",
    "hat": "..7...7. ..7.7777",
    "clap": "....8... ....8.8.",
    "tom": "......6. .6..6..6",
}

TECHNO = Genre(
    name="techno",
    words=("minimal techno", "detroit techno", "industrial", "trance", "acid", "rave", "minimal",
        "hard techno"),
    tempo=(126, 132, 140),
    minor=0.95,
    instruments=("drums", "synth bass", "pluck", "percussion", "pad", "bells"),
    roles={"bells": "lead", "synth lead": "lead"},
    minor_progressions=("1111", "1117", "1161", "1147", "1171"),
    major_progressions=("1111", "1141", "1151", "1114"),
    grooves=(
        Groove({"kick": "9...9... 9...9...", "open": "..7...7. ..7...7.", "clap": "....6... ....6..."},
            _FILL),
        Groove({"kick": "9...9... 9...9...", "hat": "4.7.4.7. 4.7.4.7.", "rim": "...5..5. .5..5..."}, _FILL),
        Groove({"kick": "9...9... 9...9...", "open": "..7...7. ..7...7.", "tom": "...5..4. ...5..6."}, _FILL),
    ),
    comping=("..x..x.. x..x....", "...x..x. ....x..x"),
    bass=(".rrr.rrr.rrr.rrr", "..r...r...r...ro", ".r.r.rro.r.r.rrs", "..rr..rr..rr..or"),
    cells=("x...............", "....x--.....x---", "x--x--x.........", "..x.....x.......",
        "x.....x...x....."),
    arpeggios=("0..0..0.1..0..2.", "0.0.2.0.0.1.0.3.", "01002010 01003010", "0..2..1.0..3..1."),
    form="club",
    chord_size=3,
    human_ms=0,
    kit="club",
    levels={"drums": 2.5, "arp": 3.0, "lead": -5.0, "pad": 0.0},
    space=Space(2.2, -13, 5500),
    colour=Colour(0.0, 0.0, 0.0, detours=0.0),
    duck=0.6,
    riffs=0.6,
    dynamics_db=3,
    lead_register=72,
    tilt_db=7,
    lead_from=0.8,
    echo_beats=0.75,
)  # fmt: skip
