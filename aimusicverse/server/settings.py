"""The server's settings: one typed class, filled from the environment.

docs/settings.md and .env.example are written from it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from aimusicverse import paths
from aimusicverse.errors import ConfigurationError
from aimusicverse.secret import Secret

#: Under which the API lives, on every server.
PREFIX = "/api/v1"


def _setting(default: Any, variable: str, meaning: str) -> Any:
    metadata = {"variable": variable, "meaning": meaning}
    if callable(default):
        return field(default_factory=default, metadata=metadata)
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a server is told before it starts."""

    data_dir: Path = _setting(
        paths.data_dir,
        "AMV_DATA_DIR",
        "Folder of the database, the audio, the keys and `server.json`. On SQLite one process owns it; on "
        "PostgreSQL several may share it.",
    )
    database_url: Secret | None = _setting(
        None,
        "AMV_DATABASE_URL",
        "A PostgreSQL database, `postgresql://user:password@host:5432/name`, which several servers and "
        "workers may share. Empty: SQLite, in the data folder.",
    )
    host: str = _setting("127.0.0.1", "AMV_HOST", "Address to listen on.")
    port: int = _setting(8787, "AMV_PORT", "Port to listen on; 0 takes a free one.")
    workers: int = _setting(
        1,
        "AMV_WORKERS",
        "How many processes answer requests; from 2 on, jobs get a process of their own. Needs PostgreSQL.",
    )
    jobs: bool = _setting(
        True,
        "AMV_JOBS",
        "Whether `amv serve` also does jobs, such as renders. 0 leaves them to `amv worker`.",
    )
    durable: bool = _setting(
        False,
        "AMV_DURABLE",
        "Sync the disk at every commit. Without it a power cut (not a crash) may cost the last moments.",
    )
    render_slots: int = _setting(2, "AMV_RENDER_SLOTS", "How many recordings a process renders side by side.")
    master_key: Secret | None = _setting(
        None,
        "AMV_MASTER_KEY",
        "Base64 of 32 bytes, for cursors, links and kept answers. Empty: `master.key` in the data folder.",
    )
    blobs: str = _setting(
        "",
        "AMV_BLOBS",
        "Where the audio is kept: `s3://bucket/prefix` (needs `[s3]`). Empty: `blobs/` in the data folder.",
    )
    s3_endpoint: str = _setting(
        "", "AMV_S3_ENDPOINT", "Origin of an S3 store that is not Amazon's, such as MinIO."
    )
    s3_region: str = _setting("", "AMV_S3_REGION", "Region of the bucket. Empty: that of `AWS_REGION`.")
    s3_access_key_id: str = _setting(
        "",
        "AMV_S3_ACCESS_KEY_ID",
        "Who uses the bucket. Empty: as `AWS_*` in the environment says, or the machine's own role.",
    )
    s3_secret_access_key: Secret | None = _setting(
        None, "AMV_S3_SECRET_ACCESS_KEY", "The secret that belongs to `AMV_S3_ACCESS_KEY_ID`."
    )
    blob_cache_mb: int = _setting(
        1000, "AMV_BLOB_CACHE_MB", "With `s3://`: how much audio is also kept in `cache/` in the data folder."
    )
    public_url: str = _setting(
        "",
        "AMV_PUBLIC_URL",
        "Origin under which others reach this server, for play links. Empty: that of the request.",
    )
    dev: bool = _setting(
        False,
        "AMV_DEV",
        "For tests: `/_local/*` moves the clock, plays faults, empties the server.",
    )
    log_level: str = _setting(
        "info", "AMV_LOG_LEVEL", "`debug`, `info`, `warning` or `error`. Logs are JSON lines on stderr."
    )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None, **given: Any) -> Settings:
        """Settings from the environment; what is `given` and not `None` wins.

        Raises:
            ConfigurationError: a value that cannot be one, named with its variable.
        """
        environment = os.environ if environment is None else environment
        values: dict[str, Any] = {}
        for setting in fields(cls):
            variable = setting.metadata["variable"]
            if given.get(setting.name) is not None:
                values[setting.name] = given[setting.name]
            elif environment.get(variable):
                values[setting.name] = _parsed(variable, environment[variable], str(setting.type))
        settings = cls(**values)
        settings._check()
        return settings

    def as_environment(self) -> dict[str, str]:
        """The variables from which `from_environment` makes the same settings."""
        found = {}
        for setting in fields(self):
            value = getattr(self, setting.name)
            if isinstance(value, Secret):
                value = value.get_secret_value()
            found[setting.metadata["variable"]] = "" if value is None else str(value)
        return found

    def _check(self) -> None:
        if not 0 <= self.port <= 65535:
            raise ConfigurationError(f"AMV_PORT must be 0 to 65535, not {self.port}")
        if not 1 <= self.workers <= 64:
            raise ConfigurationError(f"AMV_WORKERS must be 1 to 64, not {self.workers}")
        if not 1 <= self.render_slots <= 64:
            raise ConfigurationError(f"AMV_RENDER_SLOTS must be 1 to 64, not {self.render_slots}")
        if self.blob_cache_mb < 0:
            raise ConfigurationError(f"AMV_BLOB_CACHE_MB must be 0 or more, not {self.blob_cache_mb}")
        if self.log_level not in ("debug", "info", "warning", "error"):
            raise ConfigurationError(
                f"AMV_LOG_LEVEL must be debug, info, warning or error, not {self.log_level!r}"
            )


def _parsed(variable: str, text: str, kind: str) -> Any:
    if kind == "int":
        try:
            return int(text)
        except ValueError:
            raise ConfigurationError(f"{variable} must be a whole number, not {text!r}") from None
    if kind == "bool":
        if text.lower() in ("1", "true", "yes", "on"):
            return True
        if text.lower() in ("0", "false", "no", "off"):
            return False
        raise ConfigurationError(f"{variable} must be 1 or 0, not {text!r}")
    if kind.startswith("Secret"):
        return Secret(text)
    return Path(text).expanduser() if kind == "Path" else text
