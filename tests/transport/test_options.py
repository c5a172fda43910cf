from __future__ import annotations

import dataclasses
import pickle

import pytest

from aimusicverse import ConfigurationError, RequestOptions
from aimusicverse.transport.settings import Settings


@pytest.mark.parametrize("timeout", [0, -1, float("nan"), "5", True])
def test_a_timeout_is_more_than_nothing(timeout):
    for make in (RequestOptions, Settings):
        with pytest.raises(ConfigurationError, match="timeout"):
            make(timeout=timeout)


@pytest.mark.parametrize("retries", [-1, 1.5, True, "2"])
def test_retries_are_counted(retries):
    for make in (RequestOptions, Settings):
        with pytest.raises(ConfigurationError, match="retries"):
            make(retries=retries)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Authorization", "x"),
        ("x-api-KEY", "x"),
        ("a b", "x"),
        ("", "x"),
        ("X-A", "bad\r\nvalue"),
        ("X-A", "ü"),
        ("X-A", 1),
    ],
)
def test_headers_that_cannot_be_are_refused_without_their_value(name, value):
    for make in (RequestOptions, Settings):
        with pytest.raises(ConfigurationError) as caught:
            make(headers={name: value})
        assert "bad" not in str(caught.value)


def test_an_idempotency_key_is_one_line_of_text():
    with pytest.raises(ConfigurationError):
        RequestOptions(idempotency_key="a\nb")


def test_options_are_frozen_pickle_and_hide_header_values():
    options = RequestOptions(timeout=1, headers={"X-Token": "hidden"})
    assert pickle.loads(pickle.dumps(options)) == options
    assert "hidden" not in repr(options)
    with pytest.raises(dataclasses.FrozenInstanceError):
        options.timeout = 2  # type: ignore[misc]
