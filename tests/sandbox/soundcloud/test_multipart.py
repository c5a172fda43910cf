from __future__ import annotations

from email.message import EmailMessage
from itertools import pairwise

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimusicverse.sandbox.soundcloud.multipart import MultipartError, MultipartReader, Part, boundary_of

NAMES = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters='"\\%'),
    min_size=1,
    max_size=20,
)


def read(body: bytes, boundary: bytes, cuts: list[int]) -> list[tuple[Part, bytes]]:
    reader = MultipartReader(boundary)
    found: list[tuple[Part, bytearray]] = []
    places = sorted({0, len(body), *(cut % (len(body) + 1) for cut in cuts)})
    for begin, end in pairwise(places):
        for piece in reader.feed(body[begin:end]):
            if isinstance(piece, Part):
                found.append((piece, bytearray()))
            else:
                found[-1][1].extend(piece)
    reader.finish()
    return [(part, bytes(content)) for part, content in found]


@given(
    st.lists(st.tuples(NAMES, st.none() | NAMES, st.binary(max_size=300)), min_size=1, max_size=5),
    st.lists(st.integers(0, 5000), max_size=30),
)
def test_what_another_writes_is_read_in_any_pieces(
    fields: list[tuple[str, str | None, bytes]], cuts: list[int]
) -> None:
    files = [(name, (file_name, content)) for name, file_name, content in fields]
    request = httpx.Request("POST", "http://x", files=files)
    boundary = boundary_of(request.headers["content-type"])
    assert read(request.read(), boundary, cuts) == [
        (Part(name, file_name), content) for name, file_name, content in fields
    ]


@given(st.binary(max_size=400), st.lists(st.integers(0, 400), max_size=8))
def test_no_bytes_break_it(body: bytes, cuts: list[int]) -> None:
    for whole in (body, b"--b\r\n" + body, b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n' + body):
        try:
            read(whole, b"b", cuts)
        except MultipartError:
            continue


@given(st.binary(max_size=200))
def test_what_looks_almost_like_a_boundary_is_content(content: bytes) -> None:
    tricky = b"\r\n--boundar" + content + b"\r\n--boundar\r\n-"
    body = (
        b'--boundary\r\nContent-Disposition: form-data; name="x"\r\n\r\n' + tricky + b"\r\n--boundary--\r\n"
    )
    if b"--boundary" in tricky:
        return
    assert read(body, b"boundary", list(range(len(body)))) == [(Part("x", None), tricky)]


@pytest.mark.parametrize(
    "body",
    [
        b"", b"--b", b"--b\r\n", b"nothing of it", b"--bX", b"--b\r\nContent-Disposition: form-data\r\n\r\n",
        b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\nhalf', b"--b\r\n" + bytes(9000),
        b'--b\r\nContent-Disposition: attachment; name="x"\r\n\r\n\r\n--b--',
        b'--b\r\nContent-Disposition: form-data; name="\xff"\r\n\r\n\r\n--b--',
    ],
)  # fmt: skip
def test_what_is_no_form_is_refused(body: bytes) -> None:
    with pytest.raises(MultipartError):
        read(body, b"b", [])


@pytest.mark.parametrize(
    "kind",
    [
        "", "application/json", "multipart/form-data", "multipart/form-data; boundary=",
        "multipart/mixed; boundary=x",
        'multipart/form-data; boundary="' + "x" * 71 + '"', "multipart/form-data; boundary=a\x00b",
    ],
)  # fmt: skip
def test_a_type_without_a_boundary_is_refused(kind: str) -> None:
    with pytest.raises(MultipartError):
        boundary_of(kind)


def test_a_boundary_may_be_quoted() -> None:
    message = EmailMessage()
    message["Content-Type"] = 'multipart/form-data; charset=utf-8; boundary="a b"'
    assert boundary_of(str(message["Content-Type"])) == b"a b"
