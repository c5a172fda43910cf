"""Drum and bass: a broken beat at high speed over a slow, deep bass and wide chords."""

from aimusicverse.engines.studio.genres.vocabulary import Colour, Genre, Groove, Space

_FILL = {"kick": "9.....9. 9.......", "snare": "....9..7 ..7.7878", "hat": "7.5.7.5. ........"}

DRUM_AND_BASS = Genre(
    name="drum and bass",
    words=("drum n bass", "drum 'n' bass", "dnb", "d and b", "jungle", "liquid dnb", "breakbeat",
        "neurofunk"),
    tempo=(168, 174, 178),
    minor=0.8,
    instruments=("drums", "synth bass", "pad", "electric piano", "synth lead", "pluck"),
    roles={"electric piano": "chords", "piano": "chords"},
    minor_progressions=("1167", "1643", "1467", "1664", "1735"),
    major_progressions=("1164", "1563", "4415", "1645"),
    grooves=(
        Groove({"kick": "9....... ..9.....", "snare": "....9... ....9...", "hat": "7.4.6.4. 7.4.6.4."},
            _FILL),
        Groove({"kick": "9....... ..9.....", "snare": "....9..4 .4..9...", "hat": "7.4.6.44 7.4.6.4."},
            _FILL),
        Groove({"kick": "9.8..... ..9.....", "snare": "....9... .5..9..5", "ride": "7...6... 7...6..."},
            _FILL),
    ),
    comping=("X--------------- ", "x---..x- ........", "......x- ....x---", "x-..x-.. ..x-...."),
    bass=("r-----r- --......", "r--.r-.. r-----o-", "r-.....r ..r-..a-", "r---.... ..r-f---"),
    cells=("x-------x---....", "x-----x-----x---", "....x---x-------", "x---x---....x---",
           "..x---x-----x---", "x-----x---x-----", "x--x----x-----x-"),
    arpeggios=("0.2.1.3.0.2.1.3.", "0..1..2..1..3.2.", "3.2.1.0.3.2.1.0."),
    form="club",
    chord_size=5,
    human_ms=2,
    kit="break",
    levels={"drums": 2.0, "bass": 1.0, "pad": 1.0},
    space=Space(1.8, -13, 7000),
    colour=Colour(0.3, 0.0, 0.1),
    duck=0.35,
    riffs=0.3,
    dynamics_db=3,
    lead_register=76,
    lead_from=0.75,
    echo_beats=1.5,
)  # fmt: skip
