"""Settings: typed, and named when they cannot be what they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from aimusicverse.errors import ConfigurationError
from aimusicverse.server.settings import Settings


def test_the_environment_is_read_and_what_is_given_wins() -> None:
    settings = Settings.from_environment(
        {"AMV_PORT": "1234", "AMV_DURABLE": "yes", "AMV_DATA_DIR": "/x"}, port=0
    )
    assert (settings.port, settings.durable, settings.data_dir) == (0, True, Path("/x"))


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("AMV_PORT", "http"),
        ("AMV_PORT", "70000"),
        ("AMV_DURABLE", "perhaps"),
        ("AMV_RENDER_SLOTS", "0"),
        ("AMV_WORKERS", "0"),
        ("AMV_JOBS", "many"),
        ("AMV_LOG_LEVEL", "loud"),
        ("AMV_DELIVERY_DAYS", "0"),
        ("AMV_DELIVERY_DAYS", "-1"),
        ("AMV_EVENT_DAYS", "29"),  # less than deliveries are kept: they name events
        ("AMV_WEBHOOK_ALLOW", "hooks.internal"),
        ("AMV_WEBHOOK_ALLOW", "10.0.0.0/33"),
        ("AMV_WEBHOOK_ALLOW", "https://hooks.internal:8080"),
    ],
)
def test_a_value_that_cannot_be_one_is_named(variable: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=variable):
        Settings.from_environment({variable: value})


def test_every_setting_off_and_on() -> None:
    assert Settings.from_environment({"AMV_DURABLE": "0"}).durable is False


def test_settings_survive_the_way_to_a_child_process() -> None:
    given = Settings.from_environment(
        {
            "AMV_DATABASE_URL": "postgresql://user:secret@host/name",
            "AMV_WORKERS": "3",
            "AMV_JOBS": "0",
            "AMV_DURABLE": "1",
            "AMV_PUBLIC_URL": "https://music.example.com",
        },
        data_dir=Path("/a folder"),
    )
    assert Settings.from_environment(given.as_environment()) == given
    assert Settings.from_environment(Settings().as_environment()) == Settings()
