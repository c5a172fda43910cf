"""A process that delivers is killed (SIGKILL) somewhere on its way, and another begins again: one release.

The child is a fork that counts the lines it runs of this package, and kills itself at one of them.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

import aimusicverse.platforms.ddex as package
from tests.platforms.ddex.setting import Notes, World

_HOME = str(Path(package.__file__).parent)
#: Lines that a step runs, about; later ones than there are kill nobody.
_LINES = 2_000


def killed_at(line: int, work: Callable[[], object]) -> bool:
    """Do it in a process that is killed at its so manieth line of this package; whether it was."""
    child = os.fork()
    if child == 0:
        seen = 0

        def trace(frame: FrameType, event: str, _: Any) -> Any:
            nonlocal seen
            if not frame.f_code.co_filename.startswith((_HOME, __file__)):
                return None
            if event == "line":
                seen += 1
                if seen == line:
                    os.kill(os.getpid(), signal.SIGKILL)
            return trace

        code = 1
        try:
            sys.settrace(trace)
            work()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return True
    assert os.waitstatus_to_exitcode(status) == 0
    return False


def lines_of(work: Callable[[World], object], make: Callable[[str], World]) -> int:
    """How many lines it runs when nothing happens to it."""
    low, high = 1, _LINES
    while low < high:
        middle = (low + high) // 2
        world = make(f"probe{middle}")
        if killed_at(middle, lambda world=world: work(world)):  # type: ignore[misc]
            low = middle + 1
        else:
            high = middle
        world.close()
    return low


def deliver(world: World) -> None:
    world.connector().deliver(world.parcel(), world.notes)


def check_each(tmp_path: Path, lines: list[int], received_between: bool) -> None:
    for line in lines:
        folder = tmp_path / f"at{line}"
        folder.mkdir()
        world = World(folder)
        world.close()  # nothing of SQLite goes through a fork
        killed_at(line, lambda world=world: deliver(world))  # type: ignore[misc]
        if received_between:
            world.reviewed()
        world.clock.forward(minutes=1)
        deliver(world)
        world.reviewed()
        standing = world.connector().look(world.notes)
        found = [(release.status, release.times_received) for release in world.releases()]
        assert (standing.stands, found) == ("ready", [("ready", 1)]), f"killed at line {line}"
        world.close()


def _made(tmp_path: Path) -> Callable[[str], World]:
    def make(name: str) -> World:
        (tmp_path / name).mkdir()
        world = World(tmp_path / name)
        world.close()
        return world

    return make


def test_killed_anywhere_there_is_one_release(tmp_path: Path) -> None:
    most = lines_of(deliver, _made(tmp_path))
    assert most > 100
    check_each(tmp_path, list(range(5, most, 37)), received_between=False)


@pytest.mark.long
@pytest.mark.timeout(1_200)
@pytest.mark.parametrize("received_between", [False, True])
def test_killed_at_every_line_there_is_one_release(tmp_path: Path, received_between: bool) -> None:
    most = lines_of(deliver, _made(tmp_path))
    check_each(tmp_path, list(range(1, most)), received_between=received_between)


def test_killed_at_the_end_with_the_receiver_being_faster_there_is_one_release(tmp_path: Path) -> None:
    most = lines_of(deliver, _made(tmp_path))
    check_each(tmp_path, list(range(most - 60, most, 5)), received_between=True)


def test_a_batch_that_was_taken_away_before_we_knew_of_it_is_not_sent_again(world: World) -> None:
    class Lost(Notes):
        def write(self, **notes: object) -> None:
            if "complete" in notes and notes["complete"] is not None:
                raise ConnectionError("killed right here")
            super().write(**notes)

    with pytest.raises(ConnectionError):
        world.connector().deliver(world.parcel(), Lost(world.folder / "journal.json", world.clock))
    world.reviewed()
    taken_away = world.inbox / world.batches()[0]
    taken_away.rename(world.folder / "the receiver's own")
    world.connector().deliver(world.parcel(), world.notes)
    assert world.batches() == []
    assert world.connector().look(world.notes).stands == "ready"


def test_files_that_are_there_whole_are_not_sent_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from aimusicverse.platforms.ddex.folder_place import FolderPlace

    sent: list[str] = []
    real = FolderPlace.put

    def put(self: FolderPlace, path: str, part: Any, beat: Any) -> None:
        sent.append(path.rpartition("/")[2])
        if path.endswith(".xml"):
            raise ConnectionResetError("the line broke")
        real(self, path, part, beat)

    with monkeypatch.context() as patched:
        patched.setattr(FolderPlace, "put", put)
        with pytest.raises(ConnectionResetError):
            world.connector().deliver(world.parcel(), world.notes)
    broken = world.inbox / world.batches()[0]
    assert not list(broken.glob("BatchComplete*"))
    damaged = next(broken.rglob("cover.jpg"))
    damaged.write_bytes(bytes(damaged.stat().st_size))

    def counted(self: FolderPlace, path: str, part: Any, beat: Any) -> None:
        sent.append(path.rpartition("/")[2])
        real(self, path, part, beat)

    sent.clear()
    monkeypatch.setattr(FolderPlace, "put", counted)
    world.connector().deliver(world.parcel(), world.notes)
    assert sent == ["cover.jpg", "036000291452.xml", f"BatchComplete_{broken.name}.xml"]
    world.reviewed()
    assert [release.times_received for release in world.releases()] == [1]
