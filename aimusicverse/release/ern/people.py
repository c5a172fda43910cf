"""Artists and contributors of a recording or release, in elements."""

from __future__ import annotations

from collections.abc import Iterable

from aimusicverse.release.ern import ai_disclosure
from aimusicverse.release.ern.credits import Credit, shown_artists
from aimusicverse.release.ern.draft import Draft
from aimusicverse.release.ern.tree import Element, branch, fixed, leaf
from aimusicverse.release.roles import ALSO_CALLED
from aimusicverse.release.rules.case import Track
from aimusicverse.types.release import Contributor


def write_artists(parent: Element, people: list[Credit], draft: Draft) -> None:
    """`DisplayArtistName`, and a `DisplayArtist` for each, numbered in their order."""
    names = [credit for credit in people if set(credit.artist_roles) & draft.version.artist_roles]
    leaf(
        parent,
        "DisplayArtistName",
        shown_artists(names),
        "artists",
        ApplicableTerritoryCode="Worldwide",
        IsDefault="true",
    )
    for number, credit in enumerate(names, 1):
        element = branch(parent, "DisplayArtist", SequenceNumber=str(number))
        leaf(element, "ArtistPartyReference", _party(credit, draft), credit.field)
        # One role each: who is featured is that, whatever else they are.
        roles = set(credit.artist_roles) & draft.version.artist_roles
        first = next(role for role in ("FeaturedArtist", "MainArtist", "Artist", "Brand") if role in roles)
        fixed(element, "DisplayArtistRole", first)


def write_contributors(parent: Element, track: Track, people: Iterable[Credit], draft: Draft) -> None:
    """A `Contributor` for each who has a role besides, and the generator last, with what it made all of."""
    number, generated = 0, list[str]()
    for credit in people:
        roles = [
            *credit.roles,
            *(role for role in credit.artist_roles if role not in draft.version.artist_roles),
        ]
        if not roles:
            continue
        if draft.version.has_ai and credit.ai == "all":
            generated += [role for role in roles if role != "MusicPublisher"]
            continue
        number += 1
        element = branch(parent, "Contributor", SequenceNumber=str(number))
        leaf(element, "ContributorPartyReference", _party(credit, draft), credit.field)
        for role in roles:
            _role(element, role, credit.field, draft)
        if draft.version.has_ai and (part := ai_disclosure.contribution(track, credit)):
            fixed(element, "AiContribution", part)
    made = ai_disclosure.machine_roles(track, generated) if draft.version.has_ai else []
    if made:
        element = branch(parent, "Contributor", SequenceNumber=str(number + 1))
        fixed(element, "SpecialContributor", "GenerativeAI")
        for role in made:
            _role(element, role, f"tracks[{track.index}]", draft)
        fixed(element, "AiContribution", "All")


def _role(parent: Element, role: str, where: str, draft: Draft) -> None:
    """DDEX's name of it, or `UserDefined` with ours; 4.3.2 has it in a `Value`, beside instruments."""
    role = ALSO_CALLED.get(role, role)
    holder = branch(parent, "Role") if draft.version.has_ai else parent
    tag = "Value" if draft.version.has_ai else "Role"
    if role in draft.version.contributor_roles:
        fixed(holder, tag, role)
    else:
        leaf(holder, tag, "UserDefined", f"{where}.roles", Namespace=draft.sender, UserDefinedValue=role)


def _party(credit: Credit, draft: Draft) -> str:
    person = credit.person
    if isinstance(person, str):
        return draft.parties.named(person, credit.field)
    if isinstance(person, Contributor):
        return draft.parties.contributor(person, credit.field)
    return draft.parties.writer(person, credit.field)
