"""ERN: what stands in the way of a message is found before there is one."""

from __future__ import annotations

import subprocess
import sys

import pytest

from aimusicverse.release.targets import store_of
from aimusicverse.release.validation import validate
from aimusicverse.types.release import Release
from tests.release.bad_releases import ALL_STORES, Bad, findings
from tests.release.sound_releases import ALBUM, LEFT_OUT, NOW, SINGLE, changed

_ALL = {"lyrics": "all", "composition": "all", "vocals": "all", "instruments": "all", "artwork": "all"}
_DDEX = ("ddex",)

BAD = (
    Bad("DX-PARTNERS", "no sender", {"sender_dpid": LEFT_OUT}, stores=_DDEX),
    Bad("DX-PARTNERS", "no recipient", {"recipient_dpid": LEFT_OUT}, stores=_DDEX),
    Bad("DX-PARTNERS", "an empty one, in 4.3", {"recipient_dpid": ""}, stores=("ddex_43",)),
    Bad(
        "DX-DUR", "no file and no length", {"tracks[0].duration_seconds": LEFT_OUT}, stores=_DDEX, files=False
    ),
    Bad("DX-MCT", "a real message", {"live_message": True}, "info", stores=_DDEX),
    Bad("DX-TEXT", "a bell in the label", {"label": "Maren\x07"}, stores=_DDEX),
    Bad("DX-TEXT", "a null in a publisher", {"tracks[0].writers[0].publisher": "Maren\x00"}, stores=_DDEX),
    Bad("DX-TEXT", "an escape in a line", {"p_line": "2026 Maren\x1b Okafor"}, stores=("apple_music",)),
)


@pytest.mark.parametrize("bad", BAD, ids=str)
def test_a_fault_is_found_by_its_rule_and_by_no_other(bad: Bad) -> None:
    bad.check()


def test_a_track_of_unknown_length_is_found() -> None:
    release = Release.model_validate(changed(ALBUM, {"tracks[2].duration_seconds": LEFT_OUT}))
    (report,) = validate(release, [store_of("ddex")], now=NOW).targets
    assert [(it.rule, it.field) for it in report.findings if it.rule.startswith("DX-")] == [
        ("DX-DUR", "tracks[2].duration_seconds")
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"ai": _ALL, "contributors": [], "tracks[0].writers[0].ai": "all"},
        {"ai": {**_ALL, "composition": "partly"}},
        {"ai": {**_ALL, "lyrics": "none", "vocals": "none"}, "language": "en"},
        {"tracks[0].writers[0].ai": "none"},
        {"contributors[0].roles": ["Glass harp"]},
        {"label": "אור ב\u200fרוח 🎶"},
    ],
    ids=str,
)
def test_what_is_odd_and_legal_is_left_alone(changes: dict[str, object]) -> None:
    found = findings(changed(SINGLE, changes), ALL_STORES)
    assert [it for it in found if it.rule.startswith("DX-")] == []


def test_judging_does_not_load_what_writes_xml() -> None:
    """A cold check of a release must be quick; lxml is for who writes a package."""
    script = "import sys, aimusicverse.release.rules.table; sys.exit('lxml' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
