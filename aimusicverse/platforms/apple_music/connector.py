"""Apple Music: an `.itmsp` package in a folder, from where an encoding house takes it, or by Transporter.

Apple knows a release by its vendor id: a package with the same one again is an update. So a step that may
have been done already can be done again, and the store has one release.
"""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from pathlib import Path
from typing import Final

from aimusicverse.platforms.apple_music.codes import PACKAGE_WAITS
from aimusicverse.platforms.apple_music.dated import dated
from aimusicverse.platforms.apple_music.identity import identifiers_of, require_the_same
from aimusicverse.platforms.apple_music.placing import cleared, new_staging, place
from aimusicverse.platforms.apple_music.standing import in_review, person, remember, standing
from aimusicverse.platforms.apple_music.status import AppleStatus, read_status
from aimusicverse.platforms.apple_music.transporter import Transporter
from aimusicverse.platforms.base import (
    Account,
    DeliveryError,
    Journal,
    Kind,
    Parcel,
    Standing,
    Surroundings,
)
from aimusicverse.platforms.package_trouble import package_trouble
from aimusicverse.platforms.store_problems import general
from aimusicverse.platforms.table import route
from aimusicverse.release.apple_metadata import metadata, vendor_id
from aimusicverse.release.itmsp import write_itmsp, write_itmsp_takedown
from aimusicverse.release.package_error import refuse
from aimusicverse.types.release import Release

#: Who delivers to the stand-in store, where nobody connected an account.
SANDBOX_PROVIDER: Final = "Sandbox"
_PROVIDER: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}", re.ASCII)
#: What begins with a hyphen would be taken for an option of Transporter's.
_USERNAME: Final = re.compile(r"[^\s\-\x00-\x1f\x7f][^\x00-\x1f\x7f]{0,199}")


class AppleMusic:
    """Brings releases to Apple Music."""

    kind: Kind = "package"

    def __init__(self, platform: str, account: Account | None, surroundings: Surroundings) -> None:
        """
        Args:
            platform: `apple_music`.
            account: `provider`, and `username` with the secret `password` for Transporter.
            surroundings: the sandbox's inboxes; or the folder for packages, or Transporter.
        """
        self.platform = platform
        found = route(platform)
        self.exactly_once = "" if found is None else found.exactly_once
        self._account = account
        self._surroundings = surroundings

    def deliver(self, parcel: Parcel, journal: Journal) -> Standing:
        """Put the package where it is taken from, or have Transporter bring it."""
        with package_trouble():
            release = dated(parcel)
            vendor = vendor_id(release)
        require_the_same(journal, vendor, release)
        out_at = parcel.release_at.isoformat() if parcel.release_at else None
        if journal.known.get("out_at") != out_at:
            journal.write(out_at=out_at)
        self._send(parcel, journal, release, vendor, takes_down=False)
        return self._sent(journal, vendor, "waits to be brought to Apple")

    def look(self, journal: Journal) -> Standing:
        """As the stand-in store or Transporter tells. Where neither does it was a person's turn, and is again
        after five days.
        """
        known = journal.known
        vendor: str | None = known.get("vendor_id")
        if vendor is None:
            return Standing("processing")
        status = self._status(journal, vendor)
        if status is None:
            return in_review(journal, vendor)
        remember(status, journal)
        return standing(status, journal, vendor)

    def release(self, journal: Journal) -> Standing:
        """Apple does so by itself, on the day that it was told."""
        return self.look(journal)

    def withhold(self, journal: Journal) -> None:
        """Apple has the day, and keeps to it."""
        raise DeliveryError(
            general(
                "date_is_with_the_store",
                "Apple has the date, and releases by itself.",
                hint="Give another date and retry, which sends an update; or take it down.",
            )
        )

    def take_down(self, parcel: Parcel, journal: Journal) -> Standing:
        """Send a package that clears it neither for sale nor for streaming."""
        if "vendor_id" not in journal.known:
            return Standing("taken_down")  # nothing was ever sent
        with package_trouble():
            release = dated(parcel)
        release = release.model_copy(update={"vendor_id": journal.known["vendor_id"]})
        self._send(parcel, journal, release, journal.known["vendor_id"], takes_down=True)
        return self._sent(journal, journal.known["vendor_id"], "takes the release down, once Apple has it")

    def package(self, parcel: Parcel, into: Path) -> None:
        """The `.itmsp` folder, for an encoding house or a Transporter of one's own."""
        release = dated(parcel)
        provider = self._provider_or_none()
        if provider is None:
            raise refuse(
                "provider",
                "the name that Apple gave you is not known here.",
                "Connect it: `amv platforms connect apple_music --live`.",
            )
        now = parcel.release_at or datetime.now().astimezone()
        write_itmsp(into, release, parcel.files, provider=provider, now=now)

    def close(self) -> None:
        """Nothing is held open."""

    def _send(
        self, parcel: Parcel, journal: Journal, release: Release, vendor: str, *, takes_down: bool
    ) -> None:
        provider = self._provider()
        sends = self._transporter(provider)
        root = None if sends else self._folder(provider, parcel.distribution_id)
        # A release that is out as soon as possible is so since the first try: each one writes the same bytes.
        as_of = datetime.fromisoformat(journal.known.get("as_of") or journal.now.isoformat())
        with package_trouble():
            files = None if takes_down else parcel.files
            if files is not None:
                files.require(len(release.tracks))
            content = metadata(release, files, provider=provider, now=as_of)
        md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()  # as Apple names files
        if journal.known.get("sent") == md5 or self._was_sent(journal, vendor, md5):
            journal.write(sent=md5, takes_down=takes_down or None)
            return
        staging, before = new_staging(), journal.known.get("staging")
        journal.write(
            vendor_id=vendor,
            identifiers=identifiers_of(release),
            as_of=as_of.isoformat(),
            sending=md5,
            # The same bytes may have been there before, and been taken down since.
            tells_apart=not self._has_seen(vendor, md5),
            staging=staging,
            stale=journal.known.get("judged") if journal.known.get("vendor_id") == vendor else None,
        )

        def write(folder: Path) -> Path:
            if takes_down:
                return write_itmsp_takedown(folder, release, provider=provider, now=as_of)
            return write_itmsp(
                folder, release, parcel.files, provider=provider, now=as_of, progress=journal.progress
            )

        with package_trouble():
            target = root or parcel.folder
            cleared(target, before)
            package = place(target, staging, write)
        if sends is not None:
            sends.upload(package, lambda: journal.progress(1.0))
        journal.write(sent=md5, staging=None, takes_down=takes_down or None, sent_at=journal.now.isoformat())

    def _sent(self, journal: Journal, vendor: str, what: str) -> Standing:
        provider = self._provider()
        if self._surroundings.sandbox_folder is not None or self._transporter(provider) is not None:
            return self.look(journal)
        told = f"The package {provider}/{vendor}.itmsp lies in the server's folder, and {what}."
        return person(PACKAGE_WAITS.problem(told), vendor)

    def _was_sent(self, journal: Journal, vendor: str, md5: str) -> bool:
        """Whether a try that was stopped had come so far that the stand-in store has it."""
        known = journal.known
        return known.get("sending") == md5 and bool(known.get("tells_apart")) and self._has_seen(vendor, md5)

    def _has_seen(self, vendor: str, md5: str) -> bool:
        status = self._sandbox_status(vendor)
        return status is not None and read_status(status, vendor, md5) is not None

    def _status(self, journal: Journal, vendor: str) -> AppleStatus | None:
        known = journal.known
        if self._surroundings.sandbox_folder is not None:
            content = self._sandbox_status(vendor)
            found = None if content is None else read_status(content, vendor, known.get("sent") or "-")
        elif (sends := self._transporter(self._provider())) is not None:
            found = read_status(sends.status(vendor, lambda: journal.progress(1.0)), vendor)
        else:
            return None
        # What was told before the last upload is not about it.
        is_old = found and found.created and found.created <= (known.get("stale") or "")
        return None if is_old else found

    def _sandbox_status(self, vendor: str) -> bytes | None:
        folder = self._surroundings.sandbox_folder
        try:
            return None if folder is None else (folder / "apple" / "status" / f"{vendor}.xml").read_bytes()
        except FileNotFoundError:
            return None

    def _provider_or_none(self) -> str | None:
        if self._account is not None and (given := self._account.settings.get("provider")):
            return str(given)
        return SANDBOX_PROVIDER if self._surroundings.sandbox_folder is not None else None

    def _provider(self) -> str:
        provider = self._provider_or_none()
        if provider is None:
            raise DeliveryError(general("account_missing"))
        if not _PROVIDER.fullmatch(provider):
            raise DeliveryError(
                general("settings_wrong", "`provider` is the short name that Apple gave: letters and digits.")
            )
        return provider

    def _folder(self, provider: str, distribution_id: str) -> Path:
        if self._surroundings.sandbox_folder is not None:
            return self._surroundings.sandbox_folder / "apple" / "inbox" / distribution_id
        if self._surroundings.delivery_root is None:
            raise DeliveryError(
                general(
                    "server_not_ready",
                    "This server has neither a folder for packages nor Transporter.",
                    hint="Whoever runs it sets AMV_DELIVERY_FOLDER or AMV_TRANSPORTER. Retry then.",
                )
            )
        return self._surroundings.delivery_root / provider

    def _transporter(self, provider: str) -> Transporter | None:
        surroundings, account = self._surroundings, self._account
        if surroundings.sandbox_folder is not None or not surroundings.transporter or account is None:
            return None
        username, password = account.settings.get("username"), account.secret("password")
        if not username or not password:
            if surroundings.delivery_root is not None:
                return None
            raise DeliveryError(
                general("settings_wrong", "Transporter needs `username` and `password` of your account.")
            )
        if not _USERNAME.fullmatch(str(username)) or "\0" in password.get_secret_value():
            raise DeliveryError(
                general("settings_wrong", "`username` or `password` has characters that no account has.")
            )
        return Transporter(surroundings.transporter, str(username), password, provider)
