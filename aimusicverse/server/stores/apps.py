"""How this server is known to the stores that let people sign in, and what it asks them of an account.

What calls stores is loaded when one is called: a server that starts pays for none of it.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final, cast

from aimusicverse.platforms.base import DeliveryError, Mode
from aimusicverse.platforms.store_addresses import StoreAddress, address_of
from aimusicverse.platforms.store_problems import general
from aimusicverse.secret import Secret
from aimusicverse.server.settings import Settings
from aimusicverse.server.stores.surroundings import SANDBOX, StoreSurroundings

if TYPE_CHECKING:
    from aimusicverse.platforms.oauth import App, Tokens

log: Final = logging.getLogger("aimusicverse.server")

#: How long a store may think about a sign-in.
_READ_SECONDS: Final = 10.0
_LONGEST_NAME: Final = 200
#: What stand-in stores take.
_IN_THE_SANDBOX: Final = ("sandbox", Secret("sandbox"))


class StoreApps:
    """The apps of one server. All of its functions may block: they are for threads."""

    def __init__(self, settings: Settings, surroundings: StoreSurroundings) -> None:
        self._apps: dict[str, tuple[str, Secret | None]] = {
            "soundcloud": (settings.soundcloud_client_id, settings.soundcloud_client_secret),
            "youtube_music": (settings.youtube_client_id, settings.youtube_client_secret),
        }
        self._surroundings = surroundings

    def sandbox_origin(self) -> str | None:
        """Where the stand-in stores' server is: they send nobody to other machines."""
        url = self._surroundings.sandbox_url()
        return None if url is None else url.removesuffix(SANDBOX)

    def new_verifier(self) -> Secret:
        """Of a sign-in that begins."""
        from aimusicverse.platforms import oauth

        return Secret(oauth.verifier())

    def authorize_url(
        self, platform: str, mode: Mode, redirect_uri: str, *, state: str, verifier: Secret
    ) -> str:
        """Where a person lets this server in.

        Raises:
            DeliveryError: `setup`: there is no app, or no sandbox.
        """
        from aimusicverse.platforms import oauth

        address, app = self._address(platform, mode), self._app(platform, mode, redirect_uri)
        challenge = oauth.challenge(verifier.get_secret_value())
        return oauth.authorize_url(address, app.client_id, redirect_uri, address.scopes, state, challenge)

    def exchange(
        self, platform: str, mode: Mode, redirect_uri: str, *, code: Secret, verifier: Secret
    ) -> Tokens:
        """Tokens for a code.

        Raises:
            DeliveryError: the store does not take it, or was not reached.
        """
        from aimusicverse.platforms import http, oauth

        address, app = self._address(platform, mode), self._app(platform, mode, redirect_uri)
        with http.open_client(address, read_seconds=_READ_SECONDS) as client:
            return oauth.exchange(client, address, app, code.get_secret_value(), verifier.get_secret_value())

    def renew(self, platform: str, mode: str, refresh_token: Secret, redirect_uri: str) -> Tokens:
        """New tokens for a refresh token.

        Raises:
            DeliveryError: `auth`: the store refuses it; or it was not reached.
        """
        from aimusicverse.platforms import http, oauth

        of = cast(Mode, mode)
        address, app = self._address(platform, of), self._app(platform, of, redirect_uri)
        with http.open_client(address, read_seconds=_READ_SECONDS) as client:
            return oauth.refresh(client, address, app, refresh_token)

    def who(self, platform: str, mode: Mode, token: Secret) -> str | None:
        """What the account is called in the store; `None`: it does not tell. Nothing depends on it."""
        import httpx

        from aimusicverse.platforms import http

        address = self._address(platform, mode)
        path, name = _WHO[platform]
        try:
            with http.open_client(address, read_seconds=_READ_SECONDS) as client:
                answer = http.StoreCalls(address, _Holder(token), client).call("GET", f"{address.api}{path}")
            found = name(answer.json(address.name)) if answer.status == 200 else None
        except (DeliveryError, LookupError, TypeError, httpx.HTTPError) as error:
            log.warning("a store does not tell whose account it is", extra={"error": str(error)})
            return None
        return found[:_LONGEST_NAME] if isinstance(found, str) and found else None

    def authorize_at_once(self, platform: str, mode: Mode, url: str) -> str:
        """Where a stand-in store sends people back to, which asks nobody.

        Raises:
            DeliveryError: it did not, or was not reached.
        """
        import httpx

        from aimusicverse.platforms import http

        address = self._address(platform, mode)
        with http.open_client(address, read_seconds=_READ_SECONDS) as client:
            try:
                answer = client.get(url)
            except httpx.HTTPError:
                raise DeliveryError(
                    general("store_unreachable", f"{address.name} was not reached.")
                ) from None
        back = answer.headers.get("location")
        if not answer.is_redirect or not back:
            raise DeliveryError(general("sign_in_failed", f"{address.name} answered {answer.status_code}."))
        return str(back)

    def _address(self, platform: str, mode: Mode) -> StoreAddress:
        return address_of(platform, self._surroundings.of(mode), mode)

    def _app(self, platform: str, mode: Mode, redirect_uri: str) -> App:
        client_id, secret = _IN_THE_SANDBOX if mode == "sandbox" else self._apps[platform]
        if not client_id or secret is None:
            raise DeliveryError(
                general(
                    "server_not_ready",
                    "Whoever runs this server has registered no app with the store.",
                    hint=f"It takes AMV_{_VARIABLE[platform]}_CLIENT_ID and _CLIENT_SECRET.",
                )
            )
        from aimusicverse.platforms.oauth import App

        return App(client_id, secret, redirect_uri)


class _Holder:
    """An account that has one token, and no other."""

    def __init__(self, token: Secret) -> None:
        self._token = token
        self.settings: dict[str, Any] = {}

    def secret(self, name: str) -> Secret | None:
        """There is none."""
        return None

    def access_token(self, *, other_than: str | None = None) -> str:
        """The token."""
        if other_than is not None:
            raise DeliveryError(general("account_expired", "The store refuses its own token."))
        return self._token.get_secret_value()


_VARIABLE: Final = {"soundcloud": "SOUNDCLOUD", "youtube_music": "YOUTUBE"}


def _user(said: dict[str, Any]) -> Any:
    return said["username"]


def _channel(said: dict[str, Any]) -> Any:
    return said["items"][0]["snippet"]["title"]


#: What is asked, and where the name is in the answer.
_WHO: Final = {
    "soundcloud": ("/me", _user),
    "youtube_music": ("/channels?part=snippet&mine=true", _channel),
}
