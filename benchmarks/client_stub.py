"""A server that costs next to nothing, in a process of its own: what clients are measured against.

    python -m benchmarks.client_stub      prints its port, and serves until it is killed

It answers by path with constants shaped as each client expects, sends a big file, and counts uploads.
"""

from __future__ import annotations

import asyncio
import json
import socket
from typing import Any

AT = "2026-01-31T12:00:00.000Z"
BIG = 10**9
_PIECE = bytes(256 * 1024)


def track(number: int) -> dict[str, Any]:
    """A track as the server gives it."""
    return {
        "id": f"trk_{number:019d}",
        "created_at": AT,
        "updated_at": AT,
        "title": "Rain on the window",
        "artist": "aimusicverse studio",
        "status": "ready",
        "duration_seconds": 60.0,
        "tempo_bpm": 82.0,
        "key": "A minor",
        "genre": "lofi",
        "tags": ["lofi", "study"],
        "audio": {
            "formats": ["wav", "flac", "mp3"],
            "sample_rate": 44100,
            "channels": 2,
            "bit_depth": 24,
            "lufs": -14.0,
            "true_peak_dbtp": -1.1,
            "sha256": "0" * 64,
            "size_bytes": 15_876_044,
            "url": f"/api/v1/tracks/trk_{number:019d}/audio",
        },
        "provenance": {
            "generation_id": f"gen_{number:019d}",
            "engine": "studio",
            "engine_version": "1.0.0",
            "prompt": "lofi hip hop, rainy night, vinyl crackle",
            "seed": 7,
            "licence": "The music is yours.",
            "ai_parts": ["composition", "instruments"],
        },
    }


#: Path → answer. The last two segments of a path are enough to tell them apart.
ANSWERS: dict[str, Any] = {
    "/api/v1/tracks": {"data": [track(n) for n in range(20)], "next_cursor": None},
    "/api/v1/tracks/trk_1": track(1),
    "/v1/models/m": {  # openai and anthropic
        "id": "m",
        "object": "model",
        "created": 1,
        "owned_by": "o",
        "type": "model",
        "display_name": "M",
        "created_at": AT,
    },
    "/v1/customers/cus_1": {"id": "cus_1", "object": "customer", "created": 1, "livemode": False},
    "/v1/user/subscription": {  # elevenlabs
        "tier": "free",
        "character_count": 1,
        "character_limit": 2,
        "max_character_limit_extension": 3,
        "can_extend_character_limit": False,
        "allowed_to_extend_character_limit": False,
        "next_character_count_reset_unix": 4,
        "voice_slots_used": 0,
        "professional_voice_slots_used": 0,
        "voice_limit": 3,
        "voice_add_edit_counter": 0,
        "professional_voice_limit": 0,
        "can_extend_voice_limit": False,
        "can_use_instant_voice_cloning": False,
        "can_use_professional_voice_cloning": False,
        "status": "free",
        "has_open_invoices": False,
        "open_invoices": [],
    },
    "/api/v1/app/app_1": {  # svix
        "id": "app_1",
        "name": "a",
        "createdAt": AT,
        "updatedAt": AT,
        "metadata": {},
        "rateLimit": None,
        "uid": None,
    },
}


def _packed(answer: Any) -> bytes:
    body = json.dumps(answer).encode()
    head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n"
    return head.encode() + b"x-request-id: req_1\r\n\r\n" + body


_PACKED = {path: _packed(answer) for path, answer in ANSWERS.items()}


class Stub(asyncio.Protocol):
    """One connection."""

    def __init__(self) -> None:
        self._buffer = b""
        self._awaited = 0
        self._counted = 0
        self._writable = asyncio.Event()
        self._writable.set()
        self._task: asyncio.Task[None] | None = None

    def connection_made(self, transport: Any) -> None:
        """Ready."""
        self._transport = transport

    def pause_writing(self) -> None:
        """The other side reads more slowly."""
        self._writable.clear()

    def resume_writing(self) -> None:
        """It has caught up."""
        self._writable.set()

    def data_received(self, data: bytes) -> None:
        """Heads are parsed as far as needed; bodies are counted."""
        if self._awaited:
            self._awaited -= len(data)
            self._counted += len(data)
            if self._awaited <= 0:
                self._uploaded()
            return
        self._buffer += data
        while b"\r\n\r\n" in self._buffer:
            head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
            method, target, _ = head.split(b"\r\n", 1)[0].decode().split(" ")
            if method == "POST":
                lines = head.lower().split(b"\r\n")
                sizes = [int(line[15:]) for line in lines if line.startswith(b"content-length:")]
                self._counted = len(self._buffer)
                self._awaited = sum(sizes) - self._counted
                self._buffer = b""
                if self._awaited <= 0:
                    self._uploaded()
                return
            path = target.partition("?")[0]
            if path.endswith("/audio"):
                self._task = asyncio.get_running_loop().create_task(self._send_big())
            else:
                self._transport.write(_PACKED[path])

    def _uploaded(self) -> None:
        self._awaited = 0
        self._transport.write(_packed({"size_bytes": self._counted, "sha256": ""}))

    async def _send_big(self) -> None:
        self._transport.write(f"HTTP/1.1 200 OK\r\ncontent-length: {BIG}\r\n\r\n".encode())
        left = BIG
        while left and not self._transport.is_closing():
            self._transport.write(_PIECE[:left])
            left -= min(left, len(_PIECE))
            await self._writable.wait()


async def _serve() -> None:
    listener = socket.create_server(("127.0.0.1", 0), backlog=256)
    server = await asyncio.get_running_loop().create_server(Stub, sock=listener)
    print(listener.getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve())
