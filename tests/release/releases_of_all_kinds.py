"""Releases of every shape that the model permits, for tests of what must hold for all of them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from aimusicverse.types import release as types

_ODD = (
    "Paper Lanterns", 'He said "no"', "C:\\new\\table", '"""', "a\n# b\n\n  c\n", "'''", "שלום", "夜に駆ける",
    "\u202eevil", "👩‍👩‍👧", "a\r\nb", "\\", '"', "# no comment", "[[tracks]]", "x = 1",
)  # fmt: skip
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(_ODD)
NAMES = WORDS
MAYBE = st.none() | WORDS
PARTS = st.none() | st.sampled_from(["none", "partly", "all"])
BOOLS = st.booleans()


def some(**given: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """A dict with any of these keys."""
    return st.fixed_dictionaries({}, optional=given)


CONTRIBUTORS = st.builds(
    lambda name, rest: types.Contributor(name=name, **rest),
    NAMES,
    some(
        roles=st.lists(WORDS, max_size=2),
        is_group=BOOLS,
        isni=MAYBE,
        apple_id=MAYBE,
        spotify_id=MAYBE,
        ai=PARTS,
    ),
)
WRITERS = st.builds(
    lambda name, rest: types.Writer(name=name, **rest),
    NAMES,
    some(roles=st.lists(WORDS, max_size=2), ipi=MAYBE, isni=MAYBE, publisher=MAYBE, ai=PARTS),
)
AI = st.builds(
    lambda rest: types.AiDisclosure(**rest),
    some(
        lyrics=PARTS, vocals=PARTS, artwork=PARTS, tool=MAYBE, prompt=MAYBE, imitates_voice=st.none() | BOOLS
    ).flatmap(lambda rest: st.integers(-(2**70), 2**70).map(lambda seed: {**rest, "seed": seed})),
)
RECORDINGS = st.builds(
    lambda title, rest: types.Recording(title=title, **rest),
    WORDS,
    some(
        version=MAYBE, isrc=MAYBE, artists=st.lists(CONTRIBUTORS, max_size=2), lyrics=MAYBE, file=MAYBE,
        contributors=st.lists(CONTRIBUTORS, max_size=2), writers=st.lists(WRITERS, max_size=3),
        explicit=st.none() | st.sampled_from(["explicit", "clean", "none"]), is_cover=BOOLS,
        ai=st.none() | AI,
        duration_seconds=st.none() | st.floats(min_value=0, exclude_min=True, allow_infinity=False),
    ),
)  # fmt: skip
COVERS = st.builds(
    lambda rest: types.Cover(**rest),
    some(
        file=MAYBE, lettering=st.none() | st.lists(WORDS, max_size=2), parental_advisory=BOOLS, rights=MAYBE
    ),
)
RELEASES = st.builds(
    lambda title, tracks, rest: types.Release(title=title, tracks=tracks, **rest),
    WORDS,
    st.lists(RECORDINGS, min_size=1, max_size=3),
    some(
        version=MAYBE, type=st.none() | st.sampled_from(["single", "ep", "album"]), upc=MAYBE, label=MAYBE,
        artists=st.lists(CONTRIBUTORS, max_size=2), contributors=st.lists(CONTRIBUTORS, max_size=2),
        metadata_language=WORDS, genres=st.dictionaries(WORDS, WORDS, max_size=2), release_at=MAYBE,
        preorder_tracks=st.lists(st.integers(1, 9), max_size=2), territories=st.lists(WORDS, max_size=2),
        ai=AI, cover=COVERS, as_soon_as_possible=BOOLS,
        soundcloud=st.builds(lambda tags: types.SoundCloudFields(tags=tags), st.lists(WORDS, max_size=2)),
        youtube=st.builds(lambda kids: types.YouTubeFields(made_for_kids=kids), st.none() | BOOLS),
        delivered=st.none() | st.builds(lambda upc: types.Delivered(upc=upc), MAYBE),
    ),
)  # fmt: skip
