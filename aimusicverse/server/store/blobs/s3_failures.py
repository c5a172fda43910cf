"""What an S3 store, or the way to it, answers instead of doing its work, in words that say what to do.

The client's own message repeats the store's answer, which may hold the access key's id and what was
signed: only the status and the error's code are taken from it.
"""

from __future__ import annotations

import errno
import re

from aimusicverse.server.store.blobs.base import BlobsUnavailable

_CODE = re.compile(r"<Code>(\w{1,60})</Code>")
_STATUS = re.compile(r"status code: (\d{3})")
_KIND = re.compile(r"kind: (Connect|Timeout|Interrupted|Decode|Request)\b")
_RETRIES = re.compile(r"after (\d+) retries")

#: Error codes that somebody has to do something about, with what
#: (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html).
_ADVICE = {
    "NoSuchBucket": "create the bucket, or correct AMV_BLOBS",
    "InvalidBucketName": "correct AMV_BLOBS",
    "AccessDenied": "allow s3:ListBucket, s3:GetObject, s3:PutObject and s3:DeleteObject there",
    "AllAccessDisabled": "ask who runs the store",
    "InvalidAccessKeyId": "check AMV_S3_ACCESS_KEY_ID, or AWS_ACCESS_KEY_ID",
    "SignatureDoesNotMatch": "check AMV_S3_SECRET_ACCESS_KEY, or AWS_SECRET_ACCESS_KEY",
    "ExpiredToken": "renew the credentials in AWS_SESSION_TOKEN",
    "InvalidToken": "renew the credentials in AWS_SESSION_TOKEN",
    "AuthorizationHeaderMalformed": "set AMV_S3_REGION to the bucket's region",
    "PermanentRedirect": "set AMV_S3_REGION to the bucket's region",
    "IllegalLocationConstraintException": "set AMV_S3_REGION to the bucket's region",
    "RequestTimeTooSkewed": "set this machine's clock",
}
_OF_STATUS = {"301": "PermanentRedirect", "401": "InvalidAccessKeyId", "403": "AccessDenied"}
_OF_KIND = {
    "Connect": "no connection could be made",
    "Timeout": "the answer took too long",
    "Interrupted": "the connection was cut",
    "Decode": "the answer could not be read",
    "Request": "the request could not be sent",
}
#: In what the client says when it asked the machine's metadata service for credentials.
_WITHOUT_CREDENTIALS = ("169.254.169.254", "fd00:ec2::254", "latest/api/token", "latest/meta-data")
_FULL = {"StorageFull", "XMinioStorageFull", "QuotaExceeded", "InsufficientStorage"}


def failure(error: Exception, doing: str, where: str, *, taking: bool = False) -> BlobsUnavailable | OSError:
    """The exception to raise for one of the client library's.

    Args:
        error: as it came.
        doing: such as "keep a blob".
        where: the store, for a person.
        taking: whether it was given something, and so may be full.

    Returns:
        `BlobsUnavailable`, or, as a disk that is full gives, an `OSError` with `ENOSPC`.
    """
    text = str(error)
    if any(sign in text for sign in _WITHOUT_CREDENTIALS):
        # Not certainly a mistake: a machine's own role may be out of reach for a moment.
        return BlobsUnavailable(
            f"no credentials for {where}: set AMV_S3_ACCESS_KEY_ID and AMV_S3_SECRET_ACCESS_KEY, or AWS_*; "
            "without them this machine's own role is asked for, which gives none"
        )
    status = _first(_STATUS, text)
    code = _first(_CODE, text) or _OF_STATUS.get(status or "")
    if taking and (code in _FULL or status == "507"):
        return OSError(errno.ENOSPC, f"no room left in {where}")
    if code in _ADVICE:
        said = f"{status} {code}" if status else code
        return BlobsUnavailable(f"{where} refuses to {doing} ({said}): {_ADVICE[code]}", misconfigured=True)
    kind = _first(_KIND, text)
    if status:
        what = f"it answers {status} {code}" if code else f"it answers {status}"
    else:
        what = _OF_KIND.get(kind or "", f"the client says {type(error).__name__}")
    tries = f", {int(retries) + 1} tries" if (retries := _first(_RETRIES, text)) else ""
    return BlobsUnavailable(
        f"{where} does not {doing} ({what}{tries}); it is tried again by itself. "
        "If that goes on, see whether the store works and this machine reaches it"
    )


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    found = pattern.search(text)
    return found.group(1) if found else None
