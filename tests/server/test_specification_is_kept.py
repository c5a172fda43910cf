"""The served API does what its own specification says, for requests that nobody thought of (schemathesis)."""

from __future__ import annotations

import random
import warnings
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis.errors import Unsatisfiable

from tests.server.conftest import Api
from tests.server.sample_pictures import sent

SHORT, LONG = 200, 2400


def existing(api: Api) -> dict[str, str]:
    """Ids of things that are there, by the name that they have in a path."""
    ended = api.generate()
    track = ended["tracks"][0]["id"]
    playlist = api.post("/playlists", json={"title": "x", "track_ids": [track]}).json()["id"]
    api.http.put(f"/playlists/{playlist}/cover", content=sent())
    artwork = api.post("/artwork/upload?title=x", content=sent()).json()["id"]
    event = api.get("/events").json()["data"][0]["id"]
    key = api.post("/api-keys", json={"name": "x", "scopes": ["tracks:read"]}).json()["id"]
    user = api.post("/admin/users", json={"name": "x"}).json()["id"]
    webhook = api.post("/webhooks", json={"url": "http://127.0.0.1:9/"}).json()["id"]  # nobody listens
    delivery = api.get(f"/webhooks/{webhook}/deliveries").json()["data"][0]["id"]
    wish = {"metadata": {"title": "x"}, "platforms": ["soundcloud"], "track_ids": [track], "draft": True}
    draft = api.post("/distributions", json=wish)
    others = {"key_id": key, "user_id": user, "webhook_id": webhook, "delivery_id": delivery}
    return others | {
        "generation_id": ended["id"],
        "track_id": track,
        "playlist_id": playlist,
        "artwork_id": artwork,
        "event_id": event,
        "distribution_id": draft.json()["id"],
        "platform": "soundcloud",
        "section": "0",
        "name": "01-tone",  # of a stem, if there were any
    }


def keep(api: Api, cases: int, seed: int | None) -> Counter[str]:
    """Ask each operation its share of `cases` questions and check every answer; how many there were.

    Half of the requests are right by the specification, half are wrong on purpose. Half of those that name
    something in their path name what is there.
    """
    import schemathesis
    from schemathesis.checks import CHECKS, load_all_checks
    from schemathesis.generation import GenerationMode

    load_all_checks()
    # What is right by the schema may break a rule that JSON Schema cannot state: an unknown engine, a file
    # that is no sound, a cursor of another list. It is a problem then, which all the other checks look at.
    accepted, rejected = CHECKS.get_one("positive_data_acceptance"), CHECKS.get_one("negative_data_rejection")
    schema = schemathesis.openapi.from_dict(httpx.get(f"{api.server.url}/openapi.json").json())
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) > 20
    there = existing(api)
    asked: Counter[str] = Counter()
    # The same kind of question a second time would be the very same questions.
    paths_of = {
        operation.label: (None, {name: there[name] for name in names}) if names else (None,)
        for operation in operations
        for names in [[one.name for one in operation.path_parameters if one.name in there]]
    }
    each = -(-cases // (2 * sum(map(len, paths_of.values()))))

    for operation in operations:
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            for path in paths_of[operation.label]:

                @settings(
                    max_examples=each,
                    deadline=None,
                    database=None,
                    derandomize=seed is None,
                    phases=[Phase.generate],
                    suppress_health_check=list(HealthCheck),
                )
                @given(case=operation.as_strategy(mode, path_parameters=path))
                def ask(case: Any) -> None:
                    asked[operation.label] += 1  # noqa: B023 - it runs here and now
                    if isinstance(wait := (case.query or {}).get("wait"), int) and 1 < wait <= 60:
                        case.query["wait"] = 1  # as right as before, and over sooner
                    answer = case.call(base_url=api.server.url, headers={"X-API-Key": api.key}, timeout=60)
                    # It does not know that these refuse, too.
                    unread = [rejected] if answer.status_code in (414, 431) else []
                    case.validate_response(answer, excluded_checks=[accepted, *unread])

                _run(seeded(seed)(ask) if seed is not None else ask)
    return asked


def _run(ask: Callable[[], None]) -> None:
    # Nothing can be wrong about a call without parameters; what it thinks of the schema it says as failures.
    with warnings.catch_warnings(), suppress(Unsatisfiable):
        warnings.simplefilter("ignore")
        ask()


@pytest.fixture
def unlimited(start: Callable[..., Api]) -> Api:
    """A server that wrong keys may be tried on as often as one likes: some of the questions come with one."""
    return start(address_limit=0, wrong_key_limit=0)


def test_no_answer_breaks_the_specification(unlimited: Api) -> None:
    assert keep(unlimited, SHORT, None).total() >= SHORT


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_nor_do_thousands(unlimited: Api) -> None:
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    assert keep(unlimited, LONG, seed).total() >= 2000
