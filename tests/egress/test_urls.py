"""Addresses that somebody might name. It reads like the list of attacks."""

from __future__ import annotations

import pickle
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from aimusicverse.egress import EgressError, Rules, check_url

LOCAL = Rules.of(local=True)


def refused(url: str, rules: Rules | None = None) -> tuple[str, str]:
    with pytest.raises(EgressError) as caught:
        check_url(url, rules)
    error = caught.value
    assert "s3cret" not in str(error)
    assert pickle.loads(pickle.dumps(error)).reason == error.reason
    return error.reason, error.message


# -- what may be sent to, and its one form -----------------------------------------------------


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("https://hooks.example.com", "https://hooks.example.com/"),
        ("https://hooks.example.com/music?to=me&x=%20", "https://hooks.example.com/music?to=me&x=%20"),
        ("HTTPS://Hooks.EXAMPLE.com:443/Music", "https://hooks.example.com/Music"),
        ("https://hooks.example.com.:8443/", "https://hooks.example.com:8443/"),
        ("https://hooks.example.com/a/../b//c;d=1", "https://hooks.example.com/a/../b//c;d=1"),
        ("https://hooks.example.com?x", "https://hooks.example.com/?x"),
        ("https://under_score.example.com/", "https://under_score.example.com/"),
        ("https://bücher.example/ü?ö", "https://xn--bcher-kva.example/%C3%BC?%C3%B6"),
        ("https://例え。テスト/", "https://xn--r8jz45g.xn--zckzah/"),
        ("https://faß.example/", "https://xn--fa-hia.example/"),
        ('https://hooks.example.com/{id}|<>^`"', "https://hooks.example.com/%7Bid%7D%7C%3C%3E%5E%60%22"),
        ("https://1.1.1.1/", "https://1.1.1.1/"),
        ("https://[2606:4700:4700:0:0:0:0:1111]:8443/x", "https://[2606:4700:4700::1111]:8443/x"),
        ("https://0x7f.example.com/", "https://0x7f.example.com/"),
    ],
)
def test_it_is_put_into_one_form(url: str, canonical: str) -> None:
    assert check_url(url).url == canonical
    assert check_url(canonical) == check_url(url)


# -- what is no address to send to -------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "https://"),
        ("hooks.example.com/music", "https://"),
        ("//hooks.example.com/", "https://"),
        ("ftp://hooks.example.com/", "https://"),
        ("file:///etc/passwd", "https://"),
        ("javascript:alert(1)", "https://"),
        ("gopher://127.0.0.1:6379/_x", "https://"),
        ("https:hooks.example.com", "no host"),
        ("https:///music", "no host"),
        ("https://?x", "no host"),
        ("https://s3cret@hooks.example.com/", "user name or a password"),
        ("https://me:s3cret@hooks.example.com/", "user name or a password"),
        ("https://hooks.example.com@127.0.0.1/", "user name or a password"),
        ("https://hooks.example.com/#s3cret", "fragment"),
        ("https://hooks.example.com/#", "fragment"),
        ("https://hooks.example.com\\@127.0.0.1/s3cret", "backslash"),
        ("https://hooks.example.com/s3cret\r\nX-Evil: 1", "line end"),
        ("https://hooks.example.com/\ts3cret", "line end"),
        (" https://hooks.example.com/", "space"),
        ("https://hooks.example.com/a b", "space"),
        ("https://hooks.example.com/\0", "character that none has"),
        ("https://hooks\u200b.example.com/", "character that none has"),
        ("https://hooks.example.com\u2028/", "character that none has"),
        ("https://hooks.example.com\u00a0/", "space"),
        ("https://hooks.example.com:0/", "port"),
        ("https://hooks.example.com:65536/", "port"),
        ("https://hooks.example.com:/", "port"),
        ("https://hooks.example.com:https/", "port"),
        ("https://hooks.example.com:-1/", "port"),
        ("https://hooks.example.com:４４３/", "port"),
        ("https://hooks.example.com/100%", "%25"),
        ("https://hooks.example.com/%zz", "%25"),
        ("https://%31%32%37.0.0.1/", "a % in its host"),
        ("https://.example.com/", "no name"),
        ("https://hooks..example.com/", "no name"),
        ("https://-hooks.example.com/", "no name"),
        ("https://hooks*.example.com/", "no name"),
        (f"https://{'a' * 64}.example.com/", "no name"),
        (f"https://{'a.' * 127}com/", "no name"),
        ("https://exa\u2044mple.com/", "IDNA"),
        ("https://ex／ample.com/", "cannot be read"),
        ("https://[::1/", "cannot be read"),
        ("https://[::1]evil/", "cannot be read"),
        ("https://evil[::1]/", "cannot be read"),
        ("https://[v1.x]/", "cannot be read"),
        ("https://[1.1.1.1]/", "cannot be read"),
        ("https://[1:2:3]/", "cannot be read"),
        ("https://[fe80::1%25eth0]/", "scope id"),
        ("https://[fe80::1%eth0]/", "scope id"),
        (f"https://hooks.example.com/{'s3cret' * 400}", "2,000 characters"),
    ],
)
def test_what_is_wrong_is_said_without_repeating_it(url: str, said: str) -> None:
    reason, message = refused(url)
    assert (reason, said in message) == ("bad_url", True), message


@pytest.mark.parametrize(
    ("host", "meaning"),
    [
        ("0x7f.1", "127.0.0.1"),
        ("0x7f000001", "127.0.0.1"),
        ("0x7f.0.0.0x1", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("0177.0.0.1", "127.0.0.1"),
        ("127.1", "127.0.0.1"),
        ("127.0.1", "127.0.0.1"),
        ("127.000.000.001", "127.0.0.1"),
        ("0", "0.0.0.0"),
        ("0xA9FEA9FE", "169.254.169.254"),
        ("134744072", "8.8.8.8"),
        ("010.8.8.8", "8.8.8.8"),
        ("⑫⑦.⓪.⓪.⓪①", "127.0.0.1"),
        ("127。1", "127.0.0.1"),
        ("127.1.", "127.0.0.1"),
        ("256.1.1.1", None),
        ("1.2.3.4.5", None),
        ("hooks.1", None),
        ("hooks.0x7f", None),
        ("99999999999", None),
    ],
)
def test_an_odd_way_to_write_an_ipv4_address(host: str, meaning: str | None) -> None:
    for rules in (None, LOCAL):
        reason, message = refused(f"https://{host}/", rules)
        assert reason == "bad_url"
        assert "odd way to write an address" in message
        assert (f"some read as {meaning}." in message) is (meaning is not None)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "[::1]",
        "10.0.0.1",
        "169.254.169.254",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fd00:ec2::254]",
        "[::]",
        "0.0.0.0",
        "255.255.255.255",
        "①②⑦.⓪.⓪.①",
        "１２７.0.0.1",
        "localhost",
        "LOCALHOST.",
        "a.localhost",
        "ⓛocalhost",
    ],
)
def test_an_address_that_is_not_public_is_refused_at_once(host: str) -> None:
    reason, message = refused(f"https://{host}/s3cret")
    assert reason == "refused_address"
    assert "permitted by whoever runs the server" in message


# -- without TLS, and what the rules permit ----------------------------------------------------


def test_plain_http_is_refused_outside_local_mode() -> None:
    reason, message = refused("http://hooks.example.com/s3cret")
    assert (reason, message) == (
        "bad_url",
        "http://hooks.example.com:80 is not encrypted. Give the receiver a certificate, and write https://",
    )


def test_local_mode_permits_loopback_and_plain_http() -> None:
    for url in (
        "http://127.0.0.1:3000/",
        "http://localhost:3000/",
        "http://[::1]/",
        "http://hooks.example.com/",
    ):
        assert check_url(url, LOCAL).url == url
    assert refused("http://10.0.0.1/", LOCAL)[0] == "refused_address"


def test_what_is_listed_may_be_reached_and_without_tls() -> None:
    rules = Rules.of("10.1.0.0/16, receiver.internal:8080, localhost:9000")
    for url in (
        "http://10.1.2.3/",
        "https://10.1.2.3/",
        "http://receiver.internal:8080/",
        "http://localhost:9000/",
    ):
        assert check_url(url, rules).url == url
    assert refused("http://10.2.0.0/", rules)[0] == "refused_address"
    assert refused("http://receiver.internal:8081/", rules)[0] == "bad_url"
    assert refused("http://localhost:9001/", rules)[0] == "refused_address"


# -- no two readings ---------------------------------------------------------------------------


@given(
    st.text("https://@:[]#?%.\\/0x127ablo①。ß-_ \t\n", max_size=40).map(lambda rest: f"https://{rest}")
    | st.text(max_size=60).map(lambda rest: f"https://{rest}")
)
def test_what_is_allowed_is_read_by_others_as_it_was_judged(url: str) -> None:
    try:
        target = check_url(url, LOCAL)
    except EgressError:
        return
    assert target.url.isascii()
    assert target.url.isprintable()
    assert check_url(target.url, LOCAL) == target
    parts = urlsplit(target.url)
    assert (parts.hostname, parts.port or 443, parts.username) == (target.host, target.port, None)
    for other in (URL(target.url), URL(target.url, encoded=True)):
        assert (other.raw_host, other.port, other.user, other.fragment) == (
            target.host,
            target.port,
            None,
            "",
        )
