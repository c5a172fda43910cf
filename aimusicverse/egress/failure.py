"""What went wrong, in words for whoever named the address."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import aiohttp

from aimusicverse.egress.error import EgressError

if TYPE_CHECKING:
    from aimusicverse.egress.exchange import Exchange


def as_egress_error(problem: Exception, exchange: Exchange) -> EgressError:
    """An error of aiohttp, for which there is no answer. Its own words may repeat a whole address."""
    place = exchange.target.place
    if exchange.flooded and not exchange.garbled:
        return EgressError(
            f"{place} sent more than it was asked for, and no answer first.", reason="protocol"
        )
    if isinstance(problem, aiohttp.ClientConnectorCertificateError):
        why = getattr(problem.certificate_error, "verify_message", "") or "it cannot be verified"
        return EgressError(f"The certificate of {place} is not to be trusted: {why}.", reason="tls")
    if isinstance(problem, aiohttp.ClientSSLError):
        why = getattr(problem.os_error, "reason", None) or "no reason given"
        return EgressError(f"{place} does not agree on TLS ({why}).", reason="tls")
    if isinstance(problem, aiohttp.ClientConnectorError):
        number = problem.os_error.errno
        why = os.strerror(number) if number else "none of its addresses takes a connection"
        return EgressError(f"{place} cannot be connected to: {why}.", reason="connect")
    if exchange.garbled:
        return EgressError(f"{place} sent what is no answer of HTTP/1.1.", reason="protocol")
    return EgressError(f"{place} closed the connection before it answered.", reason="reset")


def too_late(exchange: Exchange, seconds: float) -> EgressError:
    """There was no answer when the time was up."""
    target = exchange.target
    what = {
        "lookup": f"The name {target.host} was not found",
        "connect": f"{target.place} did not take a connection",
        "answer": f"{target.place} did not answer",
    }[exchange.stage]
    return EgressError(f"{what} within {seconds:g} s.", reason="timeout")
