"""Which place the settings name, and what is said when they cannot be."""

from __future__ import annotations

import logging
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from aimusicverse.errors import ConfigurationError
from aimusicverse.secret import Secret
from aimusicverse.server.settings import Settings
from aimusicverse.server.store.blobs.folder import FolderBlobs
from aimusicverse.server.store.blobs.opening import open_blobs
from aimusicverse.server.store.blobs.s3 import S3Blobs
from tests.server.store.s3_stand_in import StandIn

opened = partial(open_blobs, alone=True)


def settings(stand_in: StandIn | None = None, **given: Any) -> Settings:
    to_s3: dict[str, Any] = {
        "s3_endpoint": stand_in.url if stand_in else None,
        "s3_region": "us-east-1",
        "s3_access_key_id": "tester",
        "s3_secret_access_key": Secret("x"),
    }
    return Settings.from_environment({}, **(to_s3 | given))


def test_without_a_setting_it_is_a_folder(tmp_path: Path) -> None:
    assert isinstance(opened(Settings(), tmp_path), FolderBlobs)
    assert (tmp_path / "blobs").is_dir()


def test_workspaces_of_others_are_left_alone(tmp_path: Path) -> None:
    with opened(Settings(), tmp_path).workspace() as theirs:
        open_blobs(Settings(), tmp_path, alone=False)
        assert theirs.exists()


def test_an_s3_address_is_a_bucket_with_a_prefix(stand_in: StandIn, bucket: str, tmp_path: Path) -> None:
    blobs = opened(settings(stand_in, blobs=f"s3://{bucket}/a/b/"), tmp_path)
    assert isinstance(blobs, S3Blobs)
    assert (blobs._address.bucket, blobs._address.prefix) == (bucket, "a/b")
    assert not (tmp_path / "blobs").exists()


@pytest.mark.parametrize(
    "place", ["gs://music", "/srv/audio", "s3://", "s3://Not_A_Bucket", "s3://music?x=1"]
)
def test_another_address_is_refused(place: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="AMV_BLOBS"):
        opened(settings(blobs=place), tmp_path)


@pytest.mark.parametrize("endpoint", ["minio:9000", "ftp://minio", "https://", "https://me:hidden@minio"])
def test_an_endpoint_is_an_origin_without_a_password(endpoint: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="AMV_S3_ENDPOINT") as caught:
        opened(settings(blobs="s3://music", s3_endpoint=endpoint), tmp_path)
    assert "hidden" not in str(caught.value)


def test_half_of_the_credentials_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="both or none"):
        opened(Settings(blobs="s3://music", s3_access_key_id="x"), tmp_path)


def test_a_bucket_that_is_not_there_ends_the_start(stand_in: StandIn, bucket: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="NoSuchBucket"):
        opened(settings(stand_in, blobs=f"s3://{bucket}-not"), tmp_path)


def test_a_store_that_is_busy_does_not_end_the_start(
    stand_in: StandIn, bucket: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    stand_in.play(status=503)
    with caplog.at_level(logging.ERROR):
        opened(settings(stand_in, blobs=f"s3://{bucket}"), tmp_path)
    (record,) = caplog.records
    assert "503 SlowDown" in vars(record)["error"]


def test_without_the_extra_one_line_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "aimusicverse.server.store.blobs.s3")
    monkeypatch.setitem(sys.modules, "obstore", None)
    with pytest.raises(ConfigurationError) as caught:
        opened(settings(blobs="s3://music"), tmp_path)
    assert "pip install 'aimusicverse[s3]'" in str(caught.value)
    assert "\n" not in str(caught.value)
