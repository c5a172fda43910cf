"""Deliveries to the stand-in for SoundCloud, with a journal and an account as the server has them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import copy
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from aimusicverse.platforms import oauth
from aimusicverse.platforms.base import DeliveryError, Parcel, Standing, Surroundings
from aimusicverse.platforms.http import open_client
from aimusicverse.platforms.soundcloud.connector import SoundCloud
from aimusicverse.platforms.store_addresses import address_of
from aimusicverse.secret import Secret
from aimusicverse.types.release import Release
from tests.release.package_files import release_files
from tests.sandbox.soundcloud.standin import StandIn

APP = oauth.App("test-app", Secret("test-app-secret"), "http://127.0.0.1:1/return")


class Killed(BaseException):
    """The process is gone: nobody catches it, as nobody catches a `kill -9`."""


class Diary:
    """A journal that outlives whoever writes in it. It may kill him at one of his writes, before or after."""

    def __init__(self, stand_in: StandIn) -> None:
        self.pages: list[str] = []
        self.kill_at: int | None = None
        self.after = False
        self.progressed = 0
        self.when_progressed: Any = lambda: None
        self._stand_in = stand_in
        self._known = "{}"

    @property
    def known(self) -> Mapping[str, Any]:
        known: dict[str, Any] = json.loads(self._known)
        return known

    @property
    def now(self) -> datetime:
        return self._stand_in.now

    def write(self, **notes: Any) -> None:
        dies = self.kill_at == len(self.pages)
        self.pages.append("")
        if dies and not self.after:
            raise Killed
        kept = {name: value for name, value in {**self.known, **notes}.items() if value is not None}
        self._known = json.dumps(kept)
        if dies:
            raise Killed

    def progress(self, part: float) -> None:
        assert 0 <= part <= 1
        self.progressed += 1
        self.when_progressed()


class StandInAccount:
    """Connected by OAuth, as a person does it; its refresh token is good once."""

    settings: Mapping[str, Any] = {}

    def __init__(self, stand_in: StandIn) -> None:
        self._address = address_of("soundcloud", around(stand_in))
        verifier = oauth.verifier()
        where = oauth.authorize_url(
            self._address, APP.client_id, APP.redirect_uri, (), "a-state", oauth.challenge(verifier)
        )
        back = httpx.get(where, trust_env=False).headers["location"]
        came = parse_qs(urlsplit(back).query)
        assert came["state"] == ["a-state"]
        with open_client(self._address) as client:
            self.tokens = oauth.exchange(client, self._address, APP, came["code"][0], verifier)
        self.refreshed = 0

    def secret(self, name: str) -> Secret | None:
        return None

    def access_token(self, *, other_than: str | None = None) -> str:
        if other_than is not None:
            assert self.tokens.refresh is not None
            with open_client(self._address) as client:
                self.tokens = oauth.refresh(client, self._address, APP, self.tokens.refresh)
            self.refreshed += 1
        return self.tokens.access.get_secret_value()


def around(stand_in: StandIn) -> Surroundings:
    return Surroundings(sandbox_url=stand_in.url)


class Delivery:
    """One delivery, whose workers may die and be followed by others."""

    def __init__(
        self, stand_in: StandIn, folder: Path, *, tracks: int = 1, ending: str = "flac", **release: Any
    ) -> None:
        self.stand_in = stand_in
        self.diary = Diary(stand_in)
        self.account = StandInAccount(stand_in)
        #: Calls are counted over all workers; at this one the worker dies, before or after it.
        self.calls = 0
        self.kill_at_call: int | None = None
        self.kill_after_call = False
        files = release_files(folder / "files", tracks, ending=ending)
        self.parcel = Parcel(
            distribution_id="dst_1",
            revision=1,
            release=Release.model_validate(
                {
                    "title": "Harbour Lights",
                    "artists": [{"name": "Maren Holt"}],
                    "genre": "Ambient",
                    "label": "Holt Records",
                    "upc": "036000291452",
                    "release_at": "2027-01-08",
                    "tracks": [
                        {"title": f"Ferry {number + 1}", "isrc": f"US-SKG-26-0000{number + 1}"}
                        for number in range(tracks)
                    ],
                }
                | release
            ),
            files=files,
            release_at=None,
            folder=folder,
            mode="sandbox",
        )

    def connector(self, *, read_seconds: float = 20.0) -> SoundCloud:
        surroundings = around(self.stand_in)
        client = open_client(address_of("soundcloud", surroundings), read_seconds=read_seconds)
        client.event_hooks = {"request": [self._asked], "response": [self._answered]}
        return SoundCloud("soundcloud", self.account, surroundings, client=client)

    def another(self) -> Delivery:
        """The same release in another delivery, by the same account."""
        other = copy(self)
        other.diary = Diary(self.stand_in)
        other.calls, other.kill_at_call = 0, None
        return other

    def deliver(self, *, read_seconds: float = 20.0) -> Standing:
        """One try by a new worker."""
        connector = self.connector(read_seconds=read_seconds)
        try:
            return connector.deliver(self.parcel, self.diary)
        finally:
            connector.close()

    def _asked(self, request: httpx.Request) -> None:
        self.calls += 1
        if self.calls == self.kill_at_call and not self.kill_after_call:
            raise Killed

    def _answered(self, response: httpx.Response) -> None:
        if self.calls == self.kill_at_call:
            raise Killed

    def until_delivered(self, tries: int = 8) -> tuple[Standing, list[DeliveryError]]:
        """As the server does it: again after what may go by itself, when it was told to, and after a kill."""
        errors: list[DeliveryError] = []
        for _ in range(tries):
            try:
                return self.deliver(), errors
            except Killed:
                self.diary.kill_at = None
            except DeliveryError as error:
                if error.problem.kind not in ("transient", "quota"):
                    raise
                errors.append(error)
                if error.retry_after is not None:
                    self.stand_in.move(error.retry_after)
        raise AssertionError(errors)

    def look(self) -> Standing:
        connector = self.connector()
        try:
            return connector.look(self.diary)
        finally:
            connector.close()

    def release(self) -> Standing:
        connector = self.connector()
        try:
            return connector.release(self.diary)
        finally:
            connector.close()

    def take_down(self) -> Standing:
        connector = self.connector()
        try:
            return connector.take_down(self.parcel, self.diary)
        finally:
            connector.close()
