"""Chiptune: two pulse waves, a triangle and a noise; chords are arpeggios too fast to hear the notes."""

from aimusicverse.engines.studio.genres.vocabulary import Colour, Genre, Groove, Space

_FILL = {"kick": "9...9... 9...9.9.", "snare": "....9... 9.9.9999", "tom": "........ .8.8....",
         "hat": "6.4.6.4. ........"}  # fmt: skip

CHIPTUNE = Genre(
    name="chiptune",
    words=("chip tune", "chiptunes", "8 bit", "8bit", "16 bit", "16bit", "nes", "game boy", "gameboy",
           "chip music",
           "video game", "retro game", "retro arcade", "arcade", "console game", "pixel", "platformer"),
    tempo=(124, 146, 168),
    minor=0.4,
    instruments=("pulse arp", "drums", "triangle bass", "pulse lead", "square chords"),
    roles={"square chords": "counter"},
    minor_progressions=("1673", "1637", "1467", "6711", "1476"),
    major_progressions=("1564", "1415", "6451", "1645", "4516"),
    grooves=(
        Groove({"kick": "9...6... 9...6...", "snare": "....9... ....9...", "hat": "6.4.6.4. 6.4.6.4."},
            _FILL),
        Groove({"kick": "9.....8. 9.......", "snare": "....9... ....9..5", "hat": "6.446.44 6.446.44"},
            _FILL),
        Groove({"kick": "9..9..9. ..9.....", "snare": "....9... ....9...", "hat": "6.4.6.4. 6.4.6.44"},
            _FILL),
    ),
    comping=("x.x.x.x.x.x.x.x.", "x..x..x.x..x..x."),
    bass=("r.r.o.r.r.r.o.r.", "r.rro.rrr.rro.rr", "r..r..o.r..r..a.", "r.o.r.o.f.o.f.a."),
    cells=("x-x-x---x-x-x---", "x---x-x-x-x-....", "x--x--x-x-x-x---", "x-x-..x-x---x-x-", "xxx-x-x-x---....",
           "x-----x-x-x-x-x-", "..x-x-x-x---x-x-", "x-xxx-x-x-------"),
    arpeggios=("0123012301230123 0123012301230123", "0012001200120012 0123012301230123",
               "0213021302130213 0213021302130213", "0120120120120120 1201201201201230"),
    arpeggio_speed=2,
    form="song",
    chord_size=3,
    human_ms=0,
    kit="chip",
    levels={"arp": 4.0, "lead": 2.0, "bass": 1.0, "drums": 1.0},
    space=Space(0.3, -60, 8000),
    colour=Colour(0.6, 0.15, 0.1, 0.3),
    riffs=0.4,
    dynamics_db=4,
    lead_register=76,
    tilt_db=0,
    ring_seconds=1.5,
)  # fmt: skip
