"""Lo-fi hip hop: a lazy swung beat, ninth chords on an electric piano, a dark top."""

from aimusicverse.engines.studio.genres.vocabulary import Colour, Genre, Groove, Space

_FILL = {"kick": "9......5 9.......", "snare": "....8... ..5.7688", "hat": "5.4.5.4. ........"}

LOFI = Genre(
    name="lofi hip hop",
    words=("lofi", "lo-fi", "lo fi", "lofi hip-hop", "lofi hiphop", "lo-fi hip hop", "chillhop", "hip hop",
           "hip-hop", "hiphop", "boom bap", "study beats", "chill beats"),
    tempo=(68, 80, 92),
    minor=0.6,
    instruments=("electric piano", "drums", "upright bass", "vibraphone", "piano", "pad", "vinyl crackle"),
    roles={"piano": "counter", "vibraphone": "lead", "electric guitar": "lead"},
    minor_progressions=("1674", "4517", "1473", "6751", "1635"),
    major_progressions=("2516", "4362", "1645", "6251", "4536"),
    grooves=(
        Groove({"kick": "9......5 7.7.....", "snare": "....9... ....9...",
                "hat": "7...6.2. 7...6..."}, _FILL),
        Groove({"kick": "9.....5. 9.......", "snare": "....9... ....9..3", "hat": "7...6.2. 7...6..."},
            _FILL),
        Groove({"kick": "9..5.... 8..5....", "snare": "....9... ....9...", "hat": "7...6.2. 7...6...",
                "rim": "........ ..4....."}, _FILL),
    ),
    comping=("X-------..x-----", "X-----x--.......", "X---------------", "X-----..x-------"),
    bass=("r-----.r t---f---", "r---..f. r-----a-", "r-------f---..a-"),
    cells=("..x-x-x- x---....", "x---..x- x-x-....", "....x-x- x-----..", "x-x-x--- ........",
        "x-----x- ....x---", "..x---x- x-x-....", "x-x-..x- ..x-----"),
    chord_size=5,
    swing=0.6,
    swing_unit=2,
    human_ms=9,
    kit="dusty",
    levels={"drums": 1.0, "texture": -1.0, "pad": 1.0},
    space=Space(1.4, -15, 3500),
    colour=Colour(0.6, 0.3, 0.3),
    feel={"snare": 16, "hat": -3, "lead": 10},
    duck=0.2,
    riffs=0.4,
    dynamics_db=4,
    lead_register=72,
    entries={"pad": 0.75},
    top_hz=9000,
    tilt_db=5,
    echo_beats=0.75,
)  # fmt: skip
