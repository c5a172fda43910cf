"""Folk: fingers on a guitar, brushes, a flute that tells the story."""

from aimusicverse.engines.studio.genres.vocabulary import Colour, Genre, Groove, Space

_FILL = {"kick": "7.....5. 7.......", "snare": "....6... ..4.5566", "shaker": "5.3.5.3. 5.3.5.3."}

FOLK = Genre(
    name="folk",
    words=("acoustic", "country", "singer songwriter", "americana", "bluegrass", "indie folk", "campfire",
           "celtic",
           "fingerpicking guitar", "fingerstyle"),
    tempo=(84, 100, 120),
    minor=0.3,
    instruments=("acoustic guitar", "upright bass", "drums", "flute", "cello", "marimba"),
    roles={"acoustic guitar": "arp", "marimba": "chords", "piano": "chords", "strings": "pad"},
    minor_progressions=("1673", "1475", "1637", "1745"),
    major_progressions=("1564", "1415", "1645", "1454", "1635"),
    grooves=(
        Groove({"kick": "7...4... 7...4...", "rim": "....6... ....6...", "shaker": "5.3.5.3. 5.3.5.3."},
            _FILL),
        Groove({"kick": "7.....5. 7.......", "snare": "....5... ....5...", "shaker": "5.3.5.3. 5.3.5.3."},
            _FILL),
    ),
    comping=("X...x...X...x...", "X..x..x.X..x..x."),
    bass=("r-------f-------", "r-----r-f-----a-", "r---....f---..a-"),
    cells=("x---x-x-x---....", "x-x-x---x-x-x---", "x---..x-x---x---", "x-x-x-x-x-------",
           "x-----x-x-x-x---", "x---x---x-x-x-x-", "..x-x-x-x---x---"),
    arpeggios=("0.2.1.3.0.2.1.2.", "0.1.2.3.0.3.2.1.", "0.2.3.2.1.2.3.2."),
    form="song",
    chord_size=3,
    human_ms=8,
    kit="brushes",
    levels={"arp": 7.0, "lead": -1.0, "drums": -1.0},
    space=Space(1.2, -15, 6500),
    colour=Colour(0.6, 0.15, 0.1, cadences=True),
    leaps=0.25,
    span=4,
    lingers=True,
    entries={"marimba": 0.75, "upright bass": 0.5},
    drums_from=0.7,
    dynamics_db=6,
    lead_register=74,
)  # fmt: skip
