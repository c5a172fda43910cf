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
    "regenerate_section": ("tracks.regenerate_section", "tracks regenerate"),
    "list_engines": ("generation.engines", "engines"),
    "list_tracks": ("tracks.list", "tracks list"),
    "get_track": ("tracks.get", "tracks get"),
    "upload_track": ("tracks.upload", "tracks upload"),
    "update_track": ("tracks.update", "tracks edit"),
    "restore_track": ("tracks.restore", "tracks restore"),
    "delete_track": ("tracks.delete", "tracks delete"),
    "create_play_url": ("tracks.play_url", "tracks play-url"),
    "list_track_distributions": ("tracks.distributions", "tracks distributions"),
    "get_track_audio": ("tracks.download", "tracks download"),
    "get_track_midi": ("tracks.midi", "tracks midi"),
    "get_track_structure": ("tracks.structure", "tracks structure"),
    "get_track_waveform": ("tracks.waveform", "tracks waveform"),
    "create_track_stems": ("tracks.stems", "tracks stems"),
    "get_track_stems": ("tracks.get_stems", "tracks stems"),
    "get_stem_audio": ("tracks.download_stems", "tracks stems --output"),
    "list_playlists": ("playlists.list", "playlists list"),
    "create_playlist": ("playlists.create", "playlists create"),
    "get_playlist": ("playlists.get", "playlists get"),
    "update_playlist": ("playlists.update", "playlists update"),
    "delete_playlist": ("playlists.delete", "playlists delete"),
    "get_playlist_cover": ("playlists.cover", "playlists cover"),
    "set_playlist_cover": ("playlists.set_cover", "playlists set-cover"),
    "remove_playlist_cover": ("playlists.remove_cover", "playlists remove-cover"),
    "list_playlist_tracks": ("playlists.tracks", "playlists tracks"),
    "add_playlist_tracks": ("playlists.add", "playlists add"),
    "replace_playlist_tracks": ("playlists.replace", "playlists replace"),
    "remove_playlist_tracks": ("playlists.remove", "playlists remove"),
    "move_playlist_track": ("playlists.move", "playlists move"),
    "list_artwork": ("artwork.list", "artwork list"),
    "create_artwork": ("artwork.create", "artwork create"),
    "upload_artwork": ("artwork.upload", "artwork upload"),
    "list_artwork_templates": ("artwork.templates", "artwork templates"),
    "get_artwork": ("artwork.get", "artwork get"),
    "get_artwork_image": ("artwork.image", "artwork get --output"),
    "delete_artwork": ("artwork.delete", "artwork delete"),
    "export_distributions": ("distributions.export", "distributions export"),
    "import_distributions": ("distributions.import_", "distributions import"),
    "list_platforms": ("distributions.platforms", "platforms list"),
    "connect_platform": ("distributions.connect", "platforms connect"),
    "disconnect_platform": ("distributions.disconnect", "platforms disconnect"),
    "list_distributions": ("distributions.list", "distributions list"),
    "create_distribution": ("distributions.create", "distribute"),
    "get_distribution": ("distributions.get", "distributions get"),
    "update_distribution": ("distributions.update", "distributions update"),
    "submit_distribution": ("distributions.submit", "distributions submit"),
    "retry_distribution": ("distributions.retry", "distributions retry"),
    "pause_distribution": ("distributions.pause", "distributions pause"),
    "resume_distribution": ("distributions.resume", "distributions resume"),
    "cancel_distribution": ("distributions.cancel", "distributions cancel"),
    "takedown_distribution": ("distributions.takedown", "distributions takedown"),
    "confirm_distribution": ("distributions.confirm", "distributions confirm"),
    "list_distribution_events": ("distributions.events", "distributions events"),
    "get_distribution_package": ("distributions.package", "distributions package"),
    "validate_distribution": ("distributions.validate", "distributions validate"),
    "quote_distribution": ("distributions.quote", "distributions quote"),
    "list_events": ("webhooks.events", "events list"),
    "get_event": ("webhooks.event", "events get"),
    "trigger_event": ("webhooks.trigger", "webhooks trigger"),
    "list_webhooks": ("webhooks.list", "webhooks list"),
    "create_webhook": ("webhooks.create", "webhooks create"),
    "get_webhook": ("webhooks.get", "webhooks get"),
    "update_webhook": ("webhooks.update", "webhooks update"),
    "delete_webhook": ("webhooks.delete", "webhooks delete"),
    "test_webhook": ("webhooks.test", "webhooks test"),
    "rotate_webhook_secret": ("webhooks.rotate_secret", "webhooks rotate"),
    "replay_webhook": ("webhooks.replay", "webhooks replay"),
    "list_deliveries": ("webhooks.deliveries", "webhooks deliveries"),
    "get_delivery": ("webhooks.delivery", "webhooks delivery"),
    "redeliver": ("webhooks.redeliver", "webhooks redeliver"),
    "list_api_keys": ("api_keys.list", "keys list"),
    "create_api_key": ("api_keys.create", "keys create"),
    "get_api_key": ("api_keys.get", "keys get"),
    "update_api_key": ("api_keys.update", "keys update"),
    "revoke_api_key": ("api_keys.revoke", "keys revoke"),
    "rotate_api_key": ("api_keys.rotate", "keys rotate"),
    "get_profile": ("account.profile", "whoami"),
    "update_profile": ("account.update_profile", "profile update"),
    "get_notifications": ("account.notifications", "notifications show"),
    "update_notifications": ("account.update_notifications", "notifications set"),
    "list_users": ("admin.users", "users list"),
    "create_user": ("admin.create_user", "users add"),
    "get_user": ("admin.user", "users get"),
    "update_user": ("admin.update_user", "users tier"),
    "list_user_api_keys": ("admin.api_keys", "users keys"),
    "create_user_api_key": ("admin.create_api_key", "users add-key"),
    "get_usage": ("account.usage", "usage"),
    "get_admin_usage": ("admin.usage", "admin usage"),
    "get_health": ("admin.health", "admin health"),
    "list_alerts": ("admin.alerts", "admin alerts"),
    "suspend_user_api_key": ("admin.suspend_api_key", "users suspend"),
}
#: Asked by load balancers, by Prometheus and by stores, not by people.
NEITHER = {"healthz", "readyz", "metrics", "take_platform_callback"}


def operation_ids() -> set[str]:
    spec = yaml.load(SPEC.read_text("utf-8"), yaml.CSafeLoader)
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
