from __future__ import annotations

from aimusicverse.cli.table import fitted

_ROWS = [
    ["ID", "TITLE", "KEY"],
    ["trk_0000000001", "a title of some length", "A minor"],
    ["trk_2", "雨の夜", ""],
]


def test_everything_is_shown_where_there_is_room() -> None:
    assert fitted(_ROWS, width=80, gives_way=1) == [
        "ID              TITLE                   KEY",
        "trk_0000000001  a title of some length  A minor",
        "trk_2           雨の夜",
    ]


def test_one_column_gives_way() -> None:
    assert fitted(_ROWS, width=40, gives_way=1)[1] == "trk_0000000001  a title of som…  A minor"


def test_then_columns_are_left_out_from_the_right() -> None:
    assert fitted(_ROWS, width=30, gives_way=1)[1] == "trk_0000000001  a title of so…"
    assert fitted(_ROWS, width=20, gives_way=1)[1] == "trk_0000000001"


def test_an_id_is_never_cut_even_where_nothing_fits() -> None:
    assert fitted(_ROWS, width=5, gives_way=1)[1] == "trk_0000000001"
    assert fitted(_ROWS, width=5, gives_way=None)[1] == "trk_0000000001"


def test_wide_letters_are_counted_as_the_terminal_counts_them() -> None:
    rows = [["T", "K"], ["雨" * 20, "x"]]
    assert fitted(rows, width=20, gives_way=0)[1] == "雨雨雨雨雨雨雨雨…  x"
