"""`Idempotency-Key`: the effect happens once, the answer is given again."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from aimusicverse.server import idempotency
from tests.server.conftest import Api


def test_the_same_key_and_body_give_the_first_answer_again(api: Api) -> None:
    body = {"prompt": "x", "duration_seconds": 5}
    first = api.post("/generate", json=body, headers={"Idempotency-Key": "k"})
    api.wait(first.json()["id"])
    again = api.post("/generate", json=body, headers={"Idempotency-Key": "k"})
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert len(api.get("/generations").json()["data"]) == 1


def test_another_body_under_the_same_key_is_refused(api: Api) -> None:
    api.post("/generate", json={"prompt": "x"}, headers={"Idempotency-Key": "k"})
    other = api.post("/generate", json={"prompt": "y"}, headers={"Idempotency-Key": "k"})
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


def test_another_route_under_the_same_key_is_refused(api: Api) -> None:
    created = api.post("/generate", json={"prompt": "x"}, headers={"Idempotency-Key": "k"}).json()
    other = api.post(f"/generations/{created['id']}/cancel", headers={"Idempotency-Key": "k"})
    assert other.json()["code"] == "idempotency_key_reused"


def test_a_cancel_that_is_repeated_is_no_conflict(api: Api) -> None:
    api.engine.held.set()
    created = api.post("/generate", json={"prompt": "x"}).json()
    for _ in range(2):
        answer = api.post(f"/generations/{created['id']}/cancel", headers={"Idempotency-Key": "c"})
        assert answer.json()["status"] == "cancelled"


def test_answers_without_an_effect_are_given_again_too(api: Api) -> None:
    track = api.generate()["tracks"][0]
    for path, body in (("/generate/plan", {"prompt": "x"}), (f"/tracks/{track['id']}/play-url", {})):
        first = api.post(path, json=body, headers={"Idempotency-Key": path})
        api.advance(timedelta(seconds=5))
        assert api.post(path, json=body, headers={"Idempotency-Key": path}).json() == first.json()


def test_a_kept_answer_cannot_be_read_in_the_database(sqlite_only: None, api: Api) -> None:
    track = api.generate()["tracks"][0]
    link = api.post(f"/tracks/{track['id']}/play-url", json={}, headers={"Idempotency-Key": "k"}).json()
    signature = link["url"].partition("signature=")[2]
    folder = api.server.services.settings.data_dir
    assert signature.encode() not in (folder / "amv.db-wal").read_bytes() + (folder / "amv.db").read_bytes()


def test_an_answer_that_cannot_be_read_any_more_is_refused_and_not_repeated(
    sqlite_only: None,
    start: Callable[..., Api],
) -> None:
    before = start()
    before.post("/generate", json={"prompt": "x"}, headers={"Idempotency-Key": "k"})
    before.server.close()
    (before.server.services.settings.data_dir / "master.key").unlink()
    after = start()
    answer = after.post("/generate", json={"prompt": "x"}, headers={"Idempotency-Key": "k"})
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_answer_lost")
    assert len(after.get("/generations").json()["data"]) == 1


def test_twenty_at_once_have_one_effect(api: Api) -> None:
    with ThreadPoolExecutor(20) as pool:
        answers = list(
            pool.map(
                lambda _: api.post("/generate", json={"prompt": "x"}, headers={"Idempotency-Key": "k"}),
                range(20),
            )
        )
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len(api.get("/generations").json()["data"]) == 1


def test_a_refused_request_leaves_the_key_free(api: Api) -> None:
    refused = api.post("/generate", json={"prompt": "x", "engine": "moog"}, headers={"Idempotency-Key": "k"})
    assert refused.status_code == 422
    assert api.post("/generate", json={"prompt": "x"}, headers={"Idempotency-Key": "k"}).status_code == 202


def test_after_a_day_the_key_is_new_and_the_record_is_forgotten(api: Api) -> None:
    first = api.post("/generate", json={"prompt": "x"}, headers={"Idempotency-Key": "k"}).json()
    api.advance(timedelta(hours=24))
    second = api.post("/generate", json={"prompt": "x"}, headers={"Idempotency-Key": "k"}).json()
    assert first["id"] != second["id"]
    api.advance(timedelta(hours=24))
    assert api.server.services.store.write_now(idempotency.forget_expired) == 1


def test_it_survives_a_restart(start: Callable[..., Api]) -> None:
    before = start()
    first = before.post("/generate", json={"prompt": "x"}, headers={"Idempotency-Key": "k"}).json()
    before.server.close()
    again = start().post("/generate", json={"prompt": "x"}, headers={"Idempotency-Key": "k"}).json()
    assert again["id"] == first["id"]
