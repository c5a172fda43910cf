"""Sound files: what is wrong with one is found, by its own rule; what only looks odd is left alone."""

from __future__ import annotations

from typing import Any

import pytest

from aimusicverse.release.earlier import Earlier
from aimusicverse.release.rules.audio import RULES
from tests.release.bad_releases import ALL_STORES, Bad, findings
from tests.release.sound_releases import ALBUM, SINGLE, changed

_MP3 = {
    "name": "song.mp3",
    "container": "mp3",
    "codec": "MPEG_LAYER_III",
    "format_code": None,
    "bit_depth": None,
}
_FLAC = {"name": "song.flac", "container": "flac", "codec": "PCM_24", "format_code": None}
_SPOTIFY, _APPLE, _YOUTUBE, _SOUNDCLOUD = ("spotify",), ("apple_music",), ("youtube_music",), ("soundcloud",)

BAD = (
    Bad("AU-FMT", "an MP3", audio=_MP3),
    Bad("AU-FMT", "an MP3, at Apple", audio=_MP3, stores=_APPLE),
    Bad("AU-FMT", "an MP3 that is called WAV", audio={**_MP3, "name": "song.wav"}),
    Bad("AU-FMT", "an AIFF", audio={"container": "aiff", "name": "song.aiff", "format_code": None}),
    Bad("AU-FMT", "an Ogg", audio={**_MP3, "name": "a.ogg", "container": "ogg", "codec": "VORBIS"}),
    Bad("AU-FMT", "a WAV of the long kind", audio={"container": "rf64"}),
    Bad("AU-FMT-SC", "a CAF", audio={"container": "caf", "format_code": None}, stores=_SOUNDCLOUD),
    Bad("AU-FMT-SC", "a raw one", audio={"container": "w64", "format_code": None}, stores=_SOUNDCLOUD),
    Bad("AU-FMT-DK", "an MP3", audio=_MP3, severity="warning", stores=(), via="distrokid"),
    Bad("AU-WAV-TAG", "extensible", audio={"format_code": 0xFFFE}),
    Bad("AU-WAV-TAG", "MPEG in a WAV", audio={"format_code": 0x55}),
    Bad("AU-WAV-TAG", "an ID3 tag behind its end", audio={"bytes_after_data": 128}),
    Bad("AU-SR", "32 kHz", audio={"sample_rate": 32_000}),
    Bad("AU-SR", "22.05 kHz", audio={"sample_rate": 22_050}, stores=_APPLE),
    Bad("AU-SR", "one that Apple does not have", audio={"sample_rate": 64_000}, stores=_APPLE),
    Bad("AU-BITS", "floats", audio={"codec": "FLOAT", "format_code": 3, "bit_depth": 32}),
    Bad("AU-BITS", "32 bits", audio={"codec": "PCM_32", "bit_depth": 32}, stores=_APPLE),
    Bad("AU-BITS", "8 bits", audio={"codec": "PCM_U8", "bit_depth": 8}),
    Bad("AU-BITS", "8 bits of a FLAC", audio={**_FLAC, "codec": "PCM_S8", "bit_depth": 8}),
    Bad(
        "AU-BITS",
        "the telephone's coding",
        audio={"codec": "ULAW", "format_code": 7, "bit_depth": None},
        also=("AU-WAV-TAG",),
    ),
    Bad("AU-CH", "mono", audio={"channels": 1, "correlation": None}),
    Bad("AU-CH", "mono, at Apple", audio={"channels": 1, "correlation": None}, stores=_APPLE),
    Bad("AU-CH", "5.1", audio={"channels": 6, "correlation": None}),
    Bad("AU-UPCONV", "16 kHz, as of MP3", {}, "warning", audio={"bandwidth_hz": 16_021.0, "cliff_db": 38.0}),
    Bad("AU-UPCONV", "AAC", {}, "warning", _APPLE, audio={"bandwidth_hz": 17_313.0, "cliff_db": 45.0}),
    Bad("AU-UPCONV", "a FLAC", {}, "warning", audio={**_FLAC, "bandwidth_hz": 11_025.0, "cliff_db": 60.0}),
    Bad("AU-MIN", "29 seconds", {}, "warning", audio={"duration_seconds": 29.0}),
    Bad("AU-MIN", "5 seconds, one of three", {"tracks[0].title": "Paper Lanterns"}, "warning", _APPLE,
        audio={"duration_seconds": 5.0}),
    Bad("AU-MAX", "16 minutes", audio={"duration_seconds": 960.0}, stores=_YOUTUBE),
    Bad("AU-MAX", "13 hours", {"youtube.channel_verified": True}, audio={"duration_seconds": 46_800.0},
        stores=_YOUTUBE),
    Bad("AU-MAX", "300 GiB", audio={"size_bytes": 300 * 2**30}, stores=_YOUTUBE),
    Bad("AU-MAX-SC", "25 hours", audio={"duration_seconds": 90_000.0}, stores=_SOUNDCLOUD),
    Bad("AU-MAX-SC", "5 GiB", audio={"size_bytes": 5 * 2**30}, stores=_SOUNDCLOUD),
    Bad("AU-MAX-SC", "600 MB", {}, "warning", _SOUNDCLOUD, audio={"size_bytes": 600_000_000}),
    Bad("AU-SILENT", "no sample is not 0", stores=ALL_STORES, audio={
        "leading_silence_seconds": 185.0, "trailing_silence_seconds": 0.0, "true_peak_dbtp": None,
        "integrated_lufs": None, "correlation": None, "bandwidth_hz": 0.0, "end_dbfs": None,
    }),
    Bad("AU-SILENT", "noise at -70 dBFS", audio={
        "leading_silence_seconds": 185.0, "trailing_silence_seconds": 0.0, "true_peak_dbtp": -70.0,
        "integrated_lufs": None, "end_dbfs": -73.0,
    }),
    Bad("AU-SILENCE", "4 seconds before", {}, "warning", ALL_STORES, audio={"leading_silence_seconds": 4.0}),
    Bad("AU-SILENCE", "12 seconds behind", {}, "warning", audio={"trailing_silence_seconds": 12.0}),
    Bad("AU-CLIP", "once", {}, "warning", ALL_STORES, audio={"clipped_runs": 1}),
    Bad("AU-CLIP", "often", {}, "warning", audio={"clipped_runs": 4123}),
    Bad("AU-TP", "over full scale", {}, "warning", audio={"true_peak_dbtp": 0.6}),
    Bad("AU-TP", "half a decibel", {}, "warning", _APPLE, audio={"true_peak_dbtp": -0.5}),
    Bad("AU-TP", "loud, and higher than that allows", {}, "warning",
        audio={"true_peak_dbtp": -1.1, "integrated_lufs": -9.0}, also=("AU-LUFS",)),
    Bad("AU-LUFS", "loud", {}, "info", audio={"integrated_lufs": -10.0, "true_peak_dbtp": -2.5}),
    Bad("AU-LUFS", "quiet", {}, "info", _YOUTUBE, audio={"integrated_lufs": -23.0}),
    Bad("AU-LUFS", "quiet, at Apple", {}, "info", _APPLE, audio={"integrated_lufs": -17.5}),
    Bad("AU-DC", "2 % above", {}, "warning", ALL_STORES, audio={"dc_offset": 0.02}),
    Bad("AU-DC", "5 % below", {}, "warning", audio={"dc_offset": -0.05}),
    Bad("AU-PHASE", "one side inverted", {}, "warning", ALL_STORES, audio={"correlation": -1.0}),
    Bad("AU-DUP", "a file twice", album=True, stores=ALL_STORES, audio={"pcm_sha256": f"{1:064x}"}),
    Bad("AU-HASH", "no MD5", audio={"md5": ""}, stores=_APPLE),
    Bad("AU-HASH", "half a SHA-256", audio={"sha256": "ab" * 16}, stores=("ddex",)),
    Bad("AU-HASH", "no bytes", audio={"size_bytes": 0}),
    Bad("ID-ISRC-REUSE", "another sound before", {}, "warning", ALL_STORES,
        earlier=(Earlier("Ferry", recordings={"us-skg-26-00001": "f" * 64}),)),
    Bad("AU-CUT", "in the middle", {}, "warning", ALL_STORES, audio={"end_dbfs": -11.0}),
)  # fmt: skip

#: What may be so, whatever it looks like.
LEGAL: dict[str, dict[str, Any]] = {
    "a FLAC": _FLAC,
    "16 bits": {"codec": "PCM_16", "bit_depth": 16},
    "192 kHz": {"sample_rate": 192_000},
    "dull music, that fades into nothing": {"bandwidth_hz": 6_000.0},
    "a limit at 20 kHz": {"bandwidth_hz": 20_069.0, "cliff_db": 50.0},
    "just a second of silence": {"leading_silence_seconds": 1.0, "trailing_silence_seconds": 2.9},
    "30 seconds": {"duration_seconds": 30.0},
    "10 minutes": {"duration_seconds": 600.0},
    "a peak where meters differ": {"true_peak_dbtp": -0.95},
    "loud, with room for it": {"integrated_lufs": -13.2, "true_peak_dbtp": -2.0},
    "as stores play it, at Apple too": {"integrated_lufs": -15.0},
    "out of phase here and there": {"correlation": -0.3},
    "mono sound in stereo": {"correlation": 1.0},
    "no correlation of a silent side": {"correlation": None},
    "a live end, on the beat": {"end_dbfs": -24.0},
    "a DC offset of a cheap converter": {"dc_offset": 0.004},
    "without an ending in its name": {"name": "song"},
    "in capitals": {"name": "SONG.WAV"},
    "in another script": {"name": "песня № 1.wav"},
}


@pytest.mark.parametrize("bad", BAD, ids=str)
def test_a_fault_is_found_by_its_rule_and_by_no_other(bad: Bad) -> None:
    bad.check()


def test_every_rule_has_a_fault_that_it_finds() -> None:
    assert {rule.id for rule in RULES} == {bad.rule for bad in BAD}


@pytest.mark.parametrize("audio", LEGAL.values(), ids=LEGAL)
def test_what_is_odd_but_legal_is_left_alone(audio: dict[str, Any]) -> None:
    found = {finding.rule for finding in findings(SINGLE, ALL_STORES, audio=audio)}
    assert found <= {"SC-FILE-NAME"}  # which tells that SoundCloud is sent another name


def test_a_short_track_of_an_album_is_left_alone() -> None:
    assert findings(ALBUM, audio={"duration_seconds": 12.0}) == []


def test_soundcloud_and_youtube_take_an_mp3() -> None:
    assert findings(SINGLE, ("soundcloud", "youtube_music"), audio=_MP3) == []


def test_a_distributor_who_takes_an_mp3_is_not_stopped_by_what_stores_want_of_him() -> None:
    found = findings(SINGLE, ("spotify", "apple_music"), "distrokid", audio=_MP3)
    assert {finding.rule: finding.severity for finding in found} == {
        "AU-FMT": "warning",
        "AU-FMT-DK": "warning",
    }


def test_a_verified_channel_may_have_an_hour() -> None:
    release = changed(SINGLE, {"youtube.channel_verified": True})
    assert findings(release, _YOUTUBE, audio={"duration_seconds": 3600.0}) == []


def test_a_wrong_name_is_told_beside_what_it_is() -> None:
    (found,) = findings(SINGLE, _SPOTIFY, audio={**_MP3, "name": "song.wav"})
    assert found.value == "MP3 (MPEG_LAYER_III), though it is called .wav"


def test_a_track_whose_file_nobody_looked_into_is_not_judged() -> None:
    from aimusicverse.release.targets import store_of
    from aimusicverse.release.validation import validate
    from aimusicverse.types.release import Release
    from tests.release.sound_releases import NOW

    report = validate(Release.model_validate(SINGLE), [store_of(name) for name in ALL_STORES], now=NOW)
    assert not [
        found for target in report.targets for found in target.findings if found.rule.startswith("AU-")
    ]


def test_the_same_recording_may_come_out_again() -> None:
    again = Earlier("Ferry", recordings={"USSKG2600001": f"{0:064x}", "USSKG2600002": "f" * 64})
    assert findings(SINGLE, ALL_STORES, earlier=(again,)) == []
