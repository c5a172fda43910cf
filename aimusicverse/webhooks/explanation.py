"""Why a message is refused, told to whoever sets an endpoint up. Nothing of a secret is in it.

It tries what goes wrong most often: it changes the body, the secret or the clock back, and looks whether the
signature fits then. What it finds out about a message makes the message no more trustworthy.
"""

from __future__ import annotations

import binascii
import hmac
import json
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from aimusicverse.errors import ConfigurationError, WebhookVerificationError
from aimusicverse.secret import Secret
from aimusicverse.webhooks.headers import of_message
from aimusicverse.webhooks.keys import PREFIX
from aimusicverse.webhooks.signature import TOLERANCE, verify

if TYPE_CHECKING:
    from aimusicverse.webhooks.headers import Headers
    from aimusicverse.webhooks.keys import OneSecret, Secrets

Pairs = list[tuple[Any, Any]]

#: Larger bodies are not written again in many ways.
_LARGEST = 1_000_000
_OTHER_SCHEMES = {
    "stripe-signature": "Stripe",
    "x-hub-signature-256": "GitHub",
    "x-slack-signature": "Slack",
    "x-shopify-hmac-sha256": "Shopify",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is known to be so.

    Attributes:
        code: stable: `reserialised_body`, `trailing_newline`, `line_ends`, `byte_order_mark`, `decoded_body`,
            `undecoded_secret`, `other_endpoint`, `other_scheme`, `millisecond_clock`, `skew`,
            `unusable_secret`, `headers`, `nothing_fits`.
        text: what it is, and what to do.
    """

    code: str
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Explanation:
    """What came of judging a message.

    Attributes:
        reason: the error's; `configuration` where a secret cannot be one; None when it was accepted.
        message: the error's text.
        findings: what was found out, the most telling first; empty when it was accepted.
    """

    reason: str | None
    message: str
    findings: tuple[Finding, ...] = ()

    @property
    def accepted(self) -> bool:
        """Whether nothing is wrong with it."""
        return self.reason is None

    def __str__(self) -> str:
        return "\n".join([self.message, *(f"- {finding}" for finding in self.findings)])


def explain(
    body: bytes,
    headers: Headers,
    secrets: Secrets,
    *,
    tolerance: float = TOLERANCE,
    now: float | None = None,
    others: Mapping[str, OneSecret] | None = None,
) -> Explanation:
    """Judge a message as `verify` does, and find out what is wrong with it. It raises nothing.

    Args:
        body: as for `verify`.
        headers: as for `verify`.
        secrets: as for `verify`.
        tolerance: as for `verify`.
        now: as for `verify`.
        others: secrets of your other endpoints by a name, to see whether the message was meant for one.
    """
    pairs = _pairs(headers)
    given = [secrets] if isinstance(secrets, str | bytes | Secret) else _listed(secrets)
    now = time.time() if now is None else now
    try:
        verify(body, pairs, given, tolerance=tolerance, now=now)
    except ConfigurationError as error:
        first = [Finding("unusable_secret", str(error))]
        return Explanation("configuration", str(error), (*first, *_guesses(body, pairs, given, others)))
    except WebhookVerificationError as error:
        findings = list(_of_reason(error, body, pairs, given, tolerance, now, others))
        return Explanation(error.reason, str(error), tuple(findings))
    return Explanation(None, "It is signed by that secret, and fresh.")


def _of_reason(
    error: WebhookVerificationError,
    body: bytes,
    pairs: Pairs,
    secrets: list[OneSecret],
    tolerance: float,
    now: float,
    others: Mapping[str, OneSecret] | None,
) -> Iterator[Finding]:
    if error.reason in ("too_old", "too_new"):
        yield from _of_time(body, pairs, secrets, tolerance, now)
    elif error.reason == "wrong_signature":
        yield from _guesses(body, pairs, secrets, others)
    elif error.reason == "body_not_bytes":
        yield Finding(
            "decoded_body",
            "Your framework decoded or parsed the body before it came here. Ask it for the raw bytes: "
            "await request.body() in Starlette and FastAPI, request.get_data() in Flask, request.body in "
            "Django, await request.read() in aiohttp.",
        )
    else:
        names = {name.lower() for name, _ in pairs if isinstance(name, str)}
        names |= {name.decode("latin-1").lower() for name, _ in pairs if isinstance(name, bytes)}
        schemes = [who for header, who in _OTHER_SCHEMES.items() if header in names]
        if schemes:
            yield Finding(
                "other_scheme",
                f"It is signed as {schemes[0]} does, which is not Standard Webhooks: "
                f"{schemes[0]}'s own library judges it.",
            )
        else:
            yield Finding("headers", f"{error} A proxy that drops or doubles headers may be in between.")


def _of_time(
    body: bytes,
    pairs: Pairs,
    secrets: list[OneSecret],
    tolerance: float,
    now: float,
) -> Iterator[Finding]:
    stamp = int(of_message(pairs)[1])
    signed = _accepted(body, pairs, secrets, now=stamp)
    fits = "The signature fits, so it is the sender's" if signed else "The signature does not fit either"
    if abs(stamp / 1000 - now) <= max(tolerance, 86_400):
        yield Finding(
            "millisecond_clock",
            f"Its timestamp is in milliseconds; the standard has seconds, so the sender must change. {fits}.",
        )
        return
    away = abs(stamp - now)
    when = ""
    if stamp < 253_402_300_800:
        when = f" ({datetime.fromtimestamp(stamp, UTC):%Y-%m-%d %H:%M:%S} UTC)"
    side = "behind" if stamp < now else "ahead of"
    yield Finding(
        "skew",
        f"Its timestamp{when} is {away:.0f} s {side} this clock. {fits}: one of the clocks is wrong, it was "
        "held up on its way, or somebody sends it again. To look at a message that was kept, judge it as of "
        "then (`now=`).",
    )
    if not signed:
        yield from _guesses(body, pairs, secrets, None, now=stamp)


def _guesses(
    body: bytes,
    pairs: Pairs,
    secrets: list[OneSecret],
    others: Mapping[str, OneSecret] | None,
    *,
    now: float | None = None,
) -> Iterator[Finding]:
    """What makes the signature fit; one line if nothing does."""
    try:
        message_id, timestamp, signature = of_message(pairs)
        moment = float(int(timestamp)) if now is None else now
    except (WebhookVerificationError, ValueError):
        return
    found = False
    for name, secret in (others or {}).items():
        if _accepted(body, pairs, [secret], now=moment):
            found = True
            yield Finding("other_endpoint", f"It fits the secret of {name}: it was meant for that endpoint.")
    if isinstance(body, bytes | bytearray):
        for code, text, changed in _bodies(bytes(body)):
            if not found and _accepted(changed, pairs, secrets, now=moment):
                found = True
                yield Finding(code, text)
        start = f"{message_id}.{timestamp}.".encode() + bytes(body)
        tokens = signature.split(" ")
        for secret in secrets:
            for key, what in _undecoded(secret):
                if _signs(key, start, tokens):
                    found = True
                    yield Finding(
                        "undecoded_secret",
                        f"The sender took {what} for the key, as Stripe does. The standard takes what "
                        "its base64 stands for: the sender has to decode it.",
                    )
    if not found:
        yield Finding(
            "nothing_fits",
            "It was signed with another secret, or the body was changed on its way as nobody can guess. "
            "Compare the endpoint's secret, and the length and SHA-256 of the body, with the sender's.",
        )


def _bodies(body: bytes) -> Iterator[tuple[str, str, bytes]]:
    """What the sender may have sent."""
    newline = "A newline {} the end of the body on its way: read it as it comes, without text mode or `echo`."
    for end in (b"\n", b"\r\n"):
        if body.endswith(end):
            yield "trailing_newline", newline.format("was added at"), body.removesuffix(end)
        yield "trailing_newline", newline.format("was taken from"), body + end
    for mark in (b"\xef\xbb\xbf",):
        text = "A byte order mark was {} the body on its way."
        if body.startswith(mark):
            yield "byte_order_mark", text.format("put before"), body.removeprefix(mark)
        yield "byte_order_mark", text.format("taken from before"), mark + body
    lines = "Line ends were changed on the way: read the body as bytes, not as text."
    if b"\n" in body:
        yield "line_ends", lines, body.replace(b"\r\n", b"\n")
        yield "line_ends", lines, body.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    if len(body) > _LARGEST:
        return
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return
    again = (
        "The body is JSON that was parsed and written again, which changes its bytes. Judge the bytes that "
        "came, before anything parses them."
    )
    for separators in ((",", ":"), (", ", ": ")):
        for ascii_only in (False, True):
            for ordered in (False, True):
                yield (
                    "reserialised_body",
                    again,
                    json.dumps(
                        content, separators=separators, ensure_ascii=ascii_only, sort_keys=ordered
                    ).encode(errors="surrogatepass"),
                )
    for indent in (2, 4):
        yield (
            "reserialised_body",
            again,
            json.dumps(content, indent=indent, ensure_ascii=False).encode(errors="surrogatepass"),
        )


def _undecoded(secret: OneSecret) -> Iterator[tuple[bytes, str]]:
    if isinstance(secret, Secret):
        secret = secret.get_secret_value()
    if isinstance(secret, str):
        if secret.startswith(PREFIX):
            yield secret.removeprefix(PREFIX).encode(errors="surrogatepass"), "the text after `whsec_`"
        yield secret.encode(errors="surrogatepass"), "the secret's text"


def _signs(key: bytes, content: bytes, tokens: list[str]) -> bool:
    expected = binascii.b2a_base64(hmac.new(key, content, sha256).digest(), newline=False).decode()
    return any(hmac.compare_digest(token, f"v1,{expected}") for token in tokens if token.isascii())


def _accepted(body: bytes, pairs: Pairs, secrets: list[OneSecret], *, now: float) -> bool:
    try:
        verify(body, pairs, secrets, tolerance=0, now=now)
    except (WebhookVerificationError, ConfigurationError):
        return False
    return True


def _pairs(headers: Headers) -> Pairs:
    """As a list, because some can be gone through only once; nothing, where they are no headers."""
    try:
        items: Any = getattr(headers, "items", None)
        return [tuple(pair) for pair in (headers if items is None else items()) if len(pair) == 2]
    except (TypeError, ValueError):
        return []


def _listed(secrets: Iterable[OneSecret]) -> list[OneSecret]:
    try:
        return list(secrets)
    except TypeError:
        return [secrets]  # type: ignore[list-item]  # no secret, which is told
