"""Words that carry no wish of their own, so that they are not listed as not understood.

Function words, what everybody calls music, names of sections without a length, and the words that negate,
join and restrict.
"""

from __future__ import annotations

NEGATORS = frozenset(
    {
        "no",
        "not",
        "without",
        "minus",
        "nor",
        "never",
        "excluding",
        "except",
        "avoid",
        "zero",
        "remove",
        "lacking",
    }
)
#: Between a negator and what it negates.
ARTICLES = frozenset(
    {"any", "the", "a", "an", "more", "too", "very", "much", "so", "of", "even", "single", "all"}
)
LINKS = frozenset({"or", "and", "nor"})
RESTRICTING = frozenset({"solo", "only", "just", "unaccompanied", "alone", "solely"})
#: Nothing but what was named.
ALONE = ("nothing else", "nothing more", "and nothing else", "by itself", "on its own")

FILLER = frozenset(
    """
    a an the this that these those my your our their its his her it he she we you i me us them am is
    are was were be been being do does did have has had will would can could shall should may might
    must and or but nor so yet if then than as of in on at to for from by with within into onto over
    under through about around between during before after near like while when where which who what
    how why there here up down out off please want wants need needs make makes create give some any
    something anything thing things lot lots bit kind type sort style styled styles way vibe vibes
    vibey feel feels feeling feelings mood moods sound sounds sounding music musical song songs
    track tracks tune tunes piece pieces instrumental instrumentals beat beats composition jam loop
    background theme themes genre key scale mode tempo time signature bpm per minute measure
    measures bar bars instrument instruments instrumentation melody melodies melodic harmony
    harmonies rhythm rhythms rhythmic chord chords line lines riff riffs stabs stab part parts
    section sections intro verse chorus bridge outro hook drop build ending start starts starting
    begin begins beginning end ends featuring feat ft plus also very really quite rather slightly
    little much more most less least too just only good nice great cool best new old big small long
    short full simple based inspired influenced infused driven led oriented kinda playing played
    plays play one two three four each every all both half same other another ing ed s t re ve ll d
    m vocals vocal singing voice singer lyrics
    """.split()
)

#: Words that a person means as they are, however near they stand to a word of the tables.
REAL = frozenset(
    """
    harmonic harmonics
    bottle classic stings father sander planet places horses matter marching battery battles mental
    petal pedal medal yellow fellow tinder sliver lively gentile brand branches choice chores chords
    fleet flight planned
    """.split()
)
