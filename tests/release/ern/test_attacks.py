"""Messages that are written to bring whoever checks them down: faults, soon, and short."""

from __future__ import annotations

import time

import pytest

from aimusicverse.release.ern.checks import check

#: Large and hostile files take their time.
pytestmark = pytest.mark.long

#: CPU seconds for a message of some megabytes on a machine with other work. By the square it takes minutes.
SOON = 10.0


def message(body: str) -> bytes:
    return (
        '<e:NewReleaseMessage xmlns:e="http://ddex.net/xml/ern/432" AvsVersionId="4" '
        f'LanguageAndScriptCode="en">{body}</e:NewReleaseMessage>'
    ).encode()


def many(form: str, number: int = 30_000) -> str:
    return "".join(form.format(place) for place in range(number))


RESOURCES = many("<SoundRecording><ResourceReference>A{0}</ResourceReference></SoundRecording>")
PLACES = many("<ReleaseResourceReference>A{0}</ReleaseResourceReference>")
RELEASES = many("<TrackRelease><ReleaseReference>R{0}</ReleaseReference></TrackRelease>")
DEALS = many("<ReleaseDeal><DealReleaseReference>R{0}</DealReleaseReference></ReleaseDeal>")
PARTIES = many("<Party><PartyReference>P{0}</PartyReference></Party>")


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(
            f"<PartyList>{PARTIES}</PartyList><ResourceList>{RESOURCES}</ResourceList><ReleaseList><Release>"
            f"<ReleaseReference>R0</ReleaseReference>{PLACES}</Release>{RELEASES}</ReleaseList>"
            f"<DealList>{DEALS}</DealList>",
            id="everything is there and in use",
        ),
        pytest.param(f"<ResourceList>{RESOURCES}</ResourceList>", id="nothing is in use"),
        pytest.param(f"<ReleaseList><Release>{PLACES}</Release></ReleaseList>", id="nothing is there"),
    ],
)
def test_a_message_of_any_length_is_checked_in_time_by_its_length(body: str) -> None:
    began = time.process_time()
    assert check(message(body))
    assert time.process_time() - began < SOON


@pytest.mark.parametrize(
    "duration",
    ["PT" + "1" * 1_100_000 + "S", "P" + "9" * 1_100_000 + "D", "PT0." + "0" * 1_100_000 + "1S"],
)
def test_a_duration_that_cannot_be_counted_is_none(duration: str) -> None:
    recording = f"<ResourceReference>A1</ResourceReference><Duration>{duration}</Duration>"
    found = check(message(f"<ResourceList><SoundRecording>{recording}</SoundRecording></ResourceList>"))
    assert "DX-DUR" in {fault.rule for fault in found}


def test_what_is_told_of_a_value_of_megabytes_is_short() -> None:
    number = "1" * 5_000_000
    ids = f"<ReleaseId><ICPN>{number}</ICPN></ReleaseId><Duration>{number}</Duration>"
    found = check(message(f"<ReleaseList><Release>{ids}</Release></ReleaseList>"))
    assert {"DX-ICPN", "DX-DUR"} <= {fault.rule for fault in found}
    assert max(len(str(fault)) for fault in found) < 2_000
