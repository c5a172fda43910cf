"""Outlets: stores where people listen, and distributors who bring releases there."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from aimusicverse.types.base import Answer
from aimusicverse.types.platform_connection import PlatformConnection

OutletKind = Literal["store", "distributor"]
#: Whether music that a machine made is taken.
AiStance = Literal["yes", "with_disclosure", "partly", "no", "not_known"]
#: How a release gets there from here.
DeliveredBy = Literal["api", "package", "kit", "by_hand", "none"]
Verdict = Literal["takes", "takes_with_disclosure", "may_refuse", "refuses", "not_known"]


class Told(Answer):
    """Something that is known from somewhere, as of a day."""

    source: str = Field(description="Who says so: a page or specification.")
    as_of: date = Field(description="When that was read.")
    evidence: str = Field(description="`official`, `verified`, `third_party`, `code`, `own` or `unverified`.")
    verified: bool = Field(
        description="Whether a page of the outlet's own, or a trial, says so. `false`: look before you pay."
    )


class AiTerms(Told):
    """What an outlet says of music that a machine made."""

    stance: AiStance | str = Field(
        description="`with_disclosure`: it asks what a machine made, or for rights. `partly`: not what a "
        "machine made wholly, or not from every tool."
    )
    note: str


class Outlet(Told):
    """A store or a distributor: what it takes, what it needs, and how a release gets there."""

    id: str = Field(description="As in `platforms` and `via`: `spotify`, `distrokid`.")
    name: str
    kind: OutletKind | str
    checked: bool = Field(description="Whether rules of ours judge a release for it.")
    ai: AiTerms
    needs: list[str] = Field(description="What it asks for before it takes anything.")
    requires: list[str] = Field(
        default=[], description="Identifiers that it wants to be given: `isrc`, `upc`."
    )
    assigns: list[str] = Field(
        default=[], description="Identifiers that it gives where there are none: `isrc`, `upc`."
    )
    delivered_by: DeliveredBy | str = Field(
        description="`api`, `package` (a file for an approved provider), `kit` (files and a checklist for "
        "its own form), `by_hand` (its own form), `none`."
    )
    delivery: str = Field(description="How delivery really works.")
    reaches: list[str] | None = Field(
        default=None,
        description="Stores that a distributor is known to bring releases to. `null`: not known.",
    )
    lead_days: int | None = Field(
        default=None, description="Days before the release that it should be there. `null`: not known."
    )
    lead_time: str = Field(description="The same in words.")
    connector: str | None = Field(
        default=None,
        description="What brings a release there from here: `api`, `package`, `kit`; `null`: nothing.",
    )
    exactly_once: str | None = Field(
        default=None, description="By what means a release comes there once, and only once."
    )
    sandbox: bool = Field(default=False, description="Whether this server has a stand-in of it.")
    live: str = Field(
        default="not_possible",
        description="`connect`: with your account. `by_person`: you get a kit. `server`: whoever "
        "runs the server has to set something first. `not_possible`.",
    )
    connect_fields: list[str] = Field(
        default=[],
        description="What `POST /platforms/{p}/connect` wants in `settings`; `?` after it: may be left out.",
    )
    connections: list[PlatformConnection] = Field(default=[], description="Your accounts there.")


class OutletList(Answer):
    """All of them; too few to page. Stores first."""

    data: list[Outlet]


class Place(Told):
    """Where one release would be taken, or not, and why."""

    outlet: str = Field(description="Id of the store or distributor.")
    name: str
    kind: OutletKind | str
    verdict: Verdict | str
    why: str
    reaches: list[str] | None = Field(
        default=None, description="Of the stores that were asked for, those a distributor is known to reach."
    )
    missing: list[str] = Field(default=[], description="What the release lacks of what it asks for.")
    needs: list[str] = []
    delivered_by: DeliveredBy | str
    lead_time: str
