"""What a person gave when the account was connected, judged before anything is done with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from aimusicverse.platforms.base import Account, DeliveryError
from aimusicverse.platforms.store_problems import general
from aimusicverse.release import identifiers
from aimusicverse.secret import Secret

_LONGEST: Final = 400
_HOST: Final = re.compile(r"[^\s/@?#\\%\x00-\x20\x7f]{1,253}")
_USERNAME: Final = re.compile(r"[^\x00-\x1f\x7f]{1,128}")


@dataclass(frozen=True, slots=True)
class SftpAddress:
    """A receiver's SFTP server, and how to get in.

    Args:
        host: a name or an address, IPv6 without brackets.
        port: 22, as a rule.
        username: at the server.
        password: or
        private_key: of OpenSSH's or PEM's form, without a passphrase.
        host_key: the server's fingerprint (`SHA256:…`), or its line of a `known_hosts` file.
        folder: of the batches there.
    """

    host: str
    port: int
    username: str
    password: Secret | None
    private_key: Secret | None
    host_key: str
    folder: str


def sftp_address(account: Account) -> SftpAddress | None:
    """Where the account's batches go; `None`: it names no host.

    Raises:
        DeliveryError: something cannot be right, or is missing.
    """
    given = account.settings
    host = text(given, "host")
    if not host:
        return None
    host = host.removeprefix("[").removesuffix("]")
    if not _HOST.fullmatch(host):
        raise wrong("host", "it is no name and no address of a host", "Write it as sftp.example.com.")
    username = text(given, "username")
    if not username or not _USERNAME.fullmatch(username):
        raise wrong("username", "it is missing, or has line ends in it", "Give the name you sign in with.")
    host_key = text(given, "host_key")
    if not host_key:
        raise wrong(
            "host_key",
            "it is missing, and without it nobody knows whether this is the right server",
            "Ask the provider for the server's fingerprint (SHA256:…) or its line of known_hosts.",
        )
    password, key = account.secret("password"), account.secret("private_key")
    if not password and not key:
        raise wrong("password", "neither it nor private_key is given", "Give the one the provider told you.")
    return SftpAddress(
        host,
        _port(given),
        username,
        password or None,
        key or None,
        host_key,
        safe_folder(given, absolute=True),
    )


def _port(given: Mapping[str, Any]) -> int:
    port = text(given, "port") or "22"
    if not re.fullmatch(r"[0-9]{1,5}", port, re.ASCII) or not 0 < int(port) < 65536:
        raise wrong("port", f"{port!r} is no port", "Leave it out for 22.")
    return int(port)


def safe_folder(given: Mapping[str, Any], *, absolute: bool) -> str:
    """The folder that batches go into; empty: the one that is there anyway.

    Args:
        given: settings of the account.
        absolute: whether it may begin with `/`, as on somebody else's server.

    Raises:
        DeliveryError: it could lead out of where it is.
    """
    folder = text(given, "folder")
    steps = folder.split("/")
    if absolute and folder.startswith("/"):
        steps = steps[1:]
    if steps and not steps[-1]:
        steps = steps[:-1]
    fine = all(step not in ("", ".", "..") and not step.startswith(".unfinished-") for step in steps)
    if not fine or "\\" in folder or ":" in folder or not folder.isprintable():
        raise wrong("folder", f"{folder!r} is no plain path", "Write it as music/inbox, without .. in it.")
    return ("/" if absolute and folder.startswith("/") else "") + "/".join(steps)


def party(given: Mapping[str, Any], name: str, otherwise: str | None) -> str | None:
    """A DDEX party id of the settings, without hyphens.

    Raises:
        DeliveryError: it is none.
    """
    told = text(given, name)
    if not told:
        return otherwise
    plain = identifiers.plain(told)
    if not identifiers.is_dpid(plain):
        raise wrong(name, f"{told!r} is no DDEX party id", "It looks like PADPIDA2011072101T.")
    return plain


def text(given: Mapping[str, Any], name: str) -> str:
    """A setting without blanks around it; empty: it was not given.

    Raises:
        DeliveryError: it is longer than any can be.
    """
    value = given.get(name)
    told = "" if value is None else str(value).strip()
    if len(told) > (_LONGEST if name != "host_key" else 10_000):
        raise wrong(name, f"it has {len(told):,} characters", "Give what the provider told you.")
    return told


def wrong(name: str, why: str, fix: str) -> DeliveryError:
    """The error of a setting that cannot be right, to be raised."""
    return DeliveryError(general("settings_wrong", f"{name}: {why}.", hint=f"{fix} Then connect anew."))
