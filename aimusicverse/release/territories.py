"""Countries as stores name them: ISO 3166-1 alpha-2, and Kosovo, which has none of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from aimusicverse.release.package_error import Obstacle

_CODES: Final = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW
BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI
FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN
IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME
MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF
PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV
SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK
YE YT ZA ZM ZW
"""
#: Officially assigned codes (ISO 3166-1, November 2026) and `XK`, in use for Kosovo.
COUNTRIES: Final = frozenset(_CODES.split())
WORLDWIDE: Final = "Worldwide"
_OFTEN_MEANT: Final = {"UK": "GB", "EN": "GB", "WW": "Worldwide", "WORLD": "Worldwide"}


def unknown_territories(codes: Sequence[str], field: str, *, worldwide: bool) -> list[Obstacle]:
    """What of them is no country.

    Args:
        codes: as given.
        field: where they are from.
        worldwide: whether `Worldwide` is one of those that may stand there.
    """
    found = []
    for place, code in enumerate(codes):
        if code in COUNTRIES or (worldwide and code == WORLDWIDE):
            continue
        meant = _OFTEN_MEANT.get(code.upper()) or (code.upper() if code.upper() in COUNTRIES else None)
        fix = (
            f"Write {meant}." if meant else "Write two capital letters of ISO 3166-1, like DE, or Worldwide."
        )
        found.append(Obstacle(f"{field}[{place}]", f"{code!r} is no territory.", fix))
    return found


def chosen_territories(
    territories: Sequence[str], excluded: Sequence[str]
) -> tuple[list[str], list[str], list[Obstacle]]:
    """Where a release may be had: codes, or exclusions from all the world, and what is wrong with them.

    Either the first or the second list is empty, as a deal of ERN names one of the two.
    """
    wrong = unknown_territories(territories, "territories", worldwide=True)
    wrong += unknown_territories(excluded, "excluded_territories", worldwide=False)
    if WORLDWIDE in territories and len(territories) > 1:
        wrong.append(
            Obstacle(
                "territories",
                "`Worldwide` stands beside single countries.",
                "Leave one of them out; use `excluded_territories` for where it may not be had.",
            )
        )
    if not territories:
        wrong.append(Obstacle("territories", "there are none.", "Write Worldwide, or countries like DE."))
    if WORLDWIDE in territories:
        return ([], sorted(set(excluded)), wrong) if excluded else ([WORLDWIDE], [], wrong)
    remaining = sorted(set(territories) - set(excluded))
    if territories and not remaining:
        wrong.append(Obstacle("territories", "all of them are excluded.", "Leave one of them in."))
    return remaining, [], wrong
