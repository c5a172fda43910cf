"""Everybody whom a message names, each once, with what identifies them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Final

from aimusicverse.release import identifiers
from aimusicverse.release.ern.tree import Element, branch, leaf
from aimusicverse.types.release import Contributor, Writer

_SPOTIFY_ID: Final = re.compile(r"(?:artist[:/])?([0-9A-Za-z]{22})(?:\?.*)?$")


@dataclass(slots=True)
class Party:
    """A person, group or company."""

    reference: str
    name: str
    where: str
    ids: dict[str, str] = field(default_factory=dict)


class Parties:
    """The list as it grows: one name with ids that agree is one party."""

    def __init__(self) -> None:
        self._all: dict[str, list[Party]] = {}
        self._in_order: list[Party] = []

    def named(self, name: str, where: str, **ids: str | None) -> str:
        """The reference of who is called so, `P1`, `P2`, …

        Args:
            name: as it is shown.
            where: field of the release.
            ids: `isni`, `ipi`, `ipi_base`, `apple`, `spotify`; who has another is another.
        """
        key = unicodedata.normalize("NFC", name)
        known = {kind: value for kind, value in ids.items() if value}
        for party in self._all.setdefault(key, []):
            if all(party.ids.get(kind, value) == value for kind, value in known.items()):
                party.ids.update(known)
                return party.reference
        party = Party(f"P{len(self._in_order) + 1}", name, where, known)
        self._all[key].append(party)
        self._in_order.append(party)
        return party.reference

    def contributor(self, person: Contributor, where: str) -> str:
        """The reference of an artist or maker."""
        return self.named(
            person.name,
            f"{where}.name",
            isni=person.isni and identifiers.plain(person.isni),
            apple=person.apple_id,
            spotify=_spotify(person.spotify_id),
        )

    def writer(self, writer: Writer, where: str) -> str:
        """The reference of an author."""
        ipi = identifiers.plain(writer.ipi) if writer.ipi else ""
        is_base = ipi.startswith("I")
        return self.named(
            writer.name,
            f"{where}.name",
            isni=writer.isni and identifiers.plain(writer.isni),
            ipi=None if is_base else ipi,
            ipi_base=ipi if is_base else None,
        )

    def write(self, parent: Element) -> None:
        """The `PartyList`."""
        listed = branch(parent, "PartyList")
        for party in self._in_order:
            element = branch(listed, "Party")
            leaf(element, "PartyReference", party.reference, party.where)
            leaf(branch(element, "PartyName"), "FullName", party.name, party.where)
            if party.ids:
                _ids(branch(element, "PartyId"), party)


def _ids(element: Element, party: Party) -> None:
    ids = party.ids
    if "isni" in ids:
        leaf(element, "ISNI", ids["isni"], party.where)
    if "ipi" in ids:
        leaf(element, "IpiNameNumber", ids["ipi"], party.where)
    for kind, namespace in (("ipi_base", "IPI"), ("apple", "AppleMusic"), ("spotify", "Spotify")):
        if kind in ids:
            leaf(element, "ProprietaryId", ids[kind], party.where, Namespace=namespace)


def _spotify(given: str | None) -> str | None:
    found = _SPOTIFY_ID.search(given) if given else None
    return found[1] if found else given
