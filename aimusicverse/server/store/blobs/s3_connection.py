"""Where an S3 store is, who may use it, and how long it is waited for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from obstore.store import S3Store

from aimusicverse.secret import Secret

if TYPE_CHECKING:
    from obstore.store import S3Config, S3Credential


@dataclass(frozen=True, slots=True, kw_only=True)
class S3Address:
    """Where the objects are, and who may use them."""

    bucket: str
    #: Before every object's name; without slashes at its ends.
    prefix: str = ""
    #: Origin of a store other than Amazon's; empty: Amazon's.
    endpoint: str = ""
    #: Empty: what AWS_REGION says.
    region: str = ""
    #: Both or none: then from the environment, as the AWS tools do.
    access_key_id: str = ""
    secret_access_key: Secret | None = None

    def __str__(self) -> str:
        place = f"s3://{self.bucket}/{self.prefix}".rstrip("/")
        return f"the store {place} at {self.endpoint}" if self.endpoint else f"the store {place}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait for the store, in seconds."""

    #: For one answer; an upload gets more, by its size.
    answer: float = 10
    #: How long a request is sent again, with growing pauses of random length.
    retry: float = 20
    #: The same for an upload.
    retry_upload: float = 60
    #: For the answer to `check`.
    check: float = 3


def connect(address: S3Address, *, answer: float, retry: float, retries: int = 6) -> S3Store:
    """A client of the store; does not call it.

    Args:
        address: the store.
        answer: seconds for one answer, its body included.
        retry: seconds after which a request is not sent again.
        retries: how often it is, with growing pauses of random length.
    """
    config: S3Config = {
        "checksum_algorithm": "SHA256",  # the store refuses a body that was changed on the way
        "disable_bulk_delete": True,  # not every store has it, and there is seldom much to delete
    }
    if address.endpoint:
        config["endpoint"] = address.endpoint
    if address.region:
        config["region"] = address.region
    return S3Store(
        address.bucket,
        prefix=address.prefix or None,
        config=config,
        client_options={
            "timeout": timedelta(seconds=answer),
            "connect_timeout": timedelta(seconds=min(answer, 5)),
            "allow_http": address.endpoint.startswith("http://"),
        },
        retry_config={
            "max_retries": retries,
            "retry_timeout": timedelta(seconds=retry),
            "backoff": {
                "init_backoff": timedelta(seconds=0.1),
                "max_backoff": timedelta(seconds=5),
                "base": 2,
            },
        },
        credential_provider=_Credentials(address) if address.secret_access_key else None,
    )


class _Credentials:
    """Those of the settings alone: an AWS_SESSION_TOKEN in the environment is not theirs."""

    def __init__(self, address: S3Address) -> None:
        self._id = address.access_key_id
        self._secret = address.secret_access_key or Secret("")

    def __call__(self) -> S3Credential:
        return {
            "access_key_id": self._id,
            "secret_access_key": self._secret.get_secret_value(),
            "token": None,  # nosec B105 - there is none
            "expires_at": None,
        }
