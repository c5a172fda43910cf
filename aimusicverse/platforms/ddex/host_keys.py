"""Keys by which an SFTP server is known: fingerprints, or lines of `known_hosts`. There is no first trust."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aimusicverse.platforms.base import DeliveryError
from aimusicverse.platforms.ddex.settings import wrong

if TYPE_CHECKING:
    from asyncssh import SSHKey

_FINGERPRINT: Final = re.compile(r"(?:SHA256:)?([A-Za-z0-9+/]{43})=?", re.ASCII)
_KEY: Final = re.compile(r"(?:^|\s)((?:ssh-|ecdsa-|sk-)[a-z0-9@.-]+\s+[A-Za-z0-9+/]{40,}={0,3})", re.ASCII)
_LINES: Final = 20


@dataclass(frozen=True, slots=True)
class HostKeys:
    """Those that a server may show.

    Args:
        keys: known whole: the server is asked for one of their kinds.
        fingerprints: SHA-256 in base64, with `SHA256:` before it and no `=` behind.
    """

    keys: tuple[SSHKey, ...]
    fingerprints: frozenset[str]


def host_keys(told: str) -> HostKeys:
    """The keys in a setting. One line, or several of the same server.

    Raises:
        DeliveryError: a line is neither a fingerprint nor a line of `known_hosts`.
    """
    import asyncssh

    keys: list[SSHKey] = []
    fingerprints: set[str] = set()
    lines = [line.strip() for line in told.splitlines() if line.strip() and not line.strip().startswith("#")]
    for line in lines[:_LINES]:
        if found := _FINGERPRINT.fullmatch(line):
            fingerprints.add(f"SHA256:{_checked(found[1])}")
            continue
        if line.startswith("@"):
            raise wrong("host_key", "lines with @cert-authority or @revoked are not read", "Give the key.")
        named = _KEY.search(line)
        try:
            if named is None:
                raise asyncssh.KeyImportError("there is no key in it")
            keys.append(asyncssh.import_public_key(named[1]))
        except (asyncssh.KeyImportError, ValueError):
            raise _unreadable() from None
    if not keys and not fingerprints:
        raise _unreadable()
    return HostKeys(tuple(keys), frozenset(fingerprints | {key.get_fingerprint() for key in keys}))


def _checked(fingerprint: str) -> str:
    try:
        base64.b64decode(f"{fingerprint}=", validate=True)
    except binascii.Error:
        raise _unreadable() from None
    return fingerprint


def _unreadable() -> DeliveryError:
    return wrong(
        "host_key",
        "it is neither a fingerprint (SHA256:…) nor a line of known_hosts",
        "`ssh-keygen -lf` and `ssh-keyscan` write them; compare with what the provider told you.",
    )
