"""What a person gives to connect a store that lets nobody sign in: names and secrets, checked one by one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from ipaddress import ip_address
from typing import Final, NamedTuple

from aimusicverse.egress import Rules, why_refused
from aimusicverse.platforms.table import Route
from aimusicverse.server.problems import Refusal
from aimusicverse.types import FieldError

_HOST: Final = re.compile(
    r"(?=.{1,253}$)[0-9A-Za-z](?:[0-9A-Za-z-]{0,62}\.|[0-9A-Za-z-]{0,61}[0-9A-Za-z]\.)*"
    r"[0-9A-Za-z](?:[0-9A-Za-z-]{0,61}[0-9A-Za-z])?"
)
#: DDEX Party Id: `PADPIDA`, ten digits or letters, and one to check; hyphens may be between (ddex.net, DPID).
_DPID: Final = re.compile(r"PA-?DPIDA-?[0-9A-Z]{10}-?[0-9A-Z]", re.IGNORECASE)
#: A line of `known_hosts`, or a fingerprint as `ssh-keygen -l` tells it.
_HOST_KEY: Final = re.compile(
    r"SHA256:[A-Za-z0-9+/]{43}=?|"
    r"(?:[^\s#]+ )?(?:ssh-ed25519|ssh-rsa|rsa-sha2-(?:256|512)|ecdsa-sha2-nistp(?:256|384|521)|"
    r"sk-[a-z0-9@.-]+) [A-Za-z0-9+/]{40,}={0,2}(?: [^\n]*)?"
)
_NAME: Final = re.compile(r"[^\x00-\x1f\x7f]{1,200}")


class Given(NamedTuple):
    """What was given, told apart."""

    settings: dict[str, str]
    secrets: dict[str, str]


class _Wrong(Exception):
    """What is wrong with a field, and what would pass."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def checked(route: Route, given: Mapping[str, str], *, live: bool, rules: Rules, has_folder: bool) -> Given:
    """What was given for a store, ready to be kept.

    Args:
        route: which fields there are.
        given: field → text.
        live: then what is required must be there.
        rules: where its server may be.
        has_folder: whether this server has a folder for packages that nobody sends.

    Raises:
        Refusal: `invalid_request`, with each field that is wrong. No value is repeated.
    """
    errors: list[FieldError] = []

    def refuse(name: str, code: str, message: str, hint: str) -> None:
        errors.append(FieldError(field=f"settings.{name[:40]}", code=code, message=message, hint=hint))

    known = route.field_names
    for name in given:
        if name not in known:
            may = ", ".join(known) or "none: you sign in with the store"
            refuse(name, "extra_forbidden", "there is no such field here", f"one of: {may}")
    wrong_ones: set[str] = set()
    values = {name: given[name].strip() for name in known if given.get(name, "").strip()}
    for name, text in list(values.items()):
        try:
            values[name] = _CHECKS.get(name, _one_line)(text)
        except _Wrong as wrong:
            del values[name]
            wrong_ones.add(name)
            refuse(name, "value_error", wrong.message, wrong.hint)
    if live:
        for name in route.required_fields:
            if name not in values and name not in wrong_ones:
                refuse(name, "missing", "it is required", "it is required")
    if "host" in known:
        for name, message, hint in _of_a_server(values, live=live, rules=rules, has_folder=has_folder):
            if name not in wrong_ones:
                refuse(name, "value_error", message, hint)
    if errors:
        detail = "; ".join(f"{error.field}: {error.message}" for error in errors[:3])
        raise Refusal("invalid_request", detail, errors=errors)
    return Given(
        {name: text for name, text in values.items() if name not in route.secret_fields},
        {name: text for name, text in values.items() if name in route.secret_fields},
    )


def _of_a_server(
    values: Mapping[str, str], *, live: bool, rules: Rules, has_folder: bool
) -> list[tuple[str, str, str]]:
    """What belongs together when packages go over SFTP."""
    host = values.get("host")
    if host is None:
        alone = [
            name for name in ("port", "username", "password", "private_key", "host_key") if name in values
        ]
        if alone:
            return [("host", f"{alone[0]} is of no use without it", "name the SFTP server")]
        if live and not has_folder:
            hint = "name the SFTP server; or whoever runs this server sets AMV_DELIVERY_FOLDER"
            return [("host", "packages have nowhere to go", hint)]
        return []
    wrong = []
    if (why := _refused(host, int(values.get("port", "22")), rules)) is not None:
        hint = "whoever runs this server may allow it: AMV_WEBHOOK_ALLOW"
        wrong.append(("host", f"it is {why}", hint))
    if "username" not in values:
        wrong.append(("username", "it is required", "who you are on the server"))
    if "password" not in values and "private_key" not in values:
        wrong.append(("private_key", "there is neither a private key nor a password", "give one of them"))
    if "host_key" not in values:
        hint = "the line that `ssh-keyscan HOST` prints, once the store has confirmed its fingerprint"
        wrong.append(("host_key", "without it nobody knows whose server it is", hint))
    return wrong


def _refused(host: str, port: int, rules: Rules) -> str | None:
    """Names are judged when they are looked up, each time (`egress`)."""
    try:
        address = ip_address(host)
    except ValueError:
        return None
    return why_refused(address, rules, port=port)


def _one_line(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise _Wrong("it is not one line of 1 to 200 characters", "write it in one line")
    return text


def _host(text: str) -> str:
    name = text.lower().removesuffix(".")
    try:
        return str(ip_address(name))
    except ValueError:
        if not _HOST.fullmatch(name) or name.replace(".", "").isdigit():
            raise _Wrong("it is no name of a host", "sftp.example.com, without sftp:// or a path") from None
    return name


def _port(text: str) -> str:
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and 1 <= int(text) <= 65535):
        raise _Wrong("it is no port", "1 to 65535; SFTP has 22")
    return str(int(text))


def _dpid(text: str) -> str:
    if not _DPID.fullmatch(text):
        raise _Wrong("it is no DDEX Party Id", "as DDEX gave it to you: PADPIDA2026112601X")
    return text.replace("-", "").upper()


def _folder(text: str) -> str:
    _one_line(text)
    parts = text.replace("\\", "/").split("/")
    if ".." in parts or "~" in parts:
        raise _Wrong("it leads out of itself", "a folder without .. in it")
    return text


def _host_key(text: str) -> str:
    if not _HOST_KEY.fullmatch(text):
        raise _Wrong(
            "it is no public key of a server, and no fingerprint of one",
            "ssh-ed25519 AAAA…, as `ssh-keyscan` prints it, or SHA256:…",
        )
    return text


def _private_key(text: str) -> str:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_ssh_private_key

    content = text.strip().encode() + b"\n"
    load = load_ssh_private_key if b"OPENSSH" in content[:40] else load_pem_private_key
    try:
        load(content, password=None)
    except TypeError:
        raise _Wrong("it is under a passphrase", "give one without: it is kept sealed") from None
    except (ValueError, UnsupportedAlgorithm):
        raise _Wrong(
            "it is no private key that can be read", "the whole file, from -----BEGIN to END-----"
        ) from None
    return content.decode()


def _password(text: str) -> str:
    if "\x00" in text or "\n" in text or len(text) > 1000:
        raise _Wrong("it is not one line of up to 1,000 characters", "as the store gave it to you")
    return text


_CHECKS: Final[dict[str, Callable[[str], str]]] = {
    "host": _host,
    "port": _port,
    "sender_dpid": _dpid,
    "recipient_dpid": _dpid,
    "folder": _folder,
    "host_key": _host_key,
    "private_key": _private_key,
    "password": _password,
}
