from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aimusicverse.platforms.base import DeliveryError
from aimusicverse.platforms.youtube.notes import Notes
from aimusicverse.platforms.youtube.upload import STEP
from aimusicverse.sandbox.state import put, remove
from tests.platforms.accounts import FixedAccount
from tests.platforms.youtube.deliveries import (
    FILM_BYTES,
    Delivery,
    Stopped,
    album,
    delivery,
    quick_ffmpeg,
    single,
)
from tests.sandbox.youtube.stand_in import STORE, StandIn, stand_in

#: More than any body has: all is done, and the answer is lost.
AFTER_ALL = 1 << 40
SESSIONS = "/upload/youtube/v3/videos"


def forget_sessions(youtube: StandIn) -> None:
    """As YouTube does after some days, or whenever it likes."""
    with youtube.around.state.writing() as connection:
        for session in youtube.records("session"):
            remove(connection, STORE, "session", session)


def arrived(youtube: StandIn, sent: Delivery, tracks: int = 1) -> None:
    """Everything is there, and once."""
    youtube.reviewed()
    assert sent.look().stands == "live"
    assert len(youtube.releases()) == tracks
    assert len({one.title for one in youtube.releases()}) == tracks
    lists = list(youtube.records("playlist").values())
    assert len(lists) == (tracks > 1)
    assert all(len(one["items"]) == tracks for one in lists)


@pytest.mark.parametrize("every", [5, pytest.param(1, marks=pytest.mark.long)])
def test_killed_between_any_two_steps_and_begun_again_there_is_one_of_each(
    youtube: StandIn, tmp_path: Path, every: int
) -> None:
    program = quick_ffmpeg(tmp_path / "program")
    whole = delivery(youtube, tmp_path / "whole", album(2), ffmpeg=program)
    whole.deliver()
    steps = whole.journal.calls
    assert steps > 30
    for step in range(every, steps + 1, every):
        youtube.around.state.clear()
        sent = delivery(youtube, tmp_path / str(step), album(2), ffmpeg=program)
        sent.files = whole.files
        sent.journal.stop_at = step
        with suppress(Stopped):  # how often a film reports hangs on the machine: the last steps may not come
            sent.deliver()
        sent.journal.stop_at = None
        sent.insisting()
        arrived(youtube, sent, 2)


def test_killed_again_and_again_it_gets_there(youtube: StandIn, tmp_path: Path) -> None:
    sent = delivery(youtube, tmp_path, album(2))
    sent.journal.stop_at = 1
    for _ in range(100):
        try:
            sent.insisting()
            break
        except Stopped:
            assert sent.journal.stop_at is not None
            sent.journal.stop_at = sent.journal.calls + 14
    arrived(youtube, sent, 2)


@pytest.mark.parametrize(
    ("status", "after"),
    [
        *((0, after) for after in (1, STEP - 1, STEP, 2 * STEP + 1, AFTER_ALL)),
        (500, STEP),
        (503, AFTER_ALL),
    ],
)
def test_cut_anywhere_in_any_piece_an_upload_goes_on_where_it_was(
    youtube: StandIn, tmp_path: Path, status: int, after: int
) -> None:
    sent = delivery(youtube, tmp_path, single())
    # The first call of an upload asks how far it is; the others are its pieces.
    for _ in range(FILM_BYTES // STEP):
        youtube.order("fault", call="upload", status=status, after_bytes=after)
    assert sent.insisting().stands == "processing"
    assert youtube.calls("POST", SESSIONS) == 1
    arrived(youtube, sent)


def test_when_the_last_answer_is_lost_the_session_tells_the_video(youtube: StandIn, tmp_path: Path) -> None:
    sent = delivery(youtube, tmp_path, single())
    program, sent.ffmpeg = sent.ffmpeg, "no-such-program"
    with pytest.raises(DeliveryError):
        sent.deliver()
    sent.ffmpeg = program
    until_the_last_piece(sent)
    youtube.order("fault", call="upload", status=0, times=20)  # and then it cannot be asked
    with pytest.raises(DeliveryError) as raised:
        sent.deliver()
    assert raised.value.problem.kind == "transient"
    youtube.around.orders.clear()
    before = youtube.calls("PUT", SESSIONS)
    sent.deliver()
    arrived(youtube, sent)
    assert youtube.calls("PUT", SESSIONS) - before <= 3


def until_the_last_piece(sent: Delivery) -> None:
    """Stopped right before the last piece goes out; then all of it goes, and nobody hears the answer."""
    while not (note := Notes(sent.journal).of(0)) or not note.all_sent:
        sent.journal.stop_at = sent.journal.calls + 1
        while True:
            try:
                sent.deliver()
            except Stopped:
                break
        if (note := Notes(sent.journal).of(0)) and note.all_sent:
            break
        sent.journal.stop_at = None
        stop_when_all_is_sent(sent)
    sent.journal.stop_at = None


def stop_when_all_is_sent(sent: Delivery) -> None:
    write = sent.journal.write

    def stopping(**notes: object) -> None:
        write(**notes)
        if (note := Notes(sent.journal).of(0)) and note.all_sent and note.video is None:
            raise Stopped

    sent.journal.write = stopping  # type: ignore[method-assign]
    with pytest.raises(Stopped):
        sent.deliver()
    sent.journal.write = write  # type: ignore[method-assign]


def test_a_session_that_is_lost_before_the_last_piece_is_begun_anew(youtube: StandIn, tmp_path: Path) -> None:
    sent = delivery(youtube, tmp_path, single())
    youtube.order("fault", call="upload", status=0, after_bytes=STEP, times=4)
    stopped_in_the_middle(sent)
    forget_sessions(youtube)
    youtube.around.orders.clear()
    assert sent.deliver().stands == "processing"
    assert youtube.calls("POST", SESSIONS) == 2
    arrived(youtube, sent)


def stopped_in_the_middle(sent: Delivery) -> None:
    sent.journal.stop_at = sent.journal.calls + 9
    with pytest.raises((Stopped, DeliveryError)):
        sent.deliver()
    sent.journal.stop_at = None


def test_a_session_that_is_lost_after_the_last_piece_is_looked_for_on_the_channel(
    youtube: StandIn, tmp_path: Path
) -> None:
    sent = delivery(youtube, tmp_path, single())
    stop_when_all_is_sent(sent)
    # It goes out whole, as it does when we are killed in that moment; then the session is forgotten.
    note = Notes(sent.journal).of(0)
    assert note is not None
    sent.deliver()
    sent.journal.write(track_0={**sent.journal.known["track_0"], "video": None, "session": note.session})
    forget_sessions(youtube)
    before = youtube.calls("POST", SESSIONS)
    assert sent.insisting().stands == "processing"
    assert youtube.calls("POST", SESSIONS) == before
    arrived(youtube, sent)


def test_a_session_that_is_lost_with_the_last_piece_unsent_is_begun_anew_after_a_look(
    youtube: StandIn, tmp_path: Path
) -> None:
    sent = delivery(youtube, tmp_path, single())
    stop_when_all_is_sent(sent)
    forget_sessions(youtube)
    with pytest.raises(DeliveryError) as raised:
        sent.deliver()
    assert raised.value.retry_after is not None  # what is new may not be listed yet
    assert sent.insisting().stands == "processing"
    arrived(youtube, sent)


def test_two_videos_that_could_be_the_lost_one_are_a_matter_for_a_person(
    youtube: StandIn, tmp_path: Path
) -> None:
    sent = delivery(youtube, tmp_path, single())
    sent.deliver()
    (video,) = youtube.records("video").values()
    with youtube.around.state.writing() as connection:
        put(connection, STORE, "video", "another", {**video, "id": "another"})
    sent.journal.write(
        track_0={**sent.journal.known["track_0"], "video": None, "session": session_of(youtube)}
    )
    forget_sessions(youtube)
    with pytest.raises(DeliveryError) as raised:
        sent.deliver()
    assert raised.value.problem.kind == "unknown_outcome"


def session_of(youtube: StandIn) -> str:
    return f"{youtube.address.upload}/videos?uploadType=resumable&upload_id=a-session-of-ours"


def test_another_ffmpeg_in_between_begins_anew_and_leaves_nothing_behind(
    youtube: StandIn, tmp_path: Path
) -> None:
    sent = delivery(youtube, tmp_path, single())
    stopped_in_the_middle(sent)
    sent.ffmpeg = quick_ffmpeg(tmp_path / "other program", seed=2)
    sent.deliver()
    assert len(youtube.records("session")) == 1
    arrived(youtube, sent)


@pytest.mark.parametrize("after", [0, AFTER_ALL])
@pytest.mark.parametrize("which", [0, 1])
def test_a_playlist_whose_answer_was_lost_is_found_again(
    youtube: StandIn, tmp_path: Path, after: int, which: int
) -> None:
    sent = delivery(youtube, tmp_path, album(2))
    call = ("playlist", "playlist_item")[which]
    if which:
        youtube.order("fault", call=call, status=200)  # the list of what is in it
    youtube.order("fault", call=call, status=0, after_bytes=after)
    with pytest.raises(DeliveryError):
        sent.deliver()
    sent.insisting()
    arrived(youtube, sent, 2)


def test_a_playlist_that_somebody_deleted_in_between_is_made_anew(youtube: StandIn, tmp_path: Path) -> None:
    sent = delivery(youtube, tmp_path, album(2))
    sent.deliver()
    with youtube.around.state.writing() as connection:
        remove(connection, STORE, "playlist", str(sent.journal.known["playlist"]))
    sent.deliver()
    arrived(youtube, sent, 2)


@pytest.mark.parametrize("call", ["session", "upload", "thumbnail", "update", "look", "playlist"])
def test_a_token_that_runs_out_in_the_middle_is_refreshed_and_all_goes_on(
    youtube: StandIn, tmp_path: Path, call: str
) -> None:
    sent = delivery(youtube, tmp_path, album(2))
    assert sent.account is not None
    sent.account = FixedAccount(*sent.account.tokens, youtube.sign_in().access.get_secret_value())
    youtube.order("fault", call=call, status=401, body='{"error":{"code":401}}')
    sent.deliver()
    assert sent.account.refreshed == 1
    arrived(youtube, sent, 2)


def test_a_token_that_is_good_no_more_is_a_matter_for_a_person(youtube: StandIn, tmp_path: Path) -> None:
    sent = delivery(youtube, tmp_path, single())
    youtube.clock.forward(timedelta(hours=2))
    with pytest.raises(DeliveryError) as raised:
        sent.deliver()
    assert (raised.value.problem.code, raised.value.problem.kind) == ("account_expired", "auth")


@pytest.mark.parametrize(
    ("now", "midnight"),
    [
        (datetime(2026, 11, 26, 12, tzinfo=UTC), datetime(2026, 11, 27, 8, tzinfo=UTC)),
        (datetime(2026, 3, 8, 9, tzinfo=UTC), datetime(2026, 3, 9, 7, tzinfo=UTC)),  # 23 hours: it springs
        (
            datetime(2026, 11, 1, 8, tzinfo=UTC),
            datetime(2026, 11, 2, 8, tzinfo=UTC),
        ),  # 25 hours: it falls back
    ],
)
def test_an_album_that_is_more_than_a_day_s_uploads_goes_on_at_midnight_pacific(
    tmp_path: Path, now: datetime, midnight: datetime
) -> None:
    with stand_in(tmp_path / "sandbox", uploads_a_day=2) as youtube:
        youtube.clock.at = now
        sent = delivery(youtube, tmp_path, album(3))
        with pytest.raises(DeliveryError) as raised:
            sent.deliver()
        assert (raised.value.problem.kind, raised.value.retry_at) == ("quota", midnight)
        assert sent.look().stands == "processing"
        youtube.clock.at = midnight
        sent.account = sent.signed_in()
        sent.deliver()
        arrived(youtube, sent, 3)


def test_a_store_that_is_slow_loses_nothing(youtube: StandIn, tmp_path: Path) -> None:
    sent = delivery(youtube, tmp_path, single())
    youtube.order("fault", call="upload", status=200, seconds=0.2, times=3)
    sent.deliver()
    arrived(youtube, sent)


def test_a_store_that_stays_down_is_left_to_the_next_try_and_asks_for_its_own_time(
    youtube: StandIn, tmp_path: Path
) -> None:
    sent = delivery(youtube, tmp_path, single())
    youtube.order("fault", call="upload", status=503, headers={"Retry-After": "77"}, times=1)
    with pytest.raises(DeliveryError) as raised:
        sent.deliver()
    assert raised.value.retry_after == timedelta(seconds=77)
    sent.deliver()
    arrived(youtube, sent)


@pytest.mark.parametrize("location", ["", "https://example.com/upload?upload_id=x", "not an address"])
def test_a_session_elsewhere_than_with_the_store_gets_no_token(
    youtube: StandIn, tmp_path: Path, location: str
) -> None:
    sent = delivery(youtube, tmp_path, single())
    # A fault of its own status: what it answers is not the stand-in's.
    youtube.order("fault", call="session", status=299, headers={"Location": location})
    with pytest.raises(DeliveryError):
        sent.deliver()
    assert "track_0" not in sent.journal.known


def test_no_session_and_no_token_is_ever_told(
    youtube: StandIn, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    sent = delivery(youtube, tmp_path, single())
    errors: list[str] = []
    for fault in (0, 500, 400, 403, 404):
        youtube.order("fault", call="upload", status=fault, times=9)
        try:
            sent.deliver()
        except DeliveryError as error:
            errors.append(f"{error!r} {error.problem!r}")
        youtube.around.orders.clear()
    sent.deliver()
    assert sent.account is not None
    said = caplog.text + "".join(errors) + repr(Notes(sent.journal).of(0))
    assert "HTTP Request: PUT" in said
    for secret in (*youtube.records("session"), *sent.account.tokens):
        assert secret not in said


def test_the_session_is_noted_before_the_first_byte(youtube: StandIn, tmp_path: Path) -> None:
    sent = delivery(youtube, tmp_path, single())
    write: Callable[..., None] = sent.journal.write
    puts: list[int] = []

    def noting(**notes: object) -> None:
        if isinstance(track := notes.get("track_0"), dict) and track["session"]:
            puts.append(youtube.calls("PUT", SESSIONS))
        write(**notes)

    sent.journal.write = noting  # type: ignore[method-assign]
    sent.deliver()
    assert puts[0] == 0
