"""A secret in a file of variables: its own line is set, and no other is touched."""

from __future__ import annotations

import stat
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aimusicverse.cli.errors import UsageProblem
from aimusicverse.cli.webhooks import env_file
from aimusicverse.webhooks.keys import new_secret

_others = st.lists(
    st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=20).filter(
        lambda line: env_file.VARIABLE not in line
    )
)


@given(
    before=_others,
    after=_others,
    own=st.sampled_from(["", "export ", "  ", "\texport\t"]),
    end=st.sampled_from(["\n", "\r\n"]),
)
@example(before=[], after=["A=$1\\g<0>"], own="", end="\n")
def test_no_other_line_is_touched(before: list[str], after: list[str], own: str, end: str) -> None:
    secret = new_secret()
    lines = [*before, f"{own}{env_file.VARIABLE} = old", *after]
    with TemporaryDirectory() as folder:
        file = Path(folder) / ".env"
        file.write_bytes(end.join(lines).encode())
        env_file.write(file, secret)
        now = file.read_bytes().decode().split(end)
        assert list(Path(folder).iterdir()) == [file]
    lines[len(before)] = f"{own}{env_file.VARIABLE}={secret.get_secret_value()}"
    assert now == lines


@given(text=_others)
def test_where_there_is_none_it_comes_last(text: list[str]) -> None:
    secret = new_secret()
    with TemporaryDirectory() as folder:
        file = Path(folder) / ".env"
        file.write_bytes("\n".join(text).encode())
        for _ in range(2):
            env_file.write(file, secret)
        now = file.read_bytes().decode()
    assert now.count(env_file.VARIABLE) == 1
    assert now.endswith(f"{env_file.VARIABLE}={secret.get_secret_value()}\n")
    assert now.startswith("\n".join(text))


def test_a_file_that_others_could_read_is_its_owners_from_then_on(tmp_path: Path) -> None:
    file, link = tmp_path / "real.env", tmp_path / ".env"
    file.write_text("A=1\n")
    file.chmod(0o644)
    link.symlink_to(file)
    place = env_file.place(str(link))
    assert place is not None
    env_file.write(place, new_secret())
    assert link.is_symlink()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_text().startswith("A=1\nWEBHOOK_SECRET=whsec_")


@pytest.mark.parametrize("name", ["", "a\0b", "/dev/null", "/no/such/folder/.env"])
def test_where_no_file_can_be_is_told_at_once(name: str) -> None:
    with pytest.raises(UsageProblem):
        env_file.place(name)
