"""Answers that were written before are the same as new ones, and never of yesterday."""

from __future__ import annotations

from pydantic import TypeAdapter

from aimusicverse.server.ready import Ready, ReadyAnswers, page_of
from aimusicverse.types import Generation, Page, Track
from tests.server.conftest import Api


def bytes_of(api: Api, path: str) -> bytes:
    answer = api.get(path)
    assert answer.status_code == 200, answer.text
    return answer.content


def test_ready_tracks_are_the_same_to_the_byte_as_their_models(api: Api) -> None:
    for title in ('a "quoted" one', "Nächte 夜", "c"):
        api.generate(title=title, lyrics="line\nline")
    for path in ("/tracks", "/tracks?limit=2", "/tracks?q=nothing"):
        for _ in range(2):
            body = bytes_of(api, path)
            page = TypeAdapter(Page[Track])
            assert page.dump_json(page.validate_json(body)) == body
    for track in api.get("/tracks").json()["data"]:
        for _ in range(2):
            body = bytes_of(api, f"/tracks/{track['id']}")
            assert Track.model_validate_json(body).model_dump_json().encode() == body


def test_a_final_generation_is_the_same_to_the_byte_each_time(api: Api) -> None:
    generation = api.generate(variants=2)["id"]
    bodies = {bytes_of(api, f"/generations/{generation}") for _ in range(3)}
    assert len(bodies) == 1
    [body] = bodies
    assert Generation.model_validate_json(body).model_dump_json().encode() == body


def test_a_final_generation_shows_its_tracks_as_they_are_now(api: Api) -> None:
    made = api.generate(title="before", variants=2)
    path = f"/generations/{made['id']}"

    def titles() -> list[str]:
        return [track["title"] for track in api.get(path).json()["tracks"]]

    first, second = (track["id"] for track in made["tracks"])
    before = titles()
    assert len(before) == 2
    assert before == titles()
    api.patch(f"/tracks/{first}", json={"title": "after"})
    assert titles() == ["after", before[1]]
    api.delete(f"/tracks/{second}")
    assert titles() == ["after"]
    api.delete(f"/tracks/{first}")
    assert titles() == [] == titles()
    api.post(f"/tracks/{first}/restore")
    assert titles() == ["after"]


def test_a_track_that_is_known_and_then_deleted_is_not_found(api: Api) -> None:
    [track] = api.generate()["tracks"]
    path = f"/tracks/{track['id']}"
    assert api.get(path).status_code == api.get(path).status_code == 200
    api.delete(path)
    assert api.get(path).status_code == 404
    api.post(f"{path}/restore")
    restored = api.get(path)
    assert restored.headers["etag"] == f'"{restored.json()["etag"]}"'
    assert restored.json()["version"] == 3


def test_an_edit_answers_what_a_read_then_says(api: Api) -> None:
    [track] = api.generate()["tracks"]
    path = f"/tracks/{track['id']}"
    changed = api.patch(path, json={"title": "new", "tags": ["x", "y"], "genre": None})
    assert changed.status_code == 200, changed.text
    assert changed.content == bytes_of(api, path)
    found = api.get("/tracks?q=new").json()["data"]
    assert [one["id"] for one in found] == [track["id"]]


def test_another_stamp_is_another_answer() -> None:
    answers = ReadyAnswers()
    answers.keep("a", 1, Ready(b"1"))
    assert answers.has("a")
    assert not answers.has("b")
    assert answers.get("a", 1) == Ready(b"1")
    assert answers.get("a", 2) is None


def test_ready_answers_are_bounded() -> None:
    answers = ReadyAnswers()
    for number in range(ReadyAnswers.MOST * 2 + 1):
        answers.keep(str(number), 0, Ready(b""))
    assert len(answers._known) <= ReadyAnswers.MOST


def test_a_page_of_ready_things_is_json() -> None:
    assert page_of([], None).body == b'{"data":[],"next_cursor":null}'
    assert page_of([b"{}", b"{}"], 'a"').body == b'{"data":[{},{}],"next_cursor":"a\\""}'
