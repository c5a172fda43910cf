"""What other programs find in a file's tags: ffprobe, and parsers that share no code with ours."""

from __future__ import annotations

import json
import shutil
import struct
import subprocess
from pathlib import Path

import pytest

needs_ffprobe = pytest.mark.skipif(
    not shutil.which("ffprobe"), reason="needs ffprobe: apt-get install ffmpeg"
)


def ffprobe(path: Path) -> dict[str, str]:
    """The tags as ffprobe names them, in small letters."""
    run = subprocess.run(
        ["ffprobe", "-v", "error", "-show_entries", "format_tags:stream_tags", "-of", "json", str(path)],
        capture_output=True,
        check=True,
    )
    assert run.stderr == b"", run.stderr
    told = json.loads(run.stdout)
    streams = [stream.get("tags", {}) for stream in told.get("streams", [])]
    found: dict[str, str] = {}
    for tags in (*streams, told["format"].get("tags", {})):
        found |= {name.lower(): text for name, text in tags.items()}
    return found


def chunks_of(content: bytes) -> list[tuple[bytes, bytes]]:
    """Names and contents of a WAV file's chunks; all sizes must fit to the byte."""
    assert content[:4] == b"RIFF"
    assert content[8:12] == b"WAVE"
    assert struct.unpack("<I", content[4:8])[0] == len(content) - 8
    found, rest = [], content[12:]
    while rest:
        name, size = rest[:4], int.from_bytes(rest[4:8], "little")
        assert len(rest) >= 8 + size + size % 2
        found.append((name, rest[8 : 8 + size]))
        rest = rest[8 + size + size % 2 :]
    return found


def id3_of(content: bytes) -> tuple[dict[str, str], bytes]:
    """Frames of an ID3v2.4 tag in UTF-8, and what follows it."""
    assert content[:6] == b"ID3\x04\x00\x00"

    def number(four: bytes) -> int:
        assert max(four) < 0x80
        return sum(byte << shift for byte, shift in zip(four, (21, 14, 7, 0), strict=True))

    end = 10 + number(content[6:10])
    found, at = {}, 10
    while at < end:
        name, size = content[at : at + 4].decode(), number(content[at + 4 : at + 8])
        body = content[at + 10 : at + 10 + size]
        assert body[0] == 3
        text = body[4:] if name == "COMM" else body[1:]
        found[name if name != "TXXX" else "TXXX:" + text.split(b"\0")[0].decode()] = text.split(b"\0")[
            -1
        ].decode()
        at += 10 + size
    assert at == end
    return found, content[end:]
