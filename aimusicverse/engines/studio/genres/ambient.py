"""Ambient: slow chords that overlap, bells far away, a pulse one feels more than hears."""

from aimusicverse.engines.studio.genres.vocabulary import Colour, Genre, Groove, Space

_SWELL = {"swell": "........ 5.......", "shaker": "2...2... 2...2..."}

AMBIENT = Genre(
    name="ambient",
    words=("drone", "atmospheric", "soundscape", "meditation music", "new age", "space music",
        "sleep music", "spa"),
    tempo=(60, 72, 84),
    minor=0.45,
    instruments=("pad", "pluck", "bells", "sub bass", "choir", "strings"),
    roles={"bells": "lead", "choir": "pad", "piano": "lead", "strings": "counter"},
    minor_progressions=("1163", "1476", "6613", "1546", "1637"),
    major_progressions=("1144", "1563", "4415", "1624", "1345"),
    grooves=(Groove({"shaker": "2...2... 2...2..."}, _SWELL),),
    comping=("X--------------- ", "X-------x-------"),
    bass=("r---------------", "r-------r-------", "r-----------f---"),
    cells=("x-------....x---", "x---x-----------", "....x-------x---", "x-----x---------",
           "..x-------x-----", "x---------x---x-", "x-------x-x-----"),
    arpeggios=("0...1...2...1...", "0...2...1...3...", "2...1...0...1..."),
    form="drift",
    chord_size=4,
    chord_bars=1.0,
    human_ms=7,
    kit="orchestral",
    levels={"lead": -4.0, "pad": 4.0, "arp": 5.0, "percussion": -4.0},
    space=Space(3.6, -9, 4500),
    colour=Colour(0.1, 0.0, 0.1),
    lingers=True,
    entries={"pluck": 0.3, "sub bass": 0.3},
    dynamics_db=7,
    lead_register=79,
    lead_from=0.4,
    top_hz=12000,
    echo_beats=1.5,
    ring_seconds=4.0,
)  # fmt: skip
