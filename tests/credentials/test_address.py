from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimusicverse import ConfigurationError
from aimusicverse.credentials.address import is_loopback, normalised, same_place


@pytest.mark.parametrize(
    ("given_url", "kept"),
    [
        ("http://127.0.0.1:8787", "http://127.0.0.1:8787"),
        (" http://127.0.0.1:8787/ ", "http://127.0.0.1:8787"),
        ("HTTPS://Music.Example.com:443/api/v1", "https://music.example.com"),
        ("https://example.com/music/api/v1/", "https://example.com/music"),
        ("http://[::1]:8787", "http://[::1]:8787"),
        ("http://localhost:80", "http://localhost"),
    ],
)
def test_an_address_has_one_spelling(given_url, kept):
    assert normalised(given_url) == kept
    assert normalised(kept) == kept


@pytest.mark.parametrize(
    "url",
    [
        "",
        "music.example.com",
        "127.0.0.1:8787",
        "ftp://example.com",
        "file:///etc/passwd",
        "http://",
        "http://:80",
        "https://example.com/?a=b",
        "https://example.com/#x",
        "https://example.com:port",
        "https://example.com:99999",
        "http://localhost\\@evil.example",
        "http://local host",
        "http://a\nb",
        "http://[::1",
        "http://a\x00b",
    ],
)
def test_what_is_no_address_is_refused(url):
    with pytest.raises(ConfigurationError):
        normalised(url)


def test_a_password_in_an_address_is_refused_without_repeating_it():
    with pytest.raises(ConfigurationError) as caught:
        normalised("https://user:hunter2@example.com")
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "form",
    ["{}", "https://{}@example.com", "https://example.com/?{}", "https://example.com/#{}", "https://x:{}"],
)
def test_a_key_in_the_place_of_an_address_is_not_repeated(form):
    with pytest.raises(ConfigurationError) as caught:
        normalised(form.format("amv_live_abc_S3cr3t"))
    assert "S3cr3t" not in str(caught.value)
    assert caught.value.__context__ is None


@given(st.text())
def test_no_text_breaks_the_reader(text):
    try:
        url = normalised("http://" + text)
    except ConfigurationError:
        return
    assert normalised(url) == url


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1", "http://127.9.9.9", "http://[::1]:1", "http://localhost"]
)
def test_this_machine_is_known(url):
    assert is_loopback(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "http://10.0.0.1",
        "http://2130706433",
        "http://0.0.0.0",
    ],
)
def test_what_only_looks_like_this_machine_is_not(url):
    assert not is_loopback(url)


def test_localhost_is_the_loopback_address():
    assert same_place("http://localhost:8787", "http://127.0.0.1:8787")
    assert not same_place("http://localhost:8787", "http://127.0.0.1:8788")
    assert not same_place("http://localhost:8787/x", "http://127.0.0.1:8787")
