"""Generators elsewhere: asked as their documentation says, never believed, and never waited for in vain."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import pytest

from aimusicverse.egress import Egress, Rules
from aimusicverse.errors import ConfigurationError
from aimusicverse.secret import Secret
from aimusicverse.server.artwork.generators.base import GeneratorError
from aimusicverse.server.artwork.generators.replicate import Replicate
from aimusicverse.server.running import RunningServer
from aimusicverse.server.settings import Settings
from tests.server.artwork.conftest import Start, asked, drawn, finished, refused
from tests.server.artwork.generators import KEY, Peer, listening, prediction
from tests.server.conftest import Api
from tests.server.databases import lent_database
from tests.server.quick_engine import QuickEngine
from tests.server.sample_pictures import SECRET, decoded, drawing, encoded, sent, talkative

PICTURE = encoded(drawing(1024, 1024))
JPEG = {"Content-Type": "image/jpeg"}
JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def listener() -> Iterator[Peer]:
    with listening() as one:
        yield one


@pytest.fixture
def peer(listener: Peer) -> Peer:
    """One that has heard nothing yet."""
    listener.asked.clear()
    listener.posts.clear()
    listener.gets.clear()
    return listener


@pytest.fixture(scope="module")
def paying(
    listener: Peer,
    tmp_path_factory: pytest.TempPathFactory,
    database_name: str,
    first_key: Callable[[], AbstractContextManager[None]],
) -> Iterator[Api]:
    """A server with accounts."""
    engine = QuickEngine()
    with nullcontext() if database_name == "sqlite" else lent_database() as url:
        settings = Settings.from_environment(
            {},
            data_dir=tmp_path_factory.mktemp("server"),
            port=0,
            database_url=url,
            stability_api_key=Secret(KEY),
            stability_url=listener.url,
            replicate_api_token=Secret(KEY),
            replicate_url=listener.url,
            replicate_model="somebody/something",
        )
        with first_key():
            server = RunningServer(settings, engines={engine.name: engine})
        api = Api(server, engine)
        yield api
        listener.go.set()
        api.http.close()
        api.server.close()


@pytest.fixture
def api(paying: Api) -> Api:
    return paying


def tried_out(api: Api, **wishes: Any) -> dict[str, Any]:
    """One that is final."""
    return finished(api, asked(api, **wishes)["id"])


def test_stability_is_asked_as_it_says_and_its_picture_judged_like_an_upload(api: Api, peer: Peer) -> None:
    peer.posts.append((200, {**JPEG, "finish-reason": "SUCCESS", "seed": "8"}, talkative("JPEG")))
    found = drawn(api, generator="stability", mood="calm", title="Café “Nuit”")
    [request] = peer.asked
    assert request.path == "/v2beta/stable-image/generate/core"
    assert (request.headers["authorization"], request.headers["accept"]) == (f"Bearer {KEY}", "image/*")
    assert request.fields["aspect_ratio"] == "1:1"
    assert request.fields["output_format"] == "jpeg"
    assert request.fields["seed"] == "8"
    assert b"Caf\xc3\xa9" in request.body
    assert (found["source"], found["provenance"]["engine"]) == ("stability", "stability")
    assert (found["provenance"]["ai"], "calm music" in found["provenance"]["prompt"]) == ("all", True)
    file = api.get(f"/artwork/{found['id']}/image").content
    assert SECRET not in file
    assert decoded(file).size == (96, 64)


def test_replicate_is_asked_and_looked_at_until_it_has_succeeded(api: Api, peer: Peer) -> None:
    peer.posts.append(prediction("starting", urls={"get": "http://127.0.0.1:1/elsewhere"}))
    peer.gets.extend(
        [prediction("processing"), prediction("succeeded", output=[f"{peer.url}/files/picture?token=x"])]
    )
    peer.file = (200, PICTURE)
    found = drawn(api, generator="replicate", prompt="rain on a window")
    post, *looks, fetch = peer.asked
    assert post.path == "/v1/models/somebody/something/predictions"
    assert json.loads(post.body)["input"] == {
        "prompt": "rain on a window", "aspect_ratio": "1:1", "output_format": "jpg", "seed": 7,
    }  # fmt: skip
    assert [look.path for look in looks] == ["/v1/predictions/gm3qorzdhgbfurvjtvhg6dckhu"] * 2
    assert all(one.headers["authorization"] == f"Bearer {KEY}" for one in (post, *looks))
    assert (fetch.path, "authorization" in fetch.headers) == ("/files/picture?token=x", False)
    assert (found["width"], found["provenance"]["engine_version"]) == (1024, "somebody/something")
    assert {one["rule"] for one in found["checks"]} >= {"C-MIN"}
    assert [one["width"] for one in found["thumbnails"]] == [256, 640]


def test_after_three_failures_it_has_failed_and_offers_another_way(
    api: Api, peer: Peer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    peer.posts.append((503, JSON, b'{"name": "unavailable", "errors": ["come back"]}'))
    found = tried_out(api, generator="stability")
    assert len(peer.asked) == 3
    assert (found["status"], found["problem"]["code"]) == ("failed", "generator_failed")
    for word in ("503", "come back", "GET /artwork/templates", "POST /artwork/upload"):
        assert word in found["problem"]["detail"]
    assert KEY not in json.dumps(found) + caplog.text
    assert drawn(api)["status"] == "completed"


def test_a_failure_that_passes_is_not_the_end(api: Api, peer: Peer) -> None:
    peer.posts.extend([(500, JSON, b"{"), (429, JSON, b"[]"), (200, JPEG, PICTURE)])
    assert tried_out(api, generator="stability")["status"] == "completed"


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ((401, JSON, b'{"name": "unauthorized"}'), "key"),
        ((402, JSON, b"{}"), "paid"),
        ((403, JSON, b'{"errors": ["flagged by moderation"]}'), "flagged by moderation"),
        ((400, JSON, b'{"errors": ["prompt: too long"]}'), "prompt: too long"),
        ((302, {"Location": "http://169.254.169.254/"}, b""), "302"),
        ((200, {**JPEG, "finish-reason": "CONTENT_FILTERED"}, PICTURE), "does not show"),
    ],
)
def test_what_would_be_the_same_again_is_asked_once(
    api: Api, peer: Peer, answer: tuple[int, dict[str, str], bytes], says: str
) -> None:
    peer.posts.append(answer)
    found = finished(api, asked(api, generator="stability")["id"])
    assert (found["status"], found["problem"]["code"], len(peer.asked)) == ("failed", "generator_failed", 1)
    assert says in found["problem"]["detail"]


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>sorry</html>", sent("GIF"), PICTURE[:-100], encoded(drawing(32, 32)), bytes(21 * 2**20)],
    ids=["nothing", "HTML", "GIF", "cut", "32 pixels", "21 MiB"],
)
def test_what_is_no_picture_is_none(api: Api, peer: Peer, body: bytes) -> None:
    peer.posts.append((200, JPEG, body))
    found = tried_out(api, generator="stability")
    assert (found["status"], found["problem"]["code"], len(peer.asked)) == ("failed", "generator_failed", 3)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (prediction("failed", error="NSFW content detected"), "NSFW content"),
        (prediction("canceled"), "canceled"),
        (prediction("succeeded", output={"a": 1}), "named no picture"),
        (prediction("succeeded", output=[]), "named no picture"),
        (prediction("succeeded", output="file:///etc/passwd"), "not reached"),
        (prediction("succeeded", output="http://user:pw@127.0.0.1/"), "not reached"),
        (prediction("starting", id="../../v1/account"), "no id"),
        ((201, JSON, b"[1]"), "no prediction"),
        ((422, JSON, b'{"detail": "seed is not an input"}'), "seed is not an input"),
    ],
)
def test_what_replicate_may_say_instead_is_said_in_words(
    api: Api, peer: Peer, answer: tuple[int, dict[str, str], bytes], says: str
) -> None:
    peer.posts.append(answer)
    found = tried_out(api, generator="replicate")
    assert (found["status"], found["problem"]["code"]) == ("failed", "generator_failed")
    assert says in found["problem"]["detail"]


async def test_one_that_never_ends_is_given_up(peer: Peer) -> None:
    peer.posts.append(prediction("starting"))
    peer.gets.append(prediction("processing"))
    slow = Replicate(peer.url, Secret(KEY), "somebody/something", look=0.01, longest=0.1)
    async with Egress(Rules(local=True)) as egress:
        with pytest.raises(GeneratorError, match=r"longer than 0\.1 s") as caught:
            await slow.picture(egress, "rain", 7)
    assert not caught.value.final
    assert len(peer.asked) > 1


def test_an_address_inside_the_network_that_an_answer_names_is_not_fetched(start: Start, peer: Peer) -> None:
    peer.posts.append(prediction("succeeded", output="http://10.0.0.1/latest/meta-data"))
    api = start(
        replicate_api_token=Secret(KEY),
        replicate_url=peer.url,
        webhook_allow=f"127.0.0.1:{peer.port}",
        public_url="https://music.example.com",  # so that it is no server of one machine
    )
    found = tried_out(api, generator="replicate")
    assert "not reached" in found["problem"]["detail"]
    assert all(request.method == "POST" for request in peer.asked)


def test_one_that_is_deleted_is_not_waited_for(api: Api, peer: Peer) -> None:
    peer.go.clear()
    peer.posts.append((200, JPEG, PICTURE))
    found = asked(api, generator="stability")
    while not peer.asked:
        time.sleep(0.02)
    assert api.delete(f"/artwork/{found['id']}").status_code == 204
    assert drawn(api)["status"] == "completed"
    peer.go.set()
    refused(api.get(f"/artwork/{found['id']}"), 404, "artwork_not_found")


@pytest.mark.parametrize(
    ("wish", "field"),
    [({"style": "aura"}, "style"), ({"lettering": True}, "lettering"), ({"template": "x"}, "template")],
)
def test_what_a_generator_does_not_know_is_refused(api: Api, wish: dict[str, Any], field: str) -> None:
    body = {"title": "x", "generator": "stability", **wish}
    problem = refused(api.post("/artwork", json=body), 422, "invalid_request")
    assert [error["field"] for error in problem["errors"]] == [field]


def test_an_unknown_one_is_refused_with_those_that_there_are(api: Api) -> None:
    problem = refused(
        api.post("/artwork", json={"title": "x", "generator": "dalle"}), 422, "generator_unknown"
    )
    assert "replicate, stability" in problem["detail"]


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("AMV_STABILITY_URL", "api.stability.ai"),
        ("AMV_REPLICATE_URL", "ftp://x"),
        ("AMV_REPLICATE_MODEL", "flux"),
        ("AMV_REPLICATE_MODEL", "../../x/y"),
        ("AMV_ARTWORK_LIMIT", "-1"),
    ],
)
def test_settings_that_cannot_be_are_refused_by_their_name(variable: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=variable):
        Settings.from_environment({variable: value})


def test_a_key_of_the_settings_never_prints() -> None:
    settings = Settings.from_environment({"AMV_STABILITY_API_KEY": KEY, "AMV_REPLICATE_API_TOKEN": KEY})
    assert KEY not in repr(settings)
