"""What is printed about the genres that are heard."""

from benchmarks.genre_by_ear import as_markdown
from benchmarks.prompt_labels import labels


def test_shares_and_confusions_are_counted_for_each_way_of_judging():
    asked = labels()[:4]  # all lofi hip hop
    right, wrong = ["lofi hip hop"] * 4, ["trap", "lofi hip hop", "trap", "pop"]
    assert as_markdown(asked, {"both": right, "sound": wrong}).splitlines()[2:] == [
        "| both | 4 of 4 (100 %) |  |",
        "| sound | 1 of 4 (25 %) | lofi hip hop: trap (2), lofi hip hop: pop |",
    ]
