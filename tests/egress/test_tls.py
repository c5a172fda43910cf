"""Certificates that are to be trusted, and those that are not."""

from __future__ import annotations

import datetime
import ipaddress
import ssl
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from aimusicverse.egress import Egress, EgressError, Rules
from tests.egress.receiver import Receiver, answering, ok

NAME = "hooks.example.com"


@dataclass
class Certificate:
    """Self-signed, for `NAME` and 127.0.0.1."""

    file: Path
    server: ssl.SSLContext
    asked_for: list[str | None]


def made(folder: Path, *, days: int) -> Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.DNSName(NAME), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=9))
        .not_valid_after(now + datetime.timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file, key_file = folder / f"{days}.pem", folder / f"{days}.key"
    file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    found = Certificate(file, ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), [])
    found.server.load_cert_chain(file, key_file)
    found.server.sni_callback = lambda connection, asked_for, context: found.asked_for.append(asked_for)
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("certificates")


@pytest.fixture
def good(folder: Path) -> Certificate:
    return made(folder, days=9)


@pytest.fixture
def expired(folder: Path) -> Certificate:
    return made(folder, days=-1)


async def failure(receiver: Receiver, host: str) -> tuple[str, str]:
    rules = Rules.of(local=True)
    async with Egress(rules, lookup=lambda host: ["127.0.0.1"]) as egress:
        with pytest.raises(EgressError) as caught:
            await egress.send(f"https://{host}:{receiver.port}/s3cret", headers={}, body=b"x")
    assert receiver.heard == []
    assert "s3cret" not in caught.value.message
    return caught.value.reason, caught.value.message


async def test_a_certificate_of_a_known_authority_is_trusted_for_its_name(
    good: Certificate, monkeypatch: pytest.MonkeyPatch, nothing_is_left: None
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(good.file))
    rules = Rules.of(local=True)
    async with (
        Receiver(answering(ok()), tls=good.server) as receiver,
        Egress(rules, lookup=lambda host: ["127.0.0.1"]) as egress,
    ):
        for host in (NAME, f"{NAME}.", NAME, "127.0.0.1"):
            answer = await egress.send(f"https://{host}:{receiver.port}/", headers={}, body=b"x")
            assert (answer.status, answer.ended) == (200, "complete")
        assert receiver.connections == 2
    assert good.asked_for == [NAME, None]
    assert f"\r\nHost: {NAME}:{receiver.port}\r\n" in receiver.heard[0][0]


async def test_a_self_signed_certificate_is_refused(good: Certificate, nothing_is_left: None) -> None:
    async with Receiver(answering(ok()), tls=good.server) as receiver:
        assert await failure(receiver, NAME) == (
            "tls",
            f"The certificate of {NAME}:{receiver.port} is not to be trusted: self-signed certificate.",
        )


async def test_a_certificate_of_another_name_is_refused(
    good: Certificate, monkeypatch: pytest.MonkeyPatch, nothing_is_left: None
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(good.file))
    async with Receiver(answering(ok()), tls=good.server) as receiver:
        reason, message = await failure(receiver, "other.example.com")
    assert (reason, "Hostname mismatch" in message) == ("tls", True), message


async def test_an_expired_certificate_is_refused(
    expired: Certificate, monkeypatch: pytest.MonkeyPatch, nothing_is_left: None
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(expired.file))
    async with Receiver(answering(ok()), tls=expired.server) as receiver:
        reason, message = await failure(receiver, NAME)
    assert (reason, "expired" in message) == ("tls", True), message


async def test_a_receiver_without_tls_is_not_sent_to_without_it(nothing_is_left: None) -> None:
    async def script(self: Receiver, reader: object, writer: object) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")  # type: ignore[attr-defined]
        await reader.read()  # type: ignore[attr-defined]

    async with Receiver(script) as receiver:
        reason, message = await failure(receiver, NAME)
    assert (reason, "does not agree on TLS" in message) == ("tls", True), message
