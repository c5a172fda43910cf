"""What whoever runs the server permits, as he writes it."""

from __future__ import annotations

import pytest

from aimusicverse.egress import Rules
from aimusicverse.errors import ConfigurationError


def test_nothing_is_permitted_without_rules() -> None:
    assert Rules.of("") == Rules.of(" , ") == Rules()


def test_names_are_permitted_with_their_port_only() -> None:
    rules = Rules.of("Receiver.internal:8080, receiver:80")
    assert rules.permits_name("receiver.internal", 8080)
    assert rules.permits_name("receiver", 80)
    assert not rules.permits_name("receiver.internal", 80)
    assert not rules.permits_name("other.receiver.internal", 8080)


@pytest.mark.parametrize(
    "entry",
    [
        "receiver.internal",
        "receiver.internal:0",
        "receiver.internal:65536",
        "receiver.internal:http",
        "http://receiver.internal:8080",
        "*.internal:8080",
        "*",
        "10.0.0.1/8",
        "10.0.0.0/33",
        "10.0.0.0/8:80",
        "127.1:80",
        "300.1.1.1:80",
        "fd00::1:8080]",
        "[receiver]:80",
        "re ceiver:80",
        "a..b:80",
        "-a:80",
    ],
)
def test_what_cannot_be_read_is_refused_and_named(entry: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Rules.of(f"10.0.0.0/8, {entry}")
    assert repr(entry) in str(caught.value)
