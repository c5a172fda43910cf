"""For whoever brings a release to a distributor by its own form: files, and answers to what the form asks.

Nothing is ever sent from here. A person downloads the kit, fills in the form, and says how it went.
"""

from __future__ import annotations

from pathlib import Path

from aimusicverse.platforms.base import (
    Account,
    DeliveryError,
    Journal,
    Kind,
    Parcel,
    Standing,
    StoreProblem,
    Surroundings,
)
from aimusicverse.platforms.kit.codes import KIT_READY
from aimusicverse.platforms.package_trouble import package_trouble
from aimusicverse.platforms.store_problems import general
from aimusicverse.platforms.table import route
from aimusicverse.release.distributor_kit import write_distributor_kit
from aimusicverse.release.file_names import folder_name
from aimusicverse.release.kit import write_kit
from aimusicverse.release.outlets import OUTLETS


class Kit:
    """Makes the kit of a distributor."""

    kind: Kind = "kit"

    def __init__(
        self, platform: str, account: Account | None, surroundings: Surroundings, *, via: str
    ) -> None:
        """
        Args:
            platform: the store that the distributor brings it to.
            account: not needed: a person signs in there.
            surroundings: not needed.
            via: the distributor, like `distrokid`.
        """
        self.platform = platform
        found = route(platform, via)
        self.exactly_once = "" if found is None else found.exactly_once
        self._distributor = OUTLETS[via]
        self._store = OUTLETS[platform]

    def deliver(self, parcel: Parcel, journal: Journal) -> Standing:
        """See that nothing is missing, then leave it to a person."""
        with package_trouble():
            parcel.files.require(len(parcel.release.tracks))
        journal.write(kit=parcel.revision)
        return self.look(journal)

    def look(self, journal: Journal) -> Standing:
        """A person knows how it stands."""
        return Standing("action_required", problem=self._ready())

    def release(self, journal: Journal) -> Standing:
        """The distributor does so, on the day that its form was told."""
        return self.look(journal)

    def withhold(self, journal: Journal) -> None:
        """The distributor has the date."""
        name = self._distributor.name
        raise DeliveryError(
            general(
                "date_is_with_the_store",
                f"{name} has the date, and releases by itself.",
                hint=f"Change the date at {name}, or take the release down there.",
            )
        )

    def take_down(self, parcel: Parcel, journal: Journal) -> Standing:
        """A person does so."""
        name, store = self._distributor.name, self._store.name
        return Standing(
            "action_required",
            problem=general(
                "person_needed",
                f"Only {name} can take it away from {store}.",
                hint=f"Sign in at {name}, remove the release, then say so: `amv distributions confirm`.",
            ),
        )

    def package(self, parcel: Parcel, into: Path) -> None:
        """A folder named like the release, with files, answers and a checklist."""
        final = into / folder_name(parcel.release.title)
        if self._distributor.id == "distrokid":
            write_kit(final, parcel.release, parcel.files)
        else:
            write_distributor_kit(final, parcel.release, parcel.files, self._distributor, [self._store])

    def close(self) -> None:
        """Nothing is held open."""

    def _ready(self) -> StoreProblem:
        name, store = self._distributor.name, self._store.name
        return KIT_READY.problem(
            f"The kit for {name} is ready; a person brings it from there to {store}.",
            hint=f"Download the kit (`amv distributions package`), upload it at {name} by its checklist, "
            "then say how it went: `amv distributions confirm`.",
        )
