"""Why nothing was sent, or no answer came."""

from __future__ import annotations

from typing import Literal

from aimusicverse.errors import AMVError

Reason = Literal[
    "bad_url",
    "bad_header",
    "refused_address",
    "dns",
    "connect",
    "tls",
    "timeout",
    "reset",
    "protocol",
]


class EgressError(AMVError):
    """Nothing was sent, or no answer came.

    Its message may be shown to whoever named the address. It names host and port, and neither path nor query,
    in which tokens are; nor the address behind a name, which would tell about a network that is not his.

    Attributes:
        reason: stable. Nothing was sent:
            `bad_url`: it cannot be an address to send to.
            `bad_header`: a header that would be another one, or that the sender sets himself.
            `refused_address`: it is an address, or a name of one, that is not public.
            `dns`: the name has no address, or the name service does not answer.
            `connect`: nobody listens there.
            `tls`: the certificate is not to be trusted, or there is no TLS.
            Perhaps something was received:
            `timeout`: no answer in time.
            `reset`: the connection was closed before an answer.
            `protocol`: what came is not HTTP, or more than an answer may have.
    """

    def __init__(self, message: str, *, reason: Reason) -> None:
        super().__init__(message)
        self.reason: Reason = reason
