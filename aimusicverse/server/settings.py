"""The server's settings: one typed class, filled from the environment.

docs/settings.md and .env.example are written from it.
"""

from __future__ import annotations

import ipaddress
import os
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final

from aimusicverse import paths
from aimusicverse.egress import EgressError, Rules, check_url
from aimusicverse.errors import ConfigurationError
from aimusicverse.notify.telegram import bot_id
from aimusicverse.secret import Secret
from aimusicverse.server.door import hosts, origins

_ORIGIN: Final = re.compile(r"https?://[^\s/?#@]+/?")

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
    soundfont: str = _setting(
        "",
        "AMV_SOUNDFONT",
        "A soundfont on this machine, SF2 or SF3, by which the studio then plays. Empty: by its own tones.",
    )
    delivery_slots: int = _setting(
        8, "AMV_DELIVERY_SLOTS", "How many deliveries to stores a process works on side by side."
    )
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
    trusted_proxies: str = _setting(
        "",
        "AMV_TRUSTED_PROXIES",
        "Addresses or networks, commas between, of reverse proxies before this server: they are believed "
        "who calls (`X-Forwarded-For`, `X-Forwarded-Proto`). Empty: nobody is.",
    )
    address_limit: int = _setting(
        1000,
        "AMV_ADDRESS_LIMIT",
        "Calls an hour from one address without an API key; 0: as many as one likes.",
    )
    wrong_key_limit: int = _setting(
        60, "AMV_WRONG_KEY_LIMIT", "Wrong API keys an hour from one address; 0: as many as one likes."
    )
    upgrade_url: str = _setting(
        "",
        "AMV_UPGRADE_URL",
        "Where somebody who has used up his calls reads how to get more. Empty: `/limits` on this server.",
    )
    allowed_hosts: str = _setting(
        "",
        "AMV_ALLOWED_HOSTS",
        "Names under which others reach this server, commas between them: `music.example.com`, "
        "`*.example.com`, an address; `*` for any. localhost, the address listened on, and the host of "
        "`AMV_PUBLIC_URL` are there anyway.",
    )
    cors_origins: str = _setting(
        "",
        "AMV_CORS_ORIGINS",
        "Web pages that may call this server from a browser, by their origins, commas between them: "
        "`https://app.example.com`. Empty: none.",
    )
    max_body_kb: int = _setting(
        1024,
        "AMV_MAX_BODY_KB",
        "How large a request's body may be. A recording that is uploaded may have 2 GiB whatever this is, a "
        "playlist's cover 10 MiB, an artwork 20 MiB.",
    )
    max_header_kb: int = _setting(
        32, "AMV_MAX_HEADER_KB", "How large a request's first line and headers may be, together."
    )
    header_seconds: int = _setting(
        10, "AMV_HEADER_SECONDS", "How long a request's headers may take to arrive, all of them."
    )
    min_bytes_per_second: int = _setting(
        500,
        "AMV_MIN_BYTES_PER_SECOND",
        "How quickly a body must arrive, over any 20 seconds, and an answer be read, over any 60; 0: as "
        "slowly as it likes.",
    )
    idle_seconds: int = _setting(
        75,
        "AMV_IDLE_SECONDS",
        "How long a connection stays open between requests. Let a proxy in front keep its own for less.",
    )
    artwork_limit: int = _setting(
        1000, "AMV_ARTWORK_LIMIT", "How many artworks a user may have; 0: as many as he likes."
    )
    stability_api_key: Secret | None = _setting(
        None,
        "AMV_STABILITY_API_KEY",
        "Of an account with Stability AI, which then makes artwork for all users here. Empty: it does not.",
    )
    stability_url: str = _setting(
        "https://api.stability.ai", "AMV_STABILITY_URL", "Origin of Stability AI's API."
    )
    replicate_api_token: Secret | None = _setting(
        None,
        "AMV_REPLICATE_API_TOKEN",
        "Of an account with Replicate, which then makes artwork for all users here. Empty: it does not.",
    )
    replicate_url: str = _setting(
        "https://api.replicate.com", "AMV_REPLICATE_URL", "Origin of Replicate's API."
    )
    replicate_model: str = _setting(
        "black-forest-labs/flux-schnell",
        "AMV_REPLICATE_MODEL",
        "The model on Replicate, `owner/name`: one that takes `prompt`, `aspect_ratio`, `output_format` and "
        "`seed`.",
    )
    telegram_token: Secret | None = _setting(
        None,
        "AMV_TELEGRAM_TOKEN",
        "Of a bot on Telegram, from @BotFather, which then tells users what became of their releases. All "
        "processes of a server need it. Empty: it does not.",
    )
    telegram_url: str = _setting(
        "https://api.telegram.org", "AMV_TELEGRAM_URL", "Origin of Telegram's Bot API."
    )
    sandbox: bool = _setting(
        True,
        "AMV_SANDBOX",
        "Stand-in stores under `/_sandbox`, for distributions in the mode `sandbox`; nobody can hear what is "
        "delivered there. 0: there are none.",
    )
    sandbox_review_seconds: float = _setting(
        20.0, "AMV_SANDBOX_REVIEW_SECONDS", "How long a stand-in store looks at a release before it takes it."
    )
    sandbox_sftp_port: int = _setting(
        0,
        "AMV_SANDBOX_SFTP_PORT",
        "Where the sandbox takes DDEX batches by SFTP (needs `[sftp]`), from this machine alone. 0: nowhere.",
    )
    sandbox_sftp_password: Secret | None = _setting(
        None,
        "AMV_SANDBOX_SFTP_PASSWORD",
        "What `spotify`, `ddex` and `ddex_43` sign in with there. Without one nobody listens.",
    )
    sandbox_url: str = _setting(
        "",
        "AMV_SANDBOX_URL",
        "Origin of the server whose stand-in stores are used, `http://10.0.0.5:8787`: for workers on other "
        "machines, which may then reach `/_sandbox` there. Empty: that of the server over the same data "
        "folder, which lets only its own machine in.",
    )
    delivery_folder: str = _setting(
        "",
        "AMV_DELIVERY_FOLDER",
        "Where packages for real stores are put, for those who fetch or send them on. Empty: nowhere.",
    )
    transporter: str = _setting(
        "",
        "AMV_TRANSPORTER",
        "Apple's Transporter with its arguments, which then delivers to Apple Music. Empty: there is none.",
    )
    ffmpeg: str = _setting(
        "ffmpeg", "AMV_FFMPEG", "The program that makes a video of a cover and a recording, for YouTube."
    )
    soundcloud_client_id: str = _setting(
        "",
        "AMV_SOUNDCLOUD_CLIENT_ID",
        "Of the app that you registered with SoundCloud, by which users connect their accounts there. Empty: "
        "they cannot.",
    )
    soundcloud_client_secret: Secret | None = _setting(
        None, "AMV_SOUNDCLOUD_CLIENT_SECRET", "The secret that belongs to `AMV_SOUNDCLOUD_CLIENT_ID`."
    )
    youtube_client_id: str = _setting(
        "",
        "AMV_YOUTUBE_CLIENT_ID",
        "Of the app that you registered with Google, by which users connect their YouTube channels. Empty: "
        "they cannot.",
    )
    youtube_client_secret: Secret | None = _setting(
        None, "AMV_YOUTUBE_CLIENT_SECRET", "The secret that belongs to `AMV_YOUTUBE_CLIENT_ID`."
    )
    dev: bool = _setting(
        False,
        "AMV_DEV",
        "For tests: `/_local/*` moves the clock, plays faults, empties the server.",
    )
    usage: bool = _setting(
        True, "AMV_USAGE", "Count requests, for `GET /usage/stats`, `/admin/usage`, alerts and `/metrics`."
    )
    usage_hourly_days: int = _setting(
        35, "AMV_USAGE_HOURLY_DAYS", "How many days usage is kept hour by hour; then by the day."
    )
    usage_daily_days: int = _setting(
        731, "AMV_USAGE_DAILY_DAYS", "How many days usage is kept at all; 0 is for ever."
    )
    alert_api_errors: float = _setting(
        0.05,
        "AMV_ALERT_API_ERRORS",
        "Raise the alert `api_errors` when of the API's answers within 5 minutes a larger part than this has "
        "a status of 500 or above; 1 never does.",
    )
    alert_webhook_failures: float = _setting(
        0.05,
        "AMV_ALERT_WEBHOOK_FAILURES",
        "Raise the alert `webhook_failures` when of the deliveries that ended in 15 minutes a larger part "
        "than this had no success; 1 never does.",
    )
    metrics_token: Secret | None = _setting(
        None,
        "AMV_METRICS_TOKEN",
        "What `GET /metrics` needs as `Authorization: Bearer <token>`. Empty: none, and only this machine "
        "may read it.",
    )
    webhook_allow: str = _setting(
        "",
        "AMV_WEBHOOK_ALLOW",
        "Where webhooks may go although it is not public, and without TLS, commas between: `10.0.5.0/24`, "
        "`10.0.5.7:8080`, `hooks.internal:8080`. A server that only its own machine reaches allows that "
        "machine anyway.",
    )
    delivery_days: int = _setting(
        30, "AMV_DELIVERY_DAYS", "How many days deliveries of webhooks, and what was answered, are kept."
    )
    event_days: int = _setting(
        90, "AMV_EVENT_DAYS", "How many days the log of events goes back; 0 is for ever."
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

    @property
    def trusted_networks(self) -> list[str]:
        """The reverse proxies, one by one."""
        return [part.strip() for part in self.trusted_proxies.split(",") if part.strip()]

    @property
    def telegram_bot_id(self) -> int | None:
        """Telegram's number of the bot, if there is one."""
        return None if self.telegram_token is None else bot_id(self.telegram_token)

    @property
    def is_local(self) -> bool:
        """Whether only this machine reaches the server, as far as its settings tell."""
        behind = self.public_url or self.allowed_hosts or self.trusted_networks
        return self.dev or (self.host in ("127.0.0.1", "::1", "localhost") and not behind)

    @property
    def egress_rules(self) -> Rules:
        """Where the server may send to when a user names the address.

        Raises:
            ConfigurationError: `webhook_allow` cannot be read.
        """
        try:
            return Rules.of(self.webhook_allow, local=self.is_local)
        except ConfigurationError as error:
            raise ConfigurationError(f"AMV_WEBHOOK_ALLOW: {error}") from None

    def _check(self) -> None:
        if not 0 <= self.port <= 65535:
            raise ConfigurationError(f"AMV_PORT must be 0 to 65535, not {self.port}")
        if not 1 <= self.workers <= 64:
            raise ConfigurationError(f"AMV_WORKERS must be 1 to 64, not {self.workers}")
        if not 1 <= self.render_slots <= 64:
            raise ConfigurationError(f"AMV_RENDER_SLOTS must be 1 to 64, not {self.render_slots}")
        if not 1 <= self.delivery_slots <= 64:
            raise ConfigurationError(f"AMV_DELIVERY_SLOTS must be 1 to 64, not {self.delivery_slots}")
        for value, least, most, variable in (
            (self.max_body_kb, 1, 1_000_000, "AMV_MAX_BODY_KB"),
            (self.max_header_kb, 4, 1024, "AMV_MAX_HEADER_KB"),
            (self.header_seconds, 1, 3600, "AMV_HEADER_SECONDS"),
            (self.min_bytes_per_second, 0, 1_000_000, "AMV_MIN_BYTES_PER_SECOND"),
            (self.idle_seconds, 1, 86_400, "AMV_IDLE_SECONDS"),
        ):
            if not least <= value <= most:
                raise ConfigurationError(f"{variable} must be {least} to {most}, not {value}")
        hosts.listed(self.allowed_hosts)
        origins.listed(self.cors_origins)
        if self.blob_cache_mb < 0:
            raise ConfigurationError(f"AMV_BLOB_CACHE_MB must be 0 or more, not {self.blob_cache_mb}")
        for variable, limit in (
            ("AMV_ADDRESS_LIMIT", self.address_limit),
            ("AMV_WRONG_KEY_LIMIT", self.wrong_key_limit),
        ):
            if not 0 <= limit <= 10**9:
                raise ConfigurationError(f"{variable} must be 0 to 1000000000, not {limit}")
        for variable, url in (
            ("AMV_STABILITY_URL", self.stability_url),
            ("AMV_REPLICATE_URL", self.replicate_url),
            ("AMV_TELEGRAM_URL", self.telegram_url),
        ):
            _check_origin(variable, url)
        if self.sandbox_url and not _ORIGIN.fullmatch(self.sandbox_url):
            raise ConfigurationError(
                f"AMV_SANDBOX_URL must be an origin such as http://10.0.0.5:8787, not {self.sandbox_url!r}"
            )
        token = self.telegram_token
        if token is not None and not re.fullmatch(
            r"[0-9]{1,18}:[\w-]{1,200}", token.get_secret_value(), re.ASCII
        ):
            raise ConfigurationError("AMV_TELEGRAM_TOKEN must be <number>:<letters>, as @BotFather gives it")
        if not 0 <= self.sandbox_sftp_port <= 65535:
            raise ConfigurationError(
                f"AMV_SANDBOX_SFTP_PORT must be 0 to 65535, not {self.sandbox_sftp_port}"
            )
        if not 0 <= self.sandbox_review_seconds <= 86_400:
            raise ConfigurationError(
                f"AMV_SANDBOX_REVIEW_SECONDS must be 0 to 86400, not {self.sandbox_review_seconds:g}"
            )
        try:
            shlex.split(self.transporter)
        except ValueError as error:
            raise ConfigurationError(f"AMV_TRANSPORTER cannot be read as a command: {error}") from None
        if not re.fullmatch(r"[\w.-]+/[\w.-]+", self.replicate_model, re.ASCII):
            raise ConfigurationError(f"AMV_REPLICATE_MODEL must be owner/name, not {self.replicate_model!r}")
        if not 0 <= self.artwork_limit <= 10**9:
            raise ConfigurationError(f"AMV_ARTWORK_LIMIT must be 0 to 1000000000, not {self.artwork_limit}")
        for network in self.trusted_networks:
            _check_network(network)
        for variable, share in (
            ("AMV_ALERT_API_ERRORS", self.alert_api_errors),
            ("AMV_ALERT_WEBHOOK_FAILURES", self.alert_webhook_failures),
        ):
            if not 0 < share <= 1:
                raise ConfigurationError(f"{variable} must be above 0 and at most 1, not {share:g}")
        if self.usage_hourly_days < 1:
            raise ConfigurationError(f"AMV_USAGE_HOURLY_DAYS must be 1 or more, not {self.usage_hourly_days}")
        if self.usage_daily_days and self.usage_daily_days < self.usage_hourly_days:
            raise ConfigurationError(
                "AMV_USAGE_DAILY_DAYS must be 0, or not less than AMV_USAGE_HOURLY_DAYS "
                f"({self.usage_hourly_days}), not {self.usage_daily_days}"
            )
        if self.delivery_days < 1:
            raise ConfigurationError(f"AMV_DELIVERY_DAYS must be 1 or more, not {self.delivery_days}")
        if self.event_days and self.event_days < self.delivery_days:
            raise ConfigurationError(
                f"AMV_EVENT_DAYS must be 0, or not less than AMV_DELIVERY_DAYS ({self.delivery_days}), not "
                f"{self.event_days}"
            )
        _ = self.egress_rules
        if self.log_level not in ("debug", "info", "warning", "error"):
            raise ConfigurationError(
                f"AMV_LOG_LEVEL must be debug, info, warning or error, not {self.log_level!r}"
            )


def _check_origin(variable: str, url: str) -> None:
    try:
        check_url(url, Rules(local=True))
    except EgressError as error:
        raise ConfigurationError(f"{variable}: {error.message}") from None


def _check_network(text: str) -> None:
    try:
        ipaddress.ip_network(text)
    except ValueError as error:
        raise ConfigurationError(
            f"AMV_TRUSTED_PROXIES must be addresses or networks, such as 10.0.0.0/8, not {text!r} ({error})"
        ) from None


def _parsed(variable: str, text: str, kind: str) -> Any:
    if kind == "int":
        try:
            return int(text)
        except ValueError:
            raise ConfigurationError(f"{variable} must be a whole number, not {text!r}") from None
    if kind == "float":
        try:
            return float(text)
        except ValueError:
            raise ConfigurationError(f"{variable} must be a number, not {text!r}") from None
    if kind == "bool":
        if text.lower() in ("1", "true", "yes", "on"):
            return True
        if text.lower() in ("0", "false", "no", "off"):
            return False
        raise ConfigurationError(f"{variable} must be 1 or 0, not {text!r}")
    if kind.startswith("Secret"):
        return Secret(text)
    return Path(text).expanduser() if kind == "Path" else text
