from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from aimusicverse.platforms.base import Surroundings
from aimusicverse.platforms.store_addresses import WITH_AN_API, address_of

SANDBOX = Surroundings(sandbox_url="http://127.0.0.1:8787/_sandbox/")


@pytest.mark.parametrize("platform", WITH_AN_API)
def test_live_stores_are_called_by_https_and_their_tokens_go_nowhere_else(platform: str) -> None:
    live = address_of(platform, Surroundings())
    assert live.mode == "live"
    owners = {"soundcloud": ("soundcloud.com",), "youtube_music": ("googleapis.com", "accounts.google.com")}
    for address in (live.api, live.upload, live.authorize, live.token):
        parts = urlsplit(address)
        assert parts.scheme == "https"
        assert str(parts.hostname).endswith(owners[platform])
        assert not address.endswith("/")


@pytest.mark.parametrize("platform", WITH_AN_API)
def test_in_the_sandbox_every_address_is_on_this_machine(platform: str) -> None:
    address = address_of(platform, SANDBOX)
    assert address.mode == "sandbox"
    for one in (address.api, address.upload, address.authorize, address.token):
        assert one.startswith("http://127.0.0.1:8787/_sandbox/")


def test_live_mode_is_never_taken_for_the_sandbox() -> None:
    assert address_of("soundcloud", SANDBOX, "live").api == "https://api.soundcloud.com"
    with pytest.raises(ValueError, match="no sandbox"):
        address_of("soundcloud", Surroundings(), "sandbox")


def test_a_store_without_an_api_is_not_in_the_table() -> None:
    with pytest.raises(KeyError):
        address_of("spotify", SANDBOX)
