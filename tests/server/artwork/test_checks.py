"""What stores would say of a picture is known as soon as there is one, and told in every answer."""

from __future__ import annotations

import threading
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image

from aimusicverse.release import image_check
from aimusicverse.server.store.tables import artwork
from aimusicverse.types import Artwork, ArtworkCheck
from tests.server.artwork.conftest import drawn, upload
from tests.server.conftest import Api
from tests.server.sample_pictures import drawing, encoded

ALL = ["spotify", "apple_music", "soundcloud", "distrokid"]


def said(found: dict[str, Any]) -> list[tuple[str, str, bool, list[str]]]:
    checks = [ArtworkCheck.model_validate(one) for one in found["checks"]]
    return [(one.rule, str(one.severity), one.blocking, one.targets) for one in checks]


def test_an_upload_is_judged_for_four_targets_each_thing_said_once(api: Api) -> None:
    found = upload(api, encoded(drawing(900, 700), "PNG")).json()
    assert said(found) == [
        ("C-SQUARE", "error", True, ALL),
        ("C-MIN", "error", True, ["apple_music"]),
        ("C-FMT", "error", True, ["distrokid"]),
        ("C-MIN", "warning", False, ["spotify", "soundcloud", "distrokid"]),
    ]
    square = found["checks"][0]
    assert "900 × 700" in square["message"]
    assert square["passes"]
    assert square["fix"]
    assert square["docs_url"] == "/rules/C-SQUARE"
    assert api.get(f"/artwork/{found['id']}").json() == found
    [listed] = [one for one in api.get("/artwork").json()["data"] if one["id"] == found["id"]]
    assert listed == found


def test_another_format_is_said_to_each_with_what_passes_there(api: Api) -> None:
    found = upload(api, encoded(drawing(3000, 3000), "WEBP")).json()
    passes = {tuple(one["targets"]): one["passes"] for one in found["checks"] if one["rule"] == "C-FMT"}
    assert passes[("distrokid",)] == "JPEG, judged by its content"
    assert passes[("apple_music", "soundcloud")] == "JPEG or PNG, judged by its content"
    assert "TIFF" in passes[("spotify",)]


def test_of_a_cover_as_all_want_it_nothing_is_said(api: Api) -> None:
    assert upload(api, encoded(drawing(3000, 3000))).json()["checks"] == []


@pytest.mark.usefixtures("full_size")
def test_what_is_drawn_here_is_taken_everywhere(api: Api) -> None:
    assert drawn(api, title="Rainy night")["checks"] == []


def test_a_drawn_picture_is_looked_into_by_the_process_that_draws(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(content: bytes, name: str) -> None:
        raise AssertionError("the server itself looks")

    monkeypatch.setattr(image_check, "look_into", never)
    assert {rule for rule, *_ in said(drawn(api, title="Small"))} == {"C-MIN"}


def test_an_upload_is_looked_into_off_the_event_loop(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    threads = []
    real = image_check.look_into

    def noting(content: bytes, name: str) -> Any:
        threads.append(threading.current_thread().name)
        return real(content, name)

    monkeypatch.setattr(image_check, "look_into", noting)
    assert upload(api, encoded(drawing(300, 300))).status_code == 201
    assert len(threads) == 1
    assert threads[0].startswith("amv-artwork")


def test_while_there_is_no_picture_nothing_is_known_of_it(api: Api) -> None:
    waiting = api.post("/artwork", json={"title": "Later"}).json()
    assert (waiting["status"], waiting["checks"]) == ("queued", None)


def test_one_that_came_before_pictures_were_looked_into_says_so(api: Api) -> None:
    found = upload(api, encoded(drawing(300, 300))).json()
    forget(api, found["id"])
    assert api.get(f"/artwork/{found['id']}").json()["checks"] is None


def forget(api: Api, artwork_id: str) -> None:
    """As a row is that was made by a server that did not look."""
    query = sa.update(artwork).where(artwork.c.id == sa.bindparam("of")).values(facts=sa.null())
    api.server.services.store.write_now(lambda tx: tx.execute(query, {"of": artwork_id}))


def test_one_that_is_larger_than_any_cover_is_not_looked_into_and_refused_by_all(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(image_check, "MOST_PIXELS", 100_000)
    found = upload(api, encoded(Image.new("RGB", (400, 400)))).json()
    assert said(found) == [("FILE-UNREADABLE", "error", True, ALL)]
    assert "400 × 400" in found["checks"][0]["message"]
    assert api.get(f"/artwork/{found['id']}").json() == found


def test_a_client_has_them_as_objects(api: Api) -> None:
    found = Artwork.model_validate(upload(api, encoded(drawing(300, 200))).json())
    assert found.checks is not None
    assert found.checks[0].rule == "C-SQUARE"
