"""Every operation of the API has a client method and a command; exceptions are written down here."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import pytest
import yaml

from aimusicverse import AsyncClient, Client
from aimusicverse.cli.app import command

SPEC = Path(__file__).parents[1] / "docs/api/openapi.yaml"

#: operation → (client method, command)
SURFACE = {
    "create_generation": ("generation.create", "generate"),
    "plan_generation": ("generation.plan", "generate --plan-only"),
    "list_generations": ("generation.list", "generations list"),
    "get_generation": ("generation.get", "generations get"),
    "cancel_generation": ("generation.cancel", "generations cancel"),
    "list_engines": ("generation.engines", "engines"),
    "list_tracks": ("tracks.list", "tracks list"),
    "get_track": ("tracks.get", "tracks get"),
    "upload_track": ("tracks.upload", "tracks upload"),
    "update_track": ("tracks.update", "tracks edit"),
    "restore_track": ("tracks.restore", "tracks restore"),
    "delete_track": ("tracks.delete", "tracks delete"),
    "create_play_url": ("tracks.play_url", "tracks play-url"),
    "get_track_audio": ("tracks.download", "tracks download"),
    "list_playlists": ("playlists.list", "playlists list"),
    "create_playlist": ("playlists.create", "playlists create"),
    "get_playlist": ("playlists.get", "playlists get"),
    "update_playlist": ("playlists.update", "playlists update"),
    "delete_playlist": ("playlists.delete", "playlists delete"),
    "list_playlist_tracks": ("playlists.tracks", "playlists tracks"),
    "add_playlist_tracks": ("playlists.add", "playlists add"),
    "replace_playlist_tracks": ("playlists.replace", "playlists replace"),
    "remove_playlist_tracks": ("playlists.remove", "playlists remove"),
    "move_playlist_track": ("playlists.move", "playlists move"),
    "list_events": ("webhooks.events", "events list"),
    "get_event": ("webhooks.event", "events get"),
}
#: Asked by load balancers, not by people.
NEITHER = {"healthz", "readyz"}


def operation_ids() -> set[str]:
    spec = yaml.safe_load(SPEC.read_text("utf-8"))
    return {op["operationId"] for operations in spec["paths"].values() for op in operations.values()}


def test_no_operation_is_forgotten_and_none_is_made_up() -> None:
    assert operation_ids() == set(SURFACE) | NEITHER


@pytest.mark.parametrize("method", sorted({method for method, _ in SURFACE.values()}))
@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_it_has_a_client_method(kind: type[Any], method: str) -> None:
    client = kind("amv_test_x_y", "http://127.0.0.1:1")
    resource, _, name = method.partition(".")
    found = getattr(getattr(client, resource), name)
    assert inspect.getdoc(found)


@pytest.mark.parametrize("words", sorted({words for _, words in SURFACE.values()}))
def test_it_has_a_command(words: str) -> None:
    node: Any = command()
    options = [word for word in words.split() if word.startswith("--")]
    for word in words.split():
        if not word.startswith("--"):
            if hasattr(node, "load"):
                node.load(word)
            node = node.commands[word]
    known = {option for parameter in node.params for option in parameter.opts}
    assert set(options) <= known
