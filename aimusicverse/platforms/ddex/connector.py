"""Spotify, and any other receiver of DDEX's batches."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aimusicverse.platforms.base import (
    Account,
    DeliveryError,
    Journal,
    Kind,
    Mode,
    Parcel,
    Standing,
    Surroundings,
)
from aimusicverse.platforms.ddex.answers import Heard, listen, noted_answer
from aimusicverse.platforms.ddex.folder_place import FolderPlace
from aimusicverse.platforms.ddex.history import begins_of, kept, next_plan, perhaps_there
from aimusicverse.platforms.ddex.obstacles import obstacles_told
from aimusicverse.platforms.ddex.parts import Parts, message_of, parts_of
from aimusicverse.platforms.ddex.place import Beat, Place
from aimusicverse.platforms.ddex.plan import Plan, PlanKind, moment_after, noted_plan
from aimusicverse.platforms.ddex.preparing import VERSIONS, names_of_parties, prepared
from aimusicverse.platforms.ddex.sending import send
from aimusicverse.platforms.ddex.settings import safe_folder, sftp_address
from aimusicverse.platforms.ddex.standing import stands
from aimusicverse.platforms.store_problems import general
from aimusicverse.release.batch import Delivery, release_folder, write_batch
from aimusicverse.types.release import Delivered, Release


class Ddex:
    """Brings releases as batches of ERN messages into a folder, or to an SFTP server."""

    kind: Kind = "package"
    exactly_once = (
        "The batch's name is fixed before the first file goes, and BatchComplete goes last: a receiver takes "
        "a batch once. An interrupted one is gone on with under its name."
    )

    def __init__(self, platform: str, account: Account | None, surroundings: Surroundings) -> None:
        """Nothing is connected yet.

        Args:
            platform: `spotify`, `ddex` or `ddex_43`.
            account: as it was connected; the sandbox needs none.
            surroundings: what is around.

        Raises:
            LookupError: another platform.
        """
        if platform not in VERSIONS:
            raise LookupError(f"{platform!r} takes no DDEX batches from here")
        self.platform = platform
        self._account = account
        self._surroundings = surroundings
        self._place: Place | None = None

    def deliver(self, parcel: Parcel, journal: Journal) -> Standing:
        """See `Connector`. What an earlier revision began and did not complete is never taken."""
        plan = noted_plan(journal.known)
        answer = noted_answer(journal.known)
        refused = answer is not None and answer.outcome == "refused"
        if plan is None or (plan.kind, plan.revision) != ("release", parcel.revision) or refused:
            plan = self._planned("release", parcel, journal)
        elif journal.known.get("complete"):
            return self._waited_on(journal)
        return self._brought(plan, parcel, journal)

    def look(self, journal: Journal) -> Standing:
        """See `Connector`."""
        known = journal.known
        plan = noted_plan(known)
        if plan is None or not known.get("complete"):
            raise DeliveryError(general("defect", "It was looked for a batch that was never sent."))
        heard = Heard(noted_answer(known))
        if heard.answer is None:
            place = self._at(plan.mode)
            place.watch(Beat(journal).tick)
            heard = listen(place, plan)
            if heard.answer is not None:
                journal.write(answer=heard.answer.noted(), **kept(plan, heard.answer.outcome))
            elif heard.unreadable and not known.get("unreadable_since"):
                journal.write(unreadable_since=journal.now.isoformat())
        # A real store tells elsewhere how often something was heard: there is no need to connect for that.
        return stands(plan, heard, journal, self._at("sandbox") if plan.mode == "sandbox" else None)

    def release(self, journal: Journal) -> Standing:
        """See `Connector`. The store does it by its deals: there is nothing to send."""
        return self.look(journal)

    def withhold(self, journal: Journal) -> None:
        """See `Connector`. The store has the deals, and nothing takes them back but a takedown."""
        if journal.known.get("complete") or journal.known.get("sealing"):
            raise DeliveryError(general("date_is_with_the_store"))

    def take_down(self, parcel: Parcel, journal: Journal) -> Standing:
        """See `Connector`. Where no batch was completed, there is nothing in the store to be taken away."""
        known = journal.known
        plan = noted_plan(known)
        if plan is None or not (plan.kind == "takedown" or perhaps_there(known)):
            return Standing("taken_down")
        if plan.kind == "takedown":
            answer = noted_answer(known)
            if answer is not None and answer.outcome == "accepted":
                return Standing("taken_down", external_id=plan.folder)
            if known.get("complete") and answer is None:
                return self._waited_on(journal)
        begun = (plan.kind, plan.revision) == ("takedown", parcel.revision) and not known.get("complete")
        if not begun:
            plan = self._planned("takedown", parcel, journal)
        return self._brought(plan, parcel, journal)

    def package(self, parcel: Parcel, into: Path) -> None:
        """See `Connector`."""
        at = datetime.now(UTC)
        begins = parcel.release_at or at
        release = self._release(parcel, begins, None)
        sender, recipient = names_of_parties(self.platform, self._settings())
        mark = f"{parcel.distribution_id}_{self.platform}"
        plan = Plan(
            kind="release", revision=parcel.revision, number=0, at=at.isoformat(), begins=begins.isoformat(),
            folder=release_folder(release), message_id=f"{mark}_{parcel.revision}_by_hand", thread_id=mark,
            update=False, brings_files=True, isrcs=(), seconds=(), sums=(), live_message=release.live_message,
            mode=parcel.mode,
        )  # fmt: skip
        message = message_of(
            plan, release, parcel.files, version=VERSIONS[self.platform], sender_name=sender,
            recipient_name=recipient,
        )  # fmt: skip
        write_batch(into, [Delivery(release, message, parcel.files)], at=at)

    def close(self) -> None:
        """See `Connector`."""
        if self._place is not None:
            self._place.close()
            self._place = None

    def _planned(self, kind: PlanKind, parcel: Parcel, journal: Journal) -> Plan:
        """The next batch, noted before anything is done about it."""
        known = journal.known
        at = moment_after(journal.now, noted_plan(known))
        begins = begins_of(parcel, known, at)
        with obstacles_told():
            release = self._release(parcel, begins, known.get("taken"))
            folder = release_folder(release)
        mark = f"{parcel.distribution_id}_{self.platform}"
        plan = next_plan(kind, parcel, release, known, at=at, begins=begins, folder=folder, mark=mark)
        journal.write(
            plan=plan.noted(), claimed=None, sealing=None, complete=None, waiting_since=None,
            unreadable_since=None, answer=None,
        )  # fmt: skip
        return plan

    def _waited_on(self, journal: Journal) -> Standing:
        """It is there already, and was asked for again: somebody wants us to go on waiting for an answer."""
        journal.write(waiting_since=journal.now.isoformat(), unreadable_since=None)
        return self.look(journal)

    def _brought(self, plan: Plan, parcel: Parcel, journal: Journal) -> Standing:
        sender, recipient = names_of_parties(self.platform, self._settings())

        def build(plan: Plan) -> Parts:
            release = self._release(parcel, datetime.fromisoformat(plan.begins), journal.known.get("taken"))
            message = message_of(
                plan, release, parcel.files, version=VERSIONS[self.platform], sender_name=sender,
                recipient_name=recipient,
            )  # fmt: skip
            return parts_of(plan, message, parcel.files)

        with obstacles_told():
            plan = send(plan, build, self._at(parcel.mode), journal)
        return Standing("processing", external_id=plan.folder)

    def _release(self, parcel: Parcel, begins: datetime, taken: Mapping[str, Any] | None) -> Release:
        delivered = Delivered(upc=taken["folder"], isrcs=taken["isrcs"]) if taken else None
        return prepared(
            parcel.release, platform=self.platform, mode=parcel.mode, settings=self._settings(),
            begins=begins, delivered=delivered,
        )  # fmt: skip

    def _settings(self) -> Mapping[str, Any]:
        return {} if self._account is None else self._account.settings

    def _at(self, mode: Mode) -> Place:
        if self._place is None:
            self._place = self._found(mode)
        return self._place

    def _found(self, mode: Mode) -> Place:
        """Where batches go. From the sandbox nothing ever leaves this machine, whatever the account says."""
        around = self._surroundings
        if mode == "sandbox":
            if around.sandbox_folder is None:
                raise DeliveryError(general("server_not_ready", "There is no sandbox on this server."))
            return FolderPlace(around.sandbox_folder / "ddex" / self.platform)
        if self._account is None:
            raise DeliveryError(general("account_missing"))
        if (address := sftp_address(self._account)) is not None:
            from aimusicverse.platforms.ddex.sftp_place import SftpPlace

            return SftpPlace(address, around.allowed_addresses)
        if around.delivery_root is None:
            raise DeliveryError(
                general(
                    "server_not_ready",
                    "The account names no SFTP host, and the server no folder for deliveries "
                    "(AMV_DELIVERY_FOLDER).",
                )
            )
        below = safe_folder(self._account.settings, absolute=False) or self.platform
        return FolderPlace(around.delivery_root, below)
