"""Pictures to send: small ones of each kind, with something to hide, and ones that mean harm."""

from __future__ import annotations

import io
import random
import struct
import zlib
from typing import Any

from PIL import Image, ImageCms, PngImagePlugin

#: Stands wherever a file can say something besides its picture.
SECRET = b"At home, 52.5200 N 13.4050 E"
KINDS = ("JPEG", "PNG", "WEBP")


def drawing(width: int = 96, height: int = 64, mode: str = "RGB", seed: int = 1) -> Image.Image:
    """Soft colours, another set for each seed, with a red corner."""
    across, down = Image.linear_gradient("L").resize((width, height)), Image.radial_gradient("L")
    turned = across.point(lambda value: value // 2 + 10 * seed)
    picture = Image.merge("RGB", (turned, down.resize((width, height)), across))
    picture.paste((200, 30, 40), (0, 0, width // 3, height // 2))
    return picture.convert(mode)


def noise(width: int, height: int) -> Image.Image:
    """What no compression makes smaller."""
    return Image.frombytes("RGB", (width, height), random.Random(1).randbytes(3 * width * height))


def encoded(picture: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def decoded(content: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(content))
    picture.load()
    return picture


def sent(kind: str = "JPEG", seed: int = 1, **options: Any) -> bytes:
    """A file of a kind."""
    return encoded(drawing(seed=seed), kind, **options)


def exif(orientation: int = 1) -> Image.Exif:
    """Who, where, and which way up."""
    found = Image.Exif()
    found[0x0112] = orientation
    found[0x013B] = SECRET.decode()  # artist
    where = found.get_ifd(0x8825)
    where[1], where[2], where[29] = "N", (52.0, 31.0, 12.0), SECRET.decode()
    return found


def profile(description: bytes = b"sRGB built-in") -> bytes:
    """That of sRGB, with another name."""
    content = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    name, other = (text.decode().encode("utf-16-be") for text in (b"sRGB built-in", description[:13]))
    return content.replace(name, other)


def swapped_profile() -> bytes:
    """One in which red is called blue, and blue red."""
    content = profile()
    return content.replace(b"rXYZ", b"????").replace(b"bXYZ", b"rXYZ").replace(b"????", b"bXYZ")


def talkative(kind: str) -> bytes:
    """A file that says in every way that it can where it was made."""
    options: dict[str, Any] = {"exif": exif(), "icc_profile": profile(b"At home 52.52"), "xmp": SECRET}
    behind = SECRET
    if kind == "JPEG":
        options["comment"] = SECRET
        iptc = b"\xff\xed" + struct.pack(">H", len(SECRET) + 16) + b"Photoshop 3.0\0" + SECRET
        whole = encoded(drawing(), kind, **options)
        return whole[:2] + iptc + whole[2:] + behind
    if kind == "PNG":
        texts = PngImagePlugin.PngInfo()
        texts.add_text("Author", SECRET.decode())
        texts.add_text("Comment", SECRET.decode(), zip=False)
        texts.add_itxt("XML:com.adobe.xmp", SECRET.decode())
        texts.add(b"prVt", SECRET)
        options = {**options, "pnginfo": texts}
        options.pop("xmp")
    return encoded(drawing(), kind, **options) + behind


def chunk(name: bytes, content: bytes) -> bytes:
    """Of a PNG file."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(width: int, height: int, *chunks: bytes) -> bytes:
    """A PNG file whose head promises black and white pixels, with these chunks."""
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + b"".join(chunks) + chunk(b"IEND", b"")


def many_scans(count: int) -> bytes:
    """A progressive JPEG whose last scan comes again and again."""
    whole = sent(progressive=True)
    scan, end = whole.rfind(b"\xff\xda"), whole.rfind(b"\xff\xd9")
    return whole[:end] + whole[scan:end] * count + whole[end:]


def webp_canvas(width: int, height: int) -> bytes:
    """A WebP file that says it is larger than its picture."""
    inner = sent("WEBP")[12:]
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBP" + b"VP8X" + struct.pack("<I", 10) + bytes(4) + size + inner
    return b"RIFF" + struct.pack("<I", len(body)) + body
