"""Apple's Transporter, run as a program.

The password goes by the environment (`-p @env:ITMS_TRANSPORTER_PASSWORD`, as public code does it), never
among the arguments, which every user of a machine may read. Of what Transporter prints it is taken out.
**Written, not verified**: no Transporter was run.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from aimusicverse.platforms.apple_music.codes import NOT_VALID, TRANSPORTER_FAILED
from aimusicverse.platforms.base import DeliveryError
from aimusicverse.platforms.store_problems import general
from aimusicverse.secret import MASK, Secret

_VARIABLE: Final = "ITMS_TRANSPORTER_PASSWORD"
#: Of the environment Transporter gets what a program needs to run at all, and nothing of the server's.
_PASSED_ON: Final = (
    "PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TEMP", "TMP", "JAVA_HOME", "SYSTEMROOT",
    "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy",
)  # fmt: skip
#: An upload of 500 tracks may take hours, and none takes a day.
UPLOAD_SECONDS: Final = 12 * 3600.0
STATUS_SECONDS: Final = 300.0
_MOST_BYTES: Final = 2_000_000
_BEAT_SECONDS: Final = 1.0
_PATIENCE_SECONDS: Final = 5.0
_ERROR: Final = re.compile(r"\bERROR:\s*(.+)")
_NUMBER: Final = re.compile(r"ITMS-(\d+)|\((-?\d+)\)\s*\"?$")
_AUTH: Final = re.compile(
    r"unable to authenticate|invalid (?:user ?name|credentials|password)|password (?:was|is) incorrect"
    r"|entered incorrectly|app-specific password|not authori[sz]ed|\(-22938\)|\(-20101\)",
    re.IGNORECASE,
)
#: ITMS-3000 to ITMS-9999 are about what is in a package.
_ABOUT_THE_PACKAGE: Final = range(3000, 10_000)
_LONGEST_TOLD: Final = 600


@dataclass(frozen=True, slots=True)
class Transporter:
    """Apple's Transporter with an account.

    Args:
        command: the program and arguments of whoever runs the server, like `-t DAV`.
        username: of the account.
        password: of the account.
        provider: the short name that Apple gave.
    """

    command: tuple[str, ...]
    username: str
    password: Secret
    provider: str

    def upload(self, package: Path, beat: Callable[[], None]) -> None:
        """Bring a package to Apple.

        Args:
            package: `<vendor id>.itmsp`.
            beat: called about each second; what it raises ends the program, and passes.

        Raises:
            DeliveryError: it is not valid, the account is refused, or it did not get there.
        """
        code, output = self._run(["-m", "upload", "-f", str(package)], beat, UPLOAD_SECONDS)
        if code != 0:
            raise trouble(code, self._without_secrets(output))

    def status(self, vendor_id: str, beat: Callable[[], None]) -> bytes:
        """What is told of a release, as it is printed.

        Raises:
            DeliveryError: as for `upload`.
        """
        arguments = ["-m", "status", "-vendor_ids", vendor_id, "-outputFormat", "xml"]
        code, output = self._run(arguments, beat, STATUS_SECONDS)
        if code != 0:
            raise trouble(code, self._without_secrets(output))
        return output

    def _run(self, arguments: Sequence[str], beat: Callable[[], None], seconds: float) -> tuple[int, bytes]:
        account = ["-u", self.username, "-p", f"@env:{_VARIABLE}", "-s", self.provider]
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        try:
            process = subprocess.Popen(
                [*self.command, *arguments, *account],
                env=environment | {_VARIABLE: self.password.get_secret_value()},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # it is a script that starts another program: both end together
            )
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or "no such program"
            raise DeliveryError(
                general(
                    "program_missing",
                    f"Transporter cannot be started: {why}.",
                    hint="Whoever runs the server looks at AMV_TRANSPORTER. Retry then.",
                )
            ) from error
        return _watched(process, beat, seconds)

    def _without_secrets(self, output: bytes) -> str:
        text = output.decode("utf-8", "replace")
        for secret in (self.password.get_secret_value(), self.username):
            text = text.replace(secret, MASK) if secret else text
        return text


def _watched(process: subprocess.Popen[bytes], beat: Callable[[], None], seconds: float) -> tuple[int, bytes]:
    """Its exit code and what it printed, the last two megabytes of it. However this ends, the program has."""
    kept = bytearray()
    reader = threading.Thread(target=_read, args=(process.stdout, kept), name="transporter", daemon=True)
    reader.start()
    until = time.monotonic() + seconds
    try:
        while True:
            try:
                code = process.wait(_BEAT_SECONDS)
                break
            except subprocess.TimeoutExpired:
                beat()
            if time.monotonic() > until:
                raise DeliveryError(TRANSPORTER_FAILED.problem("Transporter did not come to an end."))
    finally:
        _end(process)
        reader.join(_PATIENCE_SECONDS)
    return code, bytes(kept)


def _read(stream: IO[bytes], kept: bytearray) -> None:
    with stream:
        while chunk := stream.read1(65_536):  # type: ignore[attr-defined]
            kept += chunk
            del kept[:-_MOST_BYTES]


def _end(process: subprocess.Popen[bytes]) -> None:
    """It, and what it started: also what outlived it and would hold its output open."""
    for number in (signal.SIGTERM, getattr(signal, "SIGKILL", signal.SIGTERM)):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if hasattr(os, "killpg"):
                os.killpg(process.pid, number)
            elif process.poll() is None:
                process.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_PATIENCE_SECONDS)
            if number == signal.SIGTERM and not _has_children(process.pid):
                return


def _has_children(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError, AttributeError):
        return False
    return True


def trouble(code: int, output: str) -> DeliveryError:
    """What its last words mean.

    Args:
        code: with which it ended.
        output: what it printed, without secrets.
    """
    found = [match.group(1).strip().strip('"') for match in _ERROR.finditer(output)]
    told = list(dict.fromkeys(found))
    numbers = [int(one or other) for words in told for one, other in _NUMBER.findall(words)]
    message = " ".join(told)[:_LONGEST_TOLD] or f"It ended with code {code} and said no reason."
    if any(number in _ABOUT_THE_PACKAGE for number in numbers):
        return DeliveryError(NOT_VALID.problem(message))
    if _AUTH.search(output):
        return DeliveryError(general("account_refused", f"Apple does not let the account in: {message}"))
    return DeliveryError(TRANSPORTER_FAILED.problem(message))
