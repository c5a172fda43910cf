"""Classical: broken chords under a singing line, strings that join, breath between the phrases."""

from aimusicverse.engines.studio.genres.vocabulary import Genre, Groove, Space

CLASSICAL = Genre(
    name="classical",
    words=("piano sonata", "chamber music", "sonata", "nocturne", "baroque", "romantic piano", "neoclassical",
           "string quartet", "waltz", "minuet", "solo piano", "ballad"),
    tempo=(72, 92, 116),
    minor=0.5,
    instruments=("piano", "flute", "cello", "strings", "harp"),
    roles={"piano": "arp", "flute": "lead", "violin": "lead", "harp": "chords", "electric piano": "arp"},
    minor_progressions=("1451", "1645", "1476", "1541", "1643"),
    major_progressions=("1451", "1625", "1645", "1425", "1543"),
    grooves=(Groove({"timpani": "5....... ........"}, {"timpani": "5...4... 5.5.6.6."}),),
    comping=("X-------x-------", "X---x---x---x---"),
    bass=("r-------f-------", "r---------------"),
    cells=("x---x-x-x---x---", "x-----x-x---x-x-", "x-x-x-x-x---x---", "x-------x-x-x-x-",
        "x---x---x-----x-"),
    arpeggios=("0.2.1.2.0.2.1.2.", "0.1.2.1.3.2.1.2.", "0.1.2.3.4.3.2.1.", "0...1.2.3...2.1."),
    form="suite",
    chord_size=3,
    human_ms=10,
    kit="orchestral",
    levels={"arp": 6.0, "lead": 0.0, "pad": -1.0, "chords": -3.0},
    space=Space(2.0, -10, 6000),
    tilt_db=2,
    dynamics_db=10,
    lead_register=76,
    lead_from=0.35,
    ring_seconds=3.0,
)  # fmt: skip
