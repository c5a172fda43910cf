"""Territories: ISO 3166-1 alpha-2 as of 2026. What is merely reserved (`UK`, `EU`) is no code."""

from __future__ import annotations

from typing import Final

_CODES: Final = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ
BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ
DE DJ DK DM DO DZ
EC EE EG EH ER ES ET
FI FJ FK FM FO FR
GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY
HK HM HN HR HT HU
ID IE IL IM IN IO IQ IR IS IT
JE JM JO JP
KE KG KH KI KM KN KP KR KW KY KZ
LA LB LC LI LK LR LS LT LU LV LY
MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ
NA NC NE NF NG NI NL NO NP NR NU NZ
OM
PA PE PF PG PH PK PL PM PN PR PS PT PW PY
QA
RE RO RS RU RW
SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ
TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ
UA UG UM US UY UZ
VA VC VE VG VI VN VU
WF WS
YE YT
ZA ZM ZW
"""
#: All countries and territories that have a code, 249 of them.
TERRITORIES: Final[frozenset[str]] = frozenset(_CODES.split())
#: The same and Kosovo, whose `XK` no standard assigns and DDEX's schemas take.
COUNTRIES: Final[frozenset[str]] = TERRITORIES | {"XK"}
#: What ERN and this project call all of them.
WORLDWIDE: Final = "Worldwide"
#: What Apple calls them.
APPLE_WORLDWIDE: Final = "WW"
#: What people write, and what is meant.
MEANT: Final[dict[str, str]] = {
    "UK": "GB",
    "EN": "GB",
    "EL": "GR",
    APPLE_WORLDWIDE: WORLDWIDE,
    "WORLD": WORLDWIDE,
    "WORLDWIDE": WORLDWIDE,
    "GLOBAL": WORLDWIDE,
    "ALL": WORLDWIDE,
}


def meant(code: str, *, worldwide: bool) -> str | None:
    """What is meant by what is no code; `None`: nobody can tell.

    Args:
        code: as given.
        worldwide: whether all of them may stand there.
    """
    found = MEANT.get(code.upper(), code.upper())
    return found if found in COUNTRIES or (worldwide and found == WORLDWIDE) else None
