"""A server's whole session, and then a look for every secret of it in whatever it leaves: none in plain."""

from __future__ import annotations

import base64
import json
import signal
import socket
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import psycopg
import pytest
from psycopg import sql

from aimusicverse.secret import Secret
from aimusicverse.server.security import key_format
from aimusicverse.server.store.tables import metadata
from tests.server.databases import lent_database
from tests.server.processes import Program, programs, until

#: Where secrets belong; readable by their owner only.
KEPT = {"owner.key", "server.json", "master.key"}
#: Of other services, pasted by mistake.
STRANGERS = ("sk-proj-0123456789abcdefABCDEF", "ghp_0123456789abcdefghijABCDEFGHIJ012345")


class Session:
    """Calls to a server, with everything that was answered."""

    def __init__(self, url: str, key: str) -> None:
        self.url, self.key = url, key
        self.http = httpx.Client(base_url=f"{url}/api/v1", timeout=60)
        self.problems: list[str] = []

    def call(self, method: str, path: str, *, key: str | None = None, **more: Any) -> httpx.Response:
        """A call, by default with the right key."""
        headers = {"X-API-Key": self.key if key is None else key, **more.pop("headers", {})}
        answer = self.http.request(method, path, headers=headers, **more)
        if answer.status_code >= 400:
            self.problems.append(answer.text + repr(answer.headers))
        return answer


def forged(key: str) -> str:
    """The id of a real key with a secret that is not its own."""
    parsed = key_format.parse(key)
    assert parsed is not None
    return key_format.mint(parsed.id, "live")[0].get_secret_value()


def spellings(secret: str) -> Iterator[bytes]:
    """How it might stand somewhere."""
    raw = secret.encode()
    yield raw
    yield quote(secret, safe="").replace("_", "%5F").encode()
    yield "".join(f"%{byte:02x}" for byte in raw).encode()
    yield base64.b64encode(raw)[:-4]
    yield base64.urlsafe_b64encode(raw)[:-4]
    yield raw.hex().encode()
    yield json.dumps(secret).strip('"').encode("utf-16-le")
    if secret.startswith("amv_"):  # the part that matters
        yield secret.rpartition("_")[2][:43].encode()
    if secret.startswith("whsec_"):
        yield secret.removeprefix("whsec_").encode()
        yield base64.b64decode(secret.removeprefix("whsec_"))


def use(session: Session) -> list[str]:
    """A typical session, with what goes wrong in one. The secrets that it used."""
    call, key = session.call, session.key
    wrong = [
        forged(key),
        key_format.mint("key_nobody", "test")[0].get_secret_value(),
        key[:-1] + "!",
        *STRANGERS,
    ]

    body = {"prompt": "lofi hip hop", "duration_seconds": 5, "seed": 1}
    created = call("POST", "/generate", json=body, headers={"Idempotency-Key": "song-1"}).json()
    again = call("POST", "/generate", json=body, headers={"Idempotency-Key": "song-1"}).json()
    assert again["id"] == created["id"]
    ended = call("GET", f"/generations/{created['id']}?wait=60").json()
    track = ended["tracks"][0]["id"]
    link = call(
        "POST", f"/tracks/{track}/play-url", json={"format": "wav"}, headers={"Idempotency-Key": "link-1"}
    ).json()["url"]
    signature = httpx.URL(link).params["signature"]
    assert httpx.get(link).status_code == 200
    session.problems.append(httpx.get(link + "x").text)
    assert call("PATCH", f"/tracks/{track}", json={"title": "A title"}).status_code == 200
    assert call("GET", "/events").status_code == 200

    hooks = made_webhooks(session)
    made = made_keys(session)
    wrong += made[-1:]  # revoked by now

    for secret in wrong:
        assert call("GET", "/tracks", key=secret).status_code == 401
        bearer = {"Authorization": f"Bearer {secret}"}
        assert session.http.get("/tracks", headers=bearer).status_code == 401
        basic = base64.b64encode(f"{secret}:".encode()).decode()
        assert session.http.get("/tracks", headers={"Authorization": f"Basic {basic}"}).status_code == 401
    for secret in (key, *wrong):
        escaped = "".join(f"%{byte:02x}" for byte in secret.encode())
        for path in (
            f"/tracks?api_key={secret}",
            f"/tracks?access_token={escaped}",
            f"/tracks?limit=0&q={secret}",
            f"/tracks/{secret}",
            f"/tracks/{escaped}/audio",
            f"/tracks/{quote(escaped)}",
            f"/playlists/{secret}/tracks?entry_ids={secret}",
            f"/{secret}",
        ):
            refused = call("GET", path).status_code == 400
            assert refused or secret in STRANGERS, path
        headers = {
            "User-Agent": secret,
            "Referer": f"https://x.example/?key={secret}",
            "Cookie": f"key={secret}",
        }
        assert call("GET", "/engines", headers=headers).status_code == 200
        assert (
            call("GET", "/tracks/trk_none", headers={**headers, "If-None-Match": secret}).status_code == 404
        )
        for wrongly in (
            {"prompt": "x", "api_key": secret},
            {"prompt": 7, secret: secret},
            {"prompt": "x", "engine": secret},
        ):
            assert call("POST", "/generate", json=wrongly).status_code == 422
        assert call("POST", "/generate", content=secret.encode()).status_code in (400, 415, 422)
        assert call("GET", "/tracks", params={"cursor": secret}).status_code == 400
    host = httpx.URL(session.url)
    for data in (f"GET /{key} HTTP/9.9\r\n\r\n", f"{key}\r\n\r\n", f"GET / HTTP/1.1\r\nHost: {key}\r\n\r\n"):
        with socket.create_connection((host.host, host.port), timeout=10) as raw:
            raw.sendall(data.encode())
            with suppress(OSError):
                session.problems.append(raw.recv(65536).decode())
    return [key, *made, *wrong, signature, *hooks]


def made_webhooks(session: Session) -> list[str]:
    """Secrets of endpoints, and headers of their own, which have been used: something was sent by them."""
    own = "Bearer token-of-the-receiver-0123456789"
    once = {"Idempotency-Key": "hook-1"}
    body = {"url": "http://127.0.0.1:9/hook", "headers": {"Authorization": own}}
    first, again = (session.call("POST", "/webhooks", json=body, headers=once) for _ in range(2))
    assert first.status_code == 201, first.text
    assert first.json() == again.json()
    path, made = f"/webhooks/{first.json()['id']}", [first.json()["secret"]]
    for number in range(2):
        once = {"Idempotency-Key": f"turn-{number}"}
        made.append(session.call("POST", f"{path}/rotate-secret", json={}, headers=once).json()["secret"])
    assert session.call("POST", f"{path}/test").status_code == 202
    sent = f"{path}/deliveries"
    until(lambda: any(one["attempts"] for one in session.call("GET", sent).json()["data"]))
    for wrongly in (
        {"url": f"http://127.0.0.1:9/#{made[0]}"},
        {"url": f"http://user:{made[0]}@127.0.0.1:9/"},
        {"url": "http://127.0.0.1:9/", "headers": {"X-Own": f"{own}\r\nX: 1"}},
        {"url": "http://127.0.0.1:9/", "secret": made[0]},
        {"url": "http://127.0.0.1:9/", "events": [made[0]]},
    ):
        assert session.call("POST", "/webhooks", json=wrongly).status_code == 422
    assert session.call("GET", f"/webhooks/{made[0]}").status_code in (400, 404)
    return [*made, own]


def made_keys(session: Session) -> list[str]:
    """Keys of all kinds, each under an `Idempotency-Key`, so that answers are kept; the last is revoked."""

    def issued(path: str, body: dict[str, Any]) -> tuple[str, str]:
        once = {"Idempotency-Key": f"keys{path}{len(made)}"}
        first, again = (session.call("POST", path, json=body, headers=once) for _ in range(2))
        assert first.status_code == 201, first.text
        assert first.json() == again.json()  # kept, and sealed
        key = first.json().get("api_key", first.json())
        made.append(key["key"])
        return key["id"], key["key"]

    made: list[str] = []
    first, _ = issued("/api-keys", {"name": "first", "scopes": ["tracks:read"]})
    issued(f"/api-keys/{first}/rotate", {})
    issued("/admin/users", {"name": "somebody"})
    last, text = issued("/api-keys", {"name": "last", "scopes": ["tracks:read"]})
    for one in made:
        assert session.call("GET", "/tracks", key=one).status_code in (200, 403)
    assert session.call("DELETE", f"/api-keys/{last}").status_code == 204
    assert session.call("GET", "/tracks", key=text).status_code == 401
    return made


def found(secrets: list[str], files: dict[str, bytes]) -> list[str]:
    """Where which secret is, without showing it."""
    return [
        f"secret {number} in {name}"
        for number, secret in enumerate(secrets)
        for spelling in spellings(secret)
        for name, content in files.items()
        if spelling in content
    ]


def left_in(folder: Path) -> dict[str, bytes]:
    """Every file below, by its name, but those that are there to hold secrets."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.name not in KEPT]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def left_in_rows(url: Secret) -> dict[str, bytes]:
    """Every table, by its name."""
    with psycopg.connect(url.get_secret_value()) as database, database.cursor() as cursor:
        found = {}
        for table in metadata.tables:
            with cursor.copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))) as rows:
                found[table] = b"".join(bytes(row) for row in rows)
    return found


@pytest.fixture(scope="module")
def url(database_name: str) -> Iterator[Secret | None]:
    with nullcontext() if database_name == "sqlite" else lent_database() as url:
        yield url


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, url: Secret | None) -> Iterator[Program]:
    with programs(tmp_path_factory.mktemp("session") / "server", url) as start:
        yield start("serve", "--port", "0")


def test_no_secret_of_a_session_is_left_anywhere_in_plain(server: Program, url: Secret | None) -> None:
    where = until(server.where)
    session = Session(where["url"], where["api_key"])
    secrets = use(session)
    master = (server.folder / "master.key").read_text().strip()
    secrets.append(master)

    for name in KEPT:
        assert (server.folder / name).stat().st_mode & 0o077 == 0
    assert found(secrets, {"owner.key": (server.folder / "owner.key").read_bytes()}), (
        "the look sees what is there"
    )

    def left() -> dict[str, bytes]:
        return left_in(server.folder) | (left_in_rows(url) if url else {})

    running = left()
    if url:
        assert b"$2b$".hex().encode() in running["api_key"]  # the look sees what is there
    else:
        assert {"amv.db", "amv.db-wal"} <= set(running)
    assert found(secrets, running) == []
    assert server.end(signal.SIGTERM) == 0
    assert found(secrets, left()) == []

    log = server.log.read_bytes()
    assert log.count(b'"request"') > 100
    # What of other services is in a path cannot be known for a secret: it is in the log as any word is.
    ours = [secret for secret in secrets if secret not in STRANGERS]
    assert found(ours, {"log": log}) == []
    problems = "\n".join(session.problems).encode()
    assert len(session.problems) > 50
    assert found(ours, {"problems": problems}) == []
    session.http.close()
