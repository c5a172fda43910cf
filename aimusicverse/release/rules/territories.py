"""Where a release is sold and heard."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aimusicverse.release.rules.case import Case
from aimusicverse.release.rules.rule import Evidence, Found, Group, Rule
from aimusicverse.release.targets import Scope
from aimusicverse.release.territories import APPLE_WORLDWIDE, COUNTRIES, WORLDWIDE, meant

#: Where iTunes does not sell what is explicit, as one distributor says.
_NOT_EXPLICIT: Final = ("BY", "BF", "IN", "NP", "UZ")


def _codes(case: Case) -> Iterator[Found]:
    release = case.release
    for place, code in enumerate(release.territories):
        if (
            code != WORLDWIDE
            and code not in COUNTRIES
            and not (code == APPLE_WORLDWIDE and _apple_alone(case))
        ):
            yield Found(f"territories[{place}]", code, instead=meant(code, worldwide=True), words=_none(code))
    for place, code in enumerate(release.excluded_territories):
        if code not in COUNTRIES:
            yield Found(
                f"excluded_territories[{place}]",
                code,
                instead=meant(code, worldwide=False),
                words=_none(code),
            )
    if not release.territories:
        yield Found("territories", words={"why": "The release is for no territory at all"})
    elif COUNTRIES.issuperset(release.territories) and not reached(case):
        yield Found("territories", words={"why": "All its territories are excluded"})


def _none(code: str) -> dict[str, object]:
    return {"why": f"{code!r} is no territory of ISO 3166-1"}


def _apple_alone(case: Case) -> bool:
    return case.goes_to(Scope.APPLE) and not case.goes_to(Scope.ERN)


def reached(case: Case) -> frozenset[str]:
    """All territories that it goes to, by their codes."""
    given = set(case.release.territories)
    everywhere = given & {WORLDWIDE, APPLE_WORLDWIDE}
    return (COUNTRIES if everywhere else COUNTRIES & given) - set(case.release.excluded_territories)


def _mixed(case: Case) -> Iterator[Found]:
    given = case.release.territories
    others = [code for code in given if code not in (WORLDWIDE, APPLE_WORLDWIDE)]
    if others and len(others) < len(given):
        yield Found("territories", ", ".join(given), words={"others": ", ".join(others[:5])})


def _explicit(case: Case) -> Iterator[Found]:
    if any(track.explicit == "explicit" for track in case.tracks):
        lost = [code for code in _NOT_EXPLICIT if code in reached(case)]
        if lost:
            yield Found("territories", ", ".join(lost))


RULES: Final = (
    Rule(
        id="TR",
        group=Group.DATES,
        scopes=frozenset({Scope.ERN, Scope.APPLE}),
        severity="error",
        field="territories",
        test=_codes,
        message="{why}.",
        passes="Worldwide, or two capital letters for each territory: DE, GB (not UK), US",
        fix="Correct the code, or leave territories out: then it is for all of them.",
        example='territories = ["Worldwide"]',
        source="ISO 3166-1; DDEX CurrentTerritoryCode; public code that builds music5.3 metadata",
        evidence=frozenset({Evidence.VERIFIED, Evidence.CODE}),
        term="territory",
    ),
    Rule(
        id="TR-EXCL",
        group=Group.DATES,
        scopes=frozenset({Scope.ERN}),
        severity="error",
        field="territories",
        test=_mixed,
        message="Worldwide and single territories ({others}) are mixed.",
        passes="Worldwide alone, with excluded_territories if need be; or single territories alone",
        fix="Leave out Worldwide or the others; what it is not for belongs under excluded_territories.",
        example='excluded_territories = ["JP"]',
        source="aimusicverse: such a deal says two things",
        evidence=frozenset({Evidence.OWN}),
        term="territory",
    ),
    Rule(
        id="TR-EXPLICIT",
        group=Group.DATES,
        scopes=frozenset({Scope.APPLE}),
        severity="info",
        field="territories",
        test=_explicit,
        message="It is explicit, and iTunes is said not to sell that in {value}.",
        passes="nothing: it is delivered all the same",
        fix="Nothing; or deliver a clean version as well.",
        example=None,
        source="iMusician, help pages",
        evidence=frozenset({Evidence.THIRD_PARTY}),
        term="territory",
    ),
)
